"""How the pieces fit: the layers of the warehouse, and every mart with its rows and where they come from."""

from __future__ import annotations

from typing import Any

from generators.engine.lake import Manifest
from generators.schema.catalog import SOURCES
from generators.terminal import megabytes
from report.blocks import Column, Figure, Layers, Section, count, section, table, whole, words
from report.dbt_artifacts import DbtRun
from report.warehouse import Warehouse

ORDER = {source.name: place for place, source in enumerate(SOURCES)}


def draw(warehouse: Warehouse, manifest: Manifest | None, build: DbtRun) -> Section:
    """The section."""
    text = "One direction, no way back: generators know nothing of a database, dbt knows the lake by its declared sources."
    figures = [
        ("The layers", lambda warehouse: _layers(warehouse, manifest)),
        ("The marts", lambda warehouse: _marts(warehouse, build)),
    ]
    return section("How the pieces fit", text, warehouse, figures)


def _layers(warehouse: Warehouse, manifest: Manifest | None) -> Figure:
    schemas = {row["schema"]: row for row in warehouse.rows("layers").to_dicts()}

    def relations(*names: str, prefix: str = "") -> str:
        chosen = [row for name, row in schemas.items() if name in names or (prefix and name.startswith(prefix))]
        kinds = [(sum(row[kind] for row in chosen), kind) for kind in ("tables", "views")]
        return " and ".join(f"{number} {kind if number > 1 else kind[:-1]}" for number, kind in kinds if number) or "nothing"

    lake = "Parquet files"
    if manifest is not None:
        rows, size = (sum(getattr(entry, name) for entry in manifest.tables.values()) for name in ("rows", "bytes"))
        lake = f"{len(manifest.tables)} tables, {whole(rows)} rows, {megabytes(size)}"
    layers = (
        ("Lake", lake, "what the source systems would export, with a manifest that vouches for every file"),
        ("Raw", relations(prefix="raw_"), "the lake as the database sees it, one schema per source system"),
        ("Staging", relations("staging"), "names, types and times made one; duplicates and orphans out, into quarantine"),
        ("Intermediate", relations("intermediate"), "the steps between, and the state of the roll-ups"),
        ("Marts", relations("sales", "chemical", "shared"), "what analysts query: facts, dimensions and roll-ups of readings"),
    )
    return Figure("The layers", "From the files to what analysts query.", (Layers(layers),))


def _marts(warehouse: Warehouse, build: DbtRun) -> Figure:
    rows: list[dict[str, Any]] = warehouse.rows("marts").to_dicts()
    for row in rows:
        row["rows"] = warehouse.count(row["schema"], row["mart"])
        sources = sorted(build.sources_by_mart.get(row["mart"], ()), key=lambda source: ORDER.get(source, len(ORDER)))
        row["sources"] = ", ".join(sources) or None
    columns: tuple[Column, ...] = (
        words("schema", "schema"),
        words("mart", "mart"),
        count("rows", "rows"),
        *([words("stems from", "sources")] if build.sources_by_mart else []),
        words("what it holds", "holds"),
    )
    text = (
        f"{len(rows)} relations, to be queried by schema and name in any DuckDB client; docs/analyst.md says what to ask first."
    )
    if build.sources_by_mart:
        text += " Each stems from the source systems named, through however many models."
    return Figure("The marts", text, (table("Marts, their rows and their sources", columns, rows),))
