"""The historian: one unit's readings, streamed one day at a time into files as they arrive, with the truth beside them.

A day's readings of a unit are one file that closes after midnight. Readings that an outage held back arrive together in a file
of their own, still in the folder of the day on which they were measured. What arrives after the last day's file has closed
has not arrived: neither the file nor its truth exists yet, and a longer horizon only adds them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from generators.chemical import alarms
from generators.chemical.defects import DAY_SECONDS, KINDS, LATE_FILE, Outage, defects_of
from generators.chemical.faults import episode_counts, episodes_of
from generators.chemical.fleet import Unit, fleet_of
from generators.chemical.limits import alarms_of
from generators.chemical.measurement import Found, InstrumentStates, Observations, first_states, observe_day
from generators.chemical.record import DayRecord
from generators.chemical.simulation import first_state, simulate_day
from generators.engine.columns import rows_of
from generators.engine.plan import Chunk, Part
from generators.engine.streams import stream
from generators.scenario import Scenario

READINGS_PER_TAG_DAY = 10_000  # about: weighs the parts against each other
CLOSING_SECONDS = (10, 300)  # after midnight, when a day's file is closed
EPOCH = date(1970, 1, 1)

Row = dict[str, Any]


@dataclass(frozen=True)
class Delivery:
    """A file of readings on its way, with what is to be recorded when it arrives."""

    arrived_at: datetime
    is_late: bool
    day: date
    readings: pa.Table
    truth: list[Row]


def parts(scenario: Scenario) -> list[Part]:
    """One part per unit."""
    days = scenario.chemical.days
    return [
        Part("historian", f"unit-{unit.unit_id}", unit.tag_count * days * READINGS_PER_TAG_DAY)
        for unit in fleet_of(scenario).units
    ]


def generate(scenario: Scenario, part: Part) -> Iterator[Chunk]:
    """All files of one unit, in order of their days: readings, then the ledger of files and the truth of that day."""
    fleet = fleet_of(scenario)
    unit = fleet.units[int(part.key.removeprefix("unit-")) - 1]
    first = scenario.end - timedelta(days=scenario.chemical.days)
    unit_state = first_state(unit)
    instrument_states: InstrumentStates | None = None
    unit_alarms = alarms.first_alarms(alarms_of(unit))
    events: list[Row] = []
    held_back: list[Delivery] = []
    for number in range(scenario.chemical.days):
        day = first + timedelta(days=number)
        count = episode_counts(unit.seed, len(fleet.units), scenario.chemical.faults, scenario.chemical.days, number)
        episodes = episodes_of(unit.seed, unit.unit_id, unit.model.faults, day, count[unit.unit_id - 1])
        unit_day, unit_state = simulate_day(unit, unit_state, episodes, day)
        signals = unit_day.signals
        if instrument_states is None:
            instrument_states = first_states(unit, signals)
        forced = _forced(unit, len(fleet.units)) if day == first else []
        plan = defects_of(unit.seed, unit.unit_id, unit.tags, day, forced)
        observations, instrument_states = observe_day(unit, signals, instrument_states, plan, day)
        record = DayRecord(unit, day, signals, unit_day.trips, tuple(episodes), plan, observations)
        rows, unit_alarms = alarms.of_day(record, unit_alarms)
        events += rows
        month_ends = (day + timedelta(days=1)).month != day.month or number == scenario.chemical.days - 1
        if month_ends and events:
            yield _month_of_events(unit, day, events)
            events = []
        closed_at = _closing(unit, day)
        under_way = held_back + _deliveries(unit, day, observations, plan.outage, closed_at)
        held_back = [delivery for delivery in under_way if delivery.arrived_at > closed_at]
        yield from _arrivals(unit, day, [delivery for delivery in under_way if delivery.arrived_at <= closed_at])


def _forced(unit: Unit, units: int) -> list[int]:
    """The kinds of defect that the unit must show on the first day: all kinds, dealt out among the units."""
    return [kind for kind in range(1, len(KINDS)) if kind % units == unit.unit_id % units]


def _closing(unit: Unit, day: date) -> datetime:
    rng = stream(unit.seed, "historian.ingest_files", "closing", f"{unit.unit_id}:{day}")
    return datetime.combine(day, time()) + timedelta(seconds=DAY_SECONDS + int(rng.integers(*CLOSING_SECONDS)))


def _deliveries(unit: Unit, day: date, observed: Observations, outage: Outage | None, closed_at: datetime) -> list[Delivery]:
    """The day's own file, and the late one when an outage held readings back."""
    truth = [_truth_row(unit, day, found, closed_at) for found in observed.found if found.defect.kind != LATE_FILE]
    readings = _readings(unit, day, observed, is_late=False)
    if outage is None:
        return [Delivery(closed_at, False, day, readings, truth)]
    arrived_at = datetime.combine(day, time()) + timedelta(seconds=outage.arrival_second)
    observed.ingested_us[observed.is_late] = np.datetime64(arrived_at, "us").astype(np.int64)
    late_truth = [_truth_row(unit, day, found, arrived_at) for found in observed.found if found.defect.kind == LATE_FILE]
    return [
        Delivery(closed_at, False, day, readings.filter(pa.array(~observed.is_late)), truth),
        Delivery(
            arrived_at, True, day, _readings(unit, day, observed, is_late=True).filter(pa.array(observed.is_late)), late_truth
        ),
    ]


def _readings(unit: Unit, day: date, observed: Observations, is_late: bool) -> pa.Table:
    """All readings as a table of the raw contract, as if they were all in the one file; the buffers are shared."""
    rows = len(observed.value)
    is_bad = np.isnan(observed.value)
    return rows_of(
        "historian.readings",
        {
            "org_id": pa.repeat(pa.scalar(unit.org_id, pa.int32()), rows),
            "tag_id": pa.array(observed.tag_id),
            "measured_at": pa.array(observed.measured_us).view(pa.timestamp("us")),
            "seq": pa.repeat(pa.scalar(0, pa.int16()), rows),
            "value": pa.array(observed.value, mask=is_bad if is_bad.any() else None),
            "quality": pa.array(observed.quality),
            "ingested_at": pa.array(observed.ingested_us).view(pa.timestamp("us")),
            "file_id": pa.repeat(pa.scalar(file_id(unit, day, is_late), pa.int64()), rows),
            "event_date": pa.repeat(pa.scalar(day, pa.date32()), rows),
        },
    )


def file_id(unit: Unit, day: date, is_late: bool) -> int:
    """Surrogate key of a file of readings: a unit has at most one on time and one late per day."""
    return unit.unit_id * 1_000_000 + (day - EPOCH).days * 2 + int(is_late)


def readings_path(unit: Unit, delivery: Delivery) -> str:
    """Path of a file of readings below the table's folder, named after its arrival."""
    arrival = delivery.arrived_at.strftime("%Y%m%dT%H%M%S")
    return f"event_date={delivery.day}/org_id={unit.org_id}/part-{arrival}-{unit.unit_id}.parquet"


def _arrivals(unit: Unit, day: date, arrived: list[Delivery]) -> Iterator[Chunk]:
    """The files that have arrived when the day's own file closes, in order, then their ledger and their truth."""
    in_order = sorted(arrived, key=lambda delivery: delivery.arrived_at)
    for delivery in in_order:
        yield Chunk("historian.readings", readings_path(unit, delivery), delivery.readings)
    name = f"part-{day.strftime('%Y%m%d')}-{unit.unit_id}.parquet"
    yield _table("historian.ingest_files", name, [_ledger_row(unit, delivery) for delivery in in_order])
    truth = [row for delivery in in_order for row in delivery.truth]
    if truth:
        yield _table("truth.defects", name, sorted(truth, key=lambda row: row["defect_id"]))


def _table(table: str, path: str, rows: list[Row]) -> Chunk:
    return Chunk(table, path, rows_of(table, {name: [row[name] for row in rows] for name in rows[0]}))


def _month_of_events(unit: Unit, day: date, events: list[Row]) -> Chunk:
    """The month's alarm events, with the day on which each came to be."""
    chunk = _table("alarm.events", f"part-{day:%Y%m}-{unit.unit_id}.parquet", events)
    return replace(chunk, days=np.array([row["occurred_at"].date() for row in events], dtype="datetime64[D]"))


def _ledger_row(unit: Unit, delivery: Delivery) -> Row:
    bounds = pc.min_max(delivery.readings["measured_at"]).as_py()
    return {
        "org_id": unit.org_id,
        "file_id": file_id(unit, delivery.day, delivery.is_late),
        "unit_id": unit.unit_id,
        "path": readings_path(unit, delivery),
        "event_date": delivery.day,
        "reading_count": delivery.readings.num_rows,
        "first_measured_at": bounds["min"],
        "last_measured_at": bounds["max"],
        "arrived_at": delivery.arrived_at,
        "is_late": delivery.is_late,
        "created_at": delivery.arrived_at,
        "updated_at": delivery.arrived_at,
    }


def _truth_row(unit: Unit, day: date, found: Found, known_at: datetime) -> Row:
    midnight, tag, defect = datetime.combine(day, time()), found.tag, found.defect
    return {
        "org_id": unit.org_id,
        "defect_id": tag.tag_id * 100_000 + (day - EPOCH).days,  # a tag has at most one defect a day
        "tag_id": tag.tag_id,
        "defect_kind": KINDS[defect.kind],
        "started_at": midnight + timedelta(seconds=defect.from_second),
        "ended_at": midnight + timedelta(seconds=defect.to_second),
        "magnitude": defect.magnitude,
        "affected_reading_count": found.affected_readings,
        "created_at": known_at,
        "updated_at": known_at,
    }
