"""A row group on its way through the session's own staging table: proven, checked against other rows, then upserted.

What a batch alone cannot tell is found here: rows that refer to nothing, and keys that stand twice. The statements run as
`saltworks_ingest` under row-level security, one organization at a time, so that the database itself refuses rows of others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa
from psycopg.sql import SQL, Composable, Composed, Identifier

from generators.schema.catalog import table as declared
from generators.schema.table import Column, ForeignKey, Table, Type
from ingest import ddl
from ingest.encode import HEADER, TRAILER, encode_rows
from ingest.errors import IngestError
from ingest.ledger import Reject
from ingest.totals import Totals

ROW_NUMBER = Column("staged_row", Type.INTEGER, "Number of the row in its row group, from 1.")


class Staging:
    """The staging table of one raw table, for one transaction of a connection that acts as `saltworks_ingest`."""

    def __init__(self, connection: psycopg.Connection, table: Table) -> None:
        self._connection = connection
        self._table = table
        self._staged = replace(table, columns=(*table.columns, ROW_NUMBER), foreign_keys=())
        self._name = Identifier("pg_temp", f"staged_{table.source}_{table.name}")
        self._totals = Totals(self._staged)
        connection.execute(ddl.create_staging(self._staged, self._name))

    def copy(self, rows: pa.RecordBatch, numbers: np.ndarray[Any, Any]) -> None:
        """Send rows of the contract's types, numbered."""
        numbered = rows.append_column(ROW_NUMBER.name, pa.array(numbers))
        self._totals.add(numbered)
        with self._connection.cursor().copy(SQL("copy {} from stdin (format binary)").format(self._name)) as copy:
            copy.write(HEADER)
            copy.write(encode_rows(numbered, self._staged))
            copy.write(TRAILER)

    def prove(self) -> None:
        """Raise IngestError unless PostgreSQL's totals of the rows are Arrow's."""
        differences = self._totals.differences(self._connection, self._name)
        if differences:
            raise IngestError(f"{self._table.qualified_name} did not arrive as it was sent: {'; '.join(differences)}")
        self._connection.execute(SQL("analyze {}").format(self._name))

    def take_out_unknown_references(self, keys: Sequence[ForeignKey]) -> list[Reject]:
        """Delete rows that refer to a row which is not there, and return them."""
        rejects: list[Reject] = []
        for key in keys:
            reason = f"{', '.join(key.columns)} is not in {key.target}"
            # A row may refer to another of the same group; when that goes, it goes as well.
            while found := list(self._unknown(key, reason)):
                rejects += found
                if key.target != self._table.qualified_name:
                    break
        return rejects

    def take_out_duplicates(self) -> list[Reject]:
        """Delete all rows of a key but the newest, and return them."""
        query = SQL(
            "delete from {staging} as staged using ("
            "select {number}, row_number() over (partition by {key} order by {updated} desc, {number} desc) as place"
            " from {staging}) as ranked"
            " where ranked.{number} = staged.{number} and ranked.place > 1"
            " returning staged.{number}, cast(to_jsonb(staged) - {number_text} as text)"
        )
        return self._deleted(
            query.format(
                staging=self._name,
                number=Identifier(ROW_NUMBER.name),
                number_text=ROW_NUMBER.name,
                key=ddl.names(self._table.key),
                updated=Identifier(self._table.updated_column),
            ),
            f"its key ({', '.join(self._table.key)}) stands in the row group again; the newest row is taken",
        )

    def upsert(self, keyed: bool) -> int:
        """Bring the rows into the raw table, in order of the key; returns how many were new or changed.

        An older state of a row does not overwrite a newer one, in whichever order the files come.
        """
        query = SQL(
            "insert into {raw} as raw ({columns}) select {columns} from {staging} where {which} order by {key}{conflict}"
        )
        written = 0
        for which in self._organizations("org_id" if "org_id" in self._table.column_names else None):
            written += self._connection.execute(
                query.format(
                    raw=ddl.name_of(self._table),
                    columns=ddl.names(self._table.column_names),
                    staging=self._name,
                    which=which,
                    key=ddl.names(self._table.key),
                    conflict=self._on_conflict() if keyed else SQL(""),
                )
            ).rowcount
        return written

    def _on_conflict(self) -> Composed:
        others = [name for name in self._table.column_names if name not in self._table.key]
        if not others:
            return SQL(" on conflict ({}) do nothing").format(ddl.names(self._table.key))
        return SQL(
            " on conflict ({key}) do update set {assignments}"
            " where excluded.{updated} >= raw.{updated} and ({old}) is distinct from ({new})"
        ).format(
            key=ddl.names(self._table.key),
            assignments=SQL(", ").join(SQL("{0} = excluded.{0}").format(Identifier(name)) for name in others),
            updated=Identifier(self._table.updated_column),
            old=SQL(", ").join(SQL("raw.{}").format(Identifier(name)) for name in others),
            new=SQL(", ").join(SQL("excluded.{}").format(Identifier(name)) for name in others),
        )

    def _unknown(self, key: ForeignKey, reason: str) -> Iterator[Reject]:
        query = SQL(
            "delete from {staging} as staged where {which} and {given}"
            " and not exists (select from {target} as target where {matches}){unless_staged}"
            " returning staged.{number}, cast(to_jsonb(staged) - {number_text} as text)"
        )
        pairs = [(Identifier(own), Identifier(other)) for own, other in zip(key.columns, key.target_columns, strict=True)]
        matches = SQL(" and ").join(SQL("target.{} = staged.{}").format(other, own) for own, other in pairs)
        unless_staged: Composable = SQL("")
        if key.target == self._table.qualified_name:
            unless_staged = SQL(" and not exists (select from {} as target where {})").format(self._name, matches)
        of_tenants = "org_id" in declared(key.target).column_names
        for which in self._organizations(key.columns[0] if of_tenants else None):
            yield from self._deleted(
                query.format(
                    staging=self._name,
                    which=which,
                    given=SQL(" and ").join(SQL("staged.{} is not null").format(own) for own, _ in pairs),
                    target=Identifier(ddl.raw_schema(key.target_source), key.target_table),
                    matches=matches,
                    unless_staged=unless_staged,
                    number=Identifier(ROW_NUMBER.name),
                    number_text=ROW_NUMBER.name,
                ),
                reason,
            )

    def _organizations(self, column: str | None) -> Iterable[Composable]:
        """A condition for the rows of each organization that the column names, while the job acts for that one."""
        if column is None:
            yield SQL("true")
            return
        name = Identifier(column)
        found = self._connection.execute(SQL("select distinct {} from {}").format(name, self._name)).fetchall()
        for (org_id,) in sorted(row for row in found if row[0] is not None):
            self._connection.execute("select set_config('ingest.org_id', %s, true)", (str(org_id),))
            yield SQL("{} = {}").format(name, org_id)

    def _deleted(self, query: Composed, reason: str) -> list[Reject]:
        return [Reject(number, reason, row) for number, row in self._connection.execute(query)]
