"""`make contract`: writes what others read from the one declaration: the dbt sources, docs/data-contract.md and docs/contract.

Run as `python -m generators.schema.contract`; with `--check` it writes nothing and exits 1 when a file is stale.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import yaml

from generators.schema import odcs
from generators.schema.catalog import SOURCES
from generators.schema.table import Column, ForeignKey, Source, Table

ROOT = Path(__file__).resolve().parents[2]
GENERATED = "Written by `make contract` from generators/schema: change the declaration, not this file."

EXAMPLES = """\
examples:
  python -m generators.schema.contract              write what is stale
  python -m generators.schema.contract --check      what `make lint` asks

exit codes: 0 done, 1 a file is stale (--check), 2 the command was wrong
"""

# The lake's clock stands still, so freshness is asked for in years: it fails on a lake that was never grown.
FRESHNESS_DAYS = {"warn_after": 730, "error_after": 3650}

# Counting 10^9 distinct keys costs more than the whole warehouse: the generators' tests, PostgreSQL's primary key and
# the roll-ups' own tests prove these instead.
KEYS_TESTED_ELSEWHERE = {"historian.readings"}


def sources_path(source: Source) -> Path:
    """Where dbt reads the source: beside the staging models that select from it."""
    return ROOT / "models" / source.domain / "staging" / source.name / f"_{source.name}__sources.yml"


def render_sources(source: Source) -> str:
    """The dbt YAML of a source: descriptions, freshness, and a test for every key, foreign key and closed set of values."""
    document = {
        "version": 2,
        "sources": [
            {
                "name": source.name,
                "schema": f"raw_{source.name}",
                "description": source.description,
                "tables": [_dbt_table(table) for table in source.tables],
            }
        ],
    }
    return _yaml(document)


def _yaml(document: dict[str, Any]) -> str:
    text = yaml.dump(document, Dumper=_WithoutAnchors, sort_keys=False, allow_unicode=True, width=100)
    return f"# {GENERATED}\n{text}"


class _WithoutAnchors(yaml.SafeDumper):
    """Writes a value that stands in two places twice: people read it there."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _dbt_table(table: Table) -> dict[str, Any]:
    tests: list[dict[str, Any]] = [
        {"never_null": {"arguments": {"columns": [c.name for c in table.columns if not c.nullable]} | _cleaned(table)}}
    ]
    if table.qualified_name not in KEYS_TESTED_ELSEWHERE:
        tests.append({"unique_key": {"arguments": {"columns": list(table.key)} | _cleaned(table)}})
    tests += [_foreign_key_test(table, key) for key in table.foreign_keys]
    return {
        "name": table.name,
        "description": table.description,
        "config": {
            "loaded_at_field": table.updated_column,
            "freshness": {level: {"count": days, "period": "day"} for level, days in FRESHNESS_DAYS.items()},
        },
        "data_tests": tests,
        "columns": [_dbt_column(column) for column in table.columns],
    }


def _cleaned(table: Table) -> dict[str, str]:
    """The argument that sends a test to the staging model, where the table itself may be soiled."""
    return {"cleaned": f"ref('stg_{table.source}__{table.name}')"} if table.soiled else {}


def _foreign_key_test(table: Table, key: ForeignKey) -> dict[str, Any]:
    return {
        "foreign_key": {
            "name": f"foreign_key_{table.source}_{table.name}__{key.columns[-1]}",
            "arguments": {
                "columns": list(key.columns),
                "to": f"source('{key.target_source}', '{key.target_table}')",
                "to_columns": list(key.target_columns),
            }
            | _cleaned(table),
        }
    }


def _dbt_column(column: Column) -> dict[str, Any]:
    described: dict[str, Any] = {"name": column.name, "description": _with_unit(column)}
    if column.accepted:
        described["data_tests"] = [{"accepted_values": {"arguments": {"values": list(column.accepted)}}}]
    return described


def _with_unit(column: Column) -> str:
    return f"{column.description} Unit: {column.unit}." if column.unit else column.description


def render_contract() -> str:
    """The data contract for people: every raw table with its key, its references and its columns."""
    lines = [
        "# The raw data contract",
        "",
        f"<!-- {GENERATED} -->",
        "",
        "The tables that the generators write and the warehouse reads. Each lies in the lake as",
        "`<source>/<table>/…/part-*.parquet`, and is `raw_<source>.<table>` on DuckDB, PostgreSQL and Spark alike.",
        "A lake of your own with the same tables works as well: point `SALTWORKS_LAKE` at it.",
        "",
        "Types: `money` is decimal(18, 2), `rate` is decimal(18, 6), `timestamp` is UTC, to the microsecond, unmarked.",
        "",
        "The same for tools, in the Open Data Contract Standard: a file per source in [contract/](contract).",
        "",
        "| source | tables |",
        "|---|---|",
    ]
    lines += [
        f"| `{source.name}` | {', '.join(f'[{t.name}](#{source.name}{t.name})' for t in source.tables)} |" for source in SOURCES
    ]
    for source in SOURCES:
        lines += ["", f"## {source.name}", "", source.description]
        for table in source.tables:
            lines += _contract_table(table)
    return "\n".join(lines) + "\n"


def _contract_table(table: Table) -> list[str]:
    lines = ["", f"### {table.qualified_name}", "", table.description, "", f"Key: {', '.join(f'`{c}`' for c in table.key)}."]
    if table.soiled:
        lines[-1] += " Dirt may break key, references and order (`--dirt`); staging mends them."
    if table.partitioned_by:
        lines.append(f"Folders: {', '.join(f'`{c}=…`' for c in table.partitioned_by)}; the columns stand inside the files too.")
    lines += ["", "| column | type | null | meaning | points at |", "|---|---|---|---|---|"]
    targets = {key.columns[-1]: f"`{key.target}.{key.target_columns[-1]}`" for key in table.foreign_keys}
    for column in table.columns:
        meaning = _with_unit(column)
        if column.accepted:
            meaning += f" One of {', '.join(f'`{value}`' for value in column.accepted)}."
        nullable = "yes" if column.nullable else ""
        lines.append(f"| `{column.name}` | {column.type.value} | {nullable} | {meaning} | {targets.get(column.name, '')} |")
    return lines


def rendered() -> dict[Path, str]:
    """Every generated file with the text that it must have."""
    files = {sources_path(source): render_sources(source) for source in SOURCES}
    files |= {ROOT / "docs" / "contract" / odcs.file_name(source.name): _yaml(odcs.contract_of(source)) for source in SOURCES}
    files[ROOT / "docs" / "data-contract.md"] = render_contract()
    return files


def stale() -> list[Path]:
    """The generated files whose text on disk is not what the declaration says."""
    return [path for path, text in rendered().items() if not path.exists() or path.read_text(encoding="utf-8") != text]


def main(arguments: list[str] | None = None) -> int:
    """Write the files, or with `--check` name the stale ones."""
    parser = argparse.ArgumentParser(
        prog="python -m generators.schema.contract",
        description="Write the dbt sources, docs/data-contract.md and docs/contract from generators/schema.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--check", action="store_true", help="write nothing: name the files that are stale")
    options = parser.parse_args(arguments)
    files = stale()
    if options.check:
        for path in files:
            print(f"{path.relative_to(ROOT)} is stale: run `make contract`", file=sys.stderr)
        return 1 if files else 0
    for path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(rendered()[path], encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
