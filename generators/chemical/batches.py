"""Batches and their phases after ISA-88, from what a batch unit did on a day.

A row comes to be when its batch or phase has ended, and never changes. A batch that began before the history has rows for the
phases that ended in it. Yields and times are those of the recipe's own book, so they can be checked against the readings.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import numpy as np

from generators.chemical.fleet import Unit
from generators.chemical.processes import fed_batch_recipe as recipe
from generators.chemical.record import DayRecord

TABLES = ("batch.batches", "batch.phases")
RECIPES = (  # code and product; a unit makes one product
    ("FB-AMY-01", "Amylase concentrate"),
    ("FB-LIP-01", "Lipase concentrate"),
    ("FB-PRO-02", "Protease concentrate"),
    ("FB-XYL-01", "Xylanase concentrate"),
)
STATUSES = {recipe.COMPLETED: "completed", recipe.ABORTED: "aborted"}
BOOK = ("phase", "phase_seconds", "batch_number", "batch_seconds", "batch_yield", "batch_outcome")

Row = dict[str, Any]


@dataclass(frozen=True)
class BatchState:
    """The checkpoint between two days: the recipe's book at the last tick before midnight."""

    book: tuple[float, ...]


def runs_batches(unit: Unit) -> bool:
    """Whether a unit is a batch unit."""
    return unit.model.name == "fed_batch_fermenter"


def of_day(record: DayRecord, state: BatchState | None) -> tuple[dict[str, list[Row]], BatchState]:
    """The batches and phases that ended on a day, in order; `state` is None on the first day of the history.

    What ends at midnight belongs to the new day.
    """
    unit, ticks = record.unit, record.unit.ticks_per_day
    book = np.array([record.signals[name][:ticks] for name in BOOK])
    before = book[:, 0] if state is None else np.array(state.book)
    book = np.concatenate((before[:, np.newaxis], book), axis=1)  # column n + 1 is tick n
    rows: dict[str, list[Row]] = {table: [] for table in TABLES}
    for tick in np.flatnonzero(np.diff(book[0])):
        phase, phase_seconds, number, batch_seconds, _, _ = (float(value) for value in book[:, tick])
        if phase == recipe.IDLE:
            continue
        ended_at = datetime.combine(record.day, time()) + timedelta(seconds=int(tick) * unit.model.tick_seconds)
        tick_seconds = unit.model.tick_seconds
        key = {"org_id": unit.org_id, "batch_id": batch_id(unit, int(number))}
        known = {"created_at": ended_at, "updated_at": ended_at}
        named = recipe.PHASES[int(phase)]
        rows["batch.phases"].append(
            key
            | {
                "phase_no": int(phase),
                "unit_id": unit.unit_id,
                "phase_name": named.name,
                "operation_name": named.operation,
                "started_at": ended_at - timedelta(seconds=int(phase_seconds) + tick_seconds),
                "ended_at": ended_at,
            }
            | known
        )
        if phase == recipe.CLEAN:
            code, product = RECIPES[unit.unit_id % len(RECIPES)]
            rows["batch.batches"].append(
                key
                | {
                    "unit_id": unit.unit_id,
                    "recipe_code": code,
                    "product_name": product,
                    "started_at": ended_at - timedelta(seconds=int(batch_seconds) + tick_seconds),
                    "ended_at": ended_at,
                    "yield_quantity": round(float(book[4, tick]), 3),
                    "unit_of_measure": "kg",
                    "status": STATUSES[int(book[5, tick])],
                }
                | known
            )
    return rows, BatchState(tuple(float(value) for value in book[:, -1]))


def batch_id(unit: Unit, number: int) -> int:
    """Surrogate key of a batch of a unit, by its number."""
    return unit.unit_id * 100_000 + number
