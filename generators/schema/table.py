"""The vocabulary of the raw contract: what a table, a column and a key are.

Everything that describes a raw table (Arrow schemas, PostgreSQL DDL, dbt sources, the data contract) is derived from these
declarations. The module imports nothing heavy, so that `--help` and the DDL stay instant.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Type(Enum):
    """Logical column types; each engine's own spelling is derived, never written by hand."""

    BOOLEAN = "boolean"
    SMALLINT = "smallint"  # 16 bits
    INTEGER = "integer"  # 32 bits
    BIGINT = "bigint"  # 64 bits
    DOUBLE = "double"  # IEEE 754, 64 bits
    MONEY = "money"  # decimal(18, 2)
    RATE = "rate"  # decimal(18, 6): exchange rates, tax rates, shares
    STRING = "string"
    DATE = "date"
    TIMESTAMP = "timestamp"  # UTC, microseconds


@dataclass(frozen=True)
class Column:
    """One raw column. `unit` is a unit of measure or a code list; `accepted` closes the set of values."""

    name: str
    type: Type
    description: str
    nullable: bool = False
    unit: str | None = None
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True)
class ForeignKey:
    """`columns` of this table point at `target_columns` of `target` (written `source.table`)."""

    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]

    @property
    def target_source(self) -> str:
        """Source of the target."""
        return self.target.split(".")[0]

    @property
    def target_table(self) -> str:
        """Table of the target, without its source."""
        return self.target.split(".")[1]


@dataclass(frozen=True)
class Table:
    """One raw table.

    `description` begins with the grain ("One row per …"). `updated_column` says when a row last changed at its source and
    drives freshness and incremental models. `partitioned_by` names the columns that also stand in the folder names of the
    lake; `ranged_by` is the timestamp whose day the first of these folders is, and by which a database splits the table into
    days. A `soiled` table is one that source systems spoil on the way: where `--dirt` is at work it breaks its promises, and
    staging keeps them.
    """

    source: str
    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    updated_column: str
    foreign_keys: tuple[ForeignKey, ...] = ()
    partitioned_by: tuple[str, ...] = ()
    ranged_by: str | None = None
    soiled: bool = False

    def __post_init__(self) -> None:
        names = self.column_names
        if len(set(names)) != len(names):
            raise ValueError(f"{self.qualified_name}: a column is declared twice: {names}")
        used = [*self.key, self.updated_column, *self.partitioned_by, *([self.ranged_by] if self.ranged_by else [])]
        used += [column for key in self.foreign_keys for column in key.columns]
        missing = [name for name in used if name not in names]
        if missing:
            raise ValueError(f"{self.qualified_name}: keys name columns that are not declared: {missing}")

    @property
    def qualified_name(self) -> str:
        """The name `source.table`."""
        return f"{self.source}.{self.name}"

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of all columns, in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column called `name`; raises KeyError when the table has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.qualified_name} has no column {name}; it has {', '.join(self.column_names)}")


@dataclass(frozen=True)
class Source:
    """One source system: the folder of the lake, the raw schema of a database and the dbt source of the same name."""

    name: str
    domain: str  # sales, chemical or shared
    description: str
    tables: tuple[Table, ...]


def references(column: str, target: str, target_column: str | None = None) -> ForeignKey:
    """A single-column foreign key; the target's column has the same name unless `target_column` says otherwise."""
    return ForeignKey((column,), target, (target_column or column,))


def references_in_organization(column: str, target: str, target_column: str | None = None) -> ForeignKey:
    """A foreign key inside one tenant: `org_id` comes first, so that no key can point into another organization."""
    return ForeignKey(("org_id", column), target, ("org_id", target_column or column))


CREATED_AT = Column("created_at", Type.TIMESTAMP, "When the row was created at its source.", unit="UTC")
UPDATED_AT = Column("updated_at", Type.TIMESTAMP, "When the row last changed at its source.", unit="UTC")
ORG_ID = Column("org_id", Type.INTEGER, "Organization (tenant) that owns the row.")
