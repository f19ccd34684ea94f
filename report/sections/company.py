"""The company: what it earns, when its customers order, who comes back, who owes, and what is out of stock."""

from __future__ import annotations

from typing import cast

import altair as alt
import polars as pl

from report.blocks import Chart, Figure, Key, Section, SmallCharts, count, number, percent, section, share, table, words
from report.charts import ACCENT, AMOUNTS, PAPER, SERIES, STROKES, heat_map, month_axis, month_bars
from report.warehouse import AbsentError, Warehouse

WEEK = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
KINDS = {"person": "Persons", "account": "Accounts"}
PROMOTIONS = {
    "black week": SERIES[1],
    "seasonal sale": SERIES[3],
    "category week": SERIES[4],
    "clearance": SERIES[2],
}
BY_PROMOTION = alt.Scale(domain=list(PROMOTIONS), range=list(PROMOTIONS.values()))
STRIP = 6  # pixels along the bottom of a small chart, for campaigns
AGES = ["not due", "1 to 30 days", "31 to 60 days", "61 to 90 days", "over 90 days"]
AGE_SHADES = ["var(--age-1)", "var(--age-2)", "var(--age-3)", "var(--age-4)", "var(--age-5)"]


def draw(warehouse: Warehouse) -> Section:
    """The section."""
    text = (
        "A company that sells in several markets. Amounts are net, in euros at the rate of the day, without cancelled orders."
    )
    figures = [
        ("Revenue by market and month", _revenue),
        ("Promotions", _promotions),
        ("When customers order", _week),
        ("Who comes back", _cohorts),
        ("Receivables by age", _receivables),
        ("From order to cash", _order_to_cash),
        ("Out of stock", _stock_outs),
    ]
    return section("The company", text, warehouse, figures)


def _revenue(warehouse: Warehouse) -> Figure:
    months, markets = warehouse.rows("revenue_by_month"), warehouse.rows("revenue_by_market").to_dicts()
    times = {name: _times(warehouse, name) for name in ("recessions", "campaigns")}
    charts = tuple(
        _market(name, *(frame.filter(pl.col("market") == name).drop("market") for frame in (months, *times.values())))
        for name in (str(market["market"]) for market in markets)
    )
    key = (
        ("net revenue", ACCENT),
        ("recession of the region", "var(--shade)"),
        *((name, PROMOTIONS[name]) for name in ("seasonal sale", "black week")),
    )
    columns = (
        words("market", "market"),
        count("countries", "countries"),
        count("orders", "orders"),
        count("net revenue in euros", "net_eur"),
        share("share", "share"),
    )
    text = (
        "Each market on a scale of its own, by month. Behind the line the recessions, as the answer key has them; along the"
        " bottom the campaigns that reduce most of the catalogue."
    )
    blocks = (Key(key), SmallCharts(charts), table("Revenue by market, the whole time", columns, markets))
    return Figure("Revenue by market and month", text, blocks)


def _times(warehouse: Warehouse, query: str) -> pl.DataFrame:
    """From when until when something was, by market, cut to the days with orders; a company may have been spared it."""
    days = warehouse.row("days_with_orders")
    try:
        times = warehouse.rows(query)
    except AbsentError:
        return pl.DataFrame(schema={"market": pl.String, "begins": pl.Datetime, "ends": pl.Datetime})
    return times.filter(pl.col("begins") < days["ends"], pl.col("ends") > days["begins"]).with_columns(
        pl.col("begins", "ends").clip(days["begins"], days["ends"])
    )


def _market(name: str, months: pl.DataFrame, recessions: pl.DataFrame, campaigns: pl.DataFrame) -> Chart:
    height = 95
    layers: list[alt.Chart] = []
    if len(recessions):
        layers.append(alt.Chart(recessions).mark_rect(color="var(--shade)").encode(x="begins:T", x2="ends:T"))
    line = (
        alt.Chart(months)
        .mark_line(color=ACCENT)
        .encode(
            x=alt.X("month:T", title=None, axis=alt.Axis(format="%Y", tickCount="year")),
            y=alt.Y("net_eur:Q", title=None, axis=alt.Axis(**AMOUNTS, tickCount=3)),
            tooltip=[alt.Tooltip("month:T", format="%B %Y"), alt.Tooltip("net_eur:Q", format=",.0f", title="net euros")],
        )
    )
    layers.append(line)
    if len(campaigns):
        strip = (
            alt.Chart(campaigns)
            .mark_rect(opacity=1)
            .encode(
                x="begins:T",
                x2="ends:T",
                y=alt.value(height - STRIP),
                y2=alt.value(height),
                color=alt.Color("campaign:N", scale=BY_PROMOTION, legend=None),
                tooltip=[
                    "campaign:N",
                    alt.Tooltip("begins:T", format="%d %b %Y", title="from"),
                    alt.Tooltip("last_day:T", format="%d %b %Y", title="to"),
                ],
            )
        )
        layers.append(strip)
    total, best = months["net_eur"].sum(), months.sort("net_eur")["month"][-1]
    marked = " A recession is shaded." if len(recessions) else ""
    described = (
        f"Line: monthly net revenue of {name}, {total:,.0f} euros in all; the best month is {best:%B %Y}."
        f"{marked} {len(campaigns)} campaigns along the bottom."
    )
    return Chart(alt.layer(*layers), described, height, name)


def _promotions(warehouse: Warehouse) -> Figure:
    frame = warehouse.rows("promotions_by_month")
    monthly = frame.group_by("month").agg(pl.col("share").sum()).sort("share")
    chart = (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=month_bars(),
            y=alt.Y("share:Q", title="share of net revenue", axis=alt.Axis(format="%")),
            color=alt.Color("promotion:N", scale=BY_PROMOTION),
            tooltip=["promotion:N", alt.Tooltip("month:T", format="%B %Y"), alt.Tooltip("share:Q", format=".1%")],
        )
    )
    most = monthly["share"][-1]
    described = (
        f"Stacked bars: the share of each month's revenue that was sold in a promotion, by kind;"
        f" at most {percent(most, 0)}, in {monthly['month'][-1]:%B %Y}."
    )
    text = "What share of a month's revenue was sold in which kind of promotion."
    return Figure("Promotions", text, (Chart(chart, described, 200),))


def _week(warehouse: Warehouse) -> Figure:
    frame = warehouse.rows("orders_by_weekday_hour")
    charts = []
    for kind, title in KINDS.items():
        cells = frame.filter(pl.col("customer_type") == kind).drop("customer_type", "iso_weekday")
        if cells.is_empty():
            continue
        x = alt.X(
            "hour:O",
            title="local hour",
            axis=alt.Axis(labelAngle=0, values=[0, 6, 12, 18, 23]),
            scale=alt.Scale(domain=list(range(24))),
        )
        y = alt.Y("weekday:N", title=None, sort=WEEK)
        tooltip = ["weekday:N", "hour:O", alt.Tooltip("orders:Q", format=","), alt.Tooltip("share:Q", format=".2%")]
        peak = cells.sort("share").row(-1, named=True)
        weekend = float(cells.filter(pl.col("weekday").is_in(["Sat", "Sun"]))["share"].sum())
        described = (
            f"Heat map of the orders of {title.lower()} by weekday and local hour. Most come on {peak['weekday']} at"
            f" {peak['hour']} o'clock; {percent(weekend, 0)} come on Saturday and Sunday."
        )
        charts.append(Chart(heat_map(cells, x, y, "share", tooltip), described, 150, title))
    text = (
        "Persons order in the evening and at the weekend, business accounts in office hours. The stronger the colour, the more"
        " orders; local time, each on a scale of its own."
    )
    return Figure("When customers order", text, (SmallCharts(tuple(charts)),))


def _cohorts(warehouse: Warehouse) -> Figure:
    frame = warehouse.rows("cohorts")
    charts = []
    for kind, title in KINDS.items():
        cells = frame.filter(pl.col("customer_type") == kind).drop("customer_type", "cohort")
        if cells.is_empty():
            continue
        x = alt.X("quarters_since:O", title="quarters since the first order", axis=alt.Axis(labelAngle=0))
        y = alt.Y("cohort_name:N", title=None)
        tooltip = [
            alt.Tooltip("cohort_name:N", title="first order in"),
            alt.Tooltip("quarters_since:O", title="quarters since"),
            alt.Tooltip("retention:Q", format=".1%", title="order in a month"),
        ]
        first, last = (
            cast("float", cells.filter(pl.col("quarters_since") == at)["retention"].mean())
            for at in (1, cells["quarters_since"].max())
        )
        described = (
            f"Heat map of the cohorts of {title.lower()} by quarters since the first order: in a month of the first quarter"
            f" {percent(first, 1)} order again, in the last one shown {percent(last, 1)}."
        )
        height = 14 * cells["cohort_name"].n_unique()
        charts.append(Chart(heat_map(cells, x, y, "retention", tooltip), described, height, title))
    text = (
        "A row has the customers whose first order came in that quarter; the stronger the colour, the larger the share of them"
        " that orders again in a month of a later quarter. The first row stands out: it has everyone who was a customer before"
        " the data begin."
    )
    return Figure("Who comes back", text, (SmallCharts(tuple(charts)),))


def _receivables(warehouse: Warehouse) -> Figure:
    frame = warehouse.rows("receivables_by_age")
    chart = (
        alt.Chart(frame.with_columns(pl.col("age").replace_strict(AGES, list(range(len(AGES)))).alias("place")))
        .mark_bar()
        .encode(
            x=month_bars(),
            y=alt.Y("open_eur:Q", title="open, euros", axis=alt.Axis(**AMOUNTS)),
            color=alt.Color("age:N", scale=alt.Scale(domain=AGES, range=AGE_SHADES)),
            order="place:O",
            tooltip=[alt.Tooltip("month:T", format="%B %Y"), "age:N", alt.Tooltip("open_eur:Q", format=",.0f")],
        )
    )
    last = frame.filter(pl.col("month") == frame["month"].max())
    total = float(last["open_eur"].sum())
    overdue = 1 - float(last.filter(pl.col("age") == AGES[0])["open_eur"].sum()) / total
    described = (
        f"Stacked bars: open receivables at the end of each month by age; at the last one {total:,.0f} euros,"
        f" of which {percent(overdue, 0)} are overdue."
    )
    text = "What customers owe at the end of each month. What is never paid is not written off, so the oldest part grows."
    return Figure("Receivables by age", text, (Chart(chart, described, 220),))


def _order_to_cash(warehouse: Warehouse) -> Figure:
    frame = warehouse.rows("order_to_cash")
    steps = frame["step"].to_list()
    base = alt.Chart(frame).encode(
        x=alt.X("orders:Q", title="orders", axis=alt.Axis(**AMOUNTS, tickCount=5)),
        y=alt.Y("step:N", title=None, sort=steps),
        tooltip=["step:N", alt.Tooltip("orders:Q", format=","), alt.Tooltip("share:Q", format=".1%")],
    )
    shares = base.mark_text(align="right", dx=-6, color=PAPER).encode(text=alt.Text("share:Q", format=".1%"))
    chart = alt.layer(base.mark_bar(), shares)
    described = f"Bars: orders that reached each step; of all orders {percent(frame['share'][-1])} are paid."
    columns = (
        words("step", "step"),
        count("orders", "orders"),
        share("share of all", "share"),
        number("days after the order, median", "median_days", 0),
        number("nine in ten within", "slow_days", 0),
    )
    text = (
        "Orders that got so far by the end of the data, cancelled ones among them; a step counts when all of the order took it."
    )
    blocks = (Chart(chart, described, 24 * len(steps)), table("The steps and the days they take", columns, frame.to_dicts()))
    return Figure("From order to cash", text, blocks)


def _stock_outs(warehouse: Warehouse) -> Figure:
    waiting, frame = warehouse.rows("waiting_by_month"), warehouse.rows("stock_outs_by_month")
    waits = (
        alt.Chart(waiting)
        .mark_bar()
        .encode(
            x=month_bars(),
            y=alt.Y("waiting_share:Q", title="orders that waited", axis=alt.Axis(format="%", tickCount=4)),
            tooltip=[alt.Tooltip("month:T", format="%B %Y"), alt.Tooltip("waiting_share:Q", format=".1%")],
        )
    )
    shelves = (
        alt.Chart(frame)
        .mark_line()
        .encode(
            x=month_axis(),
            y=alt.Y("empty_share:Q", title="empty shelf-days", axis=alt.Axis(format="%")),
            color=alt.Color("warehouse:N", scale=alt.Scale(range=SERIES), legend=STROKES),
            tooltip=["warehouse:N", alt.Tooltip("month:T", format="%B %Y"), alt.Tooltip("empty_share:Q", format=".1%")],
        )
    )
    mean = cast("float", frame["empty_share"].mean() or 0)
    worst = waiting.sort("waiting_share").row(-1, named=True)
    waits_described = (
        f"Bars: the share of each month's orders that waited for stock; at most {percent(worst['waiting_share'])},"
        f" in {worst['month']:%B %Y}."
    )
    shelves_described = (
        f"Lines: the share of shelf-days that were empty, by warehouse and month; {percent(mean, 0)} on average."
    )
    columns = (
        words("country", "country"),
        count("orders", "orders"),
        share("waited for stock", "back_ordered"),
        number("days to ship when waiting", "days_with_waiting"),
        number("days otherwise", "days_without"),
    )
    text = (
        "A shelf is one product in one warehouse, from its first movement on. Deliveries bring what is picked until the next"
        " one, without a safety stock: far more shelves are empty than orders wait."
    )
    blocks = (
        Chart(waits, waits_described, 110, "Orders that waited for stock"),
        Chart(shelves, shelves_described, 170, "Shelves that were empty"),
        table("Waiting for stock by country", columns, warehouse.rows("back_orders").to_dicts()),
    )
    return Figure("Out of stock", text, blocks)
