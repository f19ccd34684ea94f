"""The realism scorecard: published facts about real companies against this one."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from report.blocks import Chart, Figure, Numbers, Section, count, measure, percent, section, significant, table, words
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


def _band(fact: dict[str, Any]) -> str:
    low, high = fact["low"], fact["high"]
    if high is None:
        return f"from {significant(low)}"
    return significant(low) if low == high else f"{significant(low)} to {significant(high)}"


def _scorecard(warehouse: Warehouse) -> Figure:
    facts = warehouse.rows("realism").to_dicts()
    for fact in facts:
        fact["band"] = f"{_band(fact)} {fact['unit']}"
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
        words("fact", "fact_id"),
        words("statement", "statement"),
        words("observed on", "scope"),
        measure("measured", "measured_value"),
        words("band", "band"),
        words("verdict", "verdict"),
        words("binding", "binding"),
        words("source", "source"),
    )
    text = "The sampling error of a small company is allowed for beside the band. Facts outside come first."
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
                "measured": significant(fact["measured_value"]),
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
                title="ends of the band at -1 and 1",
                scale=alt.Scale(domain=[-EDGE, EDGE]),
                axis=alt.Axis(values=[-2, -1, 0, 1, 2]),
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
