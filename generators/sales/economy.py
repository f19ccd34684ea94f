"""The business cycle: dated recessions and short shocks by region, and how strong they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from generators.engine.columns import rows_of
from generators.engine.plan import Chunk, Family, Part
from generators.sales import countries as world
from generators.sales.countries import Country, countries_of
from generators.sales.horizon import Horizon, horizon_of
from generators.scenario import Scenario


@dataclass(frozen=True)
class Episode:
    """A time in some regions (none named: everywhere); factors on the demand of persons and of accounts while it lasts."""

    name: str
    first: date
    last: date
    factors: tuple[float, float]
    regions: tuple[str, ...] = ()

    def holds_in(self, country: Country) -> bool:
        """Whether the country is in it."""
        return not self.regions or country.region in self.regions

    def mask(self, horizon: Horizon) -> NDArray[np.bool_]:
        """The planned days on which it lasts."""
        return np.asarray((horizon.dates >= np.datetime64(self.first)) & (horizon.dates <= np.datetime64(self.last)))


# 2009 with the size of US retail (fact 3: −7.4 %), deeper in trade; the spring of 2020; then two mild ones in the years of the
# presets: western Europe's stagnation, and an invented one in North America.
RECESSIONS = (
    Episode("2009", date(2008, 10, 1), date(2009, 9, 30), (0.926, 0.88)),
    Episode("2020", date(2020, 3, 15), date(2020, 6, 30), (0.90, 0.80)),
    Episode("2023", date(2023, 10, 1), date(2024, 6, 30), (0.95, 0.91), (world.WESTERN, world.NORTHERN)),
    Episode("2025", date(2025, 4, 1), date(2025, 9, 30), (0.94, 0.90), (world.NORTH_AMERICA,)),
)

# Days that the news were full of; how much demand moved is invented.
SHOCKS = (
    Episode("ash_cloud", date(2010, 4, 15), date(2010, 4, 21), (0.94, 0.88), (world.WESTERN, world.NORTHERN)),
    Episode("panic_buying", date(2020, 3, 1), date(2020, 3, 14), (1.30, 1.10)),
    Episode("it_outage", date(2024, 7, 19), date(2024, 7, 20), (0.85, 0.70)),
    Episode("winter_storm", date(2025, 1, 5), date(2025, 1, 8), (0.80, 0.72), (world.NORTH_AMERICA,)),
    Episode("blackout", date(2025, 4, 28), date(2025, 4, 28), (0.45, 0.35), (world.SOUTHERN,)),
)

EPISODES = {"recession": RECESSIONS, "shock": SHOCKS}  # by the effect that they are


def _parts(_: Scenario) -> list[Part]:
    return [Part("economy", "all", 1)]


def _generate(scenario: Scenario, _: Part) -> Iterator[Chunk]:
    """One event per episode and region of the scenario's countries, with the effect on persons."""
    horizon = horizon_of(scenario)
    regions = dict.fromkeys(country.region for country in countries_of(scenario))
    found = [
        (effect, episode, region)
        for effect, episodes in EPISODES.items()
        if effect not in scenario.without
        for episode in episodes
        for region in regions
        if episode.mask(horizon).any() and (not episode.regions or region in episode.regions)
    ]
    began = np.array([episode.first for _, episode, _ in found], dtype="datetime64[D]")
    rows = rows_of(
        "truth.business_events",
        {
            "event_id": [f"{kind}-{episode.name}-{region.lower().replace(' ', '-')}" for kind, episode, region in found],
            "event_type": [kind for kind, _, _ in found],
            "scope_kind": ["region"] * len(found),
            "scope_value": [region for _, _, region in found],
            "starts_on": began,
            "ends_on": np.array([episode.last for _, episode, _ in found], dtype="datetime64[D]"),
            "true_effect": np.array([round(episode.factors[0] * 1_000_000) for _, episode, _ in found], dtype=np.int64),
            "created_at": began,
            "updated_at": began,
        },
    )
    yield Chunk("truth.business_events", "part-economy.parquet", rows, began)


FAMILY: Family[Scenario] = Family("economy", ("truth.business_events",), _parts, _generate)
