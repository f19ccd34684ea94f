"""What is worth a line in the logbook of a unit's day: facts to be worded, and what they are about.

Set points and modes come from the signals; faults, defects and trips as people find them; results and work orders as they come
in; and rounds, quiet hours and safety as every shift has them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from zoneinfo import ZoneInfo

import numpy as np

from generators.chemical.batches import runs_batches
from generators.chemical.defects import DRIFT, FROZEN, KINDS, LATE_FILE
from generators.chemical.findings import Display, Findings, FoundFault, Reading, moment
from generators.chemical.laboratory import Sample
from generators.chemical.maintenance import Order, cause_of
from generators.chemical.processes.fed_batch_recipe import is_growing
from generators.chemical.processes.model import AUTO, CASCADE, MANUAL
from generators.chemical.record import DayRecord
from generators.chemical.simulation import RESTART_SHARE
from generators.chemical.tags import Tag
from generators.chemical.wording import Fact, Phrase, vocabulary
from generators.engine.streams import stream

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
UNUSUAL = 0.08  # of the span, between a result and the normal value
ROUNDS, QUIET, SAFETY = 1.4, 0.5, 0.12  # entries per shift, on average
MOST_CHANGES = 8  # of a loop's set point: more are not an operator's
SHORTEST_MANUAL_SECONDS = 300  # a loop that is given back at once after a restart was not taken in hand
MODES = {MANUAL: "manual", AUTO: "automatic", CASCADE: "cascade"}


@dataclass(frozen=True)
class Remark:
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
    subjects: tuple[tuple[str, dict[str, int]], ...] = ()
    by: str = "board_operator"
    shift_second: int | None = None  # when the writer was on shift, if not at `second`


class Desk:
    """The control room's desk: the day's display, and how one says there what is seen on it."""

    def __init__(self, record: DayRecord) -> None:
        self.record, self.unit, self.display = record, record.unit, Display(record)
        self.rng = stream(record.unit.seed, "logbook.entries", "remarks", f"{record.unit.unit_id}:{record.day}")

    def clock(self, second: int) -> str:
        """The time by the clock of the site."""
        zone = ZoneInfo(self.unit.plant.site.place.time_zone)
        return f"{moment(self.record, second).replace(tzinfo=UTC).astimezone(zone):%H:%M}"

    def chance(self, probability: float) -> bool:
        """Whether somebody bothers."""
        return bool(self.rng.random() < probability)

    def equipment(self, code: str) -> str:
        """The full code of a piece of equipment, or name of a loop."""
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
        """A good value at a second."""
        return self.display.reading(tag, second)

    def some_readings(self, second: int, count: int, rng: np.random.Generator) -> tuple[Reading, ...]:
        """A few values, as one reads them out to show that all is well."""
        tags = [tag for tag in self.unit.tags if tag.instrument.role == "PV"]
        found = (self.read(tags[at], second) for at in rng.permutation(len(tags))[:count])
        return tuple(reading for reading in found if reading is not None)


def remarks_of(record: DayRecord, findings: Findings, samples: Sequence[Sample], orders: Sequence[Order]) -> list[Remark]:
    """All remarks that follow from the record's day, in order of time; some are for later days."""
    desk = Desk(record)
    found = (
        _set_points(desk), _modes(desk), _faults(desk, findings), _defects(desk, findings, orders), _trips(desk, findings),
        _results(desk, samples), _work(desk, orders), _routine(desk),
    )  # fmt: skip
    return sorted((remark for remarks in found for remark in remarks), key=lambda remark: remark.second)


def _set_points(desk: Desk) -> Iterator[Remark]:
    """Moves of the set points by operators, not those of cascades, restarts or a recipe."""
    model, signals = desk.unit.model, desk.record.signals
    for loop, design in enumerate(model.loops):
        path, instrument = signals[f"set_point_{loop}"], desk.unit.process_value(loop)
        moving = np.concatenate(([False], np.diff(path) != 0.0, [False]))  # from one tick to the next
        starts, ends = np.flatnonzero(moving[1:] & ~moving[:-1]), np.flatnonzero(moving[:-1] & ~moving[1:])
        if design.master is not None or len(starts) > MOST_CHANGES:
            continue
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            old, new = (f"{path[tick]:.{instrument.decimals}f}" for tick in (start, end))
            second = int(end) * model.tick_seconds
            running = bool(np.all(signals["running"][start : min(end + 1, len(path))] == 1.0))
            if old == new or not running or _is_the_recipe(desk, start, end) or not desk.chance(WRITTEN["set_point"]):
                continue
            tag = _tag(desk, f"{design.name}.SP")
            facts: dict[str, Fact] = {
                "tag": desk.equipment(design.name),
                "old": old,
                "new": new,
                "unit": instrument.unit.symbol,
                "why": Phrase("why_set_point", {}),
                "what": desk.what(tag).removeprefix("set point of the ") if tag else design.name,
                "time": desk.clock(second),
            }
            shown = None if tag is None else desk.read(tag, second + 60)
            read = (shown,) if shown is not None and shown.number == new else ()
            yield Remark("set_point", "operation", second + 60, facts, instrument.equipment, tag, read, (("set_point", {}),))


def _is_the_recipe(desk: Desk, start: int, end: int) -> bool:
    """Whether it is a batch unit's recipe that moves set points between two ticks, and not an operator."""
    if not runs_batches(desk.unit):
        return False
    before, after = (float(desk.record.signals["phase"][tick]) for tick in (start, end))
    return before != after or not is_growing(after)


def _modes(desk: Desk) -> Iterator[Remark]:
    """Loops that were taken into manual, and given back."""
    model, signals = desk.unit.model, desk.record.signals
    running = signals["running"] == 1.0
    for loop, design in enumerate(model.loops):
        by_hand = (signals[f"mode_{loop}"] == MANUAL) & running & (design.usual_mode != MANUAL)
        starts = np.flatnonzero(by_hand[1:] & ~by_hand[:-1]) + 1
        for start in starts:
            ends = np.flatnonzero(~by_hand[start:])
            end = int(start + ends[0]) if len(ends) else len(by_hand)
            tag = _tag(desk, f"{design.name}.OP")
            pv = _tag(desk, f"{design.name}.PV")
            since, until = int(start) * model.tick_seconds, end * model.tick_seconds
            if tag is None or pv is None or until - since < SHORTEST_MANUAL_SECONDS:
                continue
            facts = desk.of_tag(pv) | {"mode": MODES[design.usual_mode], "length": _length(until - since)}
            for what, second in (("manual", since + 60), ("automatic", until + 60)):
                output = desk.read(tag, second) if second < DAY_SECONDS and desk.display.is_running(second) else None
                if output is not None and desk.chance(WRITTEN[what]):
                    said = facts | {"output": output.number, "time": desk.clock(second - 60), "why": Phrase("why_manual", {})}
                    equipment = tag.instrument.equipment
                    yield Remark(what, "operation", second, said, equipment, tag, (output,), ((what, {}),))


def _faults(desk: Desk, findings: Findings) -> Iterator[Remark]:
    """Symptoms by the readings that moved, the cause when it is known, or that it passed."""
    for found in findings.faults:
        ids = {"fault_id": found.fault_id}
        start = (
            found.episode.from_second if not found.fault.is_ramp else (found.episode.from_second + found.noticed_second) // 2
        )
        since = desk.clock(_about(start, 900))
        equipment = desk.equipment(found.equipment)
        facts: dict[str, Fact] = {"equipment": equipment, "since": since, "time": desk.clock(found.noticed_second)}
        if found.symptoms:
            first = found.symptoms[0]
            clauses = tuple(
                Phrase(
                    symptom.kind, desk.of_tag(symptom.tag) | {"first": symptom.first.number, "second": symptom.second.number}
                )
                for symptom in found.symptoms
            )
            said = facts | desk.of_tag(first.tag) | {"clauses": clauses, "check": Phrase("check", {"equipment": equipment})}
            readings = tuple(reading for symptom in found.symptoms for reading in (symptom.first, symptom.second))
            yield Remark(
                "symptoms", "disturbance", found.noticed_second, said, first.tag.instrument.equipment, first.tag, readings,
                (("symptom", ids),),
            )  # fmt: skip
        elif found.known_second is not None:
            yield Remark(
                "strange", "disturbance", found.noticed_second, facts, found.equipment, None, (), (("symptom", ids),),
                by="field_operator",
            )  # fmt: skip
        yield from _end_of_fault(desk, found, facts, ids)


def _end_of_fault(desk: Desk, found: FoundFault, facts: Mapping[str, Fact], ids: dict[str, int]) -> Iterator[Remark]:
    end = found.episode.to_second
    if found.known_second is not None:
        cause = cause_of(found.fault.name)
        description = desk.unit.in_words(found.fault.description).rstrip(".")
        of_equipment: dict[str, Fact] = {"equipment": desk.equipment(found.equipment)}
        known = (_lower(description),) if cause is None else (*cause["found"], _lower(description))
        repair = ("Taken care of", "[Now|Has been] dealt with") if cause is None else tuple(cause["repair"])
        said: dict[str, Fact] = {
            **facts,
            "found": Phrase("found", of_equipment, known),
            "repair": Phrase("repair", of_equipment, repair),
        }
        second = end + int(desk.rng.integers(0, 2400))
        yield Remark("cause", "disturbance", second, said, found.equipment, None, (), (("cause", ids),))
    elif end + 3600 < DAY_SECONDS and found.symptoms and desk.chance(WRITTEN["unresolved"]):
        tag = found.symptoms[0].tag
        now = desk.read(tag, end + 3600)
        if now is not None and desk.display.is_running(end + 3600):
            said = {**facts, **desk.of_tag(tag), "value": now.number, "time": desk.clock(end + 3600)}
            yield Remark("unresolved", "disturbance", end + 3600, said, found.equipment, tag, (now,), (("symptom", ids),))


def _defects(desk: Desk, findings: Findings, orders: Sequence[Order]) -> Iterator[Remark]:
    number_of = {order.subject.get("defect_id"): order.number for order in orders}
    for found in findings.defects:
        kind, second = KINDS[found.defect.kind], found.noticed_second
        told = tuple(("defect", {"defect_id": defect_id}) for defect_id in found.defect_ids)
        is_station = found.defect.kind == LATE_FILE
        tag = None if is_station else found.tag
        facts: dict[str, Fact] = desk.of_tag(found.tag) | {
            "equipment": desk.equipment(found.equipment),
            "since": desk.clock(_about(found.defect.from_second, 900 if found.defect.kind in (FROZEN, DRIFT) else 300)),
            "companion": "",
        }  # fmt: skip
        readings: tuple[Reading, ...] = ()
        if found.defect.kind in (FROZEN, DRIFT):
            if found.reading is None:
                continue
            readings = (found.reading,)
            facts["value"] = found.reading.number
            facts["companion"] = Phrase(f"{kind}_alone", {})
            if found.companion is not None:
                readings = (found.reading, found.companion)
                facts["companion"] = Phrase("companion", desk.of_tag(found.companion.tag) | {"value": found.companion.number})
        else:
            other = found.companion.tag.name if found.companion else "the neighbouring readings"
            facts["companion"] = other.removesuffix(".PV")
        yield Remark(kind, "instrument", second, facts, found.equipment, tag, readings, told)
        after = found.defect.to_second + 300
        now = desk.read(found.tag, after) if tag and after < DAY_SECONDS else None
        number = number_of.get(found.defect_ids[0])
        if now is not None and number is not None and desk.chance(WRITTEN["repaired"]):
            said = facts | {"value": now.number, "time": desk.clock(after), "number": number}
            aspects = tuple(("repair", ids) for _, ids in told)
            yield Remark("repaired", "instrument", after, said, found.equipment, tag, (now,), aspects)


def _trips(desk: Desk, findings: Findings) -> Iterator[Remark]:
    for found in findings.trips:
        first, last = found.trip.from_second, found.trip.to_second
        ids = {"trip_id": found.trip_id}
        facts: dict[str, Fact] = {
            "time": desk.clock(first),
            "length": _length(last - first),
            "tag": "XS-100",
            "value": "-",
            "unit": "",
            "what": "",
        }
        readings: tuple[Reading, ...] = ()
        tag, equipment = None, desk.unit.model.equipment[0].code
        if found.worst is not None:
            tag, equipment, readings = found.worst.tag, found.worst.tag.instrument.equipment, (found.worst,)
            facts |= desk.of_tag(tag) | {"value": found.worst.number}
        yield Remark("trip", "disturbance", first + 300, facts, equipment, tag, readings, (("trip", ids),))
        if found.fault is not None:
            told = (("trip", ids), ("cause", {"fault_id": found.fault.fault_id}))
            since = desk.clock(_about(found.fault.episode.from_second, 900))
            about: dict[str, Fact] = {"equipment": desk.equipment(found.fault.equipment), "since": since}
            yield Remark("trip_after", "disturbance", first + 2400, about, found.fault.equipment, None, (), told)
        begun = first + int((1.0 - RESTART_SHARE) * (last - first))
        for what, second in (("restart", begun), ("restarted", last)):
            said = facts | {"time": desk.clock(second)}
            yield Remark(what, "operation", second + 120, said, equipment, None, (), ((what, ids),))


def _results(desk: Desk, samples: Sequence[Sample]) -> Iterator[Remark]:
    for sample in samples:
        if sample.value is None:
            continue
        tag = sample.tag
        is_far = abs(sample.value - tag.normal_value) > UNUSUAL * tag.span
        is_unusual = is_far and not runs_batches(desk.unit)  # a batch passes through its normal point once
        if not is_unusual and not desk.chance(AGREEING_SAMPLE):
            continue
        second = int((sample.reported_at - moment(desk.record, 0)).total_seconds()) + 600
        drawn = int((sample.sampled_at - moment(desk.record, 0)).total_seconds())
        decimals = tag.instrument.decimals
        facts = desk.of_tag(tag) | {
            "value": f"{sample.value:z.{decimals}f}",
            "normal": f"{tag.normal_value:.{decimals}f}",
            "sampled": desk.clock(drawn),
        }
        what = "sample" if is_unusual else "sample_agrees"
        yield Remark(
            what, "quality", second, facts, tag.instrument.equipment, tag, (), (("sample", {"sample_id": sample.sample_id}),)
        )


def _work(desk: Desk, orders: Sequence[Order]) -> Iterator[Remark]:
    """Orders that are written, and work that is done; an instrument's by its tag."""
    for order in orders:
        place = order.tag.name.removesuffix(".PV") if order.tag and "defect_id" in order.subject else order.equipment_code
        facts: dict[str, Fact] = {
            "number": order.number, "equipment": place, "title": _lower(order.title), "done": _lower(order.done.rstrip(".")),
        }  # fmt: skip
        told = {"work_order_id": order.order_id, **order.subject}
        opened, done = (int((at - moment(desk.record, 0)).total_seconds()) for at in (order.opened_at, order.completed_at))
        delay = 60 * int(desk.rng.integers(3, 40))
        for what, aspect, second in (
            ("order", "order", min(opened + delay, (opened + done) // 2)),
            ("order_done", "repair", done + delay),
        ):
            if desk.chance(WRITTEN[what]):
                yield Remark(what, "maintenance", second, facts, order.equipment, order.tag, (), ((aspect, told),))


def _routine(desk: Desk) -> Iterator[Remark]:
    """Rounds, quiet hours and safety, in both halves of the day."""
    unit = desk.unit
    for half in (0, 1):
        for what, mean, by in (
            ("round", ROUNDS, "field_operator"),
            ("quiet", QUIET, "board_operator"),
            ("safety", SAFETY, "supervisor"),
        ):
            for _ in range(int(desk.rng.poisson(mean))):
                second = half * DAY_SECONDS // 2 + int(desk.rng.integers(600, DAY_SECONDS // 2 - 600))
                equipment = unit.model.equipment[int(len(unit.model.equipment) * desk.rng.random())]
                readings = desk.some_readings(second, 1 + int(3 * desk.rng.random()), desk.rng)
                if not desk.display.is_running(second) or not readings:
                    continue
                facts: dict[str, Fact] = {
                    "equipment": desk.equipment(equipment.code), "time": desk.clock(second),
                    "readings": tuple(desk.of_reading(reading) for reading in readings),
                    "checks": _checks(desk) if what == "round" else (),
                }  # fmt: skip
                category = "safety" if what == "safety" else "operation"
                named = equipment.code if what == "safety" else None
                yield Remark(what, category, second, facts, named, None, readings, ((what, {}),), by=by)


def _checks(desk: Desk) -> tuple[Phrase, ...]:
    """What is looked at on a round: two or three pieces of equipment."""
    equipment = desk.unit.model.equipment
    picked = desk.rng.permutation(len(equipment))[: 2 + int(2 * desk.rng.random())]
    known = vocabulary()["phrases"]
    checks = []
    for at in picked:
        what = f"check_{equipment[at].equipment_class}"
        checks.append(Phrase(what if what in known else "check_vessel", {"equipment": desk.equipment(equipment[at].code)}))
    return tuple(checks)


def _tag(desk: Desk, name: str) -> Tag | None:
    full_name = desk.equipment(name)
    return next((tag for tag in desk.unit.tags if tag.name == full_name), None)


def _length(seconds: int) -> str:
    """A length of time as people say it."""
    if seconds < 5400:
        return f"{round(seconds / 60)} minutes"
    return f"{seconds / 3600:.1f} h"


def _about(second: int, step: int) -> int:
    """A time as people remember it: the nearest full step."""
    return round(second / step) * step


def _lower(text: str) -> str:
    """The text to go on after a colon: a capital that begins a plain word goes."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
