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
from generators.chemical.processes.model import FloatArray, Instrument, ProcessModel, Tuning
from generators.chemical.processes.registry import MODELS
from generators.chemical.tags import Tag, most_tags, tags_of
from generators.chemical.tenants import Organization, organization
from generators.engine.plan import apportion
from generators.engine.streams import stream
from generators.scenario import Scenario, ScenarioError

UNITS_PER_PLANT = 2
PLANTS_PER_SITE = 2
FEWEST_TAGS = 8  # the two loops and something to look at


@dataclass(frozen=True)
class Site:
    """A place where an organization runs plants."""

    site_id: int
    organization: Organization
    place: Place
    code: str


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
        """How its controllers are tuned."""
        return self.model.tuning(self.parameters)

    @cached_property
    def rest(self) -> FloatArray:
        """State in steady state at the normal operating point."""
        return self.model.rest(self.parameters)

    @cached_property
    def normal(self) -> dict[str, float]:
        """Every signal in steady state at an ambient of 15 °C; set points are where the process values are."""
        calm = np.array([[15.0], *([disturbance.mean] for disturbance in self.model.disturbances)])
        nowhere = np.zeros((len(self.model.loops), 1))
        values = {
            name: float(signal[0])
            for name, signal in self.model.signals(self.parameters, self.rest[:, np.newaxis], calm, nowhere).items()
        }
        for loop in range(len(self.model.loops)):
            values[f"set_point_{loop}"] = values[self.process_value(loop).signal]
        return values

    @cached_property
    def tags(self) -> tuple[Tag, ...]:
        """Its tags, in order of their ids."""
        rng = stream(self.seed, "asset.tags", "latents", str(self.unit_id))
        return tags_of(self.model, self.unit_id, self.code, self.tag_count, self.normal, rng)

    def process_value(self, loop: int) -> Instrument:
        """The instrument that a loop controls."""
        return next(found for found in self.model.instruments if found.loop == loop and found.role == "PV")

    def loop_id(self, loop: int) -> int:
        """Surrogate key of a loop of the unit."""
        return self.unit_id * 10 + loop + 1

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
    fewest, most = FEWEST_TAGS * shape.units, min(most_tags(model) for model in MODELS) * shape.units
    if not fewest <= shape.tags <= most:
        raise ScenarioError(
            f"chemical.tags = {shape.tags} does not fit {shape.units} units: use {fewest} to {most},"
            f" that is {FEWEST_TAGS} to {most // shape.units} tags per unit"
        )
    sizes = stream(seed, "iam.organizations", "size").uniform(0.6, 1.4, shape.organizations)
    units_of = apportion(sizes, shape.units, minimum=1)
    tag_counts = _tag_counts(seed, shape.units, shape.tags)
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
                site = Site(len(sites) + 1, owner, place, f"S{number // (UNITS_PER_PLANT * PLANTS_PER_SITE) + 1:02d}")
                sites.append(site)
            if number % UNITS_PER_PLANT == 0:
                plant = Plant(len(plants) + 1, sites[-1], f"P{number // UNITS_PER_PLANT + 1:02d}")
                plants.append(plant)
            model = MODELS[len(units) % len(MODELS)]
            count = int(tag_counts[len(units)])
            units.append(Unit(len(units) + 1, plants[-1], str(11 + number), model, count, seed))
    return Fleet(tuple(organizations), tuple(sites), tuple(plants), tuple(units))


def _tag_counts(seed: int, units: int, tags: int) -> list[int]:
    weights = stream(seed, "asset.tags", "count").uniform(0.9, 1.1, units)
    return [int(count) for count in apportion(weights, tags, minimum=FEWEST_TAGS)]
