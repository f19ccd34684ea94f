"""What was generated: the scenario and the lake, and what the warehouse makes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import altair as alt
import polars as pl

from generators.engine.lake import Manifest
from generators.engine.run_record import RunRecord
from generators.schema.catalog import SOURCES
from generators.terminal import megabytes
from report.blocks import Chart, Column, Figure, Numbers, Section, count, percent, section, table, whole, words
from report.dbt_artifacts import DbtRun
from report.warehouse import AbsentError, Warehouse

DESCRIPTIONS = {source.name: source.description for source in SOURCES}


def draw(warehouse: Warehouse, manifest: Manifest | None, generation: RunRecord | None, build: DbtRun) -> Section:
    """The section."""
    figures: list[tuple[str, Callable[[Warehouse], Figure]]] = [
        ("A company", _company),
        ("A fleet of plants", _plants),
        ("The lake", lambda _: _lake(manifest, generation)),
    ]
    if build.seconds:
        figures.append(("The build", lambda _: _build(build)))
    text = "Everything on this page was made by a program from one seed; the same preset, seed and code give the same data."
    return section("What was generated", text, warehouse, figures)


def _lake(manifest: Manifest | None, generation: RunRecord | None) -> Figure:
    if manifest is None:
        raise AbsentError("The lake has no manifest that could be read, so its seed and its size are not known here.")
    rows = sum(entry.rows for entry in manifest.tables.values())
    size = sum(entry.bytes for entry in manifest.tables.values())
    numbers = (
        ("preset", manifest.preset),
        ("seed", str(manifest.seed)),
        ("until", str(manifest.scenario.get("until", manifest.end))),
        ("dirt", str(manifest.scenario.get("dirt", "none"))),
        ("rows", whole(rows)),
        ("bytes", megabytes(size)),
        ("tables", whole(len(manifest.tables))),
        ("files", whole(sum(1 for _ in manifest.files))),
        *([seconds_of(generation)] if generation else []),
    )
    without = manifest.scenario.get("without") or []
    text = (
        "The files with the raw tables, as the source systems would export them, made by Saltworks"
        f" {manifest.version}" + (f", without {', '.join(without)}" if without else "") + "."
    )
    return Figure("The lake", text, (Numbers(numbers), _sizes(manifest), _by_source(manifest)))


def seconds_of(generation: RunRecord) -> tuple[str, str]:
    """What the generation took; of a lake that was finished or grown in several runs, what the last one did."""
    return "seconds, last run" if generation.kept_parts else "seconds", f"{generation.seconds:,.1f}"


def _totals(manifest: Manifest) -> list[dict[str, Any]]:
    """One entry per source system, as its tables stand in the manifest."""
    totals: dict[str, dict[str, Any]] = {}
    for name, entry in manifest.tables.items():
        source = name.split(".")[0]
        empty = {"source": source, "tables": 0, "rows": 0, "bytes": 0, "holds": DESCRIPTIONS.get(source, "")}
        total = totals.setdefault(source, empty)
        total["tables"] += 1
        total["rows"] += entry.rows
        total["bytes"] += entry.bytes
    return sorted(totals.values(), key=lambda total: (-total["bytes"], total["source"]))


def _sizes(manifest: Manifest) -> Chart:
    totals = _totals(manifest)
    frame = pl.DataFrame([{"source": total["source"], "MB": total["bytes"] / 1e6, "rows": total["rows"]} for total in totals])
    chart = (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=alt.X("MB:Q", title="megabytes of Parquet"),
            y=alt.Y("source:N", title=None, sort="-x"),
            tooltip=["source:N", alt.Tooltip("MB:Q", format=",.2f"), alt.Tooltip("rows:Q", format=",")],
        )
    )
    largest = totals[0]
    part = largest["bytes"] / max(sum(total["bytes"] for total in totals), 1)
    described = (
        f"Bars: megabytes of each source system. The largest is {largest['source']} with {percent(part, 0)} of all bytes."
    )
    return Chart(chart, described, 17 * len(totals), "Megabytes by source system")


def _by_source(manifest: Manifest) -> Any:
    columns = (
        words("source", "source"),
        count("tables", "tables"),
        count("rows", "rows"),
        Column("size", "bytes", megabytes, is_number=True),
        words("what it would be", "holds"),
    )
    return table("The source systems and what the lake holds of each", columns, _totals(manifest))


def _build(build: DbtRun) -> Figure:
    text = "Models, seeds and tests that dbt ran to build the warehouse from the lake, by its own clock."
    return Figure("The build", text, (Numbers((("nodes", whole(build.nodes)), ("seconds", f"{build.seconds:,.0f}"))),))


def _company(warehouse: Warehouse) -> Figure:
    size = warehouse.row("headline_sales")
    numbers = (
        ("orders", whole(size["orders"])),
        ("order lines", whole(size["order_lines"])),
        ("customers", whole(size["customers"])),
        ("products", whole(size["products"])),
        ("countries", whole(size["countries"])),
        ("net revenue", f"€ {size['net_eur'] / 1e6:,.1f} M"),
    )
    return Figure(
        "A company", "An international mail-order company that sells to persons and to business accounts.", (Numbers(numbers),)
    )


def _plants(warehouse: Warehouse) -> Figure:
    size = warehouse.row("headline_plants")
    numbers = (
        ("organizations", whole(size["organizations"])),
        ("units", whole(size["units"])),
        ("tags", whole(size["tags"])),
        ("readings", whole(size["readings"])),
        ("alarms that sounded", whole(size["alarms"])),
        ("faults", whole(size["faults"])),
    )
    return Figure(
        "A fleet of plants", "Process units of several organizations, each simulated by a published model.", (Numbers(numbers),)
    )
