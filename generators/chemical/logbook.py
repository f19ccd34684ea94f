"""The shift logbook: what operators write about the day of their unit, each in a manner of their own.

Every shift ends with a handover that sums up. What is not handed over yet by midnight is the checkpoint to the next day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from generators.chemical.findings import Findings, moment, number_of_day
from generators.chemical.laboratory import Sample
from generators.chemical.maintenance import Order
from generators.chemical.people import Crew, Person, crew_at
from generators.chemical.record import DayRecord
from generators.chemical.remarks import Desk, Remark, remarks_of
from generators.chemical.shifts import DAY_BEGINS, NIGHT_BEGINS, to_utc
from generators.chemical.wording import Fact, Phrase, expanded, finished, mistyped, vocabulary, worded, writer
from generators.engine.streams import stream
from generators.scenario import Scenario

MOST_HEADLINES = 5  # in a handover
LATEST_HANDOVER_MINUTES = 10  # after the change of shift

Row = dict[str, Any]


@dataclass(frozen=True)
class Headline:
    """What a handover says of an entry, until it is handed over. The last word on a matter (`about`) counts."""

    written_at: datetime
    about: str
    text: str
    subjects: tuple[tuple[str, dict[str, int]], ...]


@dataclass(frozen=True)
class Entry:
    """An entry as it stands in the book, with its author's own style."""

    entry_id: int
    remark: Remark
    crew: Crew
    written_at: datetime
    author_id: int
    text: str


def of_day(
    record: DayRecord,
    findings: Findings,
    samples: Sequence[Sample],
    orders: Sequence[Order],
    pending: tuple[Headline, ...],
    scenario: Scenario,
) -> tuple[list[Entry], tuple[Headline, ...]]:
    """The entries that follow from the record's day, and what the next day's first handover has to say of it."""
    pen = stream(record.unit.seed, "logbook.entries", "words", f"{record.unit.unit_id}:{record.day}")
    remarks = remarks_of(record, findings, samples, orders)
    written = [_entry(record, scenario, remark, number, pen) for number, remark in enumerate(remarks, start=1)]
    known = sorted((*pending, *_headlines(written, pen)), key=lambda headline: headline.written_at)
    for at in _shift_changes(record):
        told = [headline for headline in known if headline.written_at < at]
        known = known[len(told) :]
        handover = _handover(record, scenario, int((at - moment(record, 0)).total_seconds()), told, pen)
        written.append(_entry(record, scenario, handover, len(written) + 1, pen))
    return written, tuple(known)


def entry_row(entry: Entry, record: DayRecord) -> Row:
    """The row of logbook.entries."""
    unit, remark = record.unit, entry.remark
    return {
        "org_id": unit.org_id,
        "entry_id": entry.entry_id,
        "unit_id": unit.unit_id,
        "equipment_id": None if remark.equipment is None else unit.equipment_id(remark.equipment),
        "tag_id": None if remark.tag is None else remark.tag.tag_id,
        "written_at": entry.written_at,
        "shift": "night" if entry.crew.shift.is_night else "day",
        "team": entry.crew.shift.team,
        "category": remark.category,
        "author_user_id": entry.author_id,
        "entry_text": entry.text,
        "created_at": entry.written_at,
        "updated_at": entry.written_at,
    }


def subject_rows(entry: Entry, record: DayRecord) -> Iterator[Row]:
    """The rows of truth.logbook_subjects: what the entry speaks of."""
    for number, (aspect, ids) in enumerate(entry.remark.subjects, start=1):
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


def _shift_changes(record: DayRecord) -> list[datetime]:
    """The changes of shift that fall into the UTC day."""
    zone, midnight = record.unit.plant.site.place.time_zone, moment(record, 0)
    found = (
        to_utc(record.day + timedelta(days=shift), clock, zone) for shift in (-1, 0, 1) for clock in (DAY_BEGINS, NIGHT_BEGINS)
    )
    return sorted(at for at in found if midnight <= at < midnight + timedelta(days=1))


def _handover(record: DayRecord, scenario: Scenario, second: int, told: Sequence[Headline], pen: np.random.Generator) -> Remark:
    """What the shift that ends tells the next: the state of the unit, the latest headlines, some values."""
    written = second + 60 * int(pen.integers(0, LATEST_HANDOVER_MINUTES))
    own, next_ = (crew_at(scenario, record.unit, moment(record, at)) for at in (second - 1, second))
    desk = Desk(record)
    running = desk.display.is_running(written)
    latest = {headline.about: headline for headline in told}
    kept = sorted(latest.values(), key=lambda headline: headline.written_at)[-MOST_HEADLINES:]
    readings = desk.some_readings(written, 1 + int(3 * pen.random()), pen) if running else ()
    facts: dict[str, Fact] = {
        "own": own.shift.team, "team": next_.shift.team, "shift": "night" if own.shift.is_night else "day",
        "state": Phrase("running" if running else "standing", {}),
        "news": "; ".join(dict.fromkeys(headline.text for headline in kept)) + "." if kept else Phrase("no_news", {}),
        "values": Phrase("values", {"readings": tuple(desk.of_reading(reading) for reading in readings)}) if readings else "",
    }  # fmt: skip
    subjects = dict.fromkeys(
        (("handover", tuple(ids.items())) for headline in kept for _, ids in headline.subjects if ids), None
    )
    told_of = tuple((aspect, dict(ids)) for aspect, ids in subjects) or (("handover", {}),)
    return Remark("handover", "handover", written, facts, None, None, readings, told_of, shift_second=second - 1)


def _headlines(entries: Sequence[Entry], pen: np.random.Generator) -> Iterator[Headline]:
    phrases = vocabulary()["headlines"]
    for entry in entries:
        remark = entry.remark
        if remark.what in phrases:
            text = expanded([phrases[remark.what]], remark.facts, "plain", pen)
            yield Headline(entry.written_at, _about(remark), text, remark.subjects)


def _about(remark: Remark) -> str:
    """The matter of a remark: its work order or first other subject, or else its tag."""
    ids = remark.subjects[0][1]
    matter = "work_order_id" if "work_order_id" in ids else next(iter(ids), None)
    return str(remark.facts.get("tag")) if matter is None else f"{matter} {ids[matter]}"


def _entry(record: DayRecord, scenario: Scenario, remark: Remark, number: int, pen: np.random.Generator) -> Entry:
    written_at = moment(record, remark.second)
    on_shift = written_at if remark.shift_second is None else moment(record, remark.shift_second)
    crew = crew_at(scenario, record.unit, on_shift)
    author: Person = getattr(crew, remark.by)
    hand = writer(record.unit.seed, author.user_id)
    text = finished(worded(Phrase(remark.what, remark.facts), hand.style, pen), hand.style, pen)
    text = mistyped(text, hand.typos_per_word, pen)
    entry_id = number_of_day(record.unit, record.day) * 1000 + number
    return Entry(entry_id, remark, crew, written_at, author.user_id, text)
