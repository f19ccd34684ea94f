"""The roll-ups of one tag computed straight from its readings, bucket by bucket, in whole numbers and fractions.

Independent of the SQL: no state is merged and no level knows another. Values are in steps of the tag's resolution, edges of
minutes in eighths of a step, times in microseconds since 1970.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

MINUTE = 60_000_000
EIGHTHS = 8
BINS = 64


@dataclass(frozen=True)
class Tag:
    """What a roll-up must know of a tag."""

    tag_id: int
    resolution: float
    is_stepped: bool
    max_hold_seconds: int
    range_low: float
    range_high: float


@dataclass(frozen=True)
class Reading:
    """One row of historian.readings; `steps` stands for the value, None where it has none."""

    at: int
    seq: int
    steps: int | None
    quality: int
    ingested_at: int

    @property
    def value(self) -> int | None:
        """The steps, unless the quality is bad."""
        return self.steps if self.quality >= 192 or 64 <= self.quality <= 127 else None


@dataclass(frozen=True)
class Piece:
    """The signal between two instants that no edge of a minute parts: from `start` to `end` eighths, None where it is bad."""

    begin: int
    stop: int
    start: int | None
    end: int | None
    quality: int


def counted(readings: list[Reading]) -> list[Reading]:
    """One reading of each instant, the one that arrived last, in order of time."""
    last: dict[int, Reading] = {}
    for reading in readings:
        other = last.get(reading.at)
        if other is None or (reading.ingested_at, reading.seq) > (other.ingested_at, other.seq):
            last[reading.at] = reading
    return [last[at] for at in sorted(last)]


def pieces(tag: Tag, readings: list[Reading]) -> Iterator[Piece]:
    """The signal of a tag, cut at the edges of minutes."""
    hold = tag.max_hold_seconds * 1_000_000
    for reading, following in zip(readings, [*readings[1:], None], strict=True):
        stop = reading.at + hold if following is None else min(following.at, reading.at + hold)

        def eighths(at: int, reading: Reading = reading, following: Reading | None = following) -> int | None:
            if reading.value is None:
                return None
            if tag.is_stepped or following is None or following.value is None:
                return EIGHTHS * reading.value
            rise = Fraction(EIGHTHS * (following.value - reading.value) * (at - reading.at), following.at - reading.at)
            rounded = math.floor(abs(rise) + Fraction(1, 2))
            return EIGHTHS * reading.value + (rounded if rise >= 0 else -rounded)

        begin = reading.at
        while begin < stop:
            edge = min(stop, (begin // MINUTE + 1) * MINUTE)
            yield Piece(begin, edge, eighths(begin), eighths(edge), reading.quality)
            begin = edge


def bin_of(tag: Tag, steps: int) -> int:
    """Which of the bins over the tag's range holds a value."""
    span = tag.range_high - tag.range_low
    if span == 0:
        return 0
    return min(BINS - 1, max(0, math.floor(BINS * (steps * tag.resolution - tag.range_low) / span)))


def roll_up(tag: Tag, readings: list[Reading], bucket_of: Callable[[int], tuple[int, int]]) -> dict[int, dict[str, Any]]:
    """Every bucket that the tag's readings reach into: its state, by the bucket's begin. `bucket_of` gives begin and end."""
    chosen = counted(readings)
    signal = list(pieces(tag, chosen))
    found: dict[int, int] = {}
    for at in [reading.at for reading in chosen] + [piece.begin for piece in signal]:
        begin, end = bucket_of(at)
        found[begin] = end
    raw: dict[int, list[Reading]] = {begin: [] for begin in found}
    own: dict[int, list[tuple[Reading | None, Reading]]] = {begin: [] for begin in found}
    through: dict[int, list[Piece]] = {begin: [] for begin in found}
    for reading in readings:
        raw[bucket_of(reading.at)[0]].append(reading)
    for before, reading in zip([None, *chosen[:-1]], chosen, strict=True):
        own[bucket_of(reading.at)[0]].append((before, reading))
    for piece in signal:
        through[bucket_of(piece.begin)[0]].append(piece)
    at_instant = {piece.begin: piece.start for piece in signal} | {
        reading.at: None if reading.value is None else EIGHTHS * reading.value for reading in chosen
    }
    minutes = {at // MINUTE for at in [reading.at for reading in chosen] + [piece.begin for piece in signal]}
    return {
        begin: _bucket(
            tag,
            raw[begin],
            own[begin],
            through[begin],
            at_instant.get(begin),
            at_instant.get(end) if end // MINUTE - 1 in minutes else None,
        )
        for begin, end in found.items()
    }


def _bucket(
    tag: Tag,
    raw: list[Reading],
    own: list[tuple[Reading | None, Reading]],
    through: list[Piece],
    start_bound: int | None,
    end_bound: int | None,
) -> dict[str, Any]:
    values = [reading.value for _, reading in own if reading.value is not None]
    steps_between = [
        (before.value, reading.value)
        for before, reading in own
        if before is not None and before.value is not None and reading.value is not None
    ]
    known = [(piece, piece.start, piece.end) for piece in through if piece.start is not None and piece.end is not None]
    points = [(EIGHTHS * reading.value, reading.at) for _, reading in own if reading.value is not None]
    points += [(start, piece.begin) for piece, start, _ in known] + [(end, piece.stop) for piece, _, end in known]
    least = min(points, default=None)
    greatest = max(points, key=lambda point: (point[0], -point[1]), default=None)
    bins: dict[int, int] = {}
    for value in values:
        bins[bin_of(tag, value)] = bins.get(bin_of(tag, value), 0) + 1
    return {
        "reading_count": len(raw),
        "duplicate_count": len(raw) - len(own),
        "good_count": sum(reading.value is not None and reading.quality >= 192 for _, reading in own),
        "uncertain_count": sum(reading.value is not None and reading.quality < 192 for _, reading in own),
        "late_count": sum(reading.ingested_at > reading.at + 5 * MINUTE for reading in raw),
        "worst_quality": min((reading.quality for _, reading in own), default=None),
        "value_sum": sum(values) if values else None,
        "value_square_sum": sum(value * value for value in values) if values else None,
        "minimum_eighths": least and least[0],
        "minimum_us": least and least[1],
        "maximum_eighths": greatest and greatest[0],
        "maximum_us": greatest and greatest[1],
        "first_us": own[0][1].at if own else None,
        "first_steps": own[0][1].value if own else None,
        "first_quality": own[0][1].quality if own else None,
        "last_us": own[-1][1].at if own else None,
        "last_steps": own[-1][1].value if own else None,
        "last_quality": own[-1][1].quality if own else None,
        "start_bound_eighths": start_bound,
        "end_bound_eighths": end_bound,
        "double_area": sum((start + end) * (piece.stop - piece.begin) for piece, start, end in known),
        "triple_square_area": sum(
            (start * start + start * end + end * end) * (piece.stop - piece.begin) for piece, start, end in known
        ),
        "duration_good_us": sum(piece.stop - piece.begin for piece, _, _ in known if piece.quality >= 192),
        "duration_uncertain_us": sum(piece.stop - piece.begin for piece, _, _ in known if piece.quality < 192),
        "duration_bad_us": sum(piece.stop - piece.begin for piece in through if piece.start is None),
        "duration_zero_us": sum(piece.stop - piece.begin for piece, start, end in known if start == 0 and end == 0),
        "transition_count": sum((before == 0) != (value == 0) for before, value in steps_between),
        "increase_steps": sum(max(0, value - before) for before, value in steps_between),
        "decrease_count": sum(value < before for before, value in steps_between),
        "last_ingested_us": max((reading.ingested_at for reading in raw), default=None),
        "bins": bins,
    }


def finished(tag: Tag, state: dict[str, Any], width: int) -> dict[str, float | int | None]:
    """What analysts read of a bucket of so many microseconds, from its state; exact until the last division or root."""
    step = Fraction(str(tag.resolution))

    def value(steps: Fraction | int | None, parts: int = 1) -> float | None:
        return None if steps is None else float(steps * step / parts)

    count = state["good_count"] + state["uncertain_count"]
    known = state["duration_good_us"] + state["duration_uncertain_us"]
    total, square_total = state["value_sum"], state["value_square_sum"]
    area, square_area = Fraction(state["double_area"], 2 * EIGHTHS), Fraction(state["triple_square_area"], 3 * EIGHTHS**2)
    least, greatest = state["minimum_eighths"], state["maximum_eighths"]
    first, last = state["first_steps"], state["last_steps"]
    return {
        "reading_count": state["reading_count"],
        "good_count": state["good_count"],
        "uncertain_count": state["uncertain_count"],
        "bad_count": state["reading_count"] - state["duplicate_count"] - count,
        "duplicate_count": state["duplicate_count"],
        "late_count": state["late_count"],
        "worst_quality": state["worst_quality"],
        "average": value(Fraction(total, count)) if count else None,
        "time_average": value(area / known) if known else None,
        "total": value(area / 1_000_000) if known else None,
        "minimum": value(least, EIGHTHS),
        "maximum": value(greatest, EIGHTHS),
        "range": None if least is None else value(greatest - least, EIGHTHS),
        "first_value": value(first),
        "last_value": value(last),
        "start_bound": value(state["start_bound_eighths"], EIGHTHS),
        "end_bound": value(state["end_bound_eighths"], EIGHTHS),
        "delta": None if first is None or last is None else value(last - first),
        "standard_deviation": (
            float(step) * math.sqrt(Fraction(count * square_total - total * total, count * (count - 1))) if count > 1 else None
        ),
        "time_standard_deviation": float(step) * math.sqrt(square_area / known - (area / known) ** 2) if known else None,
        "duration_good_seconds": state["duration_good_us"] / 1e6,
        "duration_uncertain_seconds": state["duration_uncertain_us"] / 1e6,
        "duration_bad_seconds": state["duration_bad_us"] / 1e6,
        "duration_no_data_seconds": (width - known - state["duration_bad_us"]) / 1e6,
        "percent_good": 100 * state["duration_good_us"] / width,
        "percent_bad": 100 * state["duration_bad_us"] / width,
        "number_of_transitions": state["transition_count"],
        "duration_in_state_zero_seconds": state["duration_zero_us"] / 1e6,
        "duration_in_state_nonzero_seconds": (known - state["duration_zero_us"]) / 1e6,
        "p05": _quantile(tag, state, 0.05),
        "p50": _quantile(tag, state, 0.5),
        "p95": _quantile(tag, state, 0.95),
        "minimum_us": state["minimum_us"],
        "maximum_us": state["maximum_us"],
    }


def _quantile(tag: Tag, state: dict[str, Any], share: float) -> float | None:
    """Where the share of the readings is reached, if those of a bin lie evenly over it; never beyond the extremes."""
    wanted, passed = share * sum(state["bins"].values()), 0
    for bin_no, count in sorted(state["bins"].items()):
        if passed + count >= wanted:
            place = (bin_no + (wanted - passed) / count) / BINS
            low, high = (state[name] * tag.resolution / EIGHTHS for name in ("minimum_eighths", "maximum_eighths"))
            return float(min(max(tag.range_low + (tag.range_high - tag.range_low) * place, low), high))
        passed += count
    return None
