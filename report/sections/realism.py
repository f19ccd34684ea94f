"""The realism scorecard: published facts about real companies against this one."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from report.blocks import Chart, Column, Figure, Numbers, Section, count, percent, section, significant, table, words
from report.charts import BAD, INK, MUTED
from report.warehouse import Warehouse

INSIDE, OUTSIDE = "inside", "outside"
EDGE = 2.0  # half-widths of the band from its middle, beyond which a fact is drawn at the edge


def draw(warehouse: Warehouse) -> Section:
    """The section."""
    text = (
        "Published facts about real companies, the band that is accepted for each, and what the marts measure here. A band"
        " comes from the source of the fact, never from what the generators give; binding facts fail the build when outside."
    )
    return section("How real is it?", text, warehouse, [("The scorecard", _scorecard), ("By scope", _by_scope)])


def _written(fact: dict[str, Any], *names: str) -> str:
    """These values of a fact in its unit; shares as people read them, in per cent."""
    scale, unit = (100, "%") if fact["unit"] == "share" else (1, fact["unit"])
    return f"{' to '.join(significant(scale * fact[name]) for name in names)} {unit}"


def _band(fact: dict[str, Any]) -> str:
    if fact["high"] is None:
        return f"from {_written(fact, 'low')}"
    return _written(fact, "low") if fact["low"] == fact["high"] else _written(fact, "low", "high")


def _scorecard(warehouse: Warehouse) -> Figure:
    facts = warehouse.rows("realism").to_dicts()
    for fact in facts:
        fact["measured"], fact["band"] = _written(fact, "measured_value"), _band(fact)
        fact["verdict"] = INSIDE if fact["is_inside"] else OUTSIDE
        fact["fact_id"] = fact["fact_id"].replace("_", " ")
        fact["binding"] = "yes" if fact["is_binding"] else "no"
    inside = sum(fact["is_inside"] for fact in facts)
    binding = [fact for fact in facts if fact["is_binding"]]
    numbers = (
        ("facts", str(len(facts))),
        ("inside their band", f"{inside} ({percent(inside / len(facts), 0)})"),
        ("binding", str(len(binding))),
        ("binding, inside", str(sum(fact["is_inside"] for fact in binding))),
    )
    columns = (
        words("statement", "statement"),
        Column("measured", "measured_value", is_number=True, texts="measured"),
        words("band", "band"),
        words("verdict", "verdict"),
        words("binding", "binding"),
        words("observed on", "scope"),
        words("source", "source"),
        words("fact", "fact_id"),
    )
    text = (
        "A value may lie beyond an end of its band by the sampling error of a company of this size, and still be inside."
        " Facts outside come first."
    )
    blocks = (
        Numbers(numbers),
        _positions(facts),
        table("Published facts and what this company measures", columns, facts, {INSIDE: "good", OUTSIDE: "bad"}),
    )
    return Figure("The scorecard", text, blocks)


def _positions(facts: list[dict[str, Any]]) -> Chart:
    """Where each measured value lies: 0 is the middle of the band, -1 and 1 are its ends. Half-open bands have no middle."""
    closed = [fact for fact in facts if fact["high"] is not None and fact["high"] > fact["low"]]
    frame = pl.DataFrame(
        [
            {
                "fact": f"{fact['fact_id']}: {fact['statement']}",
                "scope": fact["scope"],
                "verdict": fact["verdict"],
                "position": _position(fact),
                "measured": fact["measured"],
                "band": fact["band"],
            }
            for fact in closed
        ]
    )
    ends = alt.Chart(pl.DataFrame({"position": [-1.0, 1.0]})).mark_rule(color=MUTED, strokeDash=[3, 3]).encode(x="position:Q")
    ticks = (
        alt.Chart(frame)
        .mark_tick(thickness=2.5, size=15, opacity=1)
        .encode(
            x=alt.X(
                "position:Q",
                title="of the band",
                scale=alt.Scale(domain=[-EDGE - 0.1, EDGE + 0.1]),
                axis=alt.Axis(values=[-1, 0, 1], labelExpr="['lower end', 'middle', 'upper end'][datum.value + 1]"),
            ),
            y=alt.Y("scope:N", title=None),
            color=alt.Color("verdict:N", scale=alt.Scale(domain=[INSIDE, OUTSIDE], range=[INK, BAD])),
            tooltip=["fact:N", "measured:N", "band:N"],
        )
    )
    described = (
        f"Each of {len(closed)} facts with a closed band as a tick: where the measured value lies between the ends of its band."
        f" {sum(fact['is_inside'] for fact in closed)} lie inside."
    )
    chart = alt.layer(ends, ticks)
    return Chart(chart, described, 22 * frame["scope"].n_unique(), "Where the measured values lie in their bands")


def _position(fact: dict[str, Any]) -> float:
    middle, half = (fact["high"] + fact["low"]) / 2, (fact["high"] - fact["low"]) / 2
    return min(max(float((fact["measured_value"] - middle) / half), -EDGE), EDGE)


def _by_scope(warehouse: Warehouse) -> Figure:
    columns = (words("observed on", "scope"), count("facts", "facts"), count("inside", "inside"), count("binding", "binding"))
    text = "A fact from a wholesaler of gifts or from a grocery is scored like the others, and seldom binding."
    rows = warehouse.rows("realism_by_scope").to_dicts()
    return Figure("By scope", text, (table("Facts by whom they were observed on", columns, rows),))
