"""The historian: one unit's readings, streamed one day at a time into files as they arrive, with the truth beside them.

A day's readings of a unit are one file that closes after midnight. Readings that an outage held back arrive together in a file
of their own, still in the folder of the day on which they were measured. What arrives at or after the end of the horizon
has not arrived: neither the file nor its truth exists yet, and a longer horizon only adds them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import exp
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from generators.chemical import defects
from generators.chemical.defects import DAY_SECONDS, DayOfDefects, Defect
from generators.chemical.fleet import Unit, fleet_of
from generators.chemical.instruments import lagged, observe, stamp
from generators.chemical.processes.model import FloatArray, Signals
from generators.chemical.simulation import TICK_SECONDS, first_state, simulate_day
from generators.chemical.tags import Tag
from generators.engine.columns import rows_of
from generators.engine.plan import Chunk, Part
from generators.engine.streams import stream
from generators.scenario import Scenario

READINGS_PER_TAG_DAY = 10_000  # about: weighs the parts against each other
WALK_PER_DAY = 0.15  # standard deviations of the noise by which an instrument's bias wanders in a day
WALK_MEMORY = 0.97  # of the bias from day to day: calibration pulls it back
TRANSPORT_SECONDS = (1.0, 9.0)  # from the instrument to the historian, constant within an hour
CLOSING_SECONDS = (10, 300)  # after midnight, when a day's file is closed
EPOCH = date(1970, 1, 1)
DAY_US = DAY_SECONDS * 1_000_000


@dataclass(frozen=True)
class InstrumentStates:
    """Checkpoint of the measurement layer, one entry per tag."""

    lag: FloatArray
    memory: FloatArray
    bias: FloatArray


@dataclass(frozen=True)
class Delivery:
    """A file of readings on its way, with what is to be recorded when it arrives."""

    arrived_at: datetime
    is_late: bool
    day: date
    readings: pa.Table
    defects: list[dict[str, Any]]


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
    held_back: list[Delivery] = []
    for day in (first + timedelta(days=number) for number in range(scenario.chemical.days)):
        signals, unit_state = simulate_day(unit, unit_state, day)
        if instrument_states is None:
            instrument_states = _first_instrument_states(unit, signals)
        forced = _forced(unit, len(fleet.units)) if day == first else []
        plan = defects.defects_of(unit.seed, unit.unit_id, unit.tags, day, forced)
        deliveries, instrument_states = _observe_day(unit, signals, instrument_states, plan, day)
        closing = deliveries[0].arrived_at
        arrived = [delivery for delivery in (*deliveries, *held_back) if delivery.arrived_at <= closing]
        held_back = [delivery for delivery in (*deliveries, *held_back) if delivery.arrived_at > closing]
        yield from _arrivals(unit, day, arrived)


def _forced(unit: Unit, units: int) -> list[int]:
    """The kinds of defect that the unit must show on the first day: all kinds, dealt out among the units."""
    return [kind for kind in range(1, len(defects.KINDS)) if kind % units == unit.unit_id % units]


def _first_instrument_states(unit: Unit, signals: Signals) -> InstrumentStates:
    """Sensors have settled; every instrument has the bias it was built with."""
    return InstrumentStates(
        lag=np.array([signals[tag.instrument.signal][0] for tag in unit.tags]),
        memory=np.zeros(len(unit.tags)),
        bias=np.array([tag.bias for tag in unit.tags]),
    )


def _observe_day(
    unit: Unit, signals: Signals, states: InstrumentStates, plan: DayOfDefects, day: date
) -> tuple[list[Delivery], InstrumentStates]:
    """Read every tag over the day. The first delivery is the day's own file; a second one is what an outage held back."""
    capacity = sum(DAY_SECONDS // tag.instrument.scan_seconds for tag in unit.tags)
    columns = _Columns(capacity)
    normals = _normals(unit, day)
    biases = _walk(unit, states.bias, day)
    lag, memory = states.lag.copy(), states.memory.copy()
    delays_us = _transport_delays(unit, day)
    day_us = (day - EPOCH).days * DAY_US
    is_late = np.zeros(capacity, dtype=np.bool_)
    truth: list[tuple[Tag, Defect, int]] = []
    row = 0
    for place, tag in enumerate(unit.tags):
        signal = signals[tag.instrument.signal]
        if tag.instrument.lag_seconds > 0.0:
            signal = lagged(signal, lag[place], exp(-TICK_SECONDS / tag.instrument.lag_seconds))
            lag[place] = signal[-1]
        defect = plan.of_tag.get(place, NO_DEFECT)
        from_scan, to_scan = (_scans_before(tag, second) for second in (defect.from_second, defect.to_second))
        count, memory[place] = observe(
            signal,
            tag.phase_ms // (TICK_SECONDS * 1000),
            tag.instrument.scan_seconds // TICK_SECONDS,
            0.0 if tag.instrument.is_stepped else tag.phase_ms % (TICK_SECONDS * 1000) / (TICK_SECONDS * 1000),
            tag.gain,
            states.bias[place],
            biases[place],
            tag.noise_sd,
            normals[place],
            memory[place],
            tag.steps_per_unit,
            tag.low_step,
            tag.high_step,
            defect.kind,
            from_scan,
            to_scan,
            defect.magnitude,
            columns.scan[row:],
            columns.value[row:],
            columns.quality[row:],
        )
        stop = row + count
        stamp(
            columns.scan[row:stop],
            day_us,
            tag.scan_interval_ms * 1000,
            tag.phase_ms * 1000,
            delays_us,
            columns.measured_us[row:stop],
            columns.ingested_us[row:stop],
        )
        columns.tag_id[row:stop] = tag.tag_id
        if defect.kind == defects.LATE_FILE:
            is_late[row + from_scan : row + to_scan] = True
        if defect.kind != defects.NONE:
            truth.append((tag, defect, to_scan - from_scan))
        row = stop
    next_states = InstrumentStates(lag, memory, biases)
    return _deliveries(unit, day, columns, row, is_late[:row], plan, truth), next_states


NO_DEFECT = Defect(defects.NONE, 0, 0)


class _Columns:
    """Room for the readings of a day; the rows that are used come first."""

    def __init__(self, capacity: int) -> None:
        self.tag_id = np.empty(capacity, dtype=np.int32)
        self.scan = np.empty(capacity, dtype=np.int32)
        self.measured_us = np.empty(capacity, dtype=np.int64)
        self.ingested_us = np.empty(capacity, dtype=np.int64)
        self.value = np.empty(capacity, dtype=np.float64)
        self.quality = np.empty(capacity, dtype=np.int16)


def _scans_before(tag: Tag, second: int) -> int:
    """How many scans of a day lie before a second of it."""
    return -((tag.phase_ms - second * 1000) // tag.scan_interval_ms) if second * 1000 > tag.phase_ms else 0


def _normals(unit: Unit, day: date) -> list[NDArray[np.float32]]:
    """One standard normal per scan of every tag that has noise, drawn in one block."""
    rng = stream(unit.seed, "historian.readings", "instrument noise", f"{unit.unit_id}:{day}")
    counts = [0 if tag.instrument.is_stepped else DAY_SECONDS // tag.instrument.scan_seconds for tag in unit.tags]
    block = rng.standard_normal(sum(counts), dtype=np.float32)
    return np.split(block, np.cumsum(counts)[:-1])


def _walk(unit: Unit, bias: FloatArray, day: date) -> FloatArray:
    """The instruments' biases at the end of the day: a slow walk that stays near what each was built with."""
    rng = stream(unit.seed, "historian.readings", "bias walk", f"{unit.unit_id}:{day}")
    built = np.array([tag.bias for tag in unit.tags])
    kick = np.array([tag.noise_sd * WALK_PER_DAY for tag in unit.tags])
    walked: FloatArray = built + WALK_MEMORY * (bias - built) + kick * rng.standard_normal(len(built))
    return walked


def _transport_delays(unit: Unit, day: date) -> NDArray[np.int64]:
    """Delay from instrument to historian for each hour of the day, µs, in whole milliseconds."""
    rng = stream(unit.seed, "historian.readings", "transport", f"{unit.unit_id}:{day}")
    low, high = (round(seconds * 1000) for seconds in TRANSPORT_SECONDS)
    return rng.integers(low, high, 24) * 1000


def _deliveries(
    unit: Unit,
    day: date,
    columns: _Columns,
    rows: int,
    is_late: NDArray[np.bool_],
    plan: DayOfDefects,
    truth: list[tuple[Tag, Defect, int]],
) -> list[Delivery]:
    midnight = datetime.combine(day, time())
    rng = stream(unit.seed, "historian.ingest_files", "closing", f"{unit.unit_id}:{day}")
    closed_at = midnight + timedelta(seconds=DAY_SECONDS + int(rng.integers(*CLOSING_SECONDS)))
    whole = _readings(unit, day, columns, rows, file_id(unit, day, is_late=False))
    on_time = [_truth_row(unit, day, *found, closed_at) for found in truth if found[1].kind != defects.LATE_FILE]
    if plan.outage is None:
        return [Delivery(closed_at, False, day, whole, on_time)]
    arrived_at = midnight + timedelta(seconds=plan.outage.arrival_second)
    late = [_truth_row(unit, day, *found, arrived_at) for found in truth if found[1].kind == defects.LATE_FILE]
    columns.ingested_us[:rows][is_late] = (arrived_at - datetime.combine(EPOCH, time())) // timedelta(microseconds=1)
    late_rows = _readings(unit, day, columns, rows, file_id(unit, day, is_late=True)).filter(pa.array(is_late))
    return [
        Delivery(closed_at, False, day, whole.filter(pa.array(~is_late)), on_time),
        Delivery(arrived_at, True, day, late_rows, late),
    ]


def _readings(unit: Unit, day: date, columns: _Columns, rows: int, file: int) -> pa.Table:
    """The first `rows` readings as a table of the raw contract; the buffers are shared, not copied."""
    value = columns.value[:rows]
    is_bad = np.isnan(value)
    return rows_of(
        "historian.readings",
        {
            "org_id": pa.repeat(pa.scalar(unit.org_id, pa.int32()), rows),
            "tag_id": pa.array(columns.tag_id[:rows]),
            "measured_at": pa.array(columns.measured_us[:rows]).view(pa.timestamp("us")),
            "seq": pa.repeat(pa.scalar(0, pa.int16()), rows),
            "value": pa.array(value, mask=is_bad) if is_bad.any() else pa.array(value),
            "quality": pa.array(columns.quality[:rows]),
            "ingested_at": pa.array(columns.ingested_us[:rows]).view(pa.timestamp("us")),
            "file_id": pa.repeat(pa.scalar(file, pa.int64()), rows),
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
    truth = [row for delivery in in_order for row in delivery.defects]
    if truth:
        yield _table("truth.defects", name, sorted(truth, key=lambda row: row["defect_id"]))


def _table(table: str, path: str, rows: list[dict[str, Any]]) -> Chunk:
    return Chunk(table, path, rows_of(table, {name: [row[name] for row in rows] for name in rows[0]}))


def _ledger_row(unit: Unit, delivery: Delivery) -> dict[str, Any]:
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


def _truth_row(unit: Unit, day: date, tag: Tag, defect: Defect, affected: int, known_at: datetime) -> dict[str, Any]:
    midnight = datetime.combine(day, time())
    return {
        "org_id": unit.org_id,
        "defect_id": tag.tag_id * 100_000 + (day - EPOCH).days,  # a tag has at most one defect a day
        "tag_id": tag.tag_id,
        "defect_kind": defects.KINDS[defect.kind],
        "started_at": midnight + timedelta(seconds=defect.from_second),
        "ended_at": midnight + timedelta(seconds=defect.to_second),
        "magnitude": defect.magnitude,
        "affected_reading_count": affected,
        "created_at": known_at,
        "updated_at": known_at,
    }
