"""What people notice of a unit's day, and when: symptoms first, causes later and not always.

Laboratory, maintenance and logbook all tell of the same findings. Symptoms are sought in the signals; the numbers that people
quote are readings of the historian.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from generators.chemical.defects import COMMUNICATION_GAP, DRIFT, EPOCH, FROZEN, LATE_FILE, SENSOR_FAILURE, Defect, defect_id
from generators.chemical.faults import FaultEpisode
from generators.chemical.fleet import Unit
from generators.chemical.instruments import GOOD
from generators.chemical.processes.model import Fault, FloatArray
from generators.chemical.record import DayRecord
from generators.chemical.simulation import Trip
from generators.chemical.tags import Tag
from generators.engine.streams import stream

CAUSE_KNOWN = 0.75  # of the faults: the others pass without anyone knowing why
CHANCE_OF_NOTICING = {SENSOR_FAILURE: 0.9, COMMUNICATION_GAP: 0.5, FROZEN: 0.6, DRIFT: 0.6, LATE_FILE: 0.7}
ALONE = 0.6  # times as often, where no other instrument shows that a value has frozen or drifts
NOTICED_AFTER = {  # shares of a defect's length: a failed sensor alarms at once, a frozen value looks calm
    SENSOR_FAILURE: (0.01, 0.15), COMMUNICATION_GAP: (0.1, 0.5), FROZEN: (0.3, 0.9), DRIFT: (0.6, 0.95), LATE_FILE: (0.1, 0.5),
}  # fmt: skip
LEAST_MOVE = 0.01  # of the span, for a deviation to be noticed
LEAST_SWING = 2.5  # times the usual standard deviation
LEAST_CHANGES = 10  # of a signal, to speak of their standard deviation
CLEARLY_OFF = 0.1  # of the span, for the loop that a trip is put down to
LEAST_GAP = 1.5  # % between a final element and what it is asked for
BASE_SECONDS = 3600  # before the onset, for comparison
MOST_SYMPTOMS = 3
_NAMED = re.compile(r"\{([^}]+)\}")


def number_of_day(unit: Unit, day: date) -> int:
    """Keys of what happens in a unit on a day begin with it."""
    return unit.unit_id * 100_000 + (day - EPOCH).days


def fault_id(record: DayRecord, number: int) -> int:
    """Surrogate key of the day's episode at a place in its list."""
    return number_of_day(record.unit, record.day) * 100 + number + 1


def trip_id(record: DayRecord, number: int) -> int:
    """Surrogate key of the day's trip at a place in its list."""
    return number_of_day(record.unit, record.day) * 100 + number + 1


def moment(record: DayRecord, second: int) -> datetime:
    """A second of the record's day, UTC; it may lie on a later day."""
    return datetime.combine(record.day, time()) + timedelta(seconds=second)


@dataclass(frozen=True)
class Reading:
    """A number that somebody read from the historian."""

    tag: Tag
    second: int
    value: float

    @property
    def number(self) -> str:
        """The value with the instrument's decimals."""
        return f"{self.value:.{self.tag.instrument.decimals}f}"


@dataclass(frozen=True)
class Symptom:
    """A tag that does not do what it did: rising, falling, above or below its set point, swinging, or apart from its output.

    `first` is the value before, the set point, the lowest, or the output; `second` is the value now, or the highest.
    """

    kind: str
    tag: Tag
    first: Reading
    second: Reading
    size: float


@dataclass(frozen=True)
class FoundFault:
    """A fault as people live it. Seconds from the day's midnight; `known_second` is None where the cause stays in the dark."""

    fault_id: int
    fault: Fault
    episode: FaultEpisode
    equipment: str
    symptoms: tuple[Symptom, ...]
    noticed_second: int
    known_second: int | None


@dataclass(frozen=True)
class FoundDefect:
    """A defect that somebody noticed; an outage of a remote station is one finding of several tags."""

    defect_ids: tuple[int, ...]
    tag: Tag
    defect: Defect
    equipment: str
    noticed_second: int
    reading: Reading | None  # of the tag when it was noticed
    companion: Reading | None  # of another tag of the same signal at the time


@dataclass(frozen=True)
class FoundTrip:
    """A trip with the reading that stood out most, and the fault that was under way."""

    trip_id: int
    trip: Trip
    worst: Reading | None
    fault: FoundFault | None


@dataclass(frozen=True)
class Findings:
    """All findings of a unit's day."""

    faults: tuple[FoundFault, ...]
    defects: tuple[FoundDefect, ...]
    trips: tuple[FoundTrip, ...]


class Display:
    """The day's readings as the control room sees them."""

    def __init__(self, record: DayRecord) -> None:
        observed, unit = record.observations, record.unit
        ids = np.array([tag.tag_id for tag in unit.tags], dtype=observed.tag_id.dtype)
        starts, ends = np.searchsorted(observed.tag_id, ids), np.searchsorted(observed.tag_id, ids, side="right")
        self._rows = {tag.tag_id: slice(int(a), int(b)) for tag, a, b in zip(unit.tags, starts, ends, strict=True)}
        self._observed, self._midnight_us = observed, int(np.datetime64(record.day, "us").astype(np.int64))
        self._record = record

    def reading(self, tag: Tag, second: int) -> Reading | None:
        """The last reading up to a second, unless it is not good."""
        rows = self._rows[tag.tag_id]
        at = int(np.searchsorted(self._observed.measured_us[rows], self._midnight_us + second * 1_000_000, side="right")) - 1
        if at < 0 or self._observed.quality[rows][at] < GOOD:
            return None
        return Reading(tag, second, float(self._observed.value[rows][at]))

    def extremes(self, tag: Tag, from_second: int, to_second: int) -> tuple[Reading, Reading] | None:
        """The lowest and the highest good reading of a while."""
        rows = self._rows[tag.tag_id]
        at = -((self._midnight_us - self._observed.measured_us[rows]) // 1_000_000)  # the first second at which it is shown
        inside = np.flatnonzero((at >= from_second) & (at < to_second) & (self._observed.quality[rows] >= GOOD))
        if len(inside) < 3:
            return None
        values = self._observed.value[rows][inside]
        lowest, highest = inside[int(np.argmin(values))], inside[int(np.argmax(values))]
        low, high = (Reading(tag, int(at[found]), float(self._observed.value[rows][found])) for found in (lowest, highest))
        return low, high

    def is_running(self, second: int) -> bool:
        """Whether the unit runs."""
        return bool(self._record.signals["running"][self._tick(second)] == 1.0)

    def during(self, signal: str, from_second: int, to_second: int) -> FloatArray:
        """The true signal from one second to another, at least one tick of it."""
        first = self._tick(from_second)
        return self._record.signals[signal][first : max(self._tick(to_second), first) + 1]

    def _tick(self, second: int) -> int:
        return min(max(second, 0) // self._record.unit.model.tick_seconds, self._record.unit.ticks_per_day)


def findings_of(record: DayRecord) -> Findings:
    """What people notice of the day."""
    display = Display(record)
    name = f"{record.unit.unit_id}:{record.day}"
    faults_rng = stream(record.unit.seed, "logbook.entries", "findings of faults", name)
    faults = tuple(_fault(record, display, number, faults_rng.random(3)) for number in range(len(record.episodes)))
    defects_rng = stream(record.unit.seed, "logbook.entries", "findings of defects", name)
    trips = tuple(_trip(record, display, faults, number) for number in range(len(record.trips)))
    return Findings(faults, tuple(_defects(record, display, defects_rng)), trips)


def _fault(record: DayRecord, display: Display, number: int, drawn: FloatArray) -> FoundFault:
    """Steps show within the first half, ramps when they have grown; the cause is known near the end, when it is repaired."""
    episode = record.episodes[number]
    fault = record.unit.model.faults[episode.fault]
    length = episode.to_second - episode.from_second
    share = 0.55 + 0.35 * drawn[0] if fault.is_ramp else 0.1 + 0.4 * drawn[0]
    noticed = episode.from_second + int(share * length)
    symptoms = tuple(_symptoms(record, display, episode.from_second, noticed))
    known = None
    if not symptoms or drawn[1] < CAUSE_KNOWN:
        known = noticed + int((0.3 + 0.6 * drawn[2]) * (episode.to_second - noticed))
    return FoundFault(
        fault_id(record, number), fault, episode, _equipment(record.unit, fault, symptoms), symptoms, noticed, known
    )


def _equipment(unit: Unit, fault: Fault, symptoms: tuple[Symptom, ...]) -> str:
    """The equipment that the fault's description names, or that which moved most of the kind that it hints at."""
    named = _NAMED.findall(fault.description)
    if named:
        return str(named[0])
    classes = {equipment.code: equipment.equipment_class for equipment in unit.model.equipment}
    moved = [symptom.tag.instrument.equipment for symptom in symptoms]
    hinted = [code for code in [*moved, *classes] if classes[code].split("_")[-1] in f"{fault.name} {fault.description}"]
    return [*hinted, *moved, *classes][0]


def _symptoms(record: DayRecord, display: Display, onset: int, noticed: int) -> list[Symptom]:
    """The tags that moved most since the onset, the largest first; at most one per signal."""
    if not (display.is_running(noticed) and display.is_running(onset - 1)):
        return []
    found: dict[str, Symptom] = {}
    for place, tag in enumerate(record.unit.tags):
        instrument = tag.instrument
        if (
            instrument.role not in ("PV", "OP")
            or instrument.signal == "ambient"
            or place in record.defects.of_tag
            or instrument.signal in found
        ):
            continue
        symptom = (
            _apart(record, display, tag, onset, noticed)
            or _deviation(record, display, tag, onset, noticed)
            or _swing(display, tag, onset, noticed)
        )
        if symptom is not None:
            found[instrument.signal] = symptom
    return sorted(found.values(), key=lambda symptom: -symptom.size)[:MOST_SYMPTOMS]


def _deviation(record: DayRecord, display: Display, tag: Tag, onset: int, noticed: int) -> Symptom | None:
    signal = tag.instrument.signal
    base = display.during(signal, onset - BASE_SECONDS, onset - 1)
    move = float(np.mean(display.during(signal, max(onset, noticed - 300), noticed)) - np.mean(base))
    kind = "rising" if move > 0 else "falling"
    before, now = display.reading(tag, onset - 1), display.reading(tag, noticed)
    if tag.instrument.is_controlled:
        set_point = next((found for found in record.unit.tags if found.name == tag.name.replace(".PV", ".SP")), None)
        before = None if set_point is None else display.reading(set_point, noticed)
        if before is None or now is None:
            return None
        move = now.value - before.value
        kind = "above" if move > 0 else "below"
    size = abs(move) / tag.span
    if before is None or now is None or size < LEAST_MOVE or abs(move) < 3.0 * float(np.std(base)):
        return None
    if (now.value - before.value) * move <= 0.0:  # the noise of the two readings hides it
        return None
    return Symptom(kind, tag, before, now, size / LEAST_MOVE)


def _swing(display: Display, tag: Tag, onset: int, noticed: int) -> Symptom | None:
    signal = tag.instrument.signal
    since = max(onset, noticed - BASE_SECONDS)
    before = np.diff(display.during(signal, onset - BASE_SECONDS, onset - 1)[::12])
    now = np.diff(display.during(signal, since, noticed)[::12])
    if min(len(before), len(now)) < LEAST_CHANGES:
        return None
    usual, swing = float(np.std(before)), float(np.std(now))
    if swing < LEAST_SWING * usual or swing < 0.4 * LEAST_MOVE * tag.span:
        return None
    ends = display.extremes(tag, since, noticed)
    return None if ends is None else Symptom("swinging", tag, *ends, swing / tag.span / LEAST_MOVE * 2.0)


def _apart(record: DayRecord, display: Display, tag: Tag, onset: int, noticed: int) -> Symptom | None:
    """A final element whose position is not what its controller asks for, when they are furthest apart."""
    if not tag.instrument.name.startswith("Z"):
        return None
    outputs = (found for found in record.unit.tags if found.instrument.role == "OP")
    output = next((found for found in outputs if found.instrument.equipment == tag.instrument.equipment), None)
    if output is None:
        return None
    signal, asked = tag.instrument.signal, output.instrument.signal
    since = max(onset, noticed - BASE_SECONDS)
    gap = np.abs(display.during(signal, since, noticed) - display.during(asked, since, noticed))
    usual = np.abs(
        display.during(signal, onset - BASE_SECONDS, onset - 1) - display.during(asked, onset - BASE_SECONDS, onset - 1)
    )
    at = int(np.argmax(gap))
    if gap[at] < max(LEAST_GAP, 1.5 * float(np.max(usual))):
        return None
    second = since + at * record.unit.model.tick_seconds
    first, position = display.reading(output, second), display.reading(tag, second)
    if first is None or position is None or abs(first.value - position.value) < LEAST_GAP:
        return None
    return Symptom("apart", tag, first, position, float(gap[at]))


def _defects(record: DayRecord, display: Display, rng: np.random.Generator) -> Iterator[FoundDefect]:
    outage_tags: list[Tag] = []
    for place, defect in record.defects.of_tag.items():
        tag = record.unit.tags[place]
        chance, share = rng.random(2)
        if defect.kind not in CHANCE_OF_NOTICING:  # a spike, a slow clock and a packet sent twice pass unnoticed
            continue
        low, high = NOTICED_AFTER[defect.kind]
        noticed = defect.from_second + int((low + (high - low) * share) * (defect.to_second - defect.from_second))
        if defect.kind == LATE_FILE:
            outage_tags.append(tag)
            continue
        if tag.instrument.role not in ("PV", "OP"):  # nobody misses the trend of a mode or a set point
            continue
        companion = _companion(record, display, tag, noticed)
        care = ALONE if defect.kind in (DRIFT, FROZEN) and companion is None else 1.0
        if chance < care * CHANCE_OF_NOTICING[defect.kind]:
            yield FoundDefect(
                (defect_id(tag, record.day),), tag, defect, tag.instrument.equipment, noticed,
                _shown(record, tag, noticed), companion,
            )  # fmt: skip
    outage = record.defects.outage
    chance, share = rng.random(2)
    if outage is not None and outage_tags and chance < CHANCE_OF_NOTICING[LATE_FILE]:
        noticed = outage.from_second + int((0.1 + 0.4 * share) * (outage.to_second - outage.from_second))
        yield FoundDefect(
            tuple(defect_id(tag, record.day) for tag in outage_tags), outage_tags[0],
            Defect(LATE_FILE, outage.from_second, outage.to_second), outage.equipment, noticed, None, None,
        )  # fmt: skip


def _shown(record: DayRecord, tag: Tag, second: int) -> Reading | None:
    """What the tag showed, whatever its quality; None where it showed no number."""
    observed = record.observations
    rows = slice(*np.searchsorted(observed.tag_id, (tag.tag_id, tag.tag_id + 1)))
    limit = np.datetime64(record.day, "us").astype(np.int64) + second * 1_000_000
    at = int(np.searchsorted(observed.measured_us[rows], limit, side="right")) - 1
    value = float(observed.value[rows][at]) if at >= 0 else float("nan")
    return None if np.isnan(value) else Reading(tag, second, value)


def _companion(record: DayRecord, display: Display, tag: Tag, second: int) -> Reading | None:
    """A good reading of another tag that sees the same signal."""
    for place, other in enumerate(record.unit.tags):
        same = other is not tag and other.instrument.signal == tag.instrument.signal
        if same and place not in record.defects.of_tag:
            return display.reading(other, second)
    return None


def _trip(record: DayRecord, display: Display, faults: tuple[FoundFault, ...], number: int) -> FoundTrip:
    trip = record.trips[number]
    before = max(trip.from_second - record.unit.model.tick_seconds, 0)
    read = [display.reading(tag, before) for tag in record.unit.tags if tag.instrument.role == "PV"]
    shown = sorted((reading for reading in read if reading is not None), key=_distance, reverse=True)
    worst = next((reading for reading in shown if reading.tag.instrument.is_controlled), None)
    if worst is None or _distance(worst) < CLEARLY_OFF:
        worst = shown[0] if shown else None
    under_way = [
        fault for fault in faults if fault.episode.from_second <= trip.from_second <= fault.episode.to_second + BASE_SECONDS
    ]
    return FoundTrip(trip_id(record, number), trip, worst, under_way[-1] if under_way else None)


def _distance(reading: Reading) -> float:
    """How far a reading is from its normal value, as a share of the span."""
    return abs(reading.value - reading.tag.normal_value) / reading.tag.span
