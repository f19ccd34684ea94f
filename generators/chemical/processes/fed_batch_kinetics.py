"""The organism of the fed-batch fermenter: how it grows, feeds and makes its product, and the vessel that it was planned for.

Growth, product formation and balances after Srinivasan, Bonvin et al. (2003), as printed in do-mpc's example batch_reactor:
four states, a specific growth rate µ(S) with inhibition, and product at a constant rate per biomass. A unit runs them at a
`pace` of about four, with rates and feed scaled alike, and on a larger scale.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from generators.chemical.compiled import compiled, formula
from generators.chemical.processes import fed_batch_recipe as recipe
from generators.chemical.processes.model import Value


class Parameters(NamedTuple):
    """Nominal values: Srinivasan, Bonvin et al. (2003) down to `feed_substrate`; the vessel around is our own sizing."""

    max_growth: float = 0.02  # 1/h
    half_saturation: float = 0.05  # kg/m³
    inhibition: float = 5.0  # kg/m³
    yield_biomass: float = 0.5  # kg/kg
    yield_product: float = 1.2  # kg/kg
    production: float = 0.004  # 1/h
    feed_substrate: float = 200.0  # kg/m³
    inoculum: float = 1.0  # kg/m³ of biomass at the start
    charge: float = 0.12  # m³ at the start
    medium_substrate: float = 2.5  # kg/m³ at the start; the published batch has 0.5 and feeds from the first hour
    planned_growth: float = 0.0125  # 1/h in feeding: three quarters of the largest rate, where feeding is stable
    pace: float = 4.0  # times the published speed
    growth_celsius: float = 30.0
    growth_ph: float = 6.8
    oxygen: float = 40.0  # % of saturation
    pressure: float = 0.5  # bar over ambient
    aeration: float = 48.0  # normal m³/h per m³ of charge: 0.8 vvm
    oxygen_of_growth: float = 1.0  # kg/kg
    oxygen_of_upkeep: float = 0.015  # 1/h, kg oxygen per kg of biomass
    jacket_transfer: float = 1.5  # kW/(K m³ of charge)
    coolant_celsius: float = 18.0  # at an ambient of 15 °C


NOMINAL = Parameters()


def draw(rng: np.random.Generator) -> Parameters:
    """One unit's own parameters: an organism of its own and a vessel of 5 to 18 m³ charge."""
    spread = rng.uniform(-1.0, 1.0, 8)
    return NOMINAL._replace(
        max_growth=NOMINAL.max_growth * (1 + 0.03 * spread[0]),
        production=NOMINAL.production * (1 + 0.15 * spread[1]),
        yield_biomass=NOMINAL.yield_biomass * (1 + 0.04 * spread[2]),
        growth_celsius=round(NOMINAL.growth_celsius + 2.0 * float(spread[3]), 1),
        growth_ph=round(NOMINAL.growth_ph + 0.1 * float(spread[4]), 1),
        oxygen_of_growth=NOMINAL.oxygen_of_growth * (1 + 0.10 * spread[5]),
        jacket_transfer=NOMINAL.jacket_transfer * (1 + 0.08 * spread[6]),
        pace=NOMINAL.pace * (1 + 0.12 * spread[7]),
        charge=NOMINAL.charge * float(rng.uniform(40.0, 150.0)),
    )


@formula
def growth_rate(parameters: Parameters, substrate: float) -> float:
    """Specific growth rate in 1/h at a substrate concentration in kg/m³: Haldane's inhibition, at the unit's pace."""
    p = parameters
    return p.pace * p.max_growth * substrate / (p.half_saturation + substrate + substrate * substrate / p.inhibition)


@compiled
def conversion(
    parameters: Parameters, biomass: float, substrate: float, volume: float, activity: float
) -> tuple[float, float, float]:
    """Growth, product formation and substrate uptake in kg/h of what is in the vessel (kg, kg, m³).

    `activity` is the share of the growth rate that temperature, pH and oxygen leave. Product is made at a constant rate, but
    for the last 0.05 kg/m³ of substrate: there the published model would eat more than there is.
    """
    p = parameters
    concentration = max(substrate / volume, 0.0)
    growth = activity * growth_rate(p, concentration) * biomass
    production = p.pace * p.production * biomass * min(concentration / 0.05, 1.0)
    if activity == 0.0:
        production = 0.0
    return growth, production, growth / p.yield_biomass + production / p.yield_product


@formula
def feed_hours(parameters: Parameters) -> float:
    """Length of the feeding phase: 96 h at the published pace."""
    return 96.0 / parameters.pace


@formula
def first_feed(parameters: Parameters) -> float:
    """Feed in m³/h with which feeding begins: what the biomass then present needs to grow as planned."""
    p = parameters
    share = 1.0 / (1.0 + p.production * p.yield_biomass / (p.yield_product * p.planned_growth))
    biomass = p.charge * (p.inoculum + share * p.yield_biomass * p.medium_substrate)
    need = p.pace * (p.planned_growth / p.yield_biomass + p.production / p.yield_product)
    return need * biomass / p.feed_substrate


@formula
def normal_feed(parameters: Parameters) -> float:
    """Feed in m³/h in the middle of the feeding phase, the normal point of the unit."""
    p = parameters
    return recipe.planned_feed(first_feed(p), p.pace * p.planned_growth, 0.5 * feed_hours(p))


@formula
def normal_biomass(parameters: Parameters) -> float:
    """Biomass in kg in the middle of the feeding phase, as planned."""
    p = parameters
    need = p.pace * (p.planned_growth / p.yield_biomass + p.production / p.yield_product)
    return normal_feed(p) * p.feed_substrate / need


@formula
def normal_oxygen_uptake(parameters: Parameters) -> float:
    """Oxygen uptake in kg/h in the middle of the feeding phase, as planned."""
    p = parameters
    return normal_biomass(p) * (p.pace * p.planned_growth * p.oxygen_of_growth + p.oxygen_of_upkeep)


@formula
def oxygen_uptake(parameters: Parameters, growth: Value, biomass: Value, foreign_growth: Value) -> Value:
    """Oxygen uptake in kg/h, from growth in kg/h and biomass in kg."""
    p = parameters
    uptake: Value = (growth + foreign_growth) * p.oxygen_of_growth + biomass * p.oxygen_of_upkeep
    return uptake
