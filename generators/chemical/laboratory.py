"""The laboratory: what it finds in samples drawn beside the analysers, reported hours later.

A sample is of the true signal, with the laboratory's own error. Every eight hours one is drawn for each analysed quantity, and
once a day the night's composite; faults bring extra ones. While the unit stands none is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache

import numpy as np

from generators.chemical.defects import EPOCH
from generators.chemical.findings import Display, Findings, moment
from generators.chemical.fleet import Unit
from generators.chemical.people import laboratory_analysts
from generators.chemical.processes.model import UnitOfMeasure
from generators.chemical.record import DayRecord
from generators.chemical.shifts import to_utc
from generators.chemical.tags import Tag
from generators.engine.streams import stream
from generators.scenario import Scenario

DRAWN_AT = (time(5, 30), time(13, 30), time(21, 30))  # by the clock of the site, before the shifts change
DRAWING_MINUTES = 25  # an operator comes so much later at most
COMPOSITE_SECONDS = 8 * 3600
REPORTING_HOURS = (1.0, 8.0)
RELATIVE_ERROR = 0.006  # standard deviation of repeatability, of the content
SPAN_ERROR = 0.001  # and of the span: a limit of detection
LABORATORY_BIAS = 0.002  # standard deviation between laboratories, of the value
REJECTED = 0.01  # share of samples without a valid result: leaking bottle, too little material
MOST_EXTRA = 4  # samples of a tag on a day, because of faults


@dataclass(frozen=True)
class Sample:
    """A sample with its result; `collecting_began_at` for a composite, which is the mean since then. No value if rejected."""

    sample_id: int
    unit: Unit
    tag: Tag
    kind: str
    collecting_began_at: datetime | None
    sampled_at: datetime
    reported_at: datetime
    value: float | None
    method: str
    analyst_id: int | None

    def row(self) -> dict[str, object]:
        """The row of lims.samples."""
        return {
            "org_id": self.unit.org_id,
            "sample_id": self.sample_id,
            "tag_id": self.tag.tag_id,
            "unit_id": self.unit.unit_id,
            "sample_kind": self.kind,
            "collecting_began_at": self.collecting_began_at,
            "sampled_at": self.sampled_at,
            "reported_at": self.reported_at,
            "value": self.value,
            "unit_of_measure": self.tag.instrument.unit.symbol,
            "method": self.method,
            "analyst_user_id": self.analyst_id,
            "sample_status": "rejected" if self.value is None else "released",
            "created_at": self.reported_at,
            "updated_at": self.reported_at,
        }


def of_day(record: DayRecord, findings: Findings, scenario: Scenario) -> list[Sample]:
    """The samples drawn on the record's day; they come to be when they are reported, which may be on the next."""
    display = Display(record)
    return [sample for tag in analysed(record.unit) for sample in _samples(record, findings, display, tag, scenario)]


def analysed(unit: Unit) -> list[Tag]:
    """The tags whose quantity the laboratory analyses as well: one for each signal of an analyser."""
    found: dict[str, Tag] = {}
    for tag in unit.tags:
        if tag.instrument.isa_function.startswith("A") and tag.instrument.role == "PV":
            found.setdefault(tag.instrument.signal, tag)
    return list(found.values())


def _samples(record: DayRecord, findings: Findings, display: Display, tag: Tag, scenario: Scenario) -> Iterator[Sample]:
    unit, day = record.unit, record.day
    rng = stream(unit.seed, "lims.samples", "samples", f"{tag.tag_id}:{day}")
    error = stream(unit.seed, "lims.samples", "laboratory error", f"{tag.tag_id}:{day}")
    number = tag.tag_id * 100_000 + (day - EPOCH).days
    for place, (kind, second) in enumerate(_drawn(record, findings, rng)):
        low, high = REPORTING_HOURS
        reported = moment(record, second + int(3600 * low * (high / low) ** float(rng.random())))
        is_rejected, who = rng.random() < REJECTED, float(rng.random())
        since = second - COMPOSITE_SECONDS if kind == "composite" else second
        noise = float(error.standard_normal())
        if not (display.is_running(second) and display.is_running(since)):
            continue
        truth = float(np.mean(display.during(tag.instrument.signal, since, second)))
        repeatability = RELATIVE_ERROR * noise + _bias(unit.seed, unit.plant.site.site_id)
        measured = truth + content(tag, truth) * repeatability + SPAN_ERROR * tag.span * noise
        present = laboratory_analysts(scenario, unit.plant.site, reported)
        yield Sample(
            sample_id=number * 10 + place,
            unit=unit,
            tag=tag,
            kind=kind,
            collecting_began_at=moment(record, since) if kind == "composite" else None,
            sampled_at=moment(record, second),
            reported_at=reported,
            value=None if is_rejected else round(measured, tag.instrument.decimals),
            method=method(tag.instrument.unit, tag.instrument.description),
            analyst_id=present[int(who * len(present))].user_id if present else None,
        )


def content(tag: Tag, truth: float) -> float:
    """What the relative error is relative to: the value, or what is missing to 100 % where that is less."""
    return min(abs(truth), abs(100.0 - truth)) if tag.instrument.unit.symbol.endswith("%") else abs(truth)


def _drawn(record: DayRecord, findings: Findings, rng: np.random.Generator) -> list[tuple[str, int]]:
    """Kind and second of each sample: the routine ones of the site's clock that fall into this UTC day, then the others."""
    zone = record.unit.plant.site.place.time_zone
    midnight = moment(record, 0)
    routine = []
    for shift in (-1, 0, 1):
        for clock in DRAWN_AT:
            at = int((to_utc(record.day + timedelta(days=shift), clock, zone) - midnight).total_seconds())
            if 0 <= at < 86_400:
                routine.append(min(at + int(60 * rng.integers(0, DRAWING_MINUTES + 1)), 86_399))
    composite = [second for second in sorted(routine) if second >= COMPOSITE_SECONDS][:1]
    extra = [min(fault.noticed_second + 900, 86_399) for fault in findings.faults[:MOST_EXTRA]]
    return [
        *(("spot", second) for second in routine),
        *(("composite", second) for second in composite),
        *(("extra", second) for second in extra),
    ]


@cache
def _bias(seed: int, site_id: int) -> float:
    return LABORATORY_BIAS * float(stream(seed, "lims.samples", "laboratory bias", str(site_id)).standard_normal())


def method(unit: UnitOfMeasure, description: str) -> str:
    """The laboratory's method for a quantity, by what the analyser measures."""
    if "chromatograph" in description or unit.symbol in ("mol/l", "mol%", "mol %"):
        return "LM-012 gas chromatography"
    if "pH" in description:
        return "LM-031 pH electrode at 25 °C"
    if "onductivity" in description:
        return "LM-033 conductivity at 25 °C"
    if unit.symbol in ("%", "1", "wt%", "wt %"):
        return "LM-014 composition by gas chromatography"
    return "LM-040 wet analysis"
