"""The plan: which parts there are, and how many rows fall to each. Knows nothing of any domain.

A part is the unit of work, of resumption and of parallelism. What a part writes depends on the scenario and the code only:
not on the workers, the order, or which other parts run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

ScenarioT = TypeVar("ScenarioT")


@dataclass(frozen=True)
class Part:
    """One unit of work of a family. `key` is unique in the family; `expected_rows` orders the work, largest first.

    All rows of a part come to be on the days [first_day, end_day), where it says so.
    """

    family: str
    key: str
    expected_rows: int
    first_day: date | None = None
    end_day: date | None = None

    @property
    def name(self) -> str:
        """The part's name across families."""
        return f"{self.family}.{self.key}"


@dataclass(frozen=True)
class Chunk:
    """Rows for one file of the lake: `path` is below the table's folder and ends in .parquet.

    `days` has the day on which each row came to be (datetime64[D], local at its source); None for rows that stand from the
    beginning. `arrived_on` is the one day on which the whole file came to be, where there is such a day.
    """

    table: str
    path: str
    rows: pa.Table
    days: NDArray[np.datetime64] | None = None
    arrived_on: date | None = None


@dataclass(frozen=True)
class Window:
    """The days [since, until) whose rows are written; `since` is None for the beginning. A lake grows window by window."""

    since: date | None
    until: date

    def touches(self, part: Part) -> bool:
        """Whether a part can have rows in the window."""
        over = self.since is not None and part.end_day is not None and part.end_day <= self.since
        ahead = part.first_day is not None and part.first_day >= self.until
        return not over and not ahead

    def cut(self, chunk: Chunk) -> Chunk:
        """The chunk's rows in the window, in a file whose name says since when, unless from the beginning.

        A file that came to be on one day lies in the window or does not, and keeps its name.
        """
        if chunk.arrived_on is not None:
            is_inside = chunk.arrived_on < self.until and (self.since is None or chunk.arrived_on >= self.since)
            return chunk if is_inside else replace(chunk, rows=chunk.rows.slice(0, 0))
        if chunk.days is None:
            inside = np.full(chunk.rows.num_rows, self.since is None)
        else:
            inside = chunk.days < np.datetime64(self.until, "D")
            if self.since is not None:
                inside &= chunk.days >= np.datetime64(self.since, "D")
        rows = chunk.rows if inside.all() else chunk.rows.filter(inside)
        path = chunk.path if self.since is None else chunk.path.replace(".parquet", f"-since-{self.since}.parquet")
        return replace(chunk, rows=rows, path=path, days=None)


@dataclass(frozen=True)
class Family(Generic[ScenarioT]):
    """The tables that are generated together, how they fall into parts, and the pure function that makes a part.

    `parts` and `generate` are module-level functions, so that a family can be sent to another process. `generate`
    yields chunks one at a time, so that memory stays flat however large the part is. A family that `goes_on` where an earlier
    window ended is given the end of the window, the checkpoint at its beginning, if there is one, and a function that keeps
    the checkpoint at its end; without the first it begins at the beginning, with the same result.
    """

    name: str
    tables: tuple[str, ...]
    parts: Callable[[ScenarioT], list[Part]]
    generate: Callable[[ScenarioT, Part], Iterator[Chunk]]
    grows: bool = True  # whether a longer horizon adds rows
    goes_on: Callable[[ScenarioT, Part, date, bytes | None, Callable[[bytes], None]], Iterator[Chunk]] | None = None

    def chunks(
        self, scenario: ScenarioT, part: Part, window: Window, checkpoint: bytes | None, keep: Callable[[bytes], None]
    ) -> Iterator[Chunk]:
        """The chunks of a part in a window."""
        if self.goes_on is None:
            made = self.generate(scenario, part)
        else:
            made = self.goes_on(scenario, part, window.until, checkpoint, keep)
        for chunk in made:
            cut = window.cut(chunk)
            if cut.rows.num_rows:
                yield cut


@dataclass(frozen=True)
class Derived(Generic[ScenarioT]):
    """A table that sums up other tables of the lake, such as the count of a stock; made when those are finished.

    `generate` gets the files of the table that it reads, opened one after the other, and yields chunks like a family's.
    """

    name: str
    tables: tuple[str, ...]
    reads: str
    generate: Callable[[ScenarioT, Iterable[pa.NativeFile]], Iterator[Chunk]]


def exact_counts(intensity: NDArray[np.float64], total: int, through: int | None = None) -> NDArray[np.int64]:
    """Whole counts in proportion to `intensity`, exactly `total` over its first `through` entries (default: all).

    The cumulative intensity is scaled and rounded, so every prefix is within half a row of its share, and entries after
    `through` continue at the same scale: a longer intensity never changes the counts of the shorter one.
    """
    cumulative = np.cumsum(intensity)
    last = len(intensity) if through is None else through
    scale = total / cumulative[last - 1]
    edges = np.floor(cumulative * scale + 0.5).astype(np.int64)
    edges[last - 1] = total  # the product above may miss it by one in the last bit
    counts: NDArray[np.int64] = np.diff(edges, prepend=np.int64(0))
    return counts


def apportion(weights: NDArray[np.float64], total: int, minimum: int = 0) -> NDArray[np.int64]:
    """Share `total` among `weights` by the largest remainder, each at least `minimum`. Ties go to the first.

    Raises ValueError when the minimum alone exceeds the total.
    """
    spare = total - minimum * len(weights)
    if spare < 0:
        raise ValueError(f"{total} cannot be shared among {len(weights)} with at least {minimum} each")
    quotas = weights / weights.sum() * spare
    counts: NDArray[np.int64] = np.floor(quotas).astype(np.int64) + minimum
    remainders = np.argsort(np.floor(quotas) - quotas, kind="stable")
    counts[remainders[: total - int(counts.sum())]] += 1
    return counts
