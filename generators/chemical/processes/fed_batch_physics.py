"""The vessel of the fed-batch fermenter as twelve differential equations, and what acts on them in each phase of the recipe.

What grows in it is in fed_batch_kinetics.py. Heat, oxygen, acid, off-gas and pressure around that are our own balances with
textbook coefficients. All masses are states, so the balances hold to rounding.
"""

from __future__ import annotations

from math import exp

import numpy as np

from generators.chemical.compiled import compiled, formula
from generators.chemical.processes import fed_batch_recipe as recipe
from generators.chemical.processes.fed_batch_faults import CONTAMINATED, FEED_BLOCKED, SPARGER_FOULED, STIRRER_SLIPS
from generators.chemical.processes.fed_batch_kinetics import (
    Parameters,
    conversion,
    normal_biomass,
    normal_feed,
    normal_oxygen_uptake,
    oxygen_uptake,
)
from generators.chemical.processes.integration import advance, shifted
from generators.chemical.processes.model import FloatArray, Value

TICK_SECONDS = 5.0

# States: masses in kg, volume in m³, oxygen in % of saturation, pH, °C, bar over ambient, volume % of the off-gas.
BIOMASS, SUBSTRATE, PRODUCT, FOREIGN, VOLUME, OXYGEN, PH, TEMPERATURE, JACKET, PRESSURE, CO2, O2 = range(12)
STATES = 12
# Final elements, each moved by the loop of the same number.
JACKET_VALVES, BASE_PUMP, STIRRER, AIR_VALVE, VENT, FEED_PUMP = range(6)
ACTUATOR_SECONDS = np.array([12.0, 5.0, 10.0, 10.0, 8.0, 5.0])
# What acts on the states over a tick: flows in m³/h (gases normal), their properties, and conductances in kW/K.
FILL, SEED, FEED, BASE, DRAIN, AIR, VENTED, TRANSFER, POWER, COOLING, HEATING, COOLANT_CELSIUS = range(12)
STEAM_CELSIUS, FILL_SUBSTRATE, FILL_PH, SEED_BIOMASS, FEED_SUBSTRATE, ACTIVITY, CONTAMINATION, AMBIENT = range(12, 20)
ACTING = 20
FLOWS = 9  # the first of them, which the trajectory keeps

WATER = 4180.0  # kJ/(m³ K)
AMBIENT_BAR = 1.013
HEAT_OF_OXYGEN = 14_400.0  # kJ/kg: 460 kJ/mol, the same for all aerobic growth (Cooney 1969)
RESPIRATORY_QUOTIENT = 1.05
NORMAL_VOLUME_OF_OXYGEN = 22.41 / 32.0  # m³/kg
OXYGEN_SATURATION = 0.0105  # kg/m³ at 30 °C and 0.5 bar over ambient
AIR_O2, AIR_CO2 = 20.95, 0.04  # volume %
ACID_OF_GROWTH = 0.007  # kmol/kg: one proton for each nitrogen that is taken up as ammonium
BASE_CONCENTRATION = 2.0  # kmol/m³
BUFFER = 0.02  # kmol/m³ for one pH
MEDIUM_OVER_GROWTH_PH, CAUSTIC_PH = 0.15, 12.3  # growth sours the medium, and there is no acid to dose
LIQUID_CELSIUS = 25.0  # of everything that is charged
FOREIGN_GROWTH, FOREIGN_HALF = 0.35, 0.1  # 1/h, kg/m³
SLOWEST_STIRRER = 0.2  # of full speed
FULL_SPEED = 240.0  # 1/min
EMPTY = 0.005  # of the charge: the heel that stays
STEAM_AT_NORMAL = 150.0  # °C


@formula
def coolant_inlet(parameters: Parameters, ambient: Value) -> Value:
    """Temperature of the cooling water in °C: the cooling tower follows the weather, but only by a third."""
    return parameters.coolant_celsius + 0.35 * (ambient - 15.0)


@formula
def valve_share(opening: Value) -> Value:
    """Flow of an equal-percentage valve (rangeability 50) over its largest; `opening` from 0 to 1, closed at 0."""
    share: Value = (np.exp(opening * np.log(50.0)) - 1.0) / 49.0
    return share


@compiled
def act(
    parameters: Parameters,
    state: FloatArray,
    actuators: FloatArray,
    book: FloatArray,
    disturbances: FloatArray,
    faults: FloatArray,
    out: FloatArray,
) -> None:
    """What acts on the states from now to the next tick: the phase opens and shuts, actuators throttle, faults take away.

    `disturbances`: ambient, feed strength, pressures of coolant, steam and air over normal, activity over normal.
    """
    p = parameters
    phase, since = book[recipe.PHASE], book[recipe.PHASE_SECONDS]
    is_growing = recipe.is_growing(phase)
    heel = EMPTY * p.charge
    for row in range(ACTING):
        out[row] = 0.0
    out[FILL_PH] = p.growth_ph + MEDIUM_OVER_GROWTH_PH
    if phase == recipe.PREPARE:
        out[FILL] = p.charge / 1.5
        out[FILL_SUBSTRATE] = p.medium_substrate * book[recipe.MEDIUM]
    elif phase == recipe.INOCULATE:
        if since < 1200.0:
            out[SEED] = 0.02 * p.charge * 3.0
            out[SEED_BIOMASS] = p.inoculum * book[recipe.INOCULUM] / 0.02
    elif phase == recipe.CLEAN and since < 900.0:
        out[FILL] = 0.2 * p.charge * 4.0
        out[FILL_PH] = CAUSTIC_PH
    drains = phase == recipe.HARVEST
    drains |= phase == recipe.DISCARD and since >= recipe.KILL_SECONDS
    drains |= phase == recipe.CLEAN and since >= recipe.CLEANING_SECONDS
    if drains:
        tick_hours = TICK_SECONDS / 3600.0
        out[DRAIN] = max(min(p.charge / 1.5, (state[VOLUME] - 0.9 * heel) / tick_hours), 0.0)
    speed = 0.0
    if state[VOLUME] > 0.3 * p.charge:
        speed = (SLOWEST_STIRRER + (1.0 - SLOWEST_STIRRER) * actuators[STIRRER] / 100.0) * (1.0 - faults[STIRRER_SLIPS])
    out[AIR] = 2.0 * p.aeration * p.charge * actuators[AIR_VALVE] / 100.0 * disturbances[4]
    excess = state[PRESSURE] / np.sqrt(max(state[PRESSURE], 0.0) + 0.05)
    out[VENTED] = 2.0 * p.aeration * p.charge * actuators[VENT] / 100.0 * excess / (p.pressure / np.sqrt(p.pressure + 0.05))
    normal_transfer = normal_oxygen_uptake(p) / (p.charge * OXYGEN_SATURATION * (1.0 - p.oxygen / 100.0))
    bubbles = np.sqrt(out[AIR] / (p.aeration * p.charge))
    out[TRANSFER] = normal_transfer * ((speed / 0.55) ** 2 + 0.02) * bubbles * (1.0 - faults[SPARGER_FOULED])
    out[POWER] = p.charge * (speed / 0.55) ** 3
    split = actuators[JACKET_VALVES] / 50.0 - 1.0
    out[COOLING] = 4.0 * p.charge * valve_share(max(-split, 0.0)) * disturbances[2]
    out[HEATING] = 3.0 * p.charge * valve_share(max(split, 0.0)) * disturbances[3]
    out[COOLANT_CELSIUS] = coolant_inlet(p, disturbances[0])
    out[STEAM_CELSIUS] = STEAM_AT_NORMAL + 25.0 * (disturbances[3] - 1.0)
    if is_growing:
        out[ACTIVITY] = disturbances[5]
        base_need = p.pace * p.planned_growth * normal_biomass(p) * ACID_OF_GROWTH / BASE_CONCENTRATION
        out[BASE] = 4.0 * base_need * actuators[BASE_PUMP] / 100.0
        out[CONTAMINATION] = faults[CONTAMINATED]
    if phase == recipe.FEED:
        out[FEED] = 2.5 * normal_feed(p) * actuators[FEED_PUMP] / 100.0 * (1.0 - faults[FEED_BLOCKED])
    out[FEED_SUBSTRATE] = p.feed_substrate * disturbances[1]
    out[AMBIENT] = disturbances[0]


@compiled
def _rates(parameters: Parameters, state: FloatArray, acting: FloatArray, out: FloatArray) -> None:
    """Derivatives of the states per hour."""
    p = parameters
    volume, oxygen, temperature = state[VOLUME], state[OXYGEN], state[TEMPERATURE]
    activity = acting[ACTIVITY]
    if activity > 0.0:
        heat, sourness = (temperature - p.growth_celsius) / 6.0, state[PH] - p.growth_ph
        activity *= exp(-heat * heat - sourness * sourness) * max(oxygen, 0.0) / (max(oxygen, 0.0) + 3.0)
    growth, production, uptake = conversion(p, state[BIOMASS], state[SUBSTRATE], volume, activity)
    concentration = max(state[SUBSTRATE] / volume, 0.0)
    foreign = 0.0
    if activity > 0.0:
        foreign = FOREIGN_GROWTH * concentration / (FOREIGN_HALF + concentration) * state[FOREIGN]
    inflow = acting[FILL] + acting[SEED] + acting[FEED] + acting[BASE]
    drained = acting[DRAIN] / volume
    out[BIOMASS] = growth + acting[SEED] * acting[SEED_BIOMASS] - drained * state[BIOMASS]
    out[SUBSTRATE] = (
        acting[FILL] * acting[FILL_SUBSTRATE]
        + acting[FEED] * acting[FEED_SUBSTRATE]
        - uptake
        - foreign / p.yield_biomass
        - drained * state[SUBSTRATE]
    )
    out[PRODUCT] = production - drained * state[PRODUCT]
    out[FOREIGN] = foreign + acting[CONTAMINATION] * p.charge - drained * state[FOREIGN]
    out[VOLUME] = inflow - acting[DRAIN]
    breath = 0.0
    if activity > 0.0:
        breath = oxygen_uptake(p, growth, state[BIOMASS], foreign)
    absolute = state[PRESSURE] + AMBIENT_BAR
    saturation = 100.0 * absolute / (p.pressure + AMBIENT_BAR)
    out[OXYGEN] = acting[TRANSFER] * (saturation - oxygen) - 100.0 * breath / (OXYGEN_SATURATION * volume)
    out[PH] = (acting[BASE] * BASE_CONCENTRATION - ACID_OF_GROWTH * (growth + foreign)) / (BUFFER * volume) + acting[
        FILL
    ] / volume * (acting[FILL_PH] - state[PH])
    transfer = p.jacket_transfer * p.charge * (volume / p.charge + 0.05)
    into = transfer * (state[JACKET] - temperature)
    loss = 0.01 * p.charge * (temperature - acting[AMBIENT])
    heating = 3600.0 * (into + acting[POWER] - loss) + HEAT_OF_OXYGEN * breath
    out[TEMPERATURE] = (heating + WATER * inflow * (LIQUID_CELSIUS - temperature)) / (WATER * (volume + 0.1 * p.charge))
    cooled = acting[COOLING] * (acting[COOLANT_CELSIUS] - state[JACKET])
    heated = acting[HEATING] * (acting[STEAM_CELSIUS] - state[JACKET])
    out[JACKET] = 3600.0 * (cooled + heated - into) / (WATER * 0.15 * p.charge)
    head = 1.5 * p.charge - volume
    expansion = (temperature + 273.15) / 273.15 * AMBIENT_BAR
    out[PRESSURE] = ((acting[AIR] - acting[VENTED]) * expansion + absolute * (inflow - acting[DRAIN])) / head
    gas = head * absolute / expansion  # normal m³
    out[CO2] = (acting[AIR] * (AIR_CO2 - state[CO2]) + 100.0 * RESPIRATORY_QUOTIENT * NORMAL_VOLUME_OF_OXYGEN * breath) / gas
    out[O2] = (acting[AIR] * (AIR_O2 - state[O2]) - 100.0 * NORMAL_VOLUME_OF_OXYGEN * breath) / gas


@compiled
def advance_one_tick(
    parameters: Parameters,
    state: FloatArray,
    acting: FloatArray,
    step_hours: float,
    substeps: int,
    slopes: FloatArray,
    trial: FloatArray,
) -> None:
    """Move `state` in place by some Runge-Kutta steps. `slopes` (4, states) and `trial` (states) are room to work in."""
    for _ in range(substeps):
        _rates(parameters, state, acting, slopes[0])
        shifted(state, slopes[0], 0.5 * step_hours, trial)
        _rates(parameters, trial, acting, slopes[1])
        shifted(state, slopes[1], 0.5 * step_hours, trial)
        _rates(parameters, trial, acting, slopes[2])
        shifted(state, slopes[2], step_hours, trial)
        _rates(parameters, trial, acting, slopes[3])
        advance(state, slopes, step_hours)
    state[OXYGEN] = max(state[OXYGEN], 0.0)
