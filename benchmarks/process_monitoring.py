"""Whether a principal-component monitor sees the faults of the Tennessee Eastman units as it does in the literature.

For each such unit of the preset medium: readings every 180 s of all process values and controller outputs. A monitor is
trained on normal days; its two limits (Hotelling's T² in the plane of the components, the squared prediction error off it)
are the 99 % quantiles of further normal days. Then each of the twenty published disturbances at its published size, from two
o'clock to the end of a day: the share of samples beyond a limit. Appends one line of JSON per disturbance to
benchmarks/results/process_monitoring.jsonl.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from main_job import ROOT, machine

from generators.chemical.defects import DayOfDefects
from generators.chemical.faults import FaultEpisode
from generators.chemical.fleet import Unit, fleet_of
from generators.chemical.history import first_day
from generators.chemical.measurement import InstrumentStates, observe_day
from generators.chemical.processes import tennessee_eastman
from generators.chemical.processes.model import FloatArray
from generators.chemical.simulation import UnitState, first_state, simulate_day
from generators.scenario import Scenario, load_scenario

RESULTS = ROOT / "benchmarks" / "results" / "process_monitoring.jsonl"
SAMPLE_SECONDS, ONSET_SECONDS, END_SECONDS = 180, 2 * 3600, 24 * 3600
TRAINING_DAYS, VALIDATION_DAYS = 8, 4
CONFIDENCE, IN_A_ROW = 0.99, 6
VISIBLE, INVISIBLE = (1, 2, 4, 6, 14), (3,)  # that the facts about the published runs name


@dataclass(frozen=True)
class Monitor:
    """A principal-component model of normal operation. `axes` has a column per component, `variances` theirs."""

    mean: FloatArray
    scale: FloatArray
    axes: FloatArray
    variances: FloatArray

    @classmethod
    def trained(cls, samples: FloatArray) -> Monitor:
        """The components whose variance is above that of a single variable."""
        mean, scale = samples.mean(axis=0), samples.std(axis=0)
        scale[scale == 0.0] = 1.0
        _, singular, axes = np.linalg.svd((samples - mean) / scale, full_matrices=False)
        variances = singular**2 / (len(samples) - 1)
        kept = variances > 1.0
        return cls(mean, scale, axes[kept].T, variances[kept])

    def statistics(self, samples: FloatArray) -> tuple[FloatArray, FloatArray]:
        """T² and the squared prediction error of each sample."""
        scaled = (samples - self.mean) / self.scale
        scores = scaled @ self.axes
        residual = scaled - scores @ self.axes.T
        return (scores**2 / self.variances).sum(axis=1), (residual**2).sum(axis=1)


class Watched:
    """A unit that lives from day to day; a look at a day can be repeated with another fault."""

    def __init__(self, scenario: Scenario, unit: Unit) -> None:
        self._unit, self._day = unit, first_day(scenario)
        self._state: UnitState = first_state(unit)
        self._instruments: InstrumentStates | None = None

    def live(self) -> FloatArray:
        """The samples of the next normal day."""
        samples, self._state, self._instruments = self._lived([])
        self._day += timedelta(days=1)
        return samples

    def imagine(self, fault: int) -> FloatArray:
        """The samples of the next day, if a fault of full size began at two o'clock."""
        size = self._unit.model.faults[fault].magnitudes[1]
        return self._lived([FaultEpisode(fault, ONSET_SECONDS, END_SECONDS, size)])[0]

    def _lived(self, episodes: list[FaultEpisode]) -> tuple[FloatArray, UnitState, InstrumentStates]:
        unit_day, state = simulate_day(self._unit, self._state, episodes, self._day)
        observed, instruments = observe_day(self._unit, unit_day.signals, self._instruments, DayOfDefects({}, None), self._day)
        midnight = int(np.datetime64(self._day, "us").astype(np.int64))
        moments = midnight + np.arange(SAMPLE_SECONDS, 24 * 3600 + 1, SAMPLE_SECONDS) * 1_000_000
        own = {instrument.name for instrument in self._unit.model.instruments if instrument.role in ("PV", "OP")}
        columns = []
        for tag in self._unit.tags:
            if tag.instrument.name in own:
                rows = slice(*np.searchsorted(observed.tag_id, (tag.tag_id, tag.tag_id + 1)))
                last = np.searchsorted(observed.measured_us[rows], moments, side="right") - 1
                columns.append(observed.value[rows][np.maximum(last, 0)])
        return np.array(columns).T, state, instruments


def looked_at(scenario: Scenario, unit: Unit) -> list[dict[str, float | int | None]]:
    """What a unit's monitor says of each fault: shares of samples beyond the limits, and minutes until six in a row are."""
    watched = Watched(scenario, unit)
    watched.live()  # the first day is for settling
    monitor = Monitor.trained(np.concatenate([watched.live() for _ in range(TRAINING_DAYS)]))
    normal = [monitor.statistics(watched.live()) for _ in range(VALIDATION_DAYS)]
    limits = [float(np.quantile(np.concatenate(values), CONFIDENCE)) for values in zip(*normal, strict=True)]
    results: list[dict[str, float | int | None]] = []
    for fault in range(len(unit.model.faults)):
        statistics = monitor.statistics(watched.imagine(fault))
        inside = slice(ONSET_SECONDS // SAMPLE_SECONDS, None)
        beyond = np.array([values[inside] > limit for values, limit in zip(statistics, limits, strict=True)])
        either = beyond.any(axis=0)
        run = np.flatnonzero(np.convolve(either, np.ones(IN_A_ROW), "valid") == IN_A_ROW)
        minutes = None if len(run) == 0 else int(run[0] + IN_A_ROW) * SAMPLE_SECONDS // 60
        shares = {"t2": beyond[0].mean(), "spe": beyond[1].mean(), "either": either.mean()}
        results.append({key: round(float(share), 3) for key, share in shares.items()} | {"alarm_minutes": minutes})
    return results


def main() -> int:
    """Look at all units of the model and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    scenario = load_scenario("medium", seed=parser.parse_args().seed)
    units = [unit for unit in fleet_of(scenario).units if unit.model is tennessee_eastman.MODEL]
    results = {unit.unit_id: looked_at(scenario, unit) for unit in units}
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("a", encoding="utf-8") as file:
        for unit_id, found in results.items():
            for number, result in enumerate(found, start=1):
                file.write(json.dumps({"unit": unit_id, "seed": scenario.seed, "fault": number, **result, **machine()}) + "\n")
    print(f"share of samples beyond the limit, mean of {len(units)} units; units with an alarm; first alarm, median")
    seen_by = []
    for place, fault in enumerate(tennessee_eastman.MODEL.faults):
        shares = [np.mean([found[place][key] for found in results.values()]) for key in ("t2", "spe", "either")]
        minutes = [found[place]["alarm_minutes"] for found in results.values() if found[place]["alarm_minutes"] is not None]
        seen_by.append(len(minutes))
        first = f"{np.median(np.array(minutes, dtype=float)):.0f} min" if minutes else "-"
        t2, spe, either = shares
        print(
            f"{place + 1:3}  T² {t2:4.0%}  SPE {spe:4.0%}  either {either:4.0%}  {len(minutes)} of {len(units)}  {first:>8}"
            f"  {fault.name}"
        )
    seen = all(2 * seen_by[number - 1] > len(units) for number in VISIBLE)
    unseen = all(seen_by[number - 1] == 0 for number in INVISIBLE)
    print(f"the visible faults {VISIBLE} raise an alarm in most units: {seen}; the invisible one {INVISIBLE} in none: {unseen}")
    return 0 if seen and unseen else 1


if __name__ == "__main__":
    sys.exit(main())
