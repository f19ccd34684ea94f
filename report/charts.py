"""How charts look: few colours, and those by the names that the style sheet gives them for light, dark and paper."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

PAPER, INK, MUTED, RULE, ACCENT, BAD = (f"var(--{name})" for name in ("paper", "ink", "muted", "rule", "accent", "bad"))
SERIES = [f"var(--series-{number})" for number in range(1, 9)]

# Laid under every chart by the page.
CONFIG: dict[str, Any] = {
    "aria": False,  # the element around a chart says what it shows
    "background": "transparent",
    "font": "system-ui, sans-serif",
    "padding": {"left": 2, "right": 6, "top": 4, "bottom": 2},
    "view": {"stroke": None},
    "axis": {
        "domainColor": RULE,
        "gridColor": RULE,
        "gridOpacity": 0.6,
        "tickColor": RULE,
        "labelColor": MUTED,
        "labelFontSize": 11,
        "labelOverlap": True,
        "labelSeparation": 8,
        "titleColor": MUTED,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
    },
    "axisX": {"grid": False},
    "axisY": {"domain": False, "ticks": False},
    "axisYBand": {"labelOverlap": False},  # every bar has its name
    "legend": {
        "orient": "top",
        "title": None,
        "labelColor": INK,
        "labelFontSize": 12,
        "labelLimit": 220,
        "titleColor": MUTED,
        "symbolOpacity": 1,
        "symbolType": "square",
        "symbolStrokeWidth": 0,
    },
    "range": {"category": SERIES},
    "mark": {"color": ACCENT},
    "bar": {"color": ACCENT},
    "line": {"strokeWidth": 1.6},
    "rule": {"color": INK},
    "text": {"color": INK},
}


# Amounts along an axis: k for thousands, M for millions, and nothing is nothing.
AMOUNTS: dict[str, Any] = {"format": "~s", "labelExpr": "datum.value === 0 ? '0' : datum.label"}
STROKES = alt.Legend(symbolType="stroke", symbolStrokeWidth=3)  # the legend of lines


def month_axis() -> alt.X:
    """Months along the bottom."""
    return alt.X("month:T", title=None, axis=alt.Axis(format="%b %Y", tickCount={"interval": "month", "step": 3}))


def month_bars() -> alt.X:
    """Months along the bottom, each as wide as it is long."""
    return alt.X("yearmonth(month):T", title=None, axis=alt.Axis(format="%b %Y", tickCount={"interval": "month", "step": 3}))


def hour_axis() -> alt.X:
    """Moments of a day or two along the bottom."""
    return alt.X("moment:T", title=None, axis=alt.Axis(format="%H:%M", tickCount=6))


def heat_map(frame: pl.DataFrame, x: alt.X, y: alt.Y, shade: str, tooltip: list[Any]) -> alt.Chart:
    """Cells, the stronger the larger; `shade` names a share."""
    opacity = alt.Opacity(f"{shade}:Q", scale=alt.Scale(domainMin=0, range=[0.04, 1]), legend=None)
    chart: alt.Chart = alt.Chart(frame).mark_rect(color=ACCENT).encode(x=x, y=y, opacity=opacity, tooltip=tooltip)
    return chart
