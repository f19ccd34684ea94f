"""Fed-batch fermenter: the published kinetics, exact balances, the recipe in its order, and what faults do to a batch."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose

from generators.chemical import batches
from generators.chemical.defects import DayOfDefects
from generators.chemical.faults import FaultEpisode, profile
from generators.chemical.fleet import Unit, fleet_of
from generators.chemical.measurement import observe_day
from generators.chemical.processes import fed_batch_fermenter as fermenter
from generators.chemical.processes import fed_batch_kinetics as kinetics
from generators.chemical.processes import fed_batch_physics as physics
from generators.chemical.processes import fed_batch_recipe as recipe
from generators.chemical.processes.model import Drive, FloatArray, Run
from generators.chemical.record import DayRecord
from generators.chemical.simulation import first_state, simulate_day
from generators.engine.columns import rows_of
from generators.engine.streams import stream
from generators.scenario import load_scenario

MODEL = fermenter.MODEL
HOUR = 720  # ticks
FIRST_DAY = date(2025, 12, 20)
PLANTS = fleet_of(load_scenario("medium", seed=42)).plants
VESSEL = kinetics.NOMINAL._replace(charge=10.0)
FLOWS = physics.STATES + 6


def a_unit(number: int) -> Unit:
    return Unit(number, PLANTS[number % len(PLANTS)], str(10 + number), MODEL, len(MODEL.instruments), 42)


def book(run: Run, entry: int) -> FloatArray:
    row: FloatArray = run.trajectory[fermenter.BOOK + entry]
    return row


@pytest.fixture(scope="module")
def planned() -> Run:
    """An undisturbed batch, and the beginning of the next."""
    return fermenter.undisturbed(VESSEL, fermenter.empty(VESSEL), 60 * HOUR)


@pytest.mark.parametrize("substrate", [0.06, 0.1, 0.5, 2.0, 10.0])
def test_kinetics_are_the_published_ones(substrate: float) -> None:
    published = kinetics.NOMINAL._replace(pace=1.0)
    biomass, volume = 3.0, 0.12  # kg/m³, m³
    growth, production, uptake = kinetics.conversion(published, biomass * volume, substrate * volume, volume, 1.0)
    rate = 0.02 * substrate / (0.05 + substrate + substrate**2 / 5.0)
    assert growth / volume == pytest.approx(rate * biomass, rel=1e-12)
    assert production / volume == pytest.approx(0.004 * biomass, rel=1e-12)
    assert uptake / volume == pytest.approx(rate * biomass / 0.5 + 0.004 * biomass / 1.2, rel=1e-12)


def test_growth_peaks_where_inhibition_and_hunger_meet() -> None:
    published = kinetics.NOMINAL._replace(pace=1.0)
    substrates = np.linspace(0.01, 5.0, 5000)
    rates = np.array([kinetics.growth_rate(published, float(substrate)) for substrate in substrates])
    assert substrates[rates.argmax()] == pytest.approx(np.sqrt(0.05 * 5.0), abs=2e-3)  # √(Km Ki)
    assert rates.max() == pytest.approx(0.02 / 1.2, rel=1e-5)
    assert published.planned_growth < 0.8 * rates.max()  # below, where feeding is stable


def test_the_volume_is_what_was_charged_and_fed_less_what_was_drained(planned: Run) -> None:
    flows = planned.trajectory[FLOWS : FLOWS + 5, :-1]  # fill, seed, feed, base, drain
    volume = planned.trajectory[physics.VOLUME]
    net = (flows[:4].sum(axis=0) - flows[4]) / HOUR
    assert_allclose(np.diff(volume), net, rtol=0.0, atol=1e-12)
    feeding = np.flatnonzero(book(planned, recipe.PHASE) == recipe.FEED)
    first, last = feeding[0], feeding[-1]
    assert volume[last] - volume[first] == pytest.approx(net[first:last].sum(), abs=1e-11)
    assert flows[2, first:last].sum() / HOUR > 0.4


def test_masses_balance_in_feeding(planned: Run) -> None:
    p = VESSEL
    feeding = np.flatnonzero(book(planned, recipe.PHASE) == recipe.FEED)[:-1]
    biomass, substrate, product = planned.trajectory[:3, feeding]
    # d(PV)/dt = 0.004 XV at the unit's pace, whatever the growth.
    made = p.pace * 0.004 * np.trapezoid(biomass, dx=1.0 / HOUR)
    assert product[-1] - product[0] == pytest.approx(made, rel=1e-7)
    # Sugar fed = sugar left, in biomass, in product: to rounding, for all are integrated by the same linear rule.
    fed = planned.trajectory[FLOWS + 2, feeding[:-1]].sum() / HOUR * p.feed_substrate
    used = (biomass[-1] - biomass[0]) / p.yield_biomass + (product[-1] - product[0]) / p.yield_product
    assert fed == pytest.approx(substrate[-1] - substrate[0] + used, rel=1e-10)
    # d(XV)/dt = µ(S) XV, less what temperature, pH and oxygen cost.
    concentration = substrate / planned.trajectory[physics.VOLUME, feeding]
    rate = p.pace * 0.02 * concentration / (0.05 + concentration + concentration**2 / 5.0)
    oxygen = planned.trajectory[physics.OXYGEN, feeding]
    full = np.trapezoid(rate * biomass * oxygen / (oxygen + 3.0), dx=1.0 / HOUR)
    assert biomass[-1] - biomass[0] == pytest.approx(full, rel=2e-3)


def test_feeding_keeps_growth_at_its_planned_rate(planned: Run) -> None:
    feeding = np.flatnonzero(book(planned, recipe.PHASE) == recipe.FEED)
    biomass = planned.trajectory[physics.BIOMASS, feeding]
    hours = len(feeding) / HOUR
    assert np.log(biomass[-1] / biomass[0]) / hours == pytest.approx(VESSEL.pace * VESSEL.planned_growth, rel=0.03)


@pytest.mark.parametrize("number", range(6))
def test_the_recipe_goes_through_its_phases(number: int) -> None:
    p = kinetics.draw(stream(7, "test", "parameters", str(number)))
    run = fermenter.undisturbed(p, fermenter.empty(p), 90 * HOUR)
    phases, batch = book(run, recipe.PHASE), book(run, recipe.BATCH)
    first = phases[batch == 1.0]
    order = first[np.flatnonzero(np.diff(first, prepend=-1.0))]
    assert order.tolist() == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 0.0]
    assert 40.0 < np.count_nonzero(first > 0.0) / HOUR < 80.0
    temperature = run.trajectory[physics.TEMPERATURE]
    sterilising = temperature[phases == recipe.STERILISE]
    assert np.count_nonzero(sterilising > 121.0) * 5.0 >= 1200.0
    assert sterilising.max() < 126.0
    growing = (phases == recipe.GROW) | (phases == recipe.FEED)
    assert np.abs(temperature[growing] - p.growth_celsius).max() < 1.0
    assert np.abs(run.trajectory[physics.PH, growing] - p.growth_ph).max() < 0.3
    assert run.trajectory[physics.OXYGEN, growing].min() > 25.0
    assert run.trajectory[FLOWS + 2, phases != recipe.FEED].max() == 0.0


def test_loops_follow_the_operators_in_feeding() -> None:
    p = VESSEL
    state, ticks = fermenter.rest(p), 6 * HOUR
    asked = np.array(
        [
            p.growth_celsius + 0.5,
            p.growth_ph + 0.05,
            45.0,
            1.05 * p.aeration * p.charge,
            0.52,
            1020.0 * kinetics.normal_feed(p),
        ]
    )
    set_points = np.repeat(asked[:, np.newaxis], ticks + 1, axis=1)
    nothing = np.zeros_like(set_points)
    means = np.array([15.0, *(kind.mean for kind in MODEL.disturbances)])[:, np.newaxis]
    drive = Drive(
        means + np.zeros(ticks + 1), np.zeros((len(MODEL.faults), ticks + 1)), set_points, np.ones(nothing.shape, np.int8),
        nothing, nothing, np.full(4, 0.5),
    )  # fmt: skip
    run = fermenter.run(p, MODEL.tuning(p), state, drive, 5.0)
    error = np.abs(run.process_values[:, -1] - run.set_points[:, -1])
    assert (error < np.array([0.1, 0.03, 0.5, 0.5, 0.002, 0.2])).all()
    assert run.set_points[5, -1] > asked[5]  # the profile goes on rising from the normal point
    assert_allclose(run.set_points[:5, -1], asked[:5])


def with_fault(name: str, magnitude: float, phase: int, hours_into: float, hours: float) -> Run:
    """The batch of the vessel with one fault some hours into a phase, to its end."""
    sound = fermenter.undisturbed(VESSEL, fermenter.empty(VESSEL), 60 * HOUR)
    first = int(np.flatnonzero(book(sound, recipe.PHASE) == phase)[0] + hours_into * HOUR)
    ticks = 60 * HOUR
    number = [fault.name for fault in MODEL.faults].index(name)
    p = VESSEL
    normal = np.array(
        [p.growth_celsius, p.growth_ph, p.oxygen, p.aeration * p.charge, p.pressure, 1000.0 * kinetics.normal_feed(p)]
    )
    means = np.array([15.0, *(kind.mean for kind in MODEL.disturbances)])[:, np.newaxis]
    faults = np.zeros((len(MODEL.faults), ticks + 1))
    episode = FaultEpisode(number, first * 5, first * 5 + int(hours * 3600), magnitude)
    faults[number] = profile(replace(MODEL.faults[number], is_ramp=False), episode, ticks, 5)
    nothing = np.zeros((6, ticks + 1))
    drive = Drive(
        means + np.zeros(ticks + 1), faults, normal[:, np.newaxis] + nothing, np.ones(nothing.shape, np.int8), nothing, nothing,
        np.full(4, 0.5),
    )  # fmt: skip
    return fermenter.run(p, MODEL.tuning(p), fermenter.empty(p), drive, 5.0)


def outcome(run: Run) -> tuple[float, float]:
    """Yield in kg and outcome of the first batch."""
    end = np.flatnonzero((book(run, recipe.BATCH) == 1.0) & (book(run, recipe.PHASE) > 0.0))[-1]
    return float(book(run, recipe.YIELD)[end]), float(book(run, recipe.OUTCOME)[end])


def test_faults_cost_yield_or_the_batch(planned: Run) -> None:
    full, ended = outcome(planned)
    assert ended == recipe.COMPLETED
    assert outcome(with_fault("contamination", 0.02, recipe.GROW, 0.5, 4.0)) == (0.0, recipe.ABORTED)
    assert outcome(with_fault("stirrer_slips", 0.7, recipe.FEED, 18.0, 5.0)) == (0.0, recipe.ABORTED)
    late, ended = outcome(with_fault("contamination", 0.02, recipe.FEED, 6.0, 6.0))
    assert ended == recipe.COMPLETED
    assert late < 0.999 * full
    starved, ended = outcome(with_fault("feed_line_blocked", 0.9, recipe.FEED, 4.0, 10.0))
    assert ended == recipe.COMPLETED
    assert 0.5 * full < starved < 0.9 * full


def test_a_discarded_batch_is_killed_before_it_is_drained() -> None:
    run = with_fault("contamination", 0.02, recipe.GROW, 0.5, 4.0)
    phases = book(run, recipe.PHASE)
    discarding = phases == recipe.DISCARD
    assert recipe.HARVEST not in phases[book(run, recipe.BATCH) == 1.0]
    killed = run.trajectory[physics.TEMPERATURE, discarding].max()
    assert killed > 65.0
    assert run.trajectory[FLOWS + 4, discarding][: HOUR - 10].max() == 0.0


def a_history(number: int, days: int) -> list[tuple[DayRecord, dict[str, list[batches.Row]]]]:
    unit, found = a_unit(number), []
    unit_state, batch_state, instruments = first_state(unit), None, None
    for offset in range(days):
        day = FIRST_DAY + timedelta(days=offset)
        unit_day, unit_state = simulate_day(unit, unit_state, [], day)
        none = DayOfDefects({}, None)
        seen, instruments = observe_day(unit, unit_day.signals, instruments, none, day)
        record = DayRecord(unit, day, unit_day.signals, unit_day.trips, (), none, seen)
        rows, batch_state = batches.of_day(record, batch_state)
        found.append((record, rows))
    return found


@pytest.fixture(scope="module")
def history() -> list[tuple[DayRecord, dict[str, list[batches.Row]]]]:
    return a_history(1, 7)


def test_rows_come_to_be_when_batch_and_phase_have_ended(history: list[tuple[DayRecord, dict[str, list[batches.Row]]]]) -> None:
    for record, rows in history:
        for table in batches.TABLES:
            for row in rows[table]:
                assert row["started_at"] < row["ended_at"] == row["created_at"] == row["updated_at"]
                assert row["ended_at"].date() == record.day
                table_of_row = rows_of(table, {name: [value] for name, value in row.items()})
                assert table_of_row.num_rows == 1
    assert history[0][1]["batch.batches"]  # even the first day ends a batch


def test_phases_are_those_of_the_tag_and_leave_no_gap(history: list[tuple[DayRecord, dict[str, list[batches.Row]]]]) -> None:
    phases = [row for _, rows in history for row in rows["batch.phases"]]
    made = [row for _, rows in history for row in rows["batch.batches"]]
    assert 2 <= len(made) <= 5
    for batch in made[1:]:
        own = [row for row in phases if row["batch_id"] == batch["batch_id"]]
        assert [row["phase_no"] for row in own] == [1, 2, 3, 4, 5, 6, 8]
        assert own[0]["started_at"] == batch["started_at"]
        assert own[-1]["ended_at"] == batch["ended_at"]
        assert all(before["ended_at"] == after["started_at"] for before, after in pairwise(own))
    first_day = history[0][0]
    for row in phases:
        if row["ended_at"].date() == first_day.day:
            tick = (row["ended_at"] - row["ended_at"].replace(hour=0, minute=0, second=0)).seconds // 5
            assert first_day.signals["phase"][tick - 1] == row["phase_no"] != first_day.signals["phase"][tick]


def test_the_yield_is_found_again_in_the_readings(history: list[tuple[DayRecord, dict[str, list[batches.Row]]]]) -> None:
    checked = 0
    harvests = {
        row["batch_id"]: row["started_at"] for _, rows in history for row in rows["batch.phases"] if row["phase_no"] == 6
    }
    for batch in (row for _, rows in history for row in rows["batch.batches"]):
        at = harvests[batch["batch_id"]]
        record = next(record for record, _ in history if record.day == at.date())
        mass, concentration = (last_reading(record, name, at) for name in ("WI-107", "AI-108"))
        assert mass / 1000.0 * concentration == pytest.approx(batch["yield_quantity"], rel=0.03)
        checked += 1
    assert checked >= 2


def last_reading(record: DayRecord, name: str, at: object) -> float:
    """The last reading of an instrument before a moment of the record's day."""
    tag = next(tag for tag in record.unit.tags if tag.instrument.name == name)
    seen = record.observations
    moment = np.datetime64(str(at), "us").astype(np.int64)
    return float(seen.value[(seen.tag_id == tag.tag_id) & (seen.measured_us < moment)][-1])


def test_drawn_units_run_four_days_without_losing_a_batch() -> None:
    for number in range(1, 11):
        unit, state = a_unit(number), first_state(a_unit(number))
        for day in range(4):
            found, state = simulate_day(unit, state, [], FIRST_DAY + timedelta(days=day))
            assert not found.trips
            assert all(np.isfinite(signal).all() for signal in found.signals.values())
            assert recipe.DISCARD not in found.signals["phase"]


def test_units_start_at_different_points_of_the_recipe() -> None:
    starts = [first_state(a_unit(number)).process[physics.STATES + 13 :] for number in range(1, 13)]
    assert len({(start[recipe.PHASE], start[recipe.PHASE_SECONDS]) for start in starts}) == 12
    assert len({start[recipe.PHASE] for start in starts}) >= 2
