"""From a hit to the data: what the tags that it speaks of read around its time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from generators.engine.lake import table_folder
from semantic.store import MOMENT
from semantic.wording import squashed

AROUND = timedelta(minutes=20)  # before and after an event
LATEST = timedelta(minutes=40)  # before the last reading, for what has no time
SLICES = 8
MOST_TAGS = 4


@dataclass(frozen=True)
class Slice:
    """The readings of a tag in a part of the window."""

    tag_id: int
    tag_name: str
    unit_of_measure: str
    begins_at: datetime  # UTC
    reading_count: int
    bad_count: int
    average: float | None  # of good and uncertain readings
    minimum: float | None
    maximum: float | None


def readings_around(connection: duckdb.DuckDBPyConnection, lake: Path, org_id: int, payload: Mapping[str, Any]) -> list[Slice]:
    """The readings of at most four tags of a hit, in eight slices of the window around it; none without tags or readings."""
    tags = _tags(connection, org_id, payload)
    if not tags:
        return []
    if MOMENT in payload:
        at = datetime.fromtimestamp(float(payload[MOMENT]), UTC).replace(tzinfo=None)
        begin, end = at - AROUND, at + AROUND
    else:
        last = _last_reading(connection, org_id, tags)
        if last is None:
            return []
        begin, end = last - LATEST, last + timedelta(microseconds=1)
    days = {(begin + timedelta(days=number)).date() for number in range((end.date() - begin.date()).days + 1)}
    rows = connection.execute(
        SLICED.format(readings=_files_of(lake, org_id, sorted(days))),
        {"org_id": org_id, "tags": tags, "begin": begin, "end": end, "seconds": (end - begin).total_seconds() / SLICES},
    ).fetchall()
    return [Slice(*row) for row in rows]


def _tags(connection: duckdb.DuckDBPyConnection, org_id: int, payload: Mapping[str, Any]) -> list[int]:
    """The tag that the hit is filed under and those that it names, process values first; or else those of its equipment."""
    rows = connection.execute(TAGS_OF_UNIT, {"org_id": org_id, "unit_id": payload["keys"]["unit_id"]}).fetchall()
    keys, codes = payload["keys"], set(payload.get("codes", "").split())
    filed = [keys["tag_id"]] if "tag_id" in keys else []
    named = [row[0] for row in rows if squashed(row[1]) in codes or (row[2] and squashed(row[2]) in codes)]
    found = list(dict.fromkeys(filed + named)) or [row[0] for row in rows if row[3] == keys.get("equipment_id")]
    return found[:MOST_TAGS]


def _last_reading(connection: duckdb.DuckDBPyConnection, org_id: int, tags: list[int]) -> datetime | None:
    row = connection.execute(LAST_READING, {"org_id": org_id, "tags": tags}).fetchone()
    return None if row is None else row[0]


def _files_of(lake: Path, org_id: int, days: list[date]) -> str:
    """The readings of these days and this organization alone: by folder where the lake has the contract's partitions."""
    root = lake / table_folder("historian.readings")
    folders = [root / f"event_date={day}" / f"org_id={org_id}" for day in days]
    there = [folder for folder in folders if folder.is_dir()]
    if not there:
        return "raw_historian.readings"
    paths = ", ".join("'" + str(folder).replace("'", "''") + "/*.parquet'" for folder in there)
    return f"read_parquet([{paths}], hive_partitioning = false)"


LAST_READING = """
    select max(last_measured_at)
    from raw_historian.ingest_files
    where
        org_id = $org_id
        and unit_id in (select unit_id from raw_asset.tags where org_id = $org_id and tag_id in $tags)
"""
TAGS_OF_UNIT = """
    select tags.tag_id, tags.tag_name, loops.loop_name, tags.equipment_id
    from raw_asset.tags as tags
    left join raw_asset.control_loops as loops on tags.org_id = loops.org_id and tags.loop_id = loops.loop_id
    where tags.org_id = $org_id and tags.unit_id = $unit_id
    order by case tags.tag_role when 'PV' then 0 when 'SP' then 1 when 'OP' then 2 else 3 end, tags.tag_id
"""
SLICED = """
    select
        readings.tag_id,
        any_value(tags.tag_name),
        any_value(tags.unit_of_measure),
        $begin + to_microseconds(cast(floor(
            epoch(readings.measured_at - $begin) / $seconds
        ) * $seconds * 1000000 as bigint)) as begins_at,
        count(*),
        count(*) filter (where readings.quality < 64),
        avg(readings.value),
        min(readings.value),
        max(readings.value)
    from {readings} as readings
    inner join raw_asset.tags as tags on readings.org_id = tags.org_id and readings.tag_id = tags.tag_id
    where
        readings.org_id = $org_id
        and readings.tag_id in $tags
        and readings.measured_at >= $begin
        and readings.measured_at < $end
    group by readings.tag_id, begins_at
    order by list_position($tags, readings.tag_id), begins_at
"""
