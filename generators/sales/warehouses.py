"""Warehouses: one for each part of the world that the company sells in, in its strongest country there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from generators.engine.columns import rows_of
from generators.engine.plan import Chunk, Family, Part
from generators.sales import countries as world
from generators.sales.countries import Country, countries_of
from generators.sales.horizon import horizon_of
from generators.scenario import Scenario

SERVICE_AREAS = {
    "Europe": (world.WESTERN, world.NORTHERN, world.SOUTHERN, world.EASTERN),
    "Americas": (world.NORTH_AMERICA, world.LATIN_AMERICA),
    "Asia Pacific": (world.ASIA_PACIFIC,),
    "Middle East and Africa": (world.MIDDLE_EAST_AFRICA,),
}


@dataclass(frozen=True)
class Warehouses:
    """Warehouses by number from 0. `country` is where each stands; `of_country` is the one that serves a country."""

    areas: tuple[str, ...]
    country: NDArray[np.int64]
    of_country: NDArray[np.int64]

    @property
    def warehouse_id(self) -> NDArray[np.int64]:
        """Numbers of the warehouses as the company writes them."""
        return np.arange(1, len(self.areas) + 1)


@cache
def warehouses_of(scenario: Scenario) -> Warehouses:
    """The scenario's warehouses, in order of their first country."""
    lands = countries_of(scenario)
    areas = tuple(dict.fromkeys(_area(land) for land in lands))
    places = [
        max((number for number, land in enumerate(lands) if _area(land) == area), key=lambda number: lands[number].weight)
        for area in areas
    ]
    return Warehouses(areas, np.array(places), np.array([areas.index(_area(land)) for land in lands]))


def _area(land: Country) -> str:
    return next(area for area, regions in SERVICE_AREAS.items() if land.region in regions)


def _parts(_: Scenario) -> list[Part]:
    return [Part("warehouses", "all", 1)]


def _generate(scenario: Scenario, _: Part) -> Iterator[Chunk]:
    yield Chunk("wms.warehouses", "part-000.parquet", _rows(scenario))


def _rows(scenario: Scenario) -> pa.Table:
    warehouses, lands = warehouses_of(scenario), countries_of(scenario)
    loaded = np.full(len(warehouses.areas), horizon_of(scenario).go_live)
    return rows_of(
        "wms.warehouses",
        {
            "warehouse_id": warehouses.warehouse_id,
            "warehouse_name": [f"Saltworks {lands[number].name}" for number in warehouses.country],
            "service_area": list(warehouses.areas),
            "country_code": [lands[number].code for number in warehouses.country],
            "time_zone": [lands[number].time_zone for number in warehouses.country],
            "created_at": loaded,
            "updated_at": loaded,
        },
    )


FAMILY: Family[Scenario] = Family("warehouses", ("wms.warehouses",), _parts, _generate)
