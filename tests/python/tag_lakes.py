"""Lakes with a few tags and hand-made readings, all that the roll-ups need: organizations, the assets and the historian."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

from generators.engine.lake import MANIFEST
from tests.python.rollup_reference import Reading, Tag
from tests.python.rollup_states import ZONE
from tests.python.small_lakes import add_file, make_lake, sample, with_values

ORG = 1
ONE_OF_EACH = {
    "iam.organizations": ["org_id"],
    "asset.sites": ["org_id", "site_id"],
    "asset.plants": ["org_id", "plant_id", "site_id"],
    "asset.units": ["org_id", "unit_id", "plant_id"],
    "asset.equipment": ["org_id", "equipment_id", "unit_id"],
}


def moment(microseconds: int) -> datetime:
    """As a timestamp of the lake."""
    return datetime(1970, 1, 1) + timedelta(microseconds=microseconds)


class TagLake:
    """A lake of one unit, whose readings are found file by file."""

    def __init__(self, root: Path, tags: list[Tag], zone: str = ZONE) -> None:
        self.root = root
        self._files = 0
        tables = {name: with_values(sample(name, 1), **{key: [1] for key in keys}) for name, keys in ONE_OF_EACH.items()}
        tables["asset.sites"] = with_values(tables["asset.sites"], time_zone=[zone])
        known = {field.name: [getattr(tag, field.name) for tag in tags] for field in fields(Tag)}
        ones = [1] * len(tags)
        tables["asset.tags"] = with_values(
            sample("asset.tags", len(tags)), **known, org_id=ones, unit_id=ones, equipment_id=ones, loop_id=[None] * len(tags)
        )
        for name in ("asset.control_loops", "asset.tag_limits"):
            tables[name] = sample(name, 0)
        tables["historian.ingest_files"] = with_values(
            sample("historian.ingest_files", 1), org_id=[1], unit_id=[1], file_id=[1]
        )
        make_lake(root, tables)

    def find(self, rows: list[tuple[Tag, Reading]]) -> None:
        """Let a file of readings arrive for each of their days, with the rows in this order."""
        by_day = sorted(rows, key=lambda row: moment(row[1].at).date())
        for day, of_day in groupby(by_day, key=lambda row: moment(row[1].at).date()):
            found = list(of_day)
            self._files += 1
            table = with_values(
                sample("historian.readings", len(found)),
                org_id=[ORG] * len(found),
                tag_id=[tag.tag_id for tag, _ in found],
                measured_at=[moment(reading.at) for _, reading in found],
                seq=[reading.seq for _, reading in found],
                value=[None if reading.steps is None else reading.steps * tag.resolution for tag, reading in found],
                quality=[reading.quality for _, reading in found],
                ingested_at=[moment(reading.ingested_at) for _, reading in found],
                file_id=[1] * len(found),
                event_date=[day] * len(found),
            )
            add_file(self.root, "historian.readings", f"event_date={day}/org_id={ORG}/part-{self._files:03}.parquet", table)

    def without_manifest(self) -> TagLake:
        """As a user's own: nothing vouches for it, and nobody says in which files its readings came."""
        (self.root / MANIFEST).unlink()
        for file in (self.root / "historian" / "ingest_files").rglob("*.parquet"):
            file.unlink()
        return self
