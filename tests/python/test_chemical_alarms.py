"""Alarms: sensible limits, conditions as a slow reference finds them, a legal journal, and rates that operators can bear."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators.chemical import alarms
from generators.chemical.alarm_conditions import Change, Condition, changes_of
from generators.chemical.alarms import AlarmState, Console, Happening, Row, UnitAlarms, first_alarms, nobody, of_day
from generators.chemical.defects import DayOfDefects, defects_of
from generators.chemical.faults import FaultEpisode, episode_counts, episodes_of
from generators.chemical.fleet import Unit, fleet_of
from generators.chemical.limits import BAD_PV, CONDITIONS, Alarm, alarms_of
from generators.chemical.measurement import Observations, observe_day
from generators.chemical.processes.registry import MODELS
from generators.chemical.record import DayRecord
from generators.chemical.simulation import first_state, simulate_day
from generators.scenario import load_scenario
from generators.schema.catalog import table

SMALL = load_scenario("small", seed=42)
UNITS = fleet_of(SMALL).units
FIRST_DAY = date(2025, 12, 26)
DAYS = 6
SECOND = 1_000_000
GOOD, UNCERTAIN, BAD = 192, 68, 16

# What ISA-18.2 allows: from a state, by a transition, to a state. A shelved alarm that comes back while its unit is
# suppressed is suppressed.
LEGAL = {
    ("NORM", "ALM", "UNACK"),
    ("NORM", "ALM", "ACKED"),  # journal alarms ask for no acknowledgement
    ("RTNUN", "ALM", "UNACK"),
    ("UNACK", "ACK", "ACKED"),
    ("RTNUN", "ACK", "NORM"),
    ("UNACK", "RTN", "RTNUN"),
    ("ACKED", "RTN", "NORM"),
    *((state, change, state) for state in ("SHLVD", "DSUPR", "OOSRV") for change in ("ALM", "RTN")),
    *((state, "SHELVE", "SHLVD") for state in ("NORM", "UNACK", "ACKED", "RTNUN")),
    *((state, "SUPPRESS", "DSUPR") for state in ("NORM", "UNACK", "ACKED", "RTNUN")),
    *((state, "OUT_OF_SERVICE", "OOSRV") for state in ("NORM", "UNACK", "ACKED", "RTNUN")),
    *(("SHLVD", "UNSHELVE", state) for state in ("NORM", "UNACK", "ACKED", "DSUPR")),
    *(("OOSRV", "IN_SERVICE", state) for state in ("NORM", "UNACK", "ACKED", "DSUPR")),
    *(("DSUPR", "UNSUPPRESS", state) for state in ("NORM", "UNACK", "ACKED")),
}


def alarm_of(condition: str, **settings: int) -> Alarm:
    """An alarm at 0 steps of a tag that has ten steps to the unit of measure."""
    tag = replace(UNITS[0].tags[0], steps_per_unit=10)
    set_to = {"deadband_steps": 0, "on_delay_seconds": 0, "off_delay_seconds": 0, **settings}
    return Alarm(tag, condition, None if condition == BAD_PV else 0, priority="low", **set_to)


@dataclass(frozen=True)
class Reading:
    at: int  # seconds
    steps: int
    quality: int
    is_late: bool


def observations(readings: Sequence[Reading]) -> Observations:
    at = np.array([reading.at * SECOND for reading in readings], dtype=np.int64)
    values = [np.nan if reading.quality == BAD else reading.steps / 10 for reading in readings]
    return Observations(
        tag_id=np.full(len(readings), UNITS[0].tags[0].tag_id, dtype=np.int32),
        measured_us=at,
        seq=np.zeros(len(readings), dtype=np.int16),
        ingested_us=at,
        value=np.array(values, dtype=np.float64),
        quality=np.array([reading.quality for reading in readings], dtype=np.int16),
        is_late=np.array([reading.is_late for reading in readings], dtype=np.bool_),
        found=(),
        calibrations=(),
    )


@st.composite
def readings(draw: st.DrawFn) -> list[Reading]:
    gaps = draw(st.lists(st.integers(1, 30), max_size=60))
    quality = st.sampled_from([GOOD, GOOD, GOOD, GOOD, UNCERTAIN, BAD])
    ats = np.cumsum(gaps, dtype=np.int64)
    return [Reading(int(at), draw(st.integers(-4, 4)), draw(quality), draw(st.integers(0, 9)) == 0) for at in ats]


watched = st.builds(
    alarm_of,
    st.sampled_from(CONDITIONS),
    deadband_steps=st.integers(0, 3),
    on_delay_seconds=st.sampled_from([0, 5, 20, 60]),
    off_delay_seconds=st.sampled_from([0, 5, 20, 60]),
)


def by_the_book(alarm: Alarm, history: Sequence[Reading]) -> list[tuple[int, bool]]:
    """When the condition came and went: every reading looks back over all before it."""
    seen = [reading for reading in history if not reading.is_late and (alarm.condition == BAD_PV or reading.quality != BAD)]

    def is_beyond(reading: Reading) -> bool:
        if alarm.condition == BAD_PV:
            return reading.quality == BAD
        return reading.steps > 0 if alarm.condition in ("PVHH", "PVHI") else reading.steps < 0

    def is_back(reading: Reading) -> bool:
        if alarm.condition == BAD_PV:
            return reading.quality != BAD
        deadband = alarm.deadband_steps
        return reading.steps <= -deadband if alarm.condition in ("PVHH", "PVHI") else reading.steps >= deadband

    def lasted(index: int, holds: Callable[[Reading], bool]) -> int:
        """Seconds for which all readings up to this one were so; −1 when this one is not."""
        first = index
        while first >= 0 and holds(seen[first]):
            first -= 1
        return seen[index].at - seen[first + 1].at if first < index else -1

    marks = [0] * len(seen)
    for index in range(len(seen)):
        if lasted(index, is_beyond) >= alarm.on_delay_seconds:
            marks[index] = 1
        elif lasted(index, is_back) >= alarm.off_delay_seconds:
            marks[index] = -1
    told = [(seen[index].at, mark) for index, mark in enumerate(marks) if mark]
    before = [-1, *(mark for _, mark in told)]
    return [(at, mark == 1) for (at, mark), previous in zip(told, before, strict=False) if mark != previous]


def found(changes: Sequence[Change]) -> list[tuple[int, bool]]:
    return [(change.at_us // SECOND, change.has_come) for change in changes]


@settings(deadline=None)  # the first example compiles
@given(watched, readings())
def test_conditions_come_and_go_as_the_reference_says(alarm: Alarm, history: list[Reading]) -> None:
    changes, _ = changes_of([alarm], observations(history), [Condition()])
    assert found(changes[0]) == by_the_book(alarm, history)


@settings(deadline=None)
@given(watched, readings(), st.integers(0, 60))
def test_conditions_do_not_depend_on_where_the_readings_are_cut(alarm: Alarm, history: list[Reading], cut: int) -> None:
    whole = changes_of([alarm], observations(history), [Condition()])
    first, between = changes_of([alarm], observations(history[:cut]), [Condition()])
    second, end = changes_of([alarm], observations(history[cut:]), between)
    assert ([first[0] + second[0]], end) == whole


def test_delays_and_dead_band_keep_a_restless_value_quiet() -> None:
    restless = [Reading(5 * number, 1 if number % 2 else -1, GOOD, False) for number in range(100)]
    careless, careful = alarm_of("PVHI"), alarm_of("PVHI", on_delay_seconds=15, deadband_steps=3)
    changes, _ = changes_of([careless, careful], observations(restless), [Condition()] * 2)
    assert len(changes[0]) == 99  # one with every reading but the first
    assert not changes[1]


happenings = st.lists(
    st.tuples(st.integers(1, 600), st.sampled_from(["CHANGE", "CHANGE", "CHANGE", "UNIT", "CALIBRATION"])), max_size=40
)
priorities = st.sampled_from(["journal", "low", "medium", "high"])


def as_they_happen(script: list[tuple[int, str]]) -> list[Happening]:
    """Conditions that come and go, a unit that trips and restarts, calibrations that begin and end, each in turn."""
    pairs = {"CHANGE": ("ALM", "RTN"), "UNIT": ("SUPPRESS", "UNSUPPRESS"), "CALIBRATION": ("OUT_OF_SERVICE", "IN_SERVICE")}
    at, times, told = 0, Counter[str](), []
    for gap, kind in script:
        at += gap * SECOND
        told.append(Happening(at, pairs[kind][times[kind] % 2]))
        times[kind] += 1
    return told


def assert_is_legal(rows: Sequence[Row]) -> None:
    state: dict[int, str] = defaultdict(lambda: "NORM")
    for row in rows:
        assert (state[row["alarm_id"]], row["transition"], row["state_after"]) in LEGAL
        assert row["is_annunciated"] == (row["state_after"] == "UNACK")
        state[row["alarm_id"]] = row["state_after"]


@given(happenings, priorities)
def test_every_transition_is_legal(script: list[tuple[int, str]], priority: str) -> None:
    alarm = replace(alarm_of("PVHI"), priority=priority)
    rows = Console(UNITS[0], alarm, AlarmState(), as_they_happen(script)).rows_until(10**12, nobody)
    assert_is_legal(rows)
    assert {row["transition"] for row in rows if row["priority"] == "journal"}.isdisjoint({"ACK", "UNSHELVE"})
    assert priority != "journal" or not any(row["is_annunciated"] for row in rows)


@given(happenings, priorities, st.integers(0, 20_000))
def test_the_journal_does_not_depend_on_where_time_is_cut(script: list[tuple[int, str]], priority: str, cut: int) -> None:
    alarm = replace(alarm_of("PVHI"), priority=priority)
    happen = as_they_happen(script)
    whole = Console(UNITS[0], alarm, AlarmState(), happen)
    evening = Console(UNITS[0], alarm, AlarmState(), [one for one in happen if one.at_us < cut * SECOND])
    rows = evening.rows_until(cut * SECOND, nobody)
    morning = Console(UNITS[0], alarm, evening.checkpoint(), [one for one in happen if one.at_us >= cut * SECOND])
    rows += morning.rows_until(10**12, nobody)
    assert rows == whole.rows_until(10**12, nobody)
    assert morning.checkpoint() == whole.checkpoint()


def test_the_contract_knows_the_words() -> None:
    events = table("alarm.events")
    assert events.column("transition").accepted == alarms.TRANSITIONS
    assert events.column("condition").accepted == CONDITIONS
    assert {state for _, _, state in LEGAL} == set(events.column("state_after").accepted)
    assert set(alarms.RESPONSE_SECONDS) < set(events.column("priority").accepted)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: f"unit {unit.unit_id}")
def test_limits_stand_in_order_inside_the_range(unit: Unit) -> None:
    by_tag: dict[int, dict[str, Alarm]] = defaultdict(dict)
    for alarm in alarms_of(unit):
        by_tag[alarm.tag.tag_id][alarm.condition] = alarm
    assert len(by_tag) >= len(unit.tags) // 5
    for own in by_tag.values():
        assert BAD_PV in own
        tag = own[BAD_PV].tag
        careful = [one for one in own.values() if one.limit_step is not None and one.on_delay_seconds + one.deadband_steps]
        steps = {alarm.condition: alarm.limit_step or 0 for alarm in careful}
        assert all(tag.low_step < step < tag.high_step for step in steps.values())
        assert steps.get("PVLL", tag.low_step) < steps.get("PVLO", tag.high_step)
        assert steps.get("PVHI", tag.low_step) < steps.get("PVHH", tag.high_step)


def test_few_limits_are_set_badly() -> None:
    fleet = fleet_of(load_scenario("medium", seed=42)).units
    first_limits = [alarm for unit in fleet for alarm in alarms_of(unit) if alarm.condition in ("PVHI", "PVLO")]
    wrong_side = [
        alarm for alarm in first_limits if alarm.direction * ((alarm.limit_value or 0.0) - alarm.tag.normal_value) < 0.0
    ]
    too_tight = [alarm for alarm in first_limits if alarm.deadband_steps == 0]
    assert 0 < len(wrong_side) < 0.02 * len(first_limits)
    assert 0 < len(too_tight) < 0.03 * len(first_limits)


def test_redundant_copies_have_no_alarms() -> None:
    crowded = replace(UNITS[1], tag_count=2 * len(UNITS[1].model.instruments) - 10)
    assert {alarm.tag.instrument.name for alarm in alarms_of(crowded)} <= {one.name for one in UNITS[1].model.instruments}


def records_of(unit: Unit, episodes: Sequence[Sequence[FaultEpisode]], with_defects: bool = True) -> list[DayRecord]:
    """The records of days with the given faults, one after the other."""
    state, instruments, records = first_state(unit), None, []
    for number, faults in enumerate(episodes):
        day = FIRST_DAY + timedelta(days=number)
        unit_day, state = simulate_day(unit, state, faults, day)
        plan = defects_of(unit.seed, unit.unit_id, unit.tags, day, []) if with_defects else DayOfDefects({}, None)
        observed, instruments = observe_day(unit, unit_day.signals, instruments, plan, day)
        records.append(DayRecord(unit, day, unit_day.signals, unit_day.trips, tuple(faults), plan, observed))
    return records


def journal_of(unit: Unit, records: Sequence[DayRecord], settings: Sequence[Alarm] | None = None) -> list[Row]:
    alarms = alarms_of(unit) if settings is None else settings
    state: UnitAlarms = first_alarms(alarms)
    rows: list[Row] = []
    for record in records:
        day_rows, state = of_day(record, alarms, state)
        assert all(row["occurred_at"].date() == record.day for row in day_rows)
        rows += day_rows
    return rows


@pytest.fixture(scope="module")
def journals() -> dict[int, list[Row]]:
    """The journals of the small fleet over some days at the preset's rate of faults."""
    shape = SMALL.chemical
    counts = [episode_counts(SMALL.seed, len(UNITS), shape.faults, shape.days, day) for day in range(DAYS)]
    journals = {}
    for unit in UNITS:
        episodes = [
            episodes_of(
                unit.seed, unit.unit_id, unit.model.faults, FIRST_DAY + timedelta(days=day), counts[day][unit.unit_id - 1]
            )
            for day in range(DAYS)
        ]
        journals[unit.unit_id] = journal_of(unit, records_of(unit, episodes))
    return journals


def annunciated(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["is_annunciated"]]


def test_journals_are_legal_and_in_order(journals: dict[int, list[Row]]) -> None:
    for unit_id, rows in journals.items():
        assert_is_legal(rows)
        keys = [(row["occurred_at"], row["event_id"]) for row in rows]
        assert keys == sorted(keys)
        assert {row["unit_id"] for row in rows} <= {unit_id}
    ids = [row["event_id"] for rows in journals.values() for row in rows]
    assert len(set(ids)) == len(ids) > 200
    assert {row["transition"] for rows in journals.values() for row in rows} >= {"ALM", "RTN", "ACK"}


def test_rates_are_what_operators_can_bear(journals: dict[int, list[Row]]) -> None:
    """EEMUA 191 and ISA-18.2: at most 150 annunciated alarms a day at a console; here a console has two units."""
    per_unit_day = {unit_id: len(annunciated(rows)) / DAYS for unit_id, rows in journals.items()}
    assert 0.5 < np.mean(list(per_unit_day.values())) < 12.0
    assert max(per_unit_day.values()) < 75.0


def test_priorities_are_near_eighty_fifteen_five(journals: dict[int, list[Row]]) -> None:
    counted = Counter(row["priority"] for rows in journals.values() for row in annunciated(rows))
    share = {priority: count / counted.total() for priority, count in counted.items()}
    assert share["low"] == pytest.approx(0.80, abs=0.12)
    assert share["medium"] == pytest.approx(0.15, abs=0.10)
    assert share["high"] == pytest.approx(0.05, abs=0.05)


def chattering_share(rows: Sequence[Row]) -> float:
    """The share of annunciations that are the third or later of one alarm within a minute."""
    by_alarm: dict[int, list[datetime]] = defaultdict(list)
    for row in rows:
        by_alarm[row["alarm_id"]].append(row["occurred_at"])
    third = sum(
        later - earlier <= timedelta(minutes=1)
        for times in by_alarm.values()
        for earlier, later in zip(times, times[2:], strict=False)
    )
    return third / len(rows)


def test_a_careless_limit_chatters_and_is_shelved() -> None:
    unit = next(unit for unit in UNITS if unit.model.name == "van_de_vusse_reactor")
    alarm = next(one for one in alarms_of(unit) if one.tag.instrument.name == "PI-108" and one.condition == "PVLO")
    normal_step = round(alarm.tag.normal_value * alarm.tag.steps_per_unit)
    careless = [
        replace(alarm, limit_step=normal_step, deadband_steps=0, on_delay_seconds=0, off_delay_seconds=0, priority="low")
    ]
    rows = journal_of(unit, records_of(unit, [[]] * 2), careless)
    assert_is_legal(rows)
    assert chattering_share(annunciated(rows)) > 0.05
    shelved = [row for row in rows if row["transition"] == "SHELVE"]
    unshelved = [row for row in rows if row["transition"] == "UNSHELVE"]
    assert shelved
    for begin, end in zip(shelved, unshelved, strict=False):
        assert end["occurred_at"] - begin["occurred_at"] in {timedelta(hours=hours) for hours in alarms.SHELF_HOURS}
    silenced = [row for row in rows if row["state_after"] == "SHLVD" and row["transition"] in ("ALM", "RTN")]
    assert silenced
    assert not annunciated(silenced)


def test_care_keeps_chattering_rare(journals: dict[int, list[Row]]) -> None:
    assert chattering_share([row for rows in journals.values() for row in annunciated(rows)]) < 0.15


# Faults that no controller can hide: (model, fault, a tag that must say so).
LOUD = [
    ("van_de_vusse_reactor", "feed_temperature_step", "TI-112"),
    ("van_de_vusse_reactor", "coolant_pressure_loss", "PI-120"),
    ("van_de_vusse_reactor", "feed_pump_wear", "PI-108"),
    ("van_de_vusse_reactor", "feed_concentration_step", "AI-101B"),
    ("quadruple_tank", "consumer_surge", "LIC-101.PV"),
]


@pytest.mark.parametrize(("model", "fault", "tag"), LOUD, ids=lambda value: str(value))
def test_a_fault_raises_the_alarm_that_tells_of_it(model: str, fault: str, tag: str) -> None:
    process = next(one for one in MODELS if one.name == model)
    number = next(place for place, one in enumerate(process.faults) if one.name == fault)
    unit = next(unit for unit in UNITS if unit.model is process and any(one.instrument.name == tag for one in unit.tags))
    largest = max(process.faults[number].magnitudes, key=abs)
    hit = FaultEpisode(number, 8 * 3600, 18 * 3600, -largest if process.faults[number].has_either_sign else largest)
    careful = [replace(alarm, priority="high") for alarm in alarms_of(unit) if alarm.on_delay_seconds or alarm.deadband_steps]
    for faults, rings in (([], False), ([hit], True)):
        rows = journal_of(unit, records_of(unit, [faults], with_defects=False), careful)
        rung = {row["tag_id"] for row in annunciated(rows) if 8 <= row["occurred_at"].hour < 18}
        names = {one.instrument.name for one in unit.tags if one.tag_id in rung}
        assert (tag in names) is rings


def test_alarms_are_suppressed_while_the_unit_stands() -> None:
    unit = UNITS[1]
    record = records_of(unit, [[]], with_defects=False)[0]
    tick, per_hour = unit.model.tick_seconds, 3600 // unit.model.tick_seconds
    running = np.ones(unit.ticks_per_day + 1)
    running[6 * per_hour : 11 * per_hour] = 0.0
    observed = record.observations
    midnight = int(np.datetime64(FIRST_DAY, "us").astype(np.int64))
    hour = (observed.measured_us - midnight) / (3600 * SECOND)
    value = np.where((hour >= 7) & (hour < 10), 0.0, observed.value)  # all that is measured falls to nothing
    tripped = replace(record, signals={**record.signals, "running": running}, observations=replace(observed, value=value))
    rows = journal_of(unit, [tripped])
    suppressed = [row for row in rows if row["transition"] == "SUPPRESS"]
    limit_alarms = [alarm for alarm in alarms_of(unit) if alarm.condition != BAD_PV]
    assert len(suppressed) == len(limit_alarms)
    begin = datetime(2025, 12, 26, 6) + timedelta(minutes=1)
    assert {row["occurred_at"] for row in suppressed} == {begin}
    end = datetime(2025, 12, 26, 11)
    during = [row for row in rows if begin < row["occurred_at"] < end]
    assert sum(row["transition"] == "ALM" for row in during) > 5
    assert not annunciated(during)
    assert {row["occurred_at"] for row in rows if row["transition"] == "UNSUPPRESS"} == {end}
    assert tick * (running == 0.0).sum() == 5 * 3600


def test_operators_answer_and_sign(journals: dict[int, list[Row]]) -> None:
    unit = UNITS[1]
    record = records_of(unit, [[]], with_defects=False)[0]
    standing = [
        replace(alarm, limit_step=alarm.tag.low_step, priority="low") for alarm in alarms_of(unit) if alarm.condition == "PVHI"
    ]
    rows, _ = of_day(record, standing, first_alarms(standing), lambda _, at: 7 if at.hour < 12 else 8)
    answers = [row for row in rows if row["transition"] == "ACK"]
    assert Counter(row["alarm_id"] for row in answers) == Counter(row["alarm_id"] for row in annunciated(rows))
    assert {row["alarm_id"] for row in answers} == {alarm.alarm_id for alarm in standing}
    assert {row["user_id"] for row in answers if row["occurred_at"].hour < 12} == {7}
    assert {row["user_id"] for row in rows if row["occurred_at"].hour >= 12} <= {8, None}
    assert all(row["user_id"] is None for row in rows if row["transition"] in ("ALM", "RTN"))
    waits = []
    for rows in journals.values():
        sounded: dict[int, datetime] = {}
        for row in rows:
            if row["is_annunciated"]:
                sounded.setdefault(row["alarm_id"], row["occurred_at"])
            elif row["transition"] == "ACK":
                waits.append((row["occurred_at"] - sounded.pop(row["alarm_id"])).total_seconds())
            elif row["state_after"] in ("SHLVD", "DSUPR", "OOSRV"):
                sounded.pop(row["alarm_id"], None)
    assert 40.0 < np.median(waits) < 400.0
    assert min(waits) > 0.0
