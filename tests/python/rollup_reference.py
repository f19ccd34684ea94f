"""The roll-ups of one tag computed straight from its readings, bucket by bucket, in whole numbers and fractions.

Independent of the SQL: no state is merged and no level knows another. Values are in steps of the tag's resolution, edges of
minutes in eighths of a step, times in microseconds since 1970.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

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


def roll_up(
    tag: Tag, readings: list[Reading], bucket_of: Callable[[int], tuple[int, int]]
) -> dict[int, dict[str, int | dict[int, int] | None]]:
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
) -> dict[str, int | dict[int, int] | None]:
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
