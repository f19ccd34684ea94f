"""Maintenance: work orders that follow from defects, faults, trips and routine, and what became of each.

An order is written once; what happens to it later are events: scheduled, started, waiting for parts, completed, and closed when
the paper is done. Repairs of process faults are completed when the fault ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from generators.chemical.defects import DRIFT, KINDS
from generators.chemical.findings import Findings, FoundDefect, FoundFault, FoundTrip, moment, number_of_day
from generators.chemical.fleet import Unit
from generators.chemical.people import crew_at, maintenance_technicians
from generators.chemical.record import DayRecord
from generators.chemical.simulation import RESTART_SHARE
from generators.chemical.tags import Tag
from generators.chemical.wording import STYLES, Facts, expanded, finished, mistyped, vocabulary
from generators.engine.streams import stream
from generators.scenario import Scenario

WAITS_FOR_PARTS = 0.15  # share of corrective orders
CLOSED_AFTER_HOURS = (2.0, 60.0)  # from the work's end to the end of the paper
STARTED_SHARE = (0.3, 0.7)  # of the time between the order and the end of the work
TYPOS_PER_WORD = 0.004
ROUTINE_SECONDS = (3 * 3600, 12 * 3600)  # within the day, when a routine order is written

Row = dict[str, Any]


@dataclass(frozen=True)
class Order:
    """A work order with the end of its work, and what it is about: a fault, a defect or a trip."""

    order_id: int
    number: str
    unit: Unit
    kind: str
    priority: str
    equipment: str
    tag: Tag | None
    title: str
    description: str
    opened_at: datetime
    opened_by: int
    completed_at: datetime
    done: str
    technician_id: int | None
    events: tuple[tuple[str, datetime, str | None], ...]
    subject: Mapping[str, int]

    @property
    def equipment_code(self) -> str:
        """The equipment by its full code."""
        return f"{self.unit.code}-{self.equipment}"

    def row(self) -> Row:
        """The row of cmms.work_orders."""
        return {
            "org_id": self.unit.org_id,
            "work_order_id": self.order_id,
            "work_order_number": self.number,
            "unit_id": self.unit.unit_id,
            "equipment_id": self.unit.equipment_id(self.equipment),
            "tag_id": None if self.tag is None else self.tag.tag_id,
            "order_kind": self.kind,
            "priority": self.priority,
            "title": self.title,
            "description": self.description,
            "opened_by_user_id": self.opened_by,
            "opened_at": self.opened_at,
            "created_at": self.opened_at,
            "updated_at": self.opened_at,
        }

    def event_rows(self) -> Iterator[Row]:
        """The rows of cmms.work_order_events."""
        for number, (event, occurred_at, remark) in enumerate(self.events, start=1):
            yield {
                "org_id": self.unit.org_id,
                "work_order_id": self.order_id,
                "event_number": number,
                "event_kind": event,
                "occurred_at": occurred_at,
                "remark": remark,
                "technician_user_id": self.technician_id,
                "created_at": occurred_at,
                "updated_at": occurred_at,
            }


@dataclass(frozen=True)
class _Need:
    """Why an order is written, before it has a number; `words` are its craft, titles and ways to be done."""

    words: Mapping[str, Any]
    kind: str
    priority: str
    equipment: str
    tag: Tag | None
    told: str
    from_second: int
    to_second: int
    subject: Mapping[str, int]


def cause_of(fault_name: str) -> Mapping[str, Any] | None:
    """The kind of cause that a fault's name hints at."""
    causes: list[Mapping[str, Any]] = vocabulary()["causes"]
    return next((cause for cause in causes if any(word in fault_name for word in cause["words"])), None)


def of_day(record: DayRecord, findings: Findings, scenario: Scenario) -> list[Order]:
    """The orders written on the record's day; their events may lie on later days."""
    rng = stream(record.unit.seed, "cmms.work_orders", "orders", f"{record.unit.unit_id}:{record.day}")
    needs = [
        *(need for fault in findings.faults for need in _of_fault(fault)),
        *(_of_defect(defect, rng) for defect in findings.defects),
        *(_of_trip(record, trip) for trip in findings.trips),
        *_routine(record, rng),
    ]
    needs.sort(key=lambda need: need.from_second)
    return [_order(record, scenario, need, number, rng) for number, need in enumerate(needs, start=1)]


def _of_fault(fault: FoundFault) -> Iterator[_Need]:
    """Whoever knows the cause of a fault in the unit's own equipment has it repaired; it ends when that is done."""
    cause = cause_of(fault.fault.name)
    if fault.known_second is None or cause is None or "craft" not in cause:
        return
    tag = fault.symptoms[0].tag if fault.symptoms else None
    moved = " and ".join(symptom.tag.name for symptom in fault.symptoms[:2])
    told = f"Seen on {moved}." if moved else "Found on the round."
    yield _Need(
        cause, "corrective", "high", fault.equipment, tag, told, fault.known_second, fault.episode.to_second,
        {"fault_id": fault.fault_id},
    )  # fmt: skip


def _of_defect(found: FoundDefect, rng: np.random.Generator) -> _Need:
    kind = KINDS[found.defect.kind]
    told = "" if found.reading is None else f"Reads {found.reading.number} {found.tag.instrument.unit.symbol}."
    if found.companion is not None:
        told += f" {found.companion.tag.name} shows {found.companion.number}."
    is_station = len(found.defect_ids) > 1 or kind == "late_file"
    end = found.defect.to_second + int(60 * rng.integers(0, 40))
    return _Need(
        vocabulary()["orders"][kind],
        "calibration" if found.defect.kind == DRIFT else "corrective",
        "medium",
        found.equipment,
        None if is_station else found.tag,
        told.strip(),
        found.noticed_second,
        end,
        {"defect_id": found.defect_ids[0]},
    )


def _of_trip(record: DayRecord, found: FoundTrip) -> _Need:
    length = found.trip.to_second - found.trip.from_second
    tag = found.worst.tag if found.worst else record.unit.tags[0]
    told = f"{found.worst.tag.name} was at {found.worst.number} before the trip." if found.worst else ""
    return _Need(
        vocabulary()["orders"]["trip"], "inspection", "high", tag.instrument.equipment, tag, told,
        found.trip.from_second + 900, found.trip.from_second + int((1.0 - RESTART_SHARE) * length), {"trip_id": found.trip_id},
    )  # fmt: skip


def _routine(record: DayRecord, rng: np.random.Generator) -> Iterator[_Need]:
    """What falls due on the day: every piece of equipment at the interval of its class, from a day of its own."""
    routine = vocabulary()["routine"]
    for equipment in record.unit.model.equipment:
        words = routine.get(equipment.equipment_class, routine["other"])
        phase = int(
            stream(record.unit.seed, "cmms.work_orders", "phase", f"{record.unit.unit_id}:{equipment.code}").integers(365)
        )
        if (record.day.toordinal() + phase) % words["days"] != 0 or record.day.weekday() >= 5:
            continue
        opened = int(rng.integers(*ROUTINE_SECONDS))
        kind = "calibration" if equipment.equipment_class == "analyser" else "preventive"
        kind = "inspection" if words is routine["other"] else kind
        length = int(3600 * rng.uniform(1.0, 5.0))
        yield _Need(words, kind, "low", equipment.code, None, "Routine.", opened, opened + length, {})


def _order(record: DayRecord, scenario: Scenario, need: _Need, number: int, rng: np.random.Generator) -> Order:
    unit = record.unit
    named = f"{unit.code}-{need.equipment}"
    facts: Facts = {"equipment": named, "tag": need.tag.name.removesuffix(".PV") if need.tag else named}
    style = STYLES[int(rng.integers(2))]  # technicians write terse or plain
    title = finished(expanded(need.words["title"], facts, "plain", rng), "plain", rng).rstrip(".")
    done = mistyped(finished(expanded(need.words["done"], facts, style, rng), style, rng), TYPOS_PER_WORD, rng)
    opened, completed = moment(record, need.from_second), moment(record, need.to_second)
    craft = [
        person
        for person in maintenance_technicians(scenario, unit.plant.site, completed)
        if person.post.job_title.startswith(need.words["craft"])
    ]
    return Order(
        order_id=number_of_day(unit, record.day) * 100 + number,
        number=f"WO{record.day:%y%m%d}-{unit.code}{number:02d}",
        unit=unit,
        kind=need.kind,
        priority=need.priority,
        equipment=need.equipment,
        tag=need.tag,
        title=title,
        description=mistyped(f"{title}. {need.told}".strip(), TYPOS_PER_WORD, rng),
        opened_at=opened,
        opened_by=crew_at(scenario, unit, opened).board_operator.user_id,
        completed_at=completed,
        done=done,
        technician_id=craft[int(len(craft) * rng.random())].user_id if craft else None,
        events=tuple(_events(need, opened, completed, done, rng)),
        subject=need.subject,
    )


def _events(
    need: _Need, opened: datetime, completed: datetime, done: str, rng: np.random.Generator
) -> Iterator[tuple[str, datetime, str | None]]:
    length = (completed - opened).total_seconds()
    low, high = STARTED_SHARE
    started = low + (high - low) * float(rng.random())

    def at(share: float) -> datetime:
        return opened + timedelta(seconds=int(share * length))

    yield "scheduled", at(0.4 * started), None
    yield "started", at(started), None
    if need.kind == "corrective" and rng.random() < WAITS_FOR_PARTS:
        yield "waiting_for_parts", at(started + 0.3 * (1.0 - started)), "Spare part ordered from the store."
        yield "resumed", at(started + 0.7 * (1.0 - started)), None
    yield "completed", completed, done
    shortest, longest = CLOSED_AFTER_HOURS
    hours = shortest * (longest / shortest) ** float(rng.random())
    yield "closed", completed + timedelta(seconds=int(3600 * hours)), None
