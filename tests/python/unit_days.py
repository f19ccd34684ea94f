"""The records of a unit's days, for tests of those who tell about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any

from generators.chemical import laboratory, logbook, maintenance, paperwork
from generators.chemical.defects import KINDS, defects_of
from generators.chemical.faults import FaultEpisode, episode_counts, episodes_of
from generators.chemical.findings import Findings, findings_of
from generators.chemical.fleet import Unit, fleet_of
from generators.chemical.laboratory import Sample
from generators.chemical.logbook import Entry, Headline
from generators.chemical.maintenance import Order
from generators.chemical.measurement import observe_day
from generators.chemical.record import DayRecord
from generators.chemical.simulation import first_state, simulate_day
from generators.scenario import Scenario, load_scenario

BLOCKAGE = "outlet_1_blocked"


def unit_days(scenario: Scenario, unit: Unit, first: Sequence[FaultEpisode] = ()) -> Iterator[DayRecord]:
    """A unit's days over the scenario's horizon; the first shows every kind of defect, and the faults that are given."""
    shape, units = scenario.chemical, len(fleet_of(scenario).units)
    state, instruments = first_state(unit), None
    for number in range(shape.days):
        day = scenario.end - timedelta(days=shape.days - number)
        count = episode_counts(unit.seed, units, shape.faults, shape.days, number)[unit.unit_id - 1]
        planned = episodes_of(unit.seed, unit.unit_id, unit.model.faults, day, count)
        episodes = tuple(first) if first and number == 0 else tuple(planned)
        unit_day, state = simulate_day(unit, state, episodes, day)
        plan = defects_of(unit.seed, unit.unit_id, unit.tags, day, [] if number else list(range(1, len(KINDS))))
        observations, instruments = observe_day(unit, unit_day.signals, instruments, plan, day)
        yield DayRecord(unit, day, unit_day.signals, unit_day.trips, episodes, plan, observations)


@dataclass(frozen=True)
class Told:
    """A unit's day with all that is written down about it."""

    record: DayRecord
    findings: Findings
    samples: list[Sample]
    orders: list[Order]
    entries: list[Entry]
    rows: dict[str, list[dict[str, Any]]]


def small_fleet() -> Scenario:
    """Eight units over four days with many faults."""
    small = load_scenario("small", seed=42)
    return replace(small, chemical=replace(small.chemical, days=4, faults=40))


@cache
def told_days() -> list[Told]:
    """What is told of the small fleet. The first day of its tanks has a blockage that trips them."""
    scenario = small_fleet()
    told = []
    for unit in fleet_of(scenario).units:
        names = [fault.name for fault in unit.model.faults]
        blockage = [FaultEpisode(names.index(BLOCKAGE), 21_600, 32_400, 0.9)] if BLOCKAGE in names else []
        pending: tuple[Headline, ...] = ()
        for record in unit_days(scenario, unit, blockage):
            findings = findings_of(record)
            samples = laboratory.of_day(record, findings, scenario)
            orders = maintenance.of_day(record, findings, scenario)
            entries, _ = logbook.of_day(record, findings, samples, orders, pending, scenario)
            rows, pending = paperwork.of_day(record, pending, scenario)
            told.append(Told(record, findings, samples, orders, entries, rows))
    return told
