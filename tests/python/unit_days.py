"""The records of a unit's days, for tests of those who tell about them."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from generators.chemical.defects import KINDS, defects_of
from generators.chemical.faults import FaultEpisode, episode_counts, episodes_of
from generators.chemical.fleet import Unit, fleet_of
from generators.chemical.measurement import first_states, observe_day
from generators.chemical.record import DayRecord
from generators.chemical.simulation import first_state, simulate_day
from generators.scenario import Scenario


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
        instruments = instruments or first_states(unit, unit_day.signals)
        plan = defects_of(unit.seed, unit.unit_id, unit.tags, day, [] if number else list(range(1, len(KINDS))))
        observations, instruments = observe_day(unit, unit_day.signals, instruments, plan, day)
        yield DayRecord(unit, day, unit_day.signals, unit_day.trips, episodes, plan, observations)
