"""The history of a unit, day by day: it is simulated and observed, its files arrive, and people write down what they see.

A longer horizon goes on from the checkpoint of the last evening. What becomes known later than its day, such as a late file,
waits in the checkpoint until its own day has come; what has not come by the end of the horizon does not exist yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from generators.chemical import alarms, batches, paperwork
from generators.chemical.calibration import last_calibrations
from generators.chemical.defects import KINDS, defects_of
from generators.chemical.faults import episode_counts, episodes_of, power_dip
from generators.chemical.fleet import Fleet, Unit, fleet_of
from generators.chemical.historian import (
    READINGS_PER_TAG_DAY,
    Delivery,
    calibration_row,
    closing,
    deliveries,
    ledger_row,
    readings_path,
)
from generators.chemical.limits import Alarm, alarms_of
from generators.chemical.logbook import Headline
from generators.chemical.measurement import InstrumentStates, observe_day
from generators.chemical.notes import Notes, ToCome
from generators.chemical.people import crew_at
from generators.chemical.record import DayRecord
from generators.chemical.simulation import UnitState, first_state, simulate_day
from generators.engine.checkpoints import pack, unpack
from generators.engine.plan import Chunk, Part
from generators.scenario import Scenario

TABLES = (
    "historian.readings",
    "historian.ingest_files",
    "truth.defects",
    "alarm.events",
    "cmms.calibrations",
    *batches.TABLES,
    *paperwork.TABLES,
)


@dataclass
class Evening:
    """How a unit stands before `day`, with what is on its way."""

    day: date
    process: UnitState
    instruments: InstrumentStates | None = None
    held_back: list[Delivery] = field(default_factory=list)
    to_come: dict[str, ToCome] = field(default_factory=dict)
    alarms: alarms.UnitAlarms | None = None
    batch: batches.BatchState | None = None
    headlines: tuple[Headline, ...] = ()


def first_day(scenario: Scenario) -> date:
    """The first day of the historian."""
    return scenario.end - timedelta(days=scenario.chemical.days)


def parts(scenario: Scenario) -> list[Part]:
    """One part per unit."""
    days = max((scenario.until - first_day(scenario)).days, 0)
    return [
        Part("historian", f"unit-{unit.unit_id}", unit.tag_count * days * READINGS_PER_TAG_DAY)
        for unit in fleet_of(scenario).units
    ]


def generate(scenario: Scenario, part: Part) -> Iterator[Chunk]:
    """All files of one unit, in order of their days."""
    yield from go_on(scenario, part, scenario.until, None, lambda _: None)


def go_on(
    scenario: Scenario, part: Part, until: date, checkpoint: bytes | None, keep: Callable[[bytes], None]
) -> Iterator[Chunk]:
    """The files of one unit since the checkpoint: readings as they arrive, and month by month what else was written down."""
    fleet = fleet_of(scenario)
    unit = fleet.units[int(part.key.removeprefix("unit-")) - 1]
    evening = None if checkpoint is None else unpack(checkpoint, Evening)
    if evening is None:
        evening = Evening(first_day(scenario), first_state(unit))
    notes, watched = Notes(unit, evening.to_come), alarms_of(unit)
    while evening.day < until:
        today = evening.day
        yield from _live(scenario, fleet, unit, watched, evening, notes)
        evening.day = today + timedelta(days=1)
        if evening.day == until or evening.day.month != today.month:
            yield from notes.flush(today, evening.day)
    evening.to_come = notes.to_come()
    keep(pack(evening))


def _live(
    scenario: Scenario, fleet: Fleet, unit: Unit, watched: Sequence[Alarm], evening: Evening, notes: Notes
) -> Iterator[Chunk]:
    """One day of a unit. Moves `evening` on, and yields the files of readings that have arrived."""
    day, shape = evening.day, scenario.chemical
    number = (day - first_day(scenario)).days
    count = episode_counts(unit.seed, len(fleet.units), shape.faults, shape.days, number)[unit.unit_id - 1]
    episodes = episodes_of(unit.seed, unit.unit_id, unit.model.faults, day, count)
    dip = power_dip(unit.seed, unit.unit_id, day) if unit.model.can_trip else None
    unit_day, evening.process = simulate_day(unit, evening.process, episodes, day, dip)
    if evening.instruments is None:
        notes.add("cmms.calibrations", [calibration_row(unit, done) for done in last_calibrations(unit, day)], day)
    plan = defects_of(unit.seed, unit.unit_id, unit.tags, day, _forced(unit, len(fleet.units)) if number == 0 else [])
    observations, evening.instruments = observe_day(unit, unit_day.signals, evening.instruments, plan, day)
    notes.add("cmms.calibrations", [calibration_row(unit, done) for done in observations.calibrations], day)
    record = DayRecord(unit, day, unit_day.signals, unit_day.trips, tuple(episodes), plan, observations)

    closed_at = closing(unit, day)
    under_way = evening.held_back + deliveries(unit, day, observations, plan.outage, closed_at)
    evening.held_back = [delivery for delivery in under_way if delivery.arrived_at > closed_at]
    for delivery in sorted(under_way, key=lambda delivery: delivery.arrived_at):
        if delivery.arrived_at <= closed_at:
            yield Chunk("historian.readings", readings_path(unit, delivery), delivery.readings, arrived_on=day)
            notes.add("historian.ingest_files", [ledger_row(unit, delivery)], day)
            notes.add("truth.defects", delivery.truth.to_pylist(), day)
    _tell(scenario, record, watched, evening, notes)


def _tell(scenario: Scenario, record: DayRecord, watched: Sequence[Alarm], evening: Evening, notes: Notes) -> None:
    """What people and systems around the sensors write down about the day."""
    unit, day = record.unit, record.day
    if evening.alarms is None:
        evening.alarms = alarms.first_alarms(watched)
    events, evening.alarms = alarms.of_day(
        record, watched, evening.alarms, lambda _, at: crew_at(scenario, unit, at).board_operator.user_id
    )
    notes.announce("alarm.events", events, day)
    if batches.runs_batches(unit):
        finished, evening.batch = batches.of_day(record, evening.batch)
        for table, rows in finished.items():
            notes.announce(table, rows, day)
    written, evening.headlines = paperwork.of_day(record, evening.headlines, scenario)
    for table, rows in written.items():
        notes.announce(table, rows, day)


def _forced(unit: Unit, units: int) -> list[int]:
    """The kinds of defect that the unit must show on the first day: all kinds, dealt out among the units."""
    return [kind for kind in range(1, len(KINDS)) if kind % units == unit.unit_id % units]
