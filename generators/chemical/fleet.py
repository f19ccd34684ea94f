"""The fleet: which organization runs which sites, plants and units, and what each unit is made of.

Everything follows from the scenario alone. Numbers nest: a unit's equipment, loops and tags are numbered below its own id, so
a key never depends on how large the other units are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property
from typing import Any

import numpy as np

from generators.chemical.places import PLACES, Place
from generators.chemical.processes.model import Drive, FloatArray, Instrument, ProcessModel, Run, Tuning
from generators.chemical.processes.registry import MODELS
from generators.chemical.tags import Tag, compressed, most_tags, tags_of
from generators.chemical.tenants import Organization, organization
from generators.engine.plan import apportion
from generators.engine.streams import stream
from generators.scenario import Scenario, ScenarioError

UNITS_PER_PLANT = 2
PLANTS_PER_SITE = 2
FEWEST_TAGS = 8  # two loops
TUNING_CARE = (0.05, 0.20)  # standard deviation of the logarithm of a site's gains, from the best to the worst


@dataclass(frozen=True)
class Site:
    """A place where an organization runs plants. With `has_compression`, its historian thins out what it is sent."""

    site_id: int
    organization: Organization
    place: Place
    code: str
    has_compression: bool


@dataclass(frozen=True)
class Plant:
    """A plant of a site."""

    plant_id: int
    site: Site
    code: str


@dataclass(frozen=True)
class Unit:
    """A process unit with parameters of its own. `code` begins its tag names and is unique in its organization."""

    unit_id: int
    plant: Plant
    code: str
    model: ProcessModel
    tag_count: int
    seed: int

    @property
    def org_id(self) -> int:
        """Organization of the unit."""
        return self.plant.site.organization.org_id

    @property
    def commissioned_on(self) -> date:
        """Day of commissioning, some time in the two decades before the fleet is watched."""
        days = int(stream(self.seed, "asset.units", "commissioned", str(self.unit_id)).integers(0, 20 * 365))
        return date(2003, 1, 1) + timedelta(days=days)

    @cached_property
    def parameters(self) -> Any:
        """The unit's own physical parameters."""
        return self.model.draw(stream(self.seed, "asset.units", "parameters", str(self.unit_id)))

    @cached_property
    def tuning(self) -> Tuning:
        """How its controllers are tuned: some sites tune with care, others leave loops sluggish or lively."""
        tuning, loops = self.model.tuning(self.parameters), len(self.model.loops)
        rng = stream(self.seed, "asset.control_loops", "tuning", str(self.plant.site.site_id))
        care = float(rng.uniform(*TUNING_CARE))
        own = stream(self.seed, "asset.control_loops", "tuning of a loop", str(self.unit_id)).standard_normal((2, loops))
        spread = np.exp(care * np.clip(own, -1.5, 1.5))
        return Tuning(tuning.gains * spread[0], tuning.integral_times / np.minimum(spread[1], 1.0))

    @cached_property
    def rest(self) -> FloatArray:
        """State in steady state at the normal operating point."""
        return self.model.rest(self.parameters)

    @property
    def start(self) -> FloatArray:
        """State in which it is first watched."""
        if self.model.start is None:
            return self.rest
        return self.model.start(self.parameters, stream(self.seed, "historian.readings", "first state", str(self.unit_id)))

    @property
    def ticks_per_day(self) -> int:
        """Steps of the simulation in a day."""
        return 86_400 // self.model.tick_seconds

    @cached_property
    def _at_rest(self) -> Run:
        """A tick of the unit at rest, at an ambient of 15 °C."""
        loops = len(self.model.loops)
        nothing, two = np.zeros((loops, 2)), np.ones(2)
        drive = Drive(
            disturbances=self._calm * two,
            faults=np.zeros((len(self.model.faults), 2)),
            set_points=nothing,
            modes=np.repeat(np.array([loop.usual_mode for loop in self.model.loops], dtype=np.int8)[:, np.newaxis], 2, axis=1),
            output_moves=nothing,
            noise=nothing,
            uniforms=np.full(self.model.uniforms_per_day, 0.5),
        )
        return self.model.run(self.parameters, self.tuning, self.rest, drive, float(self.model.tick_seconds))

    @property
    def _calm(self) -> FloatArray:
        return np.array([[15.0], *([disturbance.mean] for disturbance in self.model.disturbances)])

    @property
    def rest_column(self) -> FloatArray:
        """The column of the trajectory that belongs to `rest`."""
        return self._at_rest.trajectory[:, 0]

    @cached_property
    def normal(self) -> dict[str, float]:
        """Every signal in steady state at an ambient of 15 °C; set points are where the process values are."""
        found = self.model.signals(self.parameters, self.rest_column[:, np.newaxis], self._calm)
        values = {name: float(signal[0]) for name, signal in found.items()} | {"running": 1.0}
        for number, loop in enumerate(self.model.loops):
            values[f"set_point_{number}"] = values[self.process_value(number).signal]
            values[f"output_{number}"] = float(self._at_rest.outputs[number, 0])
            values[f"mode_{number}"] = float(loop.usual_mode)
        return values

    @cached_property
    def _built(self) -> tuple[Tag, ...]:
        """All instruments of the unit, of which the historian has the first."""
        rng = stream(self.seed, "asset.tags", "latents", str(self.unit_id))
        tags = tags_of(self.model, self.unit_id, self.code, self.tag_count, self.normal, rng)
        if not self.plant.site.has_compression:
            return tags
        return compressed(tags, stream(self.seed, "asset.tags", "compression", str(self.unit_id)))

    @property
    def tags(self) -> tuple[Tag, ...]:
        """Its tags, in order of their ids."""
        return self._built[: self.tag_count]

    def process_value(self, loop: int) -> Instrument:
        """The instrument that a loop controls."""
        return self._controlled[loop]

    @cached_property
    def _controlled(self) -> dict[int, Instrument]:
        return {found.loop: found for found in self.model.instruments if found.loop is not None and found.is_controlled}

    def process_value_tag(self, loop: int) -> Tag:
        """The same as it is built, whether the historian has it or not."""
        return next(tag for tag in self._built if tag.instrument is self._controlled[loop])

    def loop_id(self, loop: int) -> int:
        """Surrogate key of a loop of the unit."""
        return self.unit_id * 100 + loop + 1

    def equipment_id(self, code: str) -> int:
        """Surrogate key of a piece of equipment of the unit."""
        codes = [equipment.code for equipment in self.model.equipment]
        return self.unit_id * 100 + codes.index(code) + 1

    def in_words(self, text: str) -> str:
        """A description with {R-101} replaced by the unit's own equipment number, 12-R-101."""
        return text.replace("{", f"{self.code}-").replace("}", "")


@dataclass(frozen=True)
class Fleet:
    """All that stands in the world of the scenario."""

    organizations: tuple[Organization, ...]
    sites: tuple[Site, ...]
    plants: tuple[Plant, ...]
    units: tuple[Unit, ...]


@cache
def fleet_of(scenario: Scenario) -> Fleet:
    """The fleet of a scenario. Raises ScenarioError when its tags are too few or too many for its units."""
    shape, seed = scenario.chemical, scenario.seed
    models = [MODELS[index % len(MODELS)] for index in range(shape.units)]
    tag_counts = _tag_counts(seed, models, shape.tags)
    sizes = stream(seed, "iam.organizations", "size").uniform(0.6, 1.4, shape.organizations)
    units_of = apportion(sizes, shape.units, minimum=1)
    organizations: list[Organization] = []
    sites: list[Site] = []
    plants: list[Plant] = []
    units: list[Unit] = []
    for index in range(shape.organizations):
        owner = organization(index)
        organizations.append(owner)
        for number in range(int(units_of[index])):
            if number % (UNITS_PER_PLANT * PLANTS_PER_SITE) == 0:
                place = PLACES[len(sites) % len(PLACES)]
                code = f"S{number // (UNITS_PER_PLANT * PLANTS_PER_SITE) + 1:02d}"
                sites.append(Site(len(sites) + 1, owner, place, code, _has_compression(seed, len(sites))))
            if number % UNITS_PER_PLANT == 0:
                plant = Plant(len(plants) + 1, sites[-1], f"P{number // UNITS_PER_PLANT + 1:02d}")
                plants.append(plant)
            index = len(units)
            units.append(Unit(index + 1, plants[-1], str(11 + number), models[index], tag_counts[index], seed))
    return Fleet(tuple(organizations), tuple(sites), tuple(plants), tuple(units))


def _has_compression(seed: int, index: int) -> bool:
    """One site in three thins out its readings: one of each three in order, and one of the first two, so that few show both."""
    group, place = divmod(index, 3)
    return place == int(stream(seed, "asset.sites", "compression", str(group)).integers(3 if group else 2))


def _tag_counts(seed: int, models: list[ProcessModel], tags: int) -> list[int]:
    """Tags of each unit, in proportion to what its model has to see. Raises ScenarioError when they are too few or too many."""
    sizes = np.array([len(model.instruments) for model in models])
    weights = sizes * stream(seed, "asset.tags", "count").uniform(0.9, 1.1, len(models))
    room = np.array([most_tags(model) for model in models]) - FEWEST_TAGS
    fewest = FEWEST_TAGS * len(models)
    most = fewest + int((room / weights).min() * weights.sum()) - len(models)
    if not fewest <= tags <= most:
        raise ScenarioError(
            f"chemical.tags = {tags} does not fit {len(models)} units: use {fewest} to {most},"
            f" that is {FEWEST_TAGS} to {most // len(models)} tags per unit"
        )
    return [int(count) for count in apportion(weights, tags, minimum=FEWEST_TAGS)]
