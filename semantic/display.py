"""What the search shows: hits as a table for people or as JSON for programs, figures of the evaluation, readings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from semantic.evaluation import Figures
from semantic.readings import Slice
from semantic.retrieval import Hit, Why
from semantic.store import MOMENT

WIDTH_WITHOUT_TERMINAL = 160


def console() -> Console:
    """Standard output; where it is no terminal, wide enough for a table."""
    found = Console(highlight=False)
    return found if found.is_terminal else Console(highlight=False, width=WIDTH_WITHOUT_TERMINAL)


def time_of(payload: Mapping[str, Any]) -> datetime | None:
    """The time of a hit, UTC."""
    return datetime.fromtimestamp(float(payload[MOMENT]), UTC) if MOMENT in payload else None


def as_json(hits: Sequence[Hit], readings: Mapping[str, Sequence[Slice]]) -> str:
    """The hits as a JSON list. `keys` join to the marts; `document` names the hit for --like."""
    return json.dumps([_object(hit, readings) for hit in hits], ensure_ascii=False, indent=1)


def _object(hit: Hit, readings: Mapping[str, Sequence[Slice]]) -> dict[str, Any]:
    at = time_of(hit.payload)
    found: dict[str, Any] = {
        "document": hit.payload["document"],
        "kind": hit.payload["kind"],
        "name": hit.payload["name"],
        "text": hit.payload["text"],
        "place": hit.payload["place"],
        "at": None if at is None else at.isoformat(timespec="seconds"),
        "score": round(hit.score, 4),
        "why": vars(hit.why),
        "keys": hit.payload["keys"],
    }
    if hit.id in readings:
        found["readings"] = [{**vars(each), "begins_at": f"{each.begins_at:%Y-%m-%dT%H:%M:%S}Z"} for each in readings[hit.id]]
    return found


def why_text(why: Why) -> str:
    """Why a hit was found: «is 12-TIC-101», meaning 3rd, words 1st."""
    parts = {"is": ["id"], "mentions": ["names id"], None: []}[why.code]
    parts += [f"{half} {rank}" for half, rank in (("dense", why.dense), ("sparse", why.sparse)) if rank is not None]
    return ", ".join(parts)


def print_hits(out: Console, hits: Sequence[Hit], readings: Mapping[str, Sequence[Slice]]) -> None:
    """The hits as a table, each followed by its readings when there are any."""
    table = Table(box=None, pad_edge=False, header_style="bold", expand=True)
    for column, options in (
        ("kind", {"no_wrap": True}),
        ("name", {"no_wrap": True}),
        ("text", {"ratio": 3, "min_width": 30}),
        ("place", {"ratio": 1, "min_width": 16}),
        ("time (UTC)", {"no_wrap": True}),
        ("score", {"justify": "right", "no_wrap": True}),
        ("why", {"min_width": 12}),
    ):
        table.add_column(column, **options)
    for hit in hits:
        at = time_of(hit.payload)
        table.add_row(
            hit.payload["kind"].replace("_", " "),
            Text(hit.payload["name"]),
            Text(hit.payload["text"]),
            Text(hit.payload["place"].rsplit(", ", 1)[0]),  # the site is in the plant's name, and in --json
            "" if at is None else f"{at:%Y-%m-%d %H:%M}",
            f"{hit.score:.2f}",
            why_text(hit.why),
        )
    out.print(table)
    for hit in hits:
        if hit.id in readings:
            _print_readings(out, hit, readings[hit.id])


def _print_readings(out: Console, hit: Hit, slices: Sequence[Slice]) -> None:
    out.print()
    out.print(Text(f"readings around {hit.payload['document']} ({hit.payload['name']}), averages:"), style="bold")
    if not slices:
        out.print("  none: it names no tag, or the tag has no readings there")
        return
    moments = sorted({each.begins_at for each in slices})
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(f"  {moments[0]:%Y-%m-%d}", no_wrap=True)
    table.add_column("")
    for moment in moments:
        table.add_column(f"{moment:%H:%M}", justify="right", no_wrap=True)
    by_tag: dict[tuple[str, str], dict[datetime, Slice]] = {}
    for each in slices:
        by_tag.setdefault((each.tag_name, each.unit_of_measure), {})[each.begins_at] = each
    for (name, unit), found in by_tag.items():
        table.add_row(f"  {name}", unit, *(_value(found.get(moment)) for moment in moments))
    out.print(table)


def _value(found: Slice | None) -> str:
    if found is None:
        return ""
    if found.average is None:
        return "bad"
    return f"{found.average:.4g}" + ("*" if found.bad_count else "")


def print_figures(out: Console, figures: Mapping[str, Mapping[str, Mapping[str, Figures]]]) -> None:
    """The figures of the evaluation, by embedder, class and half of the search."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("embedder")
    table.add_column("class")
    table.add_column("queries", justify="right")
    table.add_column("search")
    for name in ("recall@5", "nDCG@10", "MRR"):
        table.add_column(name, justify="right")
    for embedder, classes in figures.items():
        for kind, halves in classes.items():
            for half, found in halves.items():
                values = (found.recall_at_5, found.ndcg_at_10, found.mrr)
                numbers = [f"{value:.3f}" for value in values] if found.queries else ["-"] * 3
                style = "bold" if half == "hybrid" else None
                table.add_row(embedder, kind, str(found.queries), half, *numbers, style=style)
    out.print(table)
