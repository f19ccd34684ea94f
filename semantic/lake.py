"""The lake's tables as relations of DuckDB, named as in the warehouse: raw_<source>.<table>.

Documents are read from the lake and not from a warehouse: it is what all engines share, and its keys are those of the marts
(docs/decisions/0016).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from generators.engine.lake import MANIFEST, RECEIPTS, read_manifest, table_folder
from generators.engine.storage import storage
from generators.schema.arrow import arrow_schema
from generators.schema.catalog import TABLES
from semantic.errors import SemanticError

SOURCES = ("iam", "asset", "alarm", "logbook", "cmms", "historian")


@dataclass(frozen=True)
class Organization:
    """A tenant of the plants."""

    org_id: int
    code: str
    name: str


def open_lake(lake: Path, sources: Iterable[str] = SOURCES) -> duckdb.DuckDBPyConnection:
    """A connection with the relations of the lake's plants; a table that the lake has not is empty.

    Raises LakeError when the lake is unfinished or not there, and SemanticError when it has no organizations.
    """
    if (lake / MANIFEST).exists() or (lake / RECEIPTS).exists() or not (lake / table_folder("iam.organizations")).exists():
        read_manifest(storage(lake))  # a lake of one's own has neither, and is taken as it is
    connection = duckdb.connect()
    for source in sources:
        connection.execute(f"create schema raw_{source}")
    for name, table in TABLES.items():
        if table.source in sources:
            folder = lake / table_folder(name)
            if any(folder.rglob("*.parquet")):
                relation = f"read_parquet('{_quoted(folder)}/**/*.parquet', hive_partitioning = false)"
                connection.execute(f"create view raw_{name} as select * from {relation}")
            else:
                connection.from_arrow(arrow_schema(table).empty_table()).create(f"raw_{name}")
    if not connection.execute("select 1 from raw_iam.organizations limit 1").fetchone():
        raise SemanticError(f"the lake {lake} has no plants: run `python generators/run.py` without --domain sales")
    return connection


def organizations(connection: duckdb.DuckDBPyConnection) -> list[Organization]:
    """All tenants, in order of their ids."""
    rows = connection.execute("select org_id, org_code, org_name from raw_iam.organizations order by org_id").fetchall()
    return [Organization(*row) for row in rows]


def organization(connection: duckdb.DuckDBPyConnection, name: str) -> Organization:
    """The tenant of that code or id. Raises SemanticError with the codes there are."""
    found = organizations(connection)
    for candidate in found:
        if name in (candidate.code, str(candidate.org_id)):
            return candidate
    raise SemanticError(f"there is no organization {name}: it is one of {', '.join(each.code for each in found)}")


def unit_code(connection: duckdb.DuckDBPyConnection, org: Organization, name: str) -> str:
    """The code of the organization's unit of that code, name or id. Raises SemanticError with the units there are."""
    query = "select unit_code, unit_name, cast(unit_id as varchar) from raw_asset.units where org_id = ? order by unit_id"
    found = connection.execute(query, [org.org_id]).fetchall()
    for code, unit_name, unit_id in found:
        if name in (code, unit_id) or name.lower() == unit_name.lower():
            return str(code)
    raise SemanticError(f"{org.code} has no unit {name}: it is one of {', '.join(f'{row[0]} ({row[1]})' for row in found)}")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
