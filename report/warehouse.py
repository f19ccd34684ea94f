"""The warehouse, opened read only in the one way of everything here, and the report's queries on it by their names.

What is missing is said in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

QUERIES = Path(__file__).with_name("queries")
MISSING = re.compile(r'(?:with name|schema) "?([\w.]+)"?')


class WarehouseError(Exception):
    """There is no warehouse that could be read; the message says which file, and what to do."""


class AbsentError(Exception):
    """A warehouse cannot tell something; the message is the sentence that stands in its place."""


class NothingError(AbsentError):
    """A query gave no rows."""


class Warehouse:
    """A DuckDB file that dbt has built."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def rows(self, query: str, **parameters: Any) -> pl.DataFrame:
        """All rows of `query`. Raises AbsentError when a relation, or every row, is missing."""
        frame = self._read((QUERIES / f"{query}.sql").read_text(encoding="utf-8"), parameters)
        if frame.is_empty():
            raise NothingError("There is nothing of the kind in this warehouse.")
        return frame

    def row(self, query: str, **parameters: Any) -> dict[str, Any]:
        """The first row of `query`. Raises AbsentError as `rows` does."""
        return self.rows(query, **parameters).row(0, named=True)

    def count(self, schema: str, relation: str) -> int:
        """The rows of a relation."""
        return int(self._read(f'select count(*) as rows from "{schema}"."{relation}"', {})["rows"][0])

    def _read(self, sql: str, parameters: dict[str, Any]) -> pl.DataFrame:
        try:
            frame = pl.from_arrow(self._connection.sql(sql, params=parameters or None).to_arrow_table())
        except duckdb.CatalogException as error:
            found = MISSING.search(str(error))
            raise AbsentError(f"This warehouse has no {found[1] if found else 'such table'}.") from error
        except duckdb.IOException as error:
            raise AbsentError("The files of the lake that this is read from are not where they were built from.") from error
        assert isinstance(frame, pl.DataFrame)
        return frame


@contextmanager
def open_warehouse(path: Path) -> Iterator[Warehouse]:
    """The warehouse in the file, for queries by their names. Raises WarehouseError as `connected` does."""
    with connected(path) as connection:
        yield Warehouse(connection)


@contextmanager
def connected(path: Path, **settings: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the warehouse in the file that reads only, in UTC, with these settings of DuckDB.

    Raises WarehouseError when there is no such file, when it is locked or when it is something else.
    """
    if not path.is_file():
        raise WarehouseError(f"there is no warehouse in {path}: run `dbt build`, or name another with --warehouse")
    try:
        connection = duckdb.connect(str(path), read_only=True, config={**settings})
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        hint = "; dbt may be writing it: wait until it has ended" if "lock" in reason.lower() else ""
        raise WarehouseError(f"cannot read the warehouse {path}: {reason}{hint}") from error
    with connection:
        connection.execute("set TimeZone = 'UTC'")
        yield connection
