"""The historian's files: one unit's readings of a day, as they arrive, with the truth about their defects.

A day's readings of a unit are one file that closes after midnight. Readings that an outage held back arrive together in a file
of their own, still in the folder of the day on which they were measured. What arrives after the last day's file has closed
has not arrived: neither the file nor its truth exists yet, and a longer horizon only adds them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from generators.chemical.calibration import Calibration
from generators.chemical.defects import DAY_SECONDS, EPOCH, KINDS, LATE_FILE, Outage, defect_id
from generators.chemical.fleet import Unit
from generators.chemical.measurement import Found, Observations
from generators.chemical.processes.model import FloatArray
from generators.engine.columns import rows_of
from generators.engine.streams import stream
from generators.schema.catalog import table as declared

READINGS_PER_TAG_DAY = 10_000  # about: weighs the parts against each other
CLOSING_SECONDS = (10, 300)  # after midnight, when a day's file is closed

Row = dict[str, Any]


@dataclass(frozen=True)
class Delivery:
    """A file of readings on its way, and its defects, whose truth is told when it arrives."""

    arrived_at: datetime
    is_late: bool
    day: date
    readings: pa.Table
    truth: pa.Table


def closing(unit: Unit, day: date) -> datetime:
    """When the file of a day is closed."""
    rng = stream(unit.seed, "historian.ingest_files", "closing", f"{unit.unit_id}:{day}")
    return datetime.combine(day, time()) + timedelta(seconds=DAY_SECONDS + int(rng.integers(*CLOSING_SECONDS)))


def deliveries(unit: Unit, day: date, observed: Observations, outage: Outage | None, closed_at: datetime) -> list[Delivery]:
    """The day's own file, and the late one when an outage held readings back."""
    truth = _truth(unit, day, [found for found in observed.found if found.defect.kind != LATE_FILE], closed_at)
    readings = _readings(unit, day, observed, is_late=False)
    if outage is None:
        return [Delivery(closed_at, False, day, readings, truth)]
    arrived_at = datetime.combine(day, time()) + timedelta(seconds=outage.arrival_second)
    observed.ingested_us[observed.is_late] = np.datetime64(arrived_at, "us").astype(np.int64)
    late_truth = _truth(unit, day, [found for found in observed.found if found.defect.kind == LATE_FILE], arrived_at)
    return [
        Delivery(closed_at, False, day, readings.filter(pa.array(~observed.is_late)), truth),
        Delivery(
            arrived_at, True, day, _readings(unit, day, observed, is_late=True).filter(pa.array(observed.is_late)), late_truth
        ),
    ]


def _readings(unit: Unit, day: date, observed: Observations, is_late: bool) -> pa.Table:
    """All readings as a table of the raw contract, as if they were all in the one file; the buffers are shared."""
    rows = len(observed.value)
    return rows_of(
        "historian.readings",
        {
            "org_id": pa.repeat(pa.scalar(unit.org_id, pa.int32()), rows),
            "tag_id": pa.array(observed.tag_id),
            "measured_at": pa.array(observed.measured_us).view(pa.timestamp("us")),
            "seq": pa.array(observed.seq),
            "value": _known(observed.value),
            "quality": pa.array(observed.quality),
            "ingested_at": pa.array(observed.ingested_us).view(pa.timestamp("us")),
            "file_id": pa.repeat(pa.scalar(file_id(unit, day, is_late), pa.int64()), rows),
            "event_date": pa.repeat(pa.scalar(day, pa.date32()), rows),
        },
    )


def _known(value: FloatArray) -> pa.Array:
    """The values, null where they are NaN. The buffer is shared, and only as many bits are added as there are values."""
    is_bad = np.isnan(value)
    validity = pa.py_buffer(np.packbits(~is_bad, bitorder="little")) if is_bad.any() else None
    return pa.Array.from_buffers(pa.float64(), len(value), [validity, pa.py_buffer(value)])


def file_id(unit: Unit, day: date, is_late: bool) -> int:
    """Surrogate key of a file of readings: a unit has at most one on time and one late per day."""
    return unit.unit_id * 1_000_000 + (day - EPOCH).days * 2 + int(is_late)


def readings_path(unit: Unit, delivery: Delivery) -> str:
    """Path of a file of readings below the table's folder, named after its arrival."""
    arrival = delivery.arrived_at.strftime("%Y%m%dT%H%M%S")
    return f"event_date={delivery.day}/org_id={unit.org_id}/part-{arrival}-{unit.unit_id}.parquet"


def ledger_row(unit: Unit, delivery: Delivery) -> Row:
    """The row of historian.ingest_files for a file."""
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


def calibration_row(unit: Unit, done: Calibration) -> Row:
    """The row of cmms.calibrations for a calibration."""
    return {
        "org_id": unit.org_id,
        "calibration_id": done.tag.tag_id * 100_000 + (done.calibrated_at.date() - EPOCH).days,  # at most one a day
        "tag_id": done.tag.tag_id,
        "calibrated_at": done.calibrated_at,
        "reason": "scheduled" if done.is_scheduled else "drift",
        "as_found_error": done.as_found_error,
        "as_left_error": done.as_left_error,
        "created_at": done.calibrated_at,
        "updated_at": done.calibrated_at,
    }


def _truth(unit: Unit, day: date, found: list[Found], known_at: datetime) -> pa.Table:
    rows = [_truth_row(unit, day, one, known_at) for one in found]
    return rows_of("truth.defects", {name: [row[name] for row in rows] for name in declared("truth.defects").column_names})


def _truth_row(unit: Unit, day: date, found: Found, known_at: datetime) -> Row:
    midnight, tag, defect = datetime.combine(day, time()), found.tag, found.defect
    return {
        "org_id": unit.org_id,
        "defect_id": defect_id(tag, day),
        "tag_id": tag.tag_id,
        "defect_kind": KINDS[defect.kind],
        "started_at": midnight + timedelta(seconds=defect.from_second),
        "ended_at": midnight + timedelta(seconds=defect.to_second),
        "magnitude": defect.magnitude,
        "affected_reading_count": found.affected_readings,
        "lost_scan_count": found.lost_scans,
        "created_at": known_at,
        "updated_at": known_at,
    }
