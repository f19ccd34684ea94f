"""How far a load is: a bar on a terminal, a line per step with --verbose, and otherwise nothing."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar


class Progress:
    """Watches one load of `rows` rows; a context manager, so that the bar goes when the load ends."""

    def __init__(self, rows: int, verbose: bool) -> None:
        self._verbose = verbose
        self._started = time.perf_counter()
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bar = Bar(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("", total=rows)

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._bar.stop()

    def phase(self, text: str) -> None:
        """A new phase begins."""
        self._bar.update(self._task, description=text)
        if self._verbose:
            print(f"{time.perf_counter() - self._started:7.2f} s  {text}", file=sys.stderr)

    def rows(self, count: int) -> None:
        """So many more rows were sent."""
        self._bar.advance(self._task, count)
