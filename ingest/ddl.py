"""PostgreSQL's spelling of the raw contract: the statements that make a raw table, its keys and its comments.

Statements are made for a schema that the caller names, since a load builds its tables beside the ones in use. Keys are
separate: adding them after the rows is several times faster, and checks every row.
"""

from __future__ import annotations

from collections.abc import Callable

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

SchemaOf = Callable[[str], str]  # from the name of a source to the schema of its tables


def raw_schema(source: str) -> str:
    """The schema of a source's raw tables, where dbt looks for them."""
    return f"raw_{source}"


def create_schema(source: Source, schema: str) -> list[Composed]:
    """The statements that make an empty schema for a source."""
    return [
        SQL("create schema {}").format(Identifier(schema)),
        SQL("comment on schema {} is {}").format(Identifier(schema), Literal(source.description)),
    ]


def create_table(table: Table, schema: str) -> list[Composed]:
    """The statements that make the table without its keys: columns, types, NOT NULL and comments."""
    name = Identifier(schema, table.name)
    columns = SQL(", ").join(_column(column) for column in table.columns)
    return [
        SQL("create table {} ({})").format(name, columns),
        SQL("comment on table {} is {}").format(name, Literal(table.description)),
        *(
            SQL("comment on column {} is {}").format(Identifier(schema, table.name, column.name), Literal(_comment(column)))
            for column in table.columns
        ),
    ]


def add_primary_key(table: Table, schema: str) -> Composed:
    """The statement that adds the primary key."""
    return SQL("alter table {} add constraint {} primary key ({})").format(
        Identifier(schema, table.name), Identifier(f"{table.name}_pkey"), _names(table.key)
    )


def add_foreign_key(table: Table, key: ForeignKey, schema_of: SchemaOf) -> Composed:
    """The statement that adds and validates one foreign key."""
    return SQL("alter table {} add constraint {} foreign key ({}) references {} ({})").format(
        Identifier(schema_of(table.source), table.name),
        Identifier(f"{table.name}_{key.columns[-1]}_fkey"),
        _names(key.columns),
        Identifier(schema_of(key.target_source), key.target_table),
        _names(key.target_columns),
    )


def _column(column: Column) -> Composed:
    null = SQL("") if column.nullable else SQL(" not null")
    return SQL("{} {}{}").format(Identifier(column.name), POSTGRES_TYPES[column.type], null)


def _comment(column: Column) -> str:
    return f"{column.description} Unit: {column.unit}." if column.unit else column.description


def _names(columns: tuple[str, ...]) -> Composed:
    return SQL(", ").join(Identifier(column) for column in columns)
