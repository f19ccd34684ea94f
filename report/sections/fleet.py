"""The plants: a normal day, a fault from its onset to the logbook, control loops, alarm systems and instruments."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import altair as alt
import polars as pl

from report.blocks import (
    Chart,
    Figure,
    Moments,
    Section,
    SmallCharts,
    count,
    measure,
    moment,
    moments,
    number,
    percent,
    section,
    share,
    significant,
    table,
    words,
)
from report.charts import ACCENT, BAD, INK, MUTED, PAPER, hour_axis
from report.warehouse import AbsentError, NothingError, Warehouse

AROUND = timedelta(hours=1)  # shown before the onset of a fault and after its end
LONGEST = timedelta(hours=3)  # shown of a fault at most
HOLDS = "holds its set point"
# Process models that bear names of people and places.
PROPER = {
    "tennessee eastman": "Tennessee Eastman",
    "van de vusse reactor": "Van de Vusse reactor",
    "wood berry column": "Wood-Berry column",
}
VERDICTS = ["within target", "within limit", "beyond"]


def draw(warehouse: Warehouse) -> Section:
    """The section."""
    text = (
        "Process units that are simulated second by second, and seen only through their instruments: with noise, drift, gaps"
        " and a historian that thins out what does not change. Times are UTC."
    )
    figures = [
        ("A normal day", _normal_day),
        ("A fault, from its onset to the logbook", _fault),
        ("All faults", _faults),
        ("Control loops", _loops),
        ("Alarm systems against ISA-18.2", _alarms),
        ("Health of the tags", _health),
    ]
    return section("The plants", text, warehouse, figures)


def _normal_day(warehouse: Warehouse) -> Figure:
    unit = warehouse.row("calm_unit")
    process = unit["process_model"].replace("_", " ")
    readings = warehouse.rows("unit_day", unit_id=unit["unit_id"], day=unit["day"])
    charts = tuple(
        _tag(str(tag), str(description), str(symbol), frame)
        for (tag, description, symbol), frame in readings.group_by("tag", "description", "unit_of_measure", maintain_order=True)
    )
    text = (
        f"{unit['unit_name']} of {unit['org_name']} on {unit['day']}, a day without a fault or a standstill."
        f" {unit['unit_description']} Simulated by the model {PROPER.get(process, process)}. Six of its {unit['tag_count']}"
        " tags: the line is the average of a quarter of an hour, the band goes from the lowest to the highest reading."
    )
    return Figure("A normal day", text, (SmallCharts(charts),))


def _tag(tag: str, description: str, symbol: str, readings: pl.DataFrame) -> Chart:
    value = alt.Y("minimum:Q", title=symbol, scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=3))
    base = alt.Chart(readings.select("moment", "average", "minimum", "maximum")).encode(x=hour_axis())
    band = base.mark_area(color=ACCENT, opacity=0.25).encode(y=value, y2="maximum:Q")
    line = base.mark_line(color=ACCENT).encode(
        y="average:Q", tooltip=[alt.Tooltip("moment:T", format="%H:%M"), alt.Tooltip("average:Q", format=",.4~r")]
    )
    extremes = readings.select(pl.col("minimum").min(), pl.col("maximum").max())
    low, high = (significant(value) for value in extremes.row(0))
    said = description.rstrip(".").removesuffix(", as the controller sees it")
    described = f"Line: {said}, tag {tag}, over a day; between {low} and {high} {symbol}."
    return Chart(alt.layer(band, line), described, 95, f"{tag}: {said}")


def _fault(warehouse: Warehouse) -> Figure:
    try:
        fault = warehouse.row("telling_fault")
    except NothingError as nothing:
        raise AbsentError(
            "Of the faults here, none was found by an alarm first and then written of in the logbook."
        ) from nothing
    begins = fault["started_at"] - AROUND
    last = max(fault[name] for name in ("first_entry_at", "annunciated_at"))
    ends = max(min(fault["ended_at"], fault["started_at"] + LONGEST), last) + AROUND
    trace = warehouse.rows("fault_trace", tag_id=fault["tag_id"], begins=begins, ends=ends)
    text = (
        f"{fault['unit_name']} of {fault['org_name']}. {fault['fault_description']} The tag whose alarm sounded first:"
        f" {fault['tag_name']}, {fault['tag_description'].rstrip('.')}, in {fault['unit_of_measure']}."
    )
    return Figure("A fault, from its onset to the logbook", text, (_trace(fault, trace, ends), Moments(_story(fault))))


def _trace(fault: dict[str, Any], trace: pl.DataFrame, ends: datetime) -> Chart:
    marks = [
        ("onset", fault["started_at"]),
        ("alarm", fault["annunciated_at"]),
        ("logbook", fault["first_entry_at"]),
        ("end", fault["ended_at"]),
    ]
    happened = pl.DataFrame([{"what": what, "moment": at} for what, at in marks if at <= ends])
    value = alt.Y("average:Q", title=fault["unit_of_measure"], scale=alt.Scale(zero=False))
    line = (
        alt.Chart(trace)
        .mark_line(color=ACCENT)
        .encode(
            x=hour_axis(), y=value, tooltip=[alt.Tooltip("moment:T", format="%H:%M"), alt.Tooltip("average:Q", format=",.4~r")]
        )
    )
    rules = alt.Chart(happened).mark_rule(color=INK, strokeDash=[2, 2]).encode(x="moment:T")
    names = (
        alt.Chart(happened.with_row_index("place").with_columns(height=4 + 12 * pl.col("place")))
        .mark_text(align="left", dx=4, fontSize=11, baseline="top")
        .encode(x="moment:T", y=alt.Y("height:Q", scale=None, axis=None), text="what:N")
    )
    halo = names.mark_text(align="left", dx=4, fontSize=11, baseline="top", stroke=PAPER, strokeWidth=4)
    layers: list[alt.Chart] = [line, rules, halo, names]
    if fault["limit_value"] is not None:
        limit = pl.DataFrame({"average": [fault["limit_value"]]})
        layers.append(alt.Chart(limit).mark_rule(color=BAD).encode(y="average:Q"))
        called = alt.Chart(limit).mark_text(text="alarm limit", color=BAD, align="left", dx=3, dy=-7)
        layers.append(called.encode(x=alt.value(0), y="average:Q"))
    chart = alt.layer(*layers).resolve_scale(y="shared")
    delay = (fault["annunciated_at"] - fault["started_at"]).total_seconds() / 60
    described = (
        f"Line: {fault['tag_name']} around a fault. The alarm sounds {delay:,.0f} minutes after the onset,"
        f" the logbook mentions it at {fault['first_entry_at']:%H:%M}."
    )
    return Chart(chart, described, 230)


def _story(fault: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    limit = ""
    if fault["limit_value"] is not None:
        limit = f", limit {significant(fault['limit_value'])} {fault['unit_of_measure']}"
    told: list[tuple[datetime | None, str]] = [
        (fault["started_at"], f"Onset (nobody knows it yet): {fault['fault_description']}"),
        (fault["annunciated_at"], f"Alarm {fault['tag_name']} {fault['condition']}, priority {fault['priority']}{limit}."),
        (fault["acknowledged_at"], "An operator acknowledges it."),
        (fault["first_entry_at"], f"Logbook: «{fault['entry_text']}»"),
        (fault["first_work_order_at"], f"Work order: «{fault['work_title']}»"),
        (fault["cleared_at"], "The alarm clears."),
        (fault["ended_at"], "The fault ends."),
    ]
    return tuple((moment(at), what) for at, what in sorted((at, what) for at, what in told if at is not None))


def _faults(warehouse: Warehouse) -> Figure:
    rows = warehouse.rows("faults").to_dicts()
    columns = (
        words("organization", "organization"),
        words("unit", "unit"),
        words("fault", "fault"),
        moments("onset", "started_at"),
        number("hours", "hours"),
        words("noticed by", "noticed_by"),
        number("minutes until then", "delay_minutes", 0),
        count("alarms", "alarms"),
    )
    noticed = sum(row["noticed_by"] != "nobody" for row in rows)
    text = (
        f"Every fault that was put in, from the answer key, and what noticed it first: {noticed} of {len(rows)} were noticed."
    )
    return Figure("All faults", text, (table("Faults and what noticed them", columns, rows, {"nobody": "bad"}),))


def _loops(warehouse: Warehouse) -> Figure:
    verdicts = warehouse.rows("loop_verdicts").with_columns(pl.col("process").replace(PROPER))
    order = [HOLDS, *sorted(set(verdicts["verdict"]) - {HOLDS})]
    chart = (
        alt.Chart(verdicts.with_columns(pl.col("verdict").replace_strict(order, list(range(len(order)))).alias("place")))
        .mark_bar()
        .encode(
            x=alt.X("loop_days:Q", title="loop-days", stack="normalize", axis=alt.Axis(format="%")),
            y=alt.Y("process:N", title=None, axis=alt.Axis(labelLimit=150)),
            color=alt.Color("verdict:N", sort=order),
            order="place:O",
            tooltip=["process:N", "verdict:N", "loop_days:Q"],
        )
    )
    held = float(verdicts.filter(pl.col("verdict") == HOLDS)["loop_days"].sum()) / float(verdicts["loop_days"].sum())
    described = f"Stacked bars: the days of the control loops by verdict; on {percent(held, 0)} a loop held its set point."
    columns = (
        words("process", "process"),
        count("loops", "loops"),
        count("loop-days", "loop_days"),
        share("time in automatic", "automatic_share"),
        number("RMS error, % of range", "rms_error_percent", 2),
        share("days that hold", "good_share", 0),
    )
    text = (
        "What a control engineer would look at first, per loop and day. Loops of batch units stay in automatic through phases"
        " in which nothing can follow, and look poor for it."
    )
    rows = warehouse.rows("control_loops").with_columns(pl.col("process").replace(PROPER)).to_dicts()
    height = 22 * verdicts["process"].n_unique()
    return Figure("Control loops", text, (Chart(chart, described, height), table("Loops by process", columns, rows)))


def _alarms(warehouse: Warehouse) -> Figure:
    figures = warehouse.rows("alarm_performance").to_dicts()
    for figure in figures:
        target = figure["target_value"]
        figure["target"] = "none" if target is None else f"{figure['comparison']} {significant(target)}"
    columns = (
        words("figure", "statement"),
        words("unit", "unit"),
        words("standard", "standard"),
        words("target", "target"),
        measure("median of consoles", "median_value"),
        measure("highest", "highest_value"),
        count("within target", "within_target"),
        count("manageable", "within_limit"),
        count("beyond", "beyond"),
        count("not judged", "not_judged"),
    )
    judged = {name: sum(figure[name.replace(" ", "_")] for figure in figures) for name in VERDICTS}
    text = (
        f"Consoles and months against the targets of ISA-18.2 and EEMUA 191: {judged['within target']} figures are within"
        f" target, {judged['within limit']} manageable, {judged['beyond']} beyond. A week is too short to judge for good."
    )
    return Figure("Alarm systems against ISA-18.2", text, (_load(warehouse), table("Figures and consoles", columns, figures)))


def _load(warehouse: Warehouse) -> Chart:
    frame = warehouse.rows("alarms_by_hour")
    worst = frame.sort("alarms").row(-1, named=True)
    chart = (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=alt.X("yearmonthdatehours(hour):T", title=None, axis=alt.Axis(format="%d %b", tickCount="day")),
            y=alt.Y("alarms:Q", title="alarms per hour", axis=alt.Axis(tickMinStep=1)),
            color="organization:N",
            tooltip=["organization:N", alt.Tooltip("hour:T", format="%d %b %H:%M"), "alarms:Q"],
        )
    )
    described = (
        f"Bars: alarms that sounded per hour and organization; at most {worst['alarms']} in an hour, at"
        f" {worst['organization']} on {moment(worst['hour'])}."
    )
    return Chart(chart, described, 180, "Alarms that sounded, hour by hour")


def _health(warehouse: Warehouse) -> Figure:
    frame = warehouse.rows("tag_health")
    complaints = frame.filter(pl.col("verdict") != "healthy")
    healthy = float(frame.filter(pl.col("verdict") == "healthy")["share"].sum())
    chart = (
        alt.Chart(complaints)
        .mark_bar(color=MUTED)
        .encode(
            x=alt.X("tag_days:Q", title="tag-days", axis=alt.Axis(tickMinStep=1)),
            y=alt.Y("verdict:N", title=None, sort="-x"),
            tooltip=["verdict:N", "tag_days:Q", alt.Tooltip("share:Q", format=".2%")],
        )
    )
    described = f"Bars: days of tags that are not healthy, by complaint; {percent(healthy)} of all tag-days are healthy."
    columns = (
        words("verdict", "verdict"),
        count("tag-days", "tag_days"),
        count("tags", "tags"),
        share("share", "share", 2),
        number("time good, %", "percent_good", 2),
    )
    text = (
        f"What an instrument technician would be sent for: {percent(healthy)} of the tag-days are healthy, here are the others."
    )
    blocks = (Chart(chart, described, 20 * len(complaints)), table("Days of tags by verdict", columns, frame.to_dicts()))
    return Figure("Health of the tags", text, blocks)
