"""Tags: the instruments of a model built into one unit, each with a bias, a gain error and a scan phase of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from generators.chemical.compression import COMPRESSION_CELSIUS, COMPRESSION_SHARES, Compression, Door
from generators.chemical.processes.model import CELSIUS, Instrument, ProcessModel

REDUNDANT_SUFFIXES = "BCDEFGHJK"  # ISA leaves out I, which reads like 1


@dataclass(frozen=True)
class Tag:
    """One tag. `steps_per_unit` is 1 / resolution, a power of ten: value = whole number / steps_per_unit exactly.

    `low_step` and `high_step` are the ends of the range in steps. `gain` and `bias` are the instrument's own error;
    `phase_ms` is when in its interval it is scanned. Without `compression`, every scan gives a reading.
    """

    tag_id: int
    name: str
    instrument: Instrument
    steps_per_unit: int
    low_step: int
    high_step: int
    normal_value: float
    noise_sd: float
    gain: float
    bias: float
    phase_ms: int
    compression: Compression | None = None

    @property
    def scan_interval_ms(self) -> int:
        """Time between two readings."""
        return self.instrument.scan_seconds * 1000

    @property
    def span(self) -> float:
        """Width of the range in the unit of measure."""
        return (self.high_step - self.low_step) / self.steps_per_unit

    @property
    def middle(self) -> float:
        """Middle of the range."""
        return (self.high_step + self.low_step) / 2 / self.steps_per_unit


def most_tags(model: ProcessModel) -> int:
    """How many tags a unit of the model can carry at most."""
    return sum(1 for _ in _candidates(model))


def tags_of(
    model: ProcessModel, unit_id: int, unit_code: str, count: int, normal: Mapping[str, float], rng: np.random.Generator
) -> tuple[Tag, ...]:
    """The first `count` tags of a unit whose signals normally have the values `normal`, or all of its model's if more."""
    tags = []
    for number, instrument in enumerate(islice(_candidates(model), max(count, len(model.instruments))), start=1):
        errors = rng.uniform(-1.0, 1.0, 2)
        scan_ms = instrument.scan_seconds * 1000
        phase_ms = int(rng.integers(0, scan_ms))
        if instrument.is_stepped or instrument.is_controlled:
            phase_ms -= phase_ms % (1000 * model.tick_seconds)  # what a controller or an analyser knows changes at ticks only
        steps_per_unit = 10**instrument.decimals
        low, high = instrument.span.ends(normal[instrument.signal])
        low_step, high_step = round(low * steps_per_unit), round(high * steps_per_unit)
        span = (high_step - low_step) / steps_per_unit
        is_exact = instrument.is_exact
        tags.append(
            Tag(
                tag_id=unit_id * 1000 + number,
                name=f"{unit_code}-{instrument.name}",
                instrument=instrument,
                steps_per_unit=steps_per_unit,
                low_step=low_step,
                high_step=high_step,
                normal_value=round(normal[instrument.signal] * steps_per_unit) / steps_per_unit,
                noise_sd=0.0 if is_exact else instrument.noise * span,
                gain=1.0 if is_exact else 1.0 + 0.002 * float(errors[0]),
                bias=0.0 if is_exact else 0.5 * instrument.noise * span * float(errors[1]),
                phase_ms=phase_ms,
            )
        )
    return tuple(tags)


def compressed(tags: Iterable[Tag], rng: np.random.Generator) -> tuple[Tag, ...]:
    """The tags as a site has them that thins out its readings. Deviations are whole steps of the resolution."""
    return tuple(replace(tag, compression=_compression(tag, rng.random())) for tag in tags)


def _compression(tag: Tag, share: float) -> Compression:
    if tag.instrument.is_stepped:
        return Compression(exception_deviation=0.0)
    low, high = COMPRESSION_SHARES
    deviation = (low + (high - low) * share) * tag.span
    if tag.instrument.unit is CELSIUS:
        low, high = COMPRESSION_CELSIUS
        deviation = min(low + (high - low) * share, COMPRESSION_SHARES[1] * tag.span)
    steps = max(2, round(deviation * tag.steps_per_unit))
    return Compression(exception_deviation=steps // 2 / tag.steps_per_unit, door=Door(steps / tag.steps_per_unit))


def _candidates(model: ProcessModel) -> Iterator[Instrument]:
    """Instruments in order of importance: the model's own, then redundant copies of those that have no twin yet."""
    yield from model.instruments
    single = [found for found in model.instruments if found.role == "PV" and found.name[-1].isdigit() and not found.is_held]
    for suffix in REDUNDANT_SUFFIXES:
        for instrument in single:
            yield replace(
                instrument,
                name=f"{instrument.name}{suffix}",
                description=f"{instrument.description[:-1]}, redundant transmitter {suffix}.",
                loop=None,
            )
