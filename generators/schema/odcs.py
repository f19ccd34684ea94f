"""The raw contract in the Open Data Contract Standard 3.1: one document per source, for tools that check or catalogue data.

A contract holds for a lake without dirt (`--dirt none`); its paths are those of data/lake, seen from the project's folder.
"""

from __future__ import annotations

from typing import Any

from generators.schema.table import Column, ForeignKey, Source, Table, Type

# The version of the contract itself, not of the project: raise it with the declaration.
CONTRACT_VERSION = "1.0.0"

# Logical type, and the physical one as DuckDB reads it from Parquet.
TYPES: dict[Type, tuple[str, str]] = {
    Type.BOOLEAN: ("boolean", "boolean"),
    Type.SMALLINT: ("integer", "smallint"),
    Type.INTEGER: ("integer", "integer"),
    Type.BIGINT: ("integer", "bigint"),
    Type.DOUBLE: ("number", "double"),
    Type.MONEY: ("number", "decimal(18,2)"),
    Type.RATE: ("number", "decimal(18,6)"),
    Type.STRING: ("string", "varchar"),
    Type.DATE: ("date", "date"),
    Type.TIMESTAMP: ("timestamp", "timestamp"),
}


def contract_of(source: Source) -> dict[str, Any]:
    """The contract of a source, in the order in which people read it."""
    return {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": f"saltworks_raw_{source.name}",
        "name": f"Saltworks raw data: {source.name}",
        "version": CONTRACT_VERSION,
        "status": "active",
        "domain": source.domain,
        "dataProduct": "saltworks",
        "description": {
            "purpose": source.description,
            "usage": "Read by the staging models of dbt, and by whoever brings a lake of their own with the same tables.",
            "limitations": "Synthetic data. A lake made with --dirt breaks keys, references and order on purpose.",
        },
        "servers": [
            {"server": "lake", "type": "local", "path": f"data/lake/{source.name}/{{model}}/**/*.parquet", "format": "parquet"}
        ],
        "schema": [_schema_object(table) for table in source.tables],
    }


def _schema_object(table: Table) -> dict[str, Any]:
    described: dict[str, Any] = {
        "id": table.name,
        "name": table.name,
        "logicalType": "object",
        "physicalType": "table",
        "description": table.description,
        "dataGranularityDescription": table.description.partition(".")[0] + ".",
    }
    if table.foreign_keys:
        described["relationships"] = [_relationship(table, key) for key in table.foreign_keys]
    if len(table.key) > 1:
        described["quality"] = [
            {
                "type": "library",
                "metric": "duplicateValues",
                "description": "The key is unique.",
                "arguments": {"properties": list(table.key)},
                "mustBe": 0,
            }
        ]
    described["properties"] = [_property(table, column) for column in table.columns]
    return described


def _relationship(table: Table, key: ForeignKey) -> dict[str, Any]:
    """A foreign key; a table of another source is named with that source's file."""
    is_near = key.target_source == table.source
    reference = f"{key.target_table}." if is_near else f"{file_name(key.target_source)}#/schema/{key.target_table}/properties/"
    origins = [f"{table.name}.{column}" for column in key.columns]
    targets = [reference + column for column in key.target_columns]
    if len(origins) == 1:
        return {"type": "foreignKey", "from": origins[0], "to": targets[0]}
    return {"type": "foreignKey", "from": origins, "to": targets}


def _property(table: Table, column: Column) -> dict[str, Any]:
    logical, physical = TYPES[column.type]
    described: dict[str, Any] = {
        "id": column.name,
        "name": column.name,
        "logicalType": logical,
        "physicalType": physical,
        "description": column.description,
        "required": not column.nullable,
    }
    if column.name in table.key:
        described |= {"primaryKey": True, "primaryKeyPosition": table.key.index(column.name) + 1}
        if len(table.key) == 1:
            described["unique"] = True
    if column.name in table.partitioned_by:
        described |= {"partitioned": True, "partitionKeyPosition": table.partitioned_by.index(column.name) + 1}
    if column.accepted:
        described["quality"] = [
            {
                "type": "library",
                "metric": "invalidValues",
                "description": "The set of values is closed.",
                "arguments": {"validValues": list(column.accepted)},
                "mustBe": 0,
            }
        ]
    if column.unit:
        described["customProperties"] = [{"property": "unit", "value": column.unit}]
    return described


def file_name(source: str) -> str:
    """The name of the file of a source's contract."""
    return f"{source}.odcs.yaml"
