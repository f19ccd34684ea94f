"""The recipe of the fermenter after ISA-88: its phases, what each asks of the control loops, and when the next one begins.

Phases end on what the vessel shows (it is full, sterile, out of substrate, empty) or on time. A batch that has lost its purpose
is discarded: the organism starves of oxygen, is overtaken by foreign ones, or gets too hot or too sour.
"""

from __future__ import annotations

from math import exp
from typing import NamedTuple

from generators.chemical.compiled import compiled, formula
from generators.chemical.processes.model import FloatArray

IDLE, PREPARE, STERILISE, INOCULATE, GROW, FEED, HARVEST, DISCARD, CLEAN = range(9)
RUNS, COMPLETED, ABORTED = range(3)  # outcome of the batch


class Phase(NamedTuple):
    """A phase of the recipe, and the ISA-88 operation that it is part of."""

    name: str
    operation: str


PHASES = {
    PREPARE: Phase("charge medium", "preparation"),
    STERILISE: Phase("sterilise", "preparation"),
    INOCULATE: Phase("inoculate", "fermentation"),
    GROW: Phase("batch growth", "fermentation"),
    FEED: Phase("fed-batch feeding", "fermentation"),
    HARVEST: Phase("harvest", "harvest"),
    DISCARD: Phase("kill and discard", "discard"),
    CLEAN: Phase("clean in place", "cleaning"),
}

# The entries of the recipe's own state: the book of the batch.
PHASE, PHASE_SECONDS, BATCH, BATCH_SECONDS, STERILE_SECONDS, STARVED_SECONDS = range(6)
INOCULUM, MEDIUM, FEED_PLAN, GAP_SECONDS, YIELD, OUTCOME = range(6, 12)
BOOK_ENTRIES = 12

UNIFORMS = 4  # per day: inoculum, medium, feed plan, gap before the next batch
INOCULUM_SPREAD, MEDIUM_SPREAD, FEED_PLAN_SPREAD = 0.15, 0.07, 0.03
GAP_HOURS = (0.5, 4.5)

STERILE_CELSIUS, HOLD_SECONDS = 121.0, 1200.0
CLEANING_CELSIUS, KILLING_CELSIUS = 75.0, 80.0
COLD_CELSIUS = 25.0
INOCULATION_SECONDS = 1800.0
DEPLETED = 0.12  # kg/m³ of substrate: batch growth is over
LONGEST_GROWTH_SECONDS = 72_000.0
KILL_SECONDS = 3600.0
CLEANING_SECONDS, RINSE_SECONDS = 9000.0, 10_800.0
STARVED_PERCENT, STARVED_LIMIT_SECONDS = 3.0, 5400.0
FOREIGN_SHARE, TOO_HOT_CELSIUS, TOO_SOUR_PH = 0.25, 42.0, 5.2


@formula
def is_growing(phase: float) -> bool:
    """Whether the organism lives in the vessel in a phase: then operators lead the conditions."""
    return INOCULATE <= phase <= FEED


@formula
def planned_feed(first: float, growth_rate: float, hours: float) -> float:
    """The predetermined feed after some hours, in m³/h: exponential, so that the organism grows at a constant rate (1/h)."""
    return first * exp(growth_rate * hours)


@compiled
def advance_recipe(
    book: FloatArray,
    uniforms: FloatArray,
    tick_seconds: float,
    feed_seconds: float,
    growth_celsius: float,
    substrate: float,
    product: float,
    foreign_share: float,
    fullness: float,
    heel: float,
    oxygen: float,
    ph: float,
    temperature: float,
) -> None:
    """Move the book on by a tick, and into the next phase where it is due.

    `substrate` in kg/m³, `product` in kg, `fullness` the volume over the charge, `heel` what stays in an emptied vessel on the
    same scale, `oxygen` in % of saturation, temperatures in °C.
    """
    book[PHASE_SECONDS] += tick_seconds
    phase, since = int(book[PHASE]), book[PHASE_SECONDS]
    if phase != IDLE:
        book[BATCH_SECONDS] += tick_seconds
    following = phase
    if phase == IDLE:
        if since >= book[GAP_SECONDS]:
            following = PREPARE
            book[BATCH] += 1.0
            book[BATCH_SECONDS] = 0.0
            book[YIELD], book[OUTCOME] = 0.0, RUNS
            book[STERILE_SECONDS] = book[STARVED_SECONDS] = 0.0
            book[INOCULUM] = 1.0 + INOCULUM_SPREAD * (2.0 * uniforms[0] - 1.0)
            book[MEDIUM] = 1.0 + MEDIUM_SPREAD * (2.0 * uniforms[1] - 1.0)
            book[FEED_PLAN] = 1.0 + FEED_PLAN_SPREAD * (2.0 * uniforms[2] - 1.0)
    elif phase == PREPARE:
        if fullness >= 1.0:
            following = STERILISE
    elif phase == STERILISE:
        if book[STERILE_SECONDS] < HOLD_SECONDS:
            if temperature > STERILE_CELSIUS:
                book[STERILE_SECONDS] += tick_seconds
        elif temperature < growth_celsius + 0.5:
            following = INOCULATE
    elif phase == INOCULATE:
        if since >= INOCULATION_SECONDS:
            following = GROW
    elif phase == GROW:
        if substrate < DEPLETED or since >= LONGEST_GROWTH_SECONDS:
            following = FEED
    elif phase == FEED:
        if since >= feed_seconds:
            following = HARVEST
            book[YIELD], book[OUTCOME] = product, COMPLETED
    elif phase == HARVEST:
        if fullness <= heel:
            following = CLEAN
    elif phase == DISCARD:
        if fullness <= heel and since > KILL_SECONDS:
            following = CLEAN
    elif fullness <= heel and since >= RINSE_SECONDS:
        following = IDLE
        book[GAP_SECONDS] = 3600.0 * (GAP_HOURS[0] + (GAP_HOURS[1] - GAP_HOURS[0]) * uniforms[3])
    if phase in (GROW, FEED):
        starves = oxygen < STARVED_PERCENT
        book[STARVED_SECONDS] = book[STARVED_SECONDS] + tick_seconds if starves else 0.0
        is_starved = book[STARVED_SECONDS] >= STARVED_LIMIT_SECONDS
        if is_starved or foreign_share > FOREIGN_SHARE or temperature > TOO_HOT_CELSIUS or ph < TOO_SOUR_PH:
            following = DISCARD
            book[YIELD], book[OUTCOME] = 0.0, ABORTED
    if following != phase:
        book[PHASE], book[PHASE_SECONDS] = following, 0.0
