"""Executors: who makes the parts. The order and the number of workers change nothing in what is written.

A job is picklable and makes its part wherever it runs; an executor is anything that takes jobs and yields outcomes as they
finish. Processes of one machine are one choice; a cluster is another behind the same two lines.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Any

from generators.engine.checkpoints import read_checkpoint, write_checkpoint
from generators.engine.lake import FileEntry, LakeError, write_chunk, write_receipt, writing
from generators.engine.memory import keep_freed_memory
from generators.engine.plan import Family, Part, Window
from generators.engine.storage import Storage


@dataclass(frozen=True)
class Job:
    """One part to be made for a lake, of which the rows in the window are written."""

    lake: Storage
    scenario: Any
    family: Family[Any]
    part: Part
    window: Window

    @property
    def receipt(self) -> str:
        """The name under which the finished job is recorded."""
        return self.part.name if self.window.since is None else f"{self.part.name}-since-{self.window.since}"


@dataclass(frozen=True)
class Outcome:
    """A part that is finished, with the files that it wrote."""

    part: Part
    files: tuple[FileEntry, ...]


Executor = Callable[[Sequence[Job]], Iterator[Outcome]]


def make_part(job: Job) -> Outcome:
    """Generate a part, write its files and then its receipt. Raises LakeError when the storage refuses.

    Whoever makes a part again, or at the same time, writes the same bytes under the same names.
    """
    name, window = job.part.name, job.window

    def keep(checkpoint: bytes) -> None:
        write_checkpoint(job.lake, name, window.until, checkpoint)

    with writing(job.lake, f"part {name}"):
        checkpoint = None if window.since is None else read_checkpoint(job.lake, name, window.since)
        chunks = job.family.chunks(job.scenario, job.part, window, checkpoint, keep)
        files = tuple(write_chunk(job.lake, job.part, chunk) for chunk in chunks)
        write_receipt(job.lake, job.receipt, files)
    return Outcome(job.part, files)


def processes(workers: int) -> Executor:
    """The executor of this machine: a pool of so many processes, or this one alone where that is enough."""

    def execute(jobs: Sequence[Job]) -> Iterator[Outcome]:
        needed = min(workers, len(jobs))
        if needed > 1:
            return _in_processes(jobs, needed)
        keep_freed_memory()
        return (make_part(job) for job in jobs)

    return execute


def _in_processes(jobs: Sequence[Job], workers: int) -> Iterator[Outcome]:
    """Processes are started fresh, so that no thread or lock of this one is inherited."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin_worker) as pool:
        try:
            with _ctrl_c_held_back():  # the first job starts the workers
                futures = [pool.submit(make_part, job) for job in jobs]
            for future in as_completed(futures):
                yield future.result()
        except BrokenProcessPool:
            raise LakeError(
                "a worker died (killed, or out of memory?): run the same command with --resume, "
                "and with fewer --workers if memory is short"
            ) from None
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in multiprocessing.active_children():
                worker.terminate()
            raise


@contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Processes started meanwhile never see Ctrl-C, from their first instruction on; this one sees it afterwards.

    They inherit the mask. It does not spare this process, whose other threads take the signal: hence the handler.
    """
    pressed: list[int] = []
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    handler = signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    if pressed:
        raise KeyboardInterrupt


def _begin_worker() -> None:
    """End when the parent is gone: a killed run leaves no process behind."""
    keep_freed_memory()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
