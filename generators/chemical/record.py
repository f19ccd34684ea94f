"""The record of a unit's day, for those who tell about it: alarms, laboratory, logbook, maintenance and batches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from generators.chemical.defects import DayOfDefects
from generators.chemical.faults import FaultEpisode
from generators.chemical.fleet import Unit
from generators.chemical.measurement import Observations
from generators.chemical.processes.model import Signals
from generators.chemical.simulation import Trip


@dataclass(frozen=True)
class DayRecord:
    """What a unit did and what its instruments saw on a day.

    `signals` are the true values at every tick and one more, `observations` the readings, sorted by tag and time.
    """

    unit: Unit
    day: date
    signals: Signals
    trips: tuple[Trip, ...]
    episodes: tuple[FaultEpisode, ...]
    defects: DayOfDefects
    observations: Observations
