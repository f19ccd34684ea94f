"""The answer key of a unit's day: its faults and its trips."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generators.chemical.findings import fault_id, moment, trip_id
from generators.chemical.record import DayRecord

Row = dict[str, Any]


def faults(record: DayRecord) -> Iterator[Row]:
    """Rows of truth.faults."""
    for number, episode in enumerate(record.episodes):
        fault, started_at = record.unit.model.faults[episode.fault], moment(record, episode.from_second)
        yield {
            "org_id": record.unit.org_id,
            "fault_id": fault_id(record, number),
            "unit_id": record.unit.unit_id,
            "fault_kind": fault.name,
            "started_at": started_at,
            "ended_at": moment(record, episode.to_second),
            "magnitude": episode.magnitude,
            "description": record.unit.in_words(fault.description),
            "created_at": started_at,
            "updated_at": started_at,
        }


def trips(record: DayRecord) -> Iterator[Row]:
    """Rows of truth.trips."""
    for number, trip in enumerate(record.trips):
        tripped_at = moment(record, trip.from_second)
        yield {
            "org_id": record.unit.org_id,
            "trip_id": trip_id(record, number),
            "unit_id": record.unit.unit_id,
            "tripped_at": tripped_at,
            "restarted_at": moment(record, trip.to_second),
            "created_at": tripped_at,
            "updated_at": tripped_at,
        }
