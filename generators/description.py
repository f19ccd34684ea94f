"""What a finished lake says of itself to tools that know nothing of Saltworks: four files beside the manifest.

`datapackage.json` (Frictionless Data Package: every file with bytes, hash and schema), `croissant.json` (MLCommons Croissant:
a record set per table), `README.md` (a dataset card) and `attach.sql` (every table as a view of DuckDB). They follow from the
manifest and the declaration alone: equal lakes say equal things, and paths are those below the lake, wherever it lies.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import yaml

from generators.engine.lake import Manifest, TableEntry
from generators.engine.storage import Storage
from generators.schema.catalog import SOURCES, TABLES
from generators.schema.table import Column, Table, Type
from generators.terminal import megabytes

SCHEMAS = "_schemas"  # folders with this mark are not tables
SUMMARY = "A synthetic enterprise: an international sales company and a fleet of chemical plants, generated from one seed."
PARQUET = "application/x-parquet"

FRICTIONLESS_TYPES: dict[Type, str] = {
    Type.BOOLEAN: "boolean",
    Type.SMALLINT: "integer",
    Type.INTEGER: "integer",
    Type.BIGINT: "integer",
    Type.DOUBLE: "number",
    Type.MONEY: "number",
    Type.RATE: "number",
    Type.STRING: "string",
    Type.DATE: "date",
    Type.TIMESTAMP: "datetime",
}
CROISSANT_TYPES: dict[Type, str] = {
    Type.BOOLEAN: "sc:Boolean",
    Type.SMALLINT: "cr:Int16",
    Type.INTEGER: "cr:Int32",
    Type.BIGINT: "cr:Int64",
    Type.DOUBLE: "cr:Float64",
    Type.MONEY: "sc:Float",
    Type.RATE: "sc:Float",
    Type.STRING: "sc:Text",
    Type.DATE: "sc:Date",
    Type.TIMESTAMP: "sc:DateTime",
}
# The vocabulary of Croissant 1.0, as its specification prescribes it (docs.mlcommons.org/croissant/docs/croissant-spec.html).
CROISSANT_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def describe_lake(lake: Storage, manifest: Manifest) -> None:
    """Write the files beside the manifest, or to where it will be. Raises OSError when the storage refuses."""
    for path, text in described(manifest).items():
        lake.put(path, text.encode())


def described(manifest: Manifest) -> dict[str, str]:
    """Every file of the description, its path below the lake and its text."""
    tables = {name: entry for name, entry in manifest.tables.items() if name in TABLES}
    return {
        **{_schema_path(name): _json(_table_schema(TABLES[name])) for name in tables},
        "datapackage.json": _json(_data_package(manifest, tables)),
        "croissant.json": _json(_croissant(manifest, tables)),
        "README.md": "\n".join(_card(manifest, tables)) + "\n",
        "attach.sql": "\n".join(_attach(tables)) + "\n",
    }


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _name(manifest: Manifest) -> str:
    return f"saltworks-{manifest.preset}-{manifest.seed}"


def _made_by(manifest: Manifest) -> str:
    return f"Preset {manifest.preset}, seed {manifest.seed}, version {manifest.version}, until {manifest.end} (not included)."


def _meaning(column: Column) -> str:
    return f"{column.description} Unit: {column.unit}." if column.unit else column.description


# Frictionless Data Package 1.0: a resource per file, since several Parquet files are not one when put together.


def _schema_path(table: str) -> str:
    return f"{SCHEMAS}/{table}.json"


def _data_package(manifest: Manifest, tables: dict[str, TableEntry]) -> dict[str, Any]:
    return {
        "profile": "data-package",
        "name": _name(manifest),
        "title": "Saltworks",
        "description": f"{SUMMARY} {_made_by(manifest)}",
        "version": manifest.version,
        "resources": [
            {
                "name": f"{name}.{number}",
                "title": name,
                "description": TABLES[name].description,
                "profile": "tabular-data-resource",
                "path": file.path,
                "format": "parquet",
                "mediatype": "application/vnd.apache.parquet",
                "bytes": file.bytes,
                "hash": f"sha256:{file.sha256}",
                "schema": _schema_path(name),
            }
            for name, entry in tables.items()
            for number, file in enumerate(entry.files, start=1)
        ],
    }


def _table_schema(table: Table) -> dict[str, Any]:
    """The columns. Readers by way of pandas see a null among whole numbers as nan."""
    fields = [_field(column) for column in table.columns]
    return {"fields": fields, "primaryKey": list(table.key), "missingValues": ["", "nan"]}


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    if column.accepted:
        constraints["enum"] = list(column.accepted)
    described = {"name": column.name, "type": FRICTIONLESS_TYPES[column.type], "description": _meaning(column)}
    return described | ({"constraints": constraints} if constraints else {})


# Croissant 1.0: a set of files and a set of records per table.


def _croissant(manifest: Manifest, tables: dict[str, TableEntry]) -> dict[str, Any]:
    return {
        "@context": CROISSANT_CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": _name(manifest),
        "description": f"{SUMMARY} {_made_by(manifest)}",
        "version": manifest.version,
        "distribution": [
            {
                "@type": "cr:FileSet",
                "@id": f"files/{name}",
                "name": name,
                "encodingFormat": PARQUET,
                "includes": f"{name.replace('.', '/')}/*.parquet",
            }
            for name in tables
        ],
        "recordSet": [_record_set(TABLES[name]) for name in tables],
    }


def _record_set(table: Table) -> dict[str, Any]:
    name = table.qualified_name
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": table.description,
        "key": [{"@id": f"{name}/{column}"} for column in table.key],
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{column.name}",
                "name": column.name,
                "description": _meaning(column),
                "dataType": CROISSANT_TYPES[column.type],
                "source": {"fileSet": {"@id": f"files/{name}"}, "extract": {"column": column.name}},
            }
            for column in table.columns
        ],
    }


# The card: front matter for machines (as Hugging Face reads it), then words for people.


def _card(manifest: Manifest, tables: dict[str, TableEntry]) -> Iterator[str]:
    rows = sum(entry.rows for entry in tables.values())
    size = sum(entry.bytes for entry in tables.values())
    configs = [{"config_name": name, "data_files": f"{name.replace('.', '/')}/**/*.parquet"} for name in tables]
    front = {"pretty_name": "Saltworks", "tags": ["synthetic", "tabular", "time-series"], "configs": configs}
    yield from ("---", yaml.safe_dump(front, sort_keys=False, allow_unicode=True).rstrip(), "---", "")
    yield from ("# Saltworks", "", SUMMARY, _made_by(manifest), "")
    yield from (f"{len(tables)} tables, {rows:,} rows, {megabytes(size)} of Parquet. Nobody in it exists.", "")
    yield from (
        "```",
        "python -c \"import duckdb; duckdb.execute(open('attach.sql').read()); print(duckdb.sql('show all tables'))\"",
    )
    yield from ("```", "")
    yield "Run in this folder, it makes every table a view. `manifest.json` has every file with its checksum,"
    yield "`datapackage.json` and `croissant.json` say it in two open standards, and `run.json` how long the generation took."
    yield "The tables of `truth` are the answer key of what was put in: keep them from whoever is to find it."
    for source in SOURCES:
        present = [table for table in source.tables if table.qualified_name in tables]
        if present:
            yield from ("", f"## {source.name}", "", source.description, "", "| table | rows | what it is |", "|---|--:|---|")
        for table in present:
            yield f"| `{table.qualified_name}` | {tables[table.qualified_name].rows:,} | {table.description} |"


# DuckDB.


def _attach(tables: dict[str, TableEntry]) -> Iterator[str]:
    yield "-- Every table of this lake as a view of DuckDB, named as in the warehouse: raw_<source>.<table>."
    yield "-- The paths are those below the lake: run it in the lake's folder."
    for schema in dict.fromkeys(TABLES[name].source for name in tables):
        yield f"create schema if not exists raw_{schema};"
    for name in tables:
        table = TABLES[name]
        files = f"{table.source}/{table.name}/**/*.parquet"
        yield f"create or replace view raw_{name} as from read_parquet('{files}', hive_partitioning = false);"
        yield f"comment on view raw_{name} is '{table.description.replace(chr(39), chr(39) * 2)}';"
