"""PostgreSQL's spelling of the raw contract: the statements that make a raw table, its keys and its comments.

Keys are separate: adding them after the rows is several times faster, and checks every row.

A table that is `ranged_by` a timestamp has a partition per day, `<table>_<year>_<month>_<day>`: the folders of the lake, so
that a day is built aside, attached and dropped as a whole. It has no foreign keys: two look-ups for each row would take longer
than the row itself, so ingestion proves the references of every batch instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from psycopg.sql import SQL, Composed, Identifier, Literal

from generators.schema.table import Column, ForeignKey, Source, Table, Type

POSTGRES_TYPES = {
    Type.BOOLEAN: SQL("boolean"),
    Type.SMALLINT: SQL("smallint"),
    Type.INTEGER: SQL("integer"),
    Type.BIGINT: SQL("bigint"),
    Type.DOUBLE: SQL("double precision"),
    Type.MONEY: SQL("numeric(18, 2)"),
    Type.RATE: SQL("numeric(18, 6)"),
    Type.STRING: SQL("text"),
    Type.DATE: SQL("date"),
    Type.TIMESTAMP: SQL("timestamp"),
}


def raw_schema(source: str) -> str:
    """The schema of a source's raw tables, where dbt looks for them."""
    return f"raw_{source}"


def name_of(table: Table) -> Identifier:
    """The raw table's name with its schema."""
    return Identifier(raw_schema(table.source), table.name)


def partition_of(table: Table, day: date) -> Identifier:
    """The name of the partition that holds one day."""
    return Identifier(raw_schema(table.source), f"{table.name}_{day:%Y_%m_%d}")


def create_schema(source: Source) -> list[Composed]:
    """The statements that make the schema of a source where there is none."""
    name = Identifier(raw_schema(source.name))
    return [
        SQL("create schema if not exists {}").format(name),
        SQL("comment on schema {} is {}").format(name, Literal(source.description)),
    ]


def create_table(table: Table) -> list[Composed]:
    """The statements that make the empty table: columns, types, NOT NULL, comments and the primary key."""
    name = name_of(table)
    schema = raw_schema(table.source)
    partitions = SQL(" partition by range ({})").format(Identifier(table.ranged_by)) if table.ranged_by else SQL("")
    return [
        SQL("create table {} ({}){}").format(name, _columns(table.columns), partitions),
        SQL("comment on table {} is {}").format(name, Literal(table.description)),
        *(
            SQL("comment on column {} is {}").format(Identifier(schema, table.name, column.name), Literal(_comment(column)))
            for column in table.columns
        ),
        add_primary_key(table, name),
    ]


def create_aside(table: Table, name: Identifier) -> Composed:
    """The statement that makes a table of the same columns, without keys: a day that is going to be attached."""
    return SQL("create table {} ({})").format(name, _columns(table.columns))


def create_staging(table: Table, name: Identifier) -> Composed:
    """The statement that makes the session's own table of the same columns, emptied at each commit; nothing forbids nulls."""
    columns = SQL(", ").join(
        SQL("{} {}").format(Identifier(column.name), POSTGRES_TYPES[column.type]) for column in table.columns
    )
    return SQL("create temporary table if not exists {} ({}) on commit delete rows").format(name, columns)


def attach(table: Table, day: date) -> Composed:
    """The statement that makes a table of one day a partition."""
    return SQL("alter table {} attach partition {} {}").format(name_of(table), partition_of(table, day), _bounds(day))


def create_partition(table: Table, day: date) -> Composed:
    """The statement that makes the empty partition of one day."""
    return SQL("create table {} partition of {} {}").format(partition_of(table, day), name_of(table), _bounds(day))


def add_primary_key(table: Table, name: Identifier) -> Composed:
    """The statement that adds the primary key to the table, or to a day of it."""
    return SQL("alter table {} add primary key ({})").format(name, names(table.key))


def drop_primary_key(table: Table) -> Composed:
    """The statement that drops the primary key where there is one."""
    return SQL("alter table {} drop constraint if exists {}").format(name_of(table), Identifier(f"{table.name}_pkey"))


def foreign_key_name(table: Table, key: ForeignKey) -> str:
    """The name of the constraint."""
    return f"{table.name}_{key.columns[-1]}_fkey"


def add_foreign_key(table: Table, key: ForeignKey) -> Composed:
    """The statement that adds and validates one foreign key."""
    return SQL("alter table {} add constraint {} foreign key ({}) references {} ({})").format(
        name_of(table),
        Identifier(foreign_key_name(table, key)),
        names(key.columns),
        Identifier(raw_schema(key.target_source), key.target_table),
        names(key.target_columns),
    )


def names(columns: Iterable[str]) -> Composed:
    """Column names, with commas between."""
    return SQL(", ").join(Identifier(column) for column in columns)


def _bounds(day: date) -> Composed:
    return SQL("for values from ({}) to ({})").format(Literal(f"{day}"), Literal(f"{day + timedelta(days=1)}"))


def _columns(columns: tuple[Column, ...]) -> Composed:
    return SQL(", ").join(
        SQL("{} {}{}").format(
            Identifier(column.name), POSTGRES_TYPES[column.type], SQL("") if column.nullable else SQL(" not null")
        )
        for column in columns
    )


def _comment(column: Column) -> str:
    return f"{column.description} Unit: {column.unit}." if column.unit else column.description
