"""What a page is made of: sections of figures, and figures of charts, tables, numbers and moments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

import altair as alt

from report.warehouse import AbsentError, Warehouse

NOTHING = "–"
LONG, PROSE = 18, 80  # letters, beyond which a cell may be broken, and is worth a wide column


@dataclass(frozen=True)
class Chart:
    """A chart; `description` is what it says to those who do not see it."""

    chart: alt.Chart | alt.LayerChart | alt.FacetChart
    description: str
    height: int  # pixels, without axes and legend
    title: str = ""

    @property
    def specification(self) -> str:
        """The chart in Vega-Lite, as wide as the page allows, safe inside a script element."""
        fit = alt.AutoSizeParams(type="fit-x", contains="padding")
        chart = self.chart.properties(width="container", height=self.height, autosize=fit)
        return chart.to_json(indent=None, validate=False).replace("</", "<\\/")


@dataclass(frozen=True)
class SmallCharts:
    """Small charts of the same kind, side by side where there is room."""

    charts: tuple[Chart, ...]


@dataclass(frozen=True)
class Key:
    """What the marks of the charts below it mean: each by its name and its colour."""

    marks: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cell:
    """A value as it is read, and as it is sorted by."""

    text: str
    sort: str
    mark: str = ""  # good or bad: a colour beside the words

    @property
    def style(self) -> str:
        """The class of its element: its mark, and how much room it wants."""
        room = "prose" if len(self.text) > PROSE else "long" if len(self.text) > LONG else ""
        return f"{self.mark} {room}".strip()


@dataclass(frozen=True)
class Column:
    """A column of a table: its title, the name of its values, and how they are written, or the name of their texts."""

    title: str
    name: str
    write: Callable[[Any], str] = str
    is_number: bool = False
    texts: str = ""


@dataclass(frozen=True)
class Table:
    """A table that can be sorted by each of its columns."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Numbers:
    """A few numbers, each under its name."""

    numbers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Moments:
    """What happened, in order."""

    moments: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Layers:
    """The layers that the data go through: name, what is in it, and what it is for."""

    layers: tuple[tuple[str, str, str], ...]


Block: TypeAlias = Chart | SmallCharts | Key | Table | Numbers | Moments | Layers


@dataclass(frozen=True)
class Figure:
    """One question and its answer."""

    title: str
    text: str
    blocks: tuple[Block, ...] = ()
    is_absent: bool = False


@dataclass(frozen=True)
class Section:
    """A chapter of the page."""

    name: str
    title: str
    text: str
    figures: tuple[Figure, ...]


def section(
    title: str, text: str, warehouse: Warehouse, figures: Iterable[tuple[str, Callable[[Warehouse], Figure]]]
) -> Section:
    """The section with its figures drawn. What the warehouse cannot tell is a sentence, and so is a section without any."""
    drawn = []
    for heading, draw in figures:
        try:
            drawn.append(draw(warehouse))
        except AbsentError as absent:
            drawn.append(Figure(heading, str(absent), is_absent=True))
    if drawn and all(figure.is_absent for figure in drawn):
        text, drawn = f"Not on this page: {drawn[0].text[0].lower()}{drawn[0].text[1:]}", []
    name = re.sub(r"\W+", "-", title.lower()).strip("-")
    return Section(name, title, text, tuple(drawn))


def table(
    caption: str, columns: Sequence[Column], rows: Iterable[dict[str, Any]], marks: dict[str, str] | None = None
) -> Table:
    """The rows under these columns. `marks` says which texts are good and which are bad."""
    marks = marks or {}

    def cell(column: Column, row: dict[str, Any]) -> Cell:
        value = row[column.name]
        if value is None:
            return Cell(NOTHING, "")
        text = row[column.texts] if column.texts else column.write(value)
        sort = str(float(value)) if column.is_number else str(value)
        return Cell(text, sort, marks.get(text, ""))

    body = tuple(tuple(cell(column, row) for column in columns) for row in rows)
    return Table(caption, tuple(columns), body)


def words(title: str, name: str) -> Column:
    """A column of words."""
    return Column(title, name)


def count(title: str, name: str) -> Column:
    """A column of whole numbers."""
    return Column(title, name, whole, is_number=True)


def number(title: str, name: str, digits: int = 1) -> Column:
    """A column of numbers with so many digits."""
    return Column(title, name, lambda value: f"{value:,.{digits}f}", is_number=True)


def measure(title: str, name: str) -> Column:
    """A column of numbers of any size, with four digits that count."""
    return Column(title, name, significant, is_number=True)


def share(title: str, name: str, digits: int = 1) -> Column:
    """A column of shares, written in per cent."""
    return Column(title, name, lambda value: percent(value, digits), is_number=True)


def moments(title: str, name: str) -> Column:
    """A column of moments, to the minute."""
    return Column(title, name, moment)


def whole(value: float | Decimal) -> str:
    """A whole number."""
    return f"{value:,.0f}"


def significant(value: float | Decimal) -> str:
    """A number with the four digits that count."""
    return f"{float(value):,.4g}" if abs(float(value)) < 10_000 else whole(value)


def percent(value: float, digits: int = 1) -> str:
    """A share in per cent."""
    return f"{100 * value:.{digits}f} %"


def moment(value: date | datetime) -> str:
    """A day, or a moment to the minute."""
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else f"{value:%Y-%m-%d}"
