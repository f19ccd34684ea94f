"""The shift logbook: what operators write about the day of their unit, each in a manner of their own.

Entries follow from what happened: set points and modes from the signals, faults, defects and trips as people find them, results
and work orders as they come in. Every shift ends with a handover that sums up; what is not handed over yet by midnight is the
checkpoint to the next day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from generators.chemical.defects import DRIFT, FROZEN, KINDS, LATE_FILE
from generators.chemical.findings import Display, Findings, FoundFault, Reading, moment, number_of_day
from generators.chemical.fleet import Unit
from generators.chemical.laboratory import Sample
from generators.chemical.maintenance import Order, cause_of
from generators.chemical.people import Crew, Person, crew_at
from generators.chemical.processes.model import AUTO, CASCADE, MANUAL
from generators.chemical.record import DayRecord
from generators.chemical.shifts import DAY_BEGINS, NIGHT_BEGINS, to_utc
from generators.chemical.simulation import RESTART_SHARE
from generators.chemical.tags import Tag
from generators.chemical.wording import Fact, Phrase, expanded, finished, mistyped, vocabulary, worded, writer
from generators.engine.streams import stream
from generators.scenario import Scenario

DAY_SECONDS = 86_400
WRITTEN = {
    "set_point": 0.55,
    "manual": 0.9,
    "automatic": 0.7,
    "unresolved": 0.7,
    "repaired": 0.6,
    "order": 0.45,
    "order_done": 0.6,
}
AGREEING_SAMPLE = 0.12  # share of ordinary results that are worth a line
UNUSUAL = 0.06  # of the span, between a result and the normal value
ROUNDS, QUIET, SAFETY = 1.4, 0.5, 0.12  # entries per shift, on average
MOST_CHANGES = 8  # of a loop's set point: more are not an operator's
LONGEST_HEADLINES = 5
MODES = {MANUAL: "manual", AUTO: "automatic", CASCADE: "cascade"}

Row = dict[str, Any]


@dataclass(frozen=True)
class Headline:
    """What a handover says of an entry, until it is handed over."""

    written_at: datetime
    text: str
    subjects: tuple[tuple[str, Mapping[str, int]], ...]


@dataclass(frozen=True)
class Note:
    """Something to be written down: facts for a phrase, and what they are about.

    `subjects` are pairs of an aspect (symptom, cause, …) and ids. `readings` are the numbers that it quotes.
    """

    what: str
    category: str
    second: int
    facts: Mapping[str, Fact]
    equipment: str | None = None
    tag: Tag | None = None
    readings: tuple[Reading, ...] = ()
    subjects: tuple[tuple[str, Mapping[str, int]], ...] = ()
    by: str = "board_operator"


@dataclass(frozen=True)
class Entry:
    """An entry as it stands in the book, with its author's own style."""

    entry_id: int
    note: Note
    crew: Crew
    written_at: datetime
    author_id: int
    text: str


@dataclass
class _Book:
    """A unit's day of the logbook in the making."""

    record: DayRecord
    scenario: Scenario
    rng: np.random.Generator
    display: Display
    notes: list[Note] = field(default_factory=list)

    @property
    def unit(self) -> Unit:
        return self.record.unit

    def clock(self, second: int) -> str:
        """The time by the clock of the site."""
        zone = ZoneInfo(self.unit.plant.site.place.time_zone)
        return f"{moment(self.record, second).replace(tzinfo=UTC).astimezone(zone):%H:%M}"

    def chance(self, probability: float) -> bool:
        return bool(self.rng.random() < probability)

    def equipment(self, code: str) -> str:
        return f"{self.unit.code}-{code}"

    def what(self, tag: Tag) -> str:
        """What a tag measures, in the words of the register."""
        return _lower(self.unit.in_words(tag.instrument.description).rstrip(".").split(",")[0])

    def of_tag(self, tag: Tag) -> dict[str, Fact]:
        """The facts of a tag: its name as operators say it, what it measures, and its unit of measure."""
        is_output = tag.instrument.role == "OP"
        name = f"{tag.name.removesuffix('.OP')} output" if is_output else tag.name.removesuffix(".PV")
        symbol = tag.instrument.unit.symbol
        return {"tag": name, "what": self.what(tag), "unit": "" if symbol == "1" else symbol}

    def of_reading(self, reading: Reading) -> Phrase:
        """A value as one says it in passing."""
        return Phrase("reading", self.of_tag(reading.tag) | {"value": reading.number})

    def read(self, tag: Tag, second: int) -> Reading | None:
        return self.display.reading(tag, second)


def of_day(
    record: DayRecord,
    findings: Findings,
    samples: Sequence[Sample],
    orders: Sequence[Order],
    pending: tuple[Headline, ...],
    scenario: Scenario,
) -> tuple[list[Entry], tuple[Headline, ...]]:
    """The entries that follow from the record's day, and what the next day's first handover has to say of it."""
    name = f"{record.unit.unit_id}:{record.day}"
    book = _Book(record, scenario, stream(record.unit.seed, "logbook.entries", "notes", name), Display(record))
    for notes in (
        _set_points(book), _modes(book), _faults(book, findings), _defects(book, findings, orders), _trips(book, findings),
        _results(book, samples), _work(book, orders), _routine(book),
    ):  # fmt: skip
        book.notes += notes
    pen = stream(record.unit.seed, "logbook.entries", "words", name)
    written = [_entry(book, note, number, pen) for number, note in enumerate(_in_order(book.notes), start=1)]
    known = sorted((*pending, *_headlines(book, written, pen)), key=lambda headline: headline.written_at)
    for at in _shift_changes(record):
        told = [headline for headline in known if headline.written_at < at]
        known = known[len(told) :]
        second = int((at - moment(record, 0)).total_seconds())
        handover = _handover(book, second, told, pen)
        written.append(_entry(book, handover, len(written) + 1, pen))
    return written, tuple(known)


def entry_row(entry: Entry, record: DayRecord) -> Row:
    """The row of logbook.entries."""
    unit, note = record.unit, entry.note
    return {
        "org_id": unit.org_id,
        "entry_id": entry.entry_id,
        "unit_id": unit.unit_id,
        "equipment_id": None if note.equipment is None else unit.equipment_id(note.equipment),
        "tag_id": None if note.tag is None else note.tag.tag_id,
        "written_at": entry.written_at,
        "shift": "night" if entry.crew.shift.is_night else "day",
        "team": entry.crew.shift.team,
        "category": note.category,
        "author_user_id": entry.author_id,
        "entry_text": entry.text,
        "created_at": entry.written_at,
        "updated_at": entry.written_at,
    }


def subject_rows(entry: Entry, record: DayRecord) -> Iterator[Row]:
    """The rows of truth.logbook_subjects: what the entry speaks of."""
    for number, (aspect, ids) in enumerate(entry.note.subjects, start=1):
        yield {
            "org_id": record.unit.org_id,
            "entry_id": entry.entry_id,
            "subject_number": number,
            "aspect": aspect,
            **{
                name: ids.get(name)
                for name in ("fault_id", "defect_id", "trip_id", "sample_id", "work_order_id")
            },
            "created_at": entry.written_at,
            "updated_at": entry.written_at,
        }  # fmt: skip


def _in_order(notes: Sequence[Note]) -> list[Note]:
    return sorted(notes, key=lambda note: note.second)


def _set_points(book: _Book) -> Iterator[Note]:
    """Moves of the set points by operators, not those of cascades or restarts."""
    model, signals = book.unit.model, book.record.signals
    for loop, design in enumerate(model.loops):
        path, instrument = signals[f"set_point_{loop}"], book.unit.process_value(loop)
        moving = np.concatenate(([False], np.diff(path) != 0.0, [False]))  # from one tick to the next
        starts, ends = np.flatnonzero(moving[1:] & ~moving[:-1]), np.flatnonzero(moving[:-1] & ~moving[1:])
        if design.master is not None or len(starts) > MOST_CHANGES:
            continue
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            old, new = (f"{path[tick]:.{instrument.decimals}f}" for tick in (start, end))
            second = int(end) * model.tick_seconds
            running = bool(np.all(signals["running"][start : min(end + 1, len(path))] == 1.0))
            if old == new or not running or not book.chance(WRITTEN["set_point"]):
                continue
            tag = _tag(book, f"{design.name}.SP")
            facts: dict[str, Fact] = {
                "tag": book.equipment(design.name), "old": old, "new": new, "unit": instrument.unit.symbol,
                "why": Phrase("why_set_point", {}),
                "what": book.what(tag).removeprefix("set point of the ") if tag else design.name,
                "time": book.clock(second),
            }  # fmt: skip
            read = () if tag is None else (Reading(tag, second, float(new)),)
            yield Note("set_point", "operation", second, facts, instrument.equipment, tag, read, (("set_point", {}),))


def _modes(book: _Book) -> Iterator[Note]:
    """Loops that were taken into manual, and given back."""
    model, signals = book.unit.model, book.record.signals
    running = signals["running"] == 1.0
    for loop, design in enumerate(model.loops):
        by_hand = (signals[f"mode_{loop}"] == MANUAL) & running & (design.usual_mode != MANUAL)
        starts = np.flatnonzero(by_hand[1:] & ~by_hand[:-1]) + 1
        for start in starts:
            ends = np.flatnonzero(~by_hand[start:])
            end = int(start + ends[0]) if len(ends) else len(by_hand)
            tag = _tag(book, f"{design.name}.OP")
            pv = _tag(book, f"{design.name}.PV")
            if tag is None or pv is None:
                continue
            since, until = int(start) * model.tick_seconds, end * model.tick_seconds
            facts = book.of_tag(pv) | {"mode": MODES[design.usual_mode], "length": _length(until - since)}
            for what, second in (("manual", since + 60), ("automatic", until + 60)):
                output = book.read(tag, second) if second < DAY_SECONDS and book.display.is_running(second) else None
                if output is not None and book.chance(WRITTEN[what]):
                    said = facts | {"output": output.number, "time": book.clock(second - 60), "why": Phrase("why_manual", {})}
                    equipment = tag.instrument.equipment
                    yield Note(what, "operation", second, said, equipment, tag, (output,), ((what, {}),))


def _faults(book: _Book, findings: Findings) -> Iterator[Note]:
    """Symptoms by the readings that moved, the cause when it is known, or that it passed."""
    for found in findings.faults:
        ids = {"fault_id": found.fault_id}
        start = (
            found.episode.from_second if not found.fault.is_ramp else (found.episode.from_second + found.noticed_second) // 2
        )
        since = book.clock(start // 900 * 900)
        equipment = book.equipment(found.equipment)
        facts: dict[str, Fact] = {"equipment": equipment, "since": since, "time": book.clock(found.noticed_second)}
        if found.symptoms:
            first = found.symptoms[0]
            clauses = tuple(
                Phrase(
                    symptom.kind, book.of_tag(symptom.tag) | {"first": symptom.first.number, "second": symptom.second.number}
                )
                for symptom in found.symptoms
            )
            said = facts | book.of_tag(first.tag) | {"clauses": clauses, "check": Phrase("check", {"equipment": equipment})}
            readings = tuple(reading for symptom in found.symptoms for reading in (symptom.first, symptom.second))
            yield Note(
                "symptoms", "disturbance", found.noticed_second, said, first.tag.instrument.equipment, first.tag, readings,
                (("symptom", ids),),
            )  # fmt: skip
        elif found.known_second is not None:
            yield Note(
                "strange", "disturbance", found.noticed_second, facts, found.equipment, None, (), (("symptom", ids),),
                by="field_operator",
            )  # fmt: skip
        yield from _end_of_fault(book, found, facts, ids)


def _end_of_fault(book: _Book, found: FoundFault, facts: Mapping[str, Fact], ids: Mapping[str, int]) -> Iterator[Note]:
    end = found.episode.to_second
    if found.known_second is not None:
        cause = cause_of(found.fault.name)
        description = book.unit.in_words(found.fault.description).rstrip(".")
        of_equipment: dict[str, Fact] = {"equipment": book.equipment(found.equipment)}
        known = (_lower(description),) if cause is None else (*cause["found"], _lower(description))
        repair = ("Taken care of", "[Now|Has been] dealt with") if cause is None else tuple(cause["repair"])
        said: dict[str, Fact] = {
            **facts,
            "found": Phrase("found", of_equipment, known),
            "repair": Phrase("repair", of_equipment, repair),
        }
        second = end + int(book.rng.integers(0, 2400))
        yield Note("cause", "disturbance", second, said, found.equipment, None, (), (("cause", ids),))
    elif end + 3600 < DAY_SECONDS and found.symptoms and book.chance(WRITTEN["unresolved"]):
        tag = found.symptoms[0].tag
        now = book.read(tag, end + 3600)
        if now is not None and book.display.is_running(end + 3600):
            said = {**facts, **book.of_tag(tag), "value": now.number, "time": book.clock(end + 3600)}
            yield Note("unresolved", "disturbance", end + 3600, said, found.equipment, tag, (now,), (("symptom", ids),))


def _defects(book: _Book, findings: Findings, orders: Sequence[Order]) -> Iterator[Note]:
    number_of = {order.subject.get("defect_id"): order.number for order in orders}
    for found in findings.defects:
        kind, second = KINDS[found.defect.kind], found.noticed_second
        told = tuple(("defect", {"defect_id": defect_id}) for defect_id in found.defect_ids)
        is_station = found.defect.kind == LATE_FILE
        tag = None if is_station else found.tag
        facts: dict[str, Fact] = book.of_tag(found.tag) | {
            "equipment": book.equipment(found.equipment),
            "since": book.clock(found.defect.from_second // 300 * 300 if found.defect.kind not in (FROZEN, DRIFT)
                                else found.defect.from_second // 900 * 900),
            "companion": "",
        }  # fmt: skip
        readings: tuple[Reading, ...] = ()
        if found.defect.kind in (FROZEN, DRIFT) and found.reading is not None and found.companion is not None:
            readings = (found.reading, found.companion)
            facts["value"] = found.reading.number
            facts["companion"] = Phrase("companion", book.of_tag(found.companion.tag) | {"value": found.companion.number})
        elif found.defect.kind in (FROZEN, DRIFT):
            continue
        else:
            other = found.companion.tag.name if found.companion else "the neighbouring readings"
            facts["companion"] = other.removesuffix(".PV")
        yield Note(kind, "instrument", second, facts, found.equipment, tag, readings, told)
        after = found.defect.to_second + 300
        now = book.read(found.tag, after) if tag and after < DAY_SECONDS else None
        number = number_of.get(found.defect_ids[0])
        if now is not None and number is not None and book.chance(WRITTEN["repaired"]):
            said = facts | {"value": now.number, "time": book.clock(after), "number": number}
            aspects = tuple(("repair", ids) for _, ids in told)
            yield Note("repaired", "instrument", after, said, found.equipment, tag, (now,), aspects)


def _trips(book: _Book, findings: Findings) -> Iterator[Note]:
    for found in findings.trips:
        first, last = found.trip.from_second, found.trip.to_second
        ids = {"trip_id": found.trip_id}
        facts: dict[str, Fact] = {
            "time": book.clock(first),
            "length": _length(last - first),
            "tag": "XS-100",
            "value": "-",
            "unit": "",
            "what": "",
        }
        readings: tuple[Reading, ...] = ()
        tag, equipment = None, book.unit.model.equipment[0].code
        if found.worst is not None:
            tag, equipment, readings = found.worst.tag, found.worst.tag.instrument.equipment, (found.worst,)
            facts |= book.of_tag(tag) | {"value": found.worst.number}
        yield Note("trip", "disturbance", first + 300, facts, equipment, tag, readings, (("trip", ids),))
        if found.fault is not None:
            told = (("trip", ids), ("cause", {"fault_id": found.fault.fault_id}))
            since = book.clock(found.fault.episode.from_second // 900 * 900)
            about: dict[str, Fact] = {"equipment": book.equipment(found.fault.equipment), "since": since}
            yield Note("trip_after", "disturbance", first + 2400, about, found.fault.equipment, None, (), told)
        begun = first + int((1.0 - RESTART_SHARE) * (last - first))
        for what, second in (("restart", begun), ("restarted", last)):
            said = facts | {"time": book.clock(second)}
            yield Note(what, "operation", second + 120, said, equipment, None, (), ((what, ids),))


def _results(book: _Book, samples: Sequence[Sample]) -> Iterator[Note]:
    for sample in samples:
        if sample.value is None:
            continue
        tag = sample.tag
        is_unusual = abs(sample.value - tag.normal_value) > UNUSUAL * tag.span
        if not is_unusual and not book.chance(AGREEING_SAMPLE):
            continue
        second = int((sample.reported_at - moment(book.record, 0)).total_seconds()) + 600
        drawn = int((sample.sampled_at - moment(book.record, 0)).total_seconds())
        decimals = tag.instrument.decimals
        facts = book.of_tag(tag) | {
            "value": f"{sample.value:.{decimals}f}",
            "normal": f"{tag.normal_value:.{decimals}f}",
            "sampled": book.clock(drawn),
        }
        what = "sample" if is_unusual else "sample_agrees"
        yield Note(
            what, "quality", second, facts, tag.instrument.equipment, tag, (), (("sample", {"sample_id": sample.sample_id}),)
        )


def _work(book: _Book, orders: Sequence[Order]) -> Iterator[Note]:
    for order in orders:
        midnight = moment(book.record, 0)
        facts = {
            "number": order.number, "equipment": book.equipment(order.equipment), "title": _lower(order.title),
            "done": _lower(order.done.rstrip(".")),
        }  # fmt: skip
        told = {"work_order_id": order.order_id, **order.subject}
        for what, at in (("order", order.opened_at), ("order_done", order.completed_at)):
            second = int((at - midnight).total_seconds()) + int(60 * book.rng.integers(3, 40))
            if book.chance(WRITTEN[what]):
                aspect = "order" if what == "order" else "repair"
                yield Note(what, "maintenance", second, facts, order.equipment, order.tag, (), ((aspect, told),))


def _routine(book: _Book) -> Iterator[Note]:
    """Rounds, quiet hours and safety, in both halves of the day."""
    unit = book.unit
    for half in (0, 1):
        for what, mean, by in (
            ("round", ROUNDS, "field_operator"),
            ("quiet", QUIET, "board_operator"),
            ("safety", SAFETY, "supervisor"),
        ):
            for _ in range(int(book.rng.poisson(mean))):
                second = half * DAY_SECONDS // 2 + int(book.rng.integers(600, DAY_SECONDS // 2 - 600))
                equipment = unit.model.equipment[int(len(unit.model.equipment) * book.rng.random())]
                readings = _some_readings(book, second, 1 + int(3 * book.rng.random()))
                if not book.display.is_running(second) or not readings:
                    continue
                facts: dict[str, Fact] = {
                    "equipment": book.equipment(equipment.code), "time": book.clock(second),
                    "readings": tuple(book.of_reading(reading) for reading in readings),
                    "checks": _checks(book) if what == "round" else (),
                }  # fmt: skip
                category = "safety" if what == "safety" else "operation"
                named = equipment.code if what == "safety" else None
                yield Note(what, category, second, facts, named, None, readings, ((what, {}),), by=by)


def _checks(book: _Book) -> tuple[Phrase, ...]:
    """What is looked at on a round: two or three pieces of equipment."""
    equipment = book.unit.model.equipment
    picked = book.rng.permutation(len(equipment))[: 2 + int(2 * book.rng.random())]
    known = vocabulary()["phrases"]
    checks = []
    for at in picked:
        what = f"check_{equipment[at].equipment_class}"
        checks.append(Phrase(what if what in known else "check_vessel", {"equipment": book.equipment(equipment[at].code)}))
    return tuple(checks)


def _some_readings(book: _Book, second: int, count: int) -> tuple[Reading, ...]:
    tags = [tag for tag in book.unit.tags if tag.instrument.role == "PV"]
    picked = book.rng.permutation(len(tags))[:count]
    found = (book.read(tags[at], second) for at in picked)
    return tuple(reading for reading in found if reading is not None)


def _shift_changes(record: DayRecord) -> list[datetime]:
    """The changes of shift that fall into the UTC day."""
    zone, midnight = record.unit.plant.site.place.time_zone, moment(record, 0)
    found = (
        to_utc(record.day + timedelta(days=shift), clock, zone) for shift in (-1, 0, 1) for clock in (DAY_BEGINS, NIGHT_BEGINS)
    )
    return sorted(at for at in found if midnight <= at < midnight + timedelta(days=1))


def _handover(book: _Book, second: int, told: Sequence[Headline], pen: np.random.Generator) -> Note:
    """What the shift that ends tells the next: the state of the unit, the latest headlines, some values."""
    written = max(second - 60 * int(pen.integers(3, 20)), 0)
    before = moment(book.record, written)
    own, next_ = crew_at(book.scenario, book.unit, before), crew_at(book.scenario, book.unit, moment(book.record, second))
    running = book.display.is_running(written)
    kept = told[-LONGEST_HEADLINES:]
    readings = _some_readings(book, written, 1 + int(3 * pen.random())) if running else ()
    facts: dict[str, Fact] = {
        "own": own.shift.team, "team": next_.shift.team, "shift": "night" if own.shift.is_night else "day",
        "state": Phrase("running" if running else "standing", {}),
        "news": "; ".join(dict.fromkeys(headline.text for headline in kept)) + "." if kept else Phrase("no_news", {}),
        "readings": tuple(book.of_reading(reading) for reading in readings),
    }  # fmt: skip
    subjects = dict.fromkeys(
        (("handover", tuple(ids.items())) for headline in kept for _, ids in headline.subjects if ids), None
    )
    told_of = tuple((aspect, dict(ids)) for aspect, ids in subjects) or (("handover", {}),)
    return Note("handover", "handover", written, facts, None, None, readings, told_of)


def _headlines(book: _Book, entries: Sequence[Entry], pen: np.random.Generator) -> Iterator[Headline]:
    phrases = vocabulary()["headlines"]
    for entry in entries:
        note = entry.note
        if note.what in phrases:
            yield Headline(entry.written_at, expanded([phrases[note.what]], note.facts, "plain", pen), note.subjects)


def _entry(book: _Book, note: Note, number: int, pen: np.random.Generator) -> Entry:
    written_at = moment(book.record, note.second)
    crew = crew_at(book.scenario, book.unit, written_at)
    author: Person = getattr(crew, note.by)
    hand = writer(book.unit.seed, author.user_id)
    text = finished(worded(Phrase(note.what, note.facts), hand.style, pen), hand.style, pen)
    text = mistyped(text, hand.typos_per_word, pen)
    entry_id = number_of_day(book.unit, book.record.day) * 1000 + number
    return Entry(entry_id, note, crew, written_at, author.user_id, text)


def _tag(book: _Book, name: str) -> Tag | None:
    return next((tag for tag in book.unit.tags if tag.name == book.equipment(name)), None)


def _length(seconds: int) -> str:
    """A length of time as people say it."""
    if seconds < 5400:
        return f"{round(seconds / 60)} minutes"
    return f"{seconds / 3600:.1f} h"


def _lower(text: str) -> str:
    """The text to go on after a colon: a capital that begins a plain word goes."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
