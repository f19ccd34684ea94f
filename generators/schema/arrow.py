"""Arrow's spelling of the raw contract: the schema that every Parquet file of the lake carries."""

from __future__ import annotations

import hashlib

import pyarrow as pa

from generators.schema.table import Table, Type

ARROW_TYPES: dict[Type, pa.DataType] = {
    Type.BOOLEAN: pa.bool_(),
    Type.SMALLINT: pa.int16(),
    Type.INTEGER: pa.int32(),
    Type.BIGINT: pa.int64(),
    Type.DOUBLE: pa.float64(),
    Type.MONEY: pa.decimal128(18, 2),
    Type.RATE: pa.decimal128(18, 6),
    Type.STRING: pa.string(),
    Type.DATE: pa.date32(),
    Type.TIMESTAMP: pa.timestamp("us"),
}


def arrow_schema(table: Table) -> pa.Schema:
    """The Arrow schema of a raw table; timestamps are UTC without a zone mark, as all three engines read them alike."""
    return pa.schema([pa.field(column.name, ARROW_TYPES[column.type], nullable=column.nullable) for column in table.columns])


def fingerprint(schema: pa.Schema) -> str:
    """A short checksum of names, types and nullability: equal schemas have equal fingerprints in every process."""
    text = "\n".join(f"{field.name} {field.type} {field.nullable}" for field in schema)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
