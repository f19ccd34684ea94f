"""The Tennessee Eastman plant: reactor, condenser, separator, recycle compressor and stripper as 50 differential equations.

After Downs and Vogel (1993), Computers & Chemical Engineering 17(3), with the equations of their published program. Units as
there: lbmol, lb, ft³, h, °C, mmHg absolute, and MMBtu = 10⁶ Btu; measurements are metric. A to C exist as vapour only and
D to H as liquid only in the balances of reactor and separator. The step is an explicit Euler step of one second, as published:
the fastest lag is 5 s.

States: 0-7 reactor (gases as vapour, the rest as liquid), 8 its heat; 9-16 separator, 17 its heat; 18-25 stripper bottom,
26 its heat; 27-34 mixing zone, 35 its energy; 36 and 37 outlet temperatures of the cooling water of reactor and condenser;
38-49 positions of the twelve valves in %.
"""

from __future__ import annotations

from math import exp, log, sqrt
from typing import NamedTuple

import numpy as np

from generators.chemical.compiled import compiled
from generators.chemical.processes.model import FloatArray
from generators.chemical.processes.tennessee_eastman_properties import (
    COUNT,
    GAS_CONSTANT_PRESSURE,
    GASES,
    KELVIN,
    at,
    internal_energy,
    liquid_density,
    liquid_enthalpy,
    molar_weight,
    temperature,
    vapour_enthalpy,
    vapour_pressure,
)

STATES = 50
VALVES = 12
REACTOR, SEPARATOR, STRIPPER, MIXING = 0, 9, 18, 27  # first state of each vessel
REACTOR_HEAT, SEPARATOR_HEAT, STRIPPER_HEAT, MIXING_ENERGY = 8, 17, 26, 35
REACTOR_WATER, CONDENSER_WATER, FIRST_VALVE = 36, 37, 38
CONTINUOUS, GAS_ANALYSES, ANALYSES = 22, 14, 19  # measurements: 22 continuous, then 14 of gases and 5 of the product
MEASUREMENTS = CONTINUOUS + ANALYSES

STEP_HOURS = float(np.float32(1.0 / 3600.0))  # in single precision as published; the knots of the random walks depend on it

VALVE_SECONDS = np.array([8.0, 8.0, 6.0, 9.0, 7.0, 5.0, 5.0, 5.0, 120.0, 5.0, 5.0, 5.0])  # first-order lags

REACTOR_VOLUME, SEPARATOR_VOLUME, MIXING_VOLUME = 1300.0, 3500.0, 5000.0  # ft³
ATMOSPHERE = 760.0  # mmHg
GAS_LAW_R = 1.987  # cal/(mol K), in the rate constants
ORDER_A, ORDER_C = 1.1544, 0.3735  # of the reactions that make G and H
HEAT_OF_G, HEAT_OF_H = 0.06899381054, 0.05  # MMBtu/lbmol; the reactions to F release none
COMPRESSOR_SLOPE = 1.197  # pressure ratio cubed minus one at which the compressor moves nothing
HIGHEST_RATIO = 1.3
COMPRESSOR_HEAT = 1.8e-6 * 1.9872  # MMBtu/(lbmol K)
CONDENSER_FLOW = 3528.73  # lbmol/h
WATER_HEAT = 500.53  # lb/h in one US gal/min, at 1 Btu/(lb °F)
REACTOR_WATER_MASS, CONDENSER_WATER_MASS = 7060.0, 11138.0  # lb
STEAM_TEMPERATURE = 100.0  # °C
FEED_TEMPERATURE = 45.0  # °C, normal
BTU_CELSIUS = 1e6 / 1.8  # lb °C of water in one MMBtu

STRIPPED_GASES = (0.995, 0.991, 0.990)  # shares of A, B, C that leave overhead
STRIPPING = (8.5010, 11.402, 11.795, 0.0480, 0.0242)  # coefficients of D to H
STRIPPED_WITHOUT_LIQUID = (0.9999, 0.999, 0.999, 0.99, 0.98)

_D, _E, _A = 0, 1, 2  # rows of the pure feeds; the E feed brings F as its impurity, the others B
_FEEDS = np.array(
    [
        [0.0, 0.0001, 0.0, 0.9999, 0.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 0.0, 0.9999, 0.0001, 0.0, 0.0],
        [0.9999, 0.0001, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    ]
)
_D_FEED_ENTHALPY = vapour_enthalpy(_FEEDS, _D)
_E_FEED_HEAT = at(vapour_enthalpy(_FEEDS, _E), FEED_TEMPERATURE)
_A_FEED_HEAT = at(vapour_enthalpy(_FEEDS, _A), FEED_TEMPERATURE)
_D_FEED_WEIGHT, _E_FEED_WEIGHT = molar_weight(_FEEDS, _D), molar_weight(_FEEDS, _E)

STANDARD_VOLUME = 0.359 / 35.3145  # thousand standard m³ in one lbmol
KILOGRAM = 0.454  # in one lb
CUBIC_FEET = 35.3145  # in one m³
KILOPASCAL = 101.325 / 760.0  # in one mmHg
STEAM_KILOGRAM = 1040.0 * 0.454  # in one MMBtu
KILOWATT = 293.07  # in one MMBtu/h
GALLON_FLOW = 0.2271247  # m³/h in one US gal/min


class Parameters(NamedTuple):
    """What may differ from plant to plant; the published values."""

    d_feed: float = 4.0  # lbmol/h for one per cent of valve
    e_feed: float = 4.0
    a_feed: float = 1.0
    ac_feed: float = 15.0
    separator_liquid: float = 15.0
    product: float = 10.0
    reactor_water: float = 10.0  # US gal/min for one per cent of valve
    condenser_water: float = 12.0
    spill_back: float = 53.349  # lb/h for one per cent of valve and the root of one mmHg
    purge: float = 0.151169
    reactor_inlet: float = 1937.6  # lb/h for the root of one mmHg
    reactor_outlet: float = 4574.21
    compressor: float = 280275.0  # lb/h at equal pressures
    reactor_transfer: float = 0.85549  # MMBtu/(h °C)
    condenser_transfer: float = 0.404655
    reboiler_transfer: float = 0.03
    share_a: float = 0.485  # mole fractions in the A and C feed; the rest is C
    share_b: float = 0.005
    reactor_water_inlet: float = 35.0  # °C
    condenser_water_inlet: float = 40.0


class Surroundings(NamedTuple):
    """What reaches the plant from outside at a moment, and what is not as designed."""

    d_feed_temperature: float  # °C
    ac_feed_temperature: float
    share_a: float
    share_b: float
    a_feed_factor: float
    ac_feed_factor: float
    reactor_water_inlet: float  # °C
    condenser_water_inlet: float
    rate_factor_g: float
    rate_factor_h: float
    reactor_transfer_factor: float
    condenser_transfer_factor: float
    reboiler_transfer_factor: float
    reactor_outlet_factor: float


# Rows of the workspace's mixtures: mole fractions, but for pressures in mmHg and production in lbmol/h.
REACTOR_LIQUID, REACTOR_VAPOUR, REACTOR_PRESSURES, PRODUCTION = 0, 1, 2, 3
SEPARATOR_LIQUID, SEPARATOR_VAPOUR, STRIPPER_LIQUID, MIXTURE, OVERHEAD, AC_FEED = 4, 5, 6, 7, 8, 9


class Workspace(NamedTuple):
    """Arrays that an evaluation fills."""

    rates: FloatArray  # (50,), per hour
    measured: FloatArray  # (41,), true values
    mixtures: FloatArray  # (10, 8)


@compiled
def workspace() -> Workspace:
    """Room for the evaluations of one run."""
    return Workspace(np.zeros(STATES), np.zeros(MEASUREMENTS), np.zeros((10, COUNT)))


@compiled
def _fractions(states: FloatArray, vessel: int, first: int, x: FloatArray, row: int) -> float:
    """Mole fractions in a vessel of the components from `first` on; returns their total amount in lbmol."""
    total = 0.0
    for i in range(first, COUNT):
        total += states[vessel + i]
    share = 1.0 / total
    for i in range(first, COUNT):
        x[row, i] = states[vessel + i] * share
    return total


@compiled
def _equilibrium(
    states: FloatArray, vessel: int, celsius: float, volume: float, x: FloatArray, liquid: int, pressures: int, vapour: int
) -> float:
    """Partial pressures and vapour composition over a liquid, into their rows; returns the total pressure in mmHg.

    The gases fill the vapour volume in ft³; the others follow Raoult's law.
    """
    total = 0.0
    per_amount = GAS_CONSTANT_PRESSURE * (celsius + KELVIN) / volume
    for i in range(GASES):
        x[pressures, i] = states[vessel + i] * per_amount
        total += x[pressures, i]
    for i in range(GASES, COUNT):
        x[pressures, i] = vapour_pressure(i, celsius) * x[liquid, i]
        total += x[pressures, i]
    share = 1.0 / total
    for i in range(COUNT):
        x[vapour, i] = x[pressures, i] * share
    return total


@compiled
def _react(x: FloatArray, celsius: float, volume: float, rate_g: float, rate_h: float) -> float:
    """What the reactor makes of each component at its partial pressures; returns the heat released in MMBtu/h.

    A + C + D → G, A + C + E → H, A + E → F, 1.5 D → F. The last rate depends on A but consumes none, as published.
    """
    over_rt = 1.0 / (GAS_LAW_R * (celsius + KELVIN))
    a, c = x[REACTOR_PRESSURES, 0], x[REACTOR_PRESSURES, 2]
    d, e = x[REACTOR_PRESSURES, 3], x[REACTOR_PRESSURES, 4]
    to_g, to_h = 0.0, 0.0
    if a > 0.0 and c > 0.0:
        driving = exp(ORDER_A * log(a) + ORDER_C * log(c)) * volume
        to_g = rate_g * exp(31.5859536 - 40000.0 * over_rt) * driving * d
        to_h = rate_h * exp(3.00094014 - 20000.0 * over_rt) * driving * e
    by_product = exp(53.4060443 - 60000.0 * over_rt) * a * volume
    from_e = by_product * e
    from_d = 0.767488334 * by_product * d
    x[PRODUCTION, 0] = -to_g - to_h - from_e
    x[PRODUCTION, 2] = -to_g - to_h
    x[PRODUCTION, 3] = -to_g - 1.5 * from_d
    x[PRODUCTION, 4] = -to_h - from_e
    x[PRODUCTION, 5] = from_e + from_d
    x[PRODUCTION, 6] = to_g
    x[PRODUCTION, 7] = to_h
    return HEAT_OF_G * to_g + HEAT_OF_H * to_h


@compiled
def _strip(gas: float, liquid: float, celsius: float, x: FloatArray) -> float:
    """What leaves the stripper overhead, from the A and C feed and the separator's liquid; returns its flow in lbmol/h."""
    stripping = 0.0
    if liquid > 0.1:
        if celsius > 170.0:
            stripping = celsius - 120.262
        elif celsius < 5.292:
            stripping = 0.1
        else:
            stripping = 363.744 / (177.0 - celsius) - 2.22579488
        stripping *= gas / liquid
    total = 0.0
    for i in range(COUNT):
        if i < GASES:
            share = STRIPPED_GASES[i]
        elif liquid > 0.1:
            share = STRIPPING[i - GASES] * stripping / (1.0 + STRIPPING[i - GASES] * stripping)
        else:
            share = STRIPPED_WITHOUT_LIQUID[i - GASES]
        x[OVERHEAD, i] = share * (gas * x[AC_FEED, i] + liquid * x[SEPARATOR_LIQUID, i])
        total += x[OVERHEAD, i]
    for i in range(COUNT):
        x[OVERHEAD, i] /= total
    return total


@compiled
def _flow(conductance: float, pressure_drop: float) -> float:
    """Mass flow in lb/h through a resistance; none flows back."""
    return conductance * sqrt(max(pressure_drop, 0.0))


@compiled
def evaluate(
    parameters: Parameters,
    around: Surroundings,
    states: FloatArray,
    temperatures: FloatArray,
    rates: FloatArray,
    measured: FloatArray,
    mixtures: FloatArray,
) -> bool:
    """Rates of the first 38 states and the true measurements; returns whether the unit trips.

    `temperatures` of reactor, separator, stripper and mixing zone are the starts of the Newton iterations and are renewed.
    """
    p, x = parameters, mixtures
    amount_r = _fractions(states, REACTOR, GASES, x, REACTOR_LIQUID)
    amount_s = _fractions(states, SEPARATOR, GASES, x, SEPARATOR_LIQUID)
    amount_c = _fractions(states, STRIPPER, 0, x, STRIPPER_LIQUID)
    amount_v = _fractions(states, MIXING, 0, x, MIXTURE)
    enthalpy_liquid_s, enthalpy_liquid_c = liquid_enthalpy(x, SEPARATOR_LIQUID), liquid_enthalpy(x, STRIPPER_LIQUID)
    enthalpy_v = vapour_enthalpy(x, MIXTURE)
    t_r = temperature(liquid_enthalpy(x, REACTOR_LIQUID), states[REACTOR_HEAT] / amount_r, temperatures[0])
    t_s = temperature(enthalpy_liquid_s, states[SEPARATOR_HEAT] / amount_s, temperatures[1])
    t_c = temperature(enthalpy_liquid_c, states[STRIPPER_HEAT] / amount_c, temperatures[2])
    t_v = temperature(internal_energy(enthalpy_v), states[MIXING_ENERGY] / amount_v, temperatures[3])
    temperatures[0], temperatures[1], temperatures[2], temperatures[3] = t_r, t_s, t_c, t_v
    density_s, density_c = liquid_density(x, SEPARATOR_LIQUID, GASES, t_s), liquid_density(x, STRIPPER_LIQUID, 0, t_c)
    volume_r, volume_s, volume_c = (
        amount_r / liquid_density(x, REACTOR_LIQUID, GASES, t_r),
        amount_s / density_s,
        amount_c / density_c,
    )
    gas_volume_r = REACTOR_VOLUME - volume_r
    pressure_r = _equilibrium(states, REACTOR, t_r, gas_volume_r, x, REACTOR_LIQUID, REACTOR_PRESSURES, REACTOR_VAPOUR)
    pressure_s = _equilibrium(
        states, SEPARATOR, t_s, SEPARATOR_VOLUME - volume_s, x, SEPARATOR_LIQUID, SEPARATOR_VAPOUR, SEPARATOR_VAPOUR
    )
    pressure_v = amount_v * GAS_CONSTANT_PRESSURE * (t_v + KELVIN) / MIXING_VOLUME
    heat_of_reaction = _react(x, t_r, gas_volume_r, around.rate_factor_g, around.rate_factor_h)

    x[AC_FEED, 0], x[AC_FEED, 1], x[AC_FEED, 2] = around.share_a, around.share_b, 1.0 - around.share_a - around.share_b
    weight_s = molar_weight(x, SEPARATOR_VAPOUR)
    flow_d = p.d_feed * states[FIRST_VALVE + 0]
    flow_e = p.e_feed * states[FIRST_VALVE + 1]
    flow_a = p.a_feed * states[FIRST_VALVE + 2] * around.a_feed_factor
    flow_ac = p.ac_feed * states[FIRST_VALVE + 3] * around.ac_feed_factor + 1e-10
    flow_liquid = p.separator_liquid * states[FIRST_VALVE + 6]
    flow_product = p.product * states[FIRST_VALVE + 7]
    flow_in = _flow(p.reactor_inlet, pressure_v - pressure_r) / molar_weight(x, MIXTURE)
    flow_out = _flow(p.reactor_outlet * around.reactor_outlet_factor, pressure_r - pressure_s) / molar_weight(x, REACTOR_VAPOUR)
    flow_purge = _flow(p.purge * states[FIRST_VALVE + 5], pressure_s - ATMOSPHERE) / weight_s
    ratio = min(max(pressure_v / pressure_s, 1.0), HIGHEST_RATIO)
    compressed = p.compressor * (1.0 + (1.0 - ratio * ratio * ratio) / COMPRESSOR_SLOPE)
    work_rate = compressed * (t_s + KELVIN) * COMPRESSOR_HEAT * (pressure_v - pressure_s) / (weight_s * pressure_s)
    flow_recycle = max(compressed - _flow(p.spill_back * states[FIRST_VALVE + 4], pressure_v - pressure_s), 0.001) / weight_s
    flow_overhead = _strip(flow_ac, flow_liquid, t_c, x)

    level = volume_r / 7.8
    wetted = 1.0 if level > 50.0 else 0.0 if level < 10.0 else 0.025 * level - 0.25
    agitator = (states[FIRST_VALVE + 11] + 150.0) / 100.0
    transfer_r = wetted * (-0.5 * agitator * agitator + 2.75 * agitator - 2.5) * p.reactor_transfer
    duty_r = transfer_r * (states[REACTOR_WATER] - t_r) * around.reactor_transfer_factor
    load = flow_out / CONDENSER_FLOW
    transfer_s = p.condenser_transfer * (1.0 - 1.0 / (1.0 + load * load * load * load))
    duty_s = transfer_s * (states[CONDENSER_WATER] - t_r) * around.condenser_transfer_factor
    duty_c = (
        p.reboiler_transfer
        * states[FIRST_VALVE + 8]
        / 100.0
        * around.reboiler_transfer_factor
        * max(STEAM_TEMPERATURE - t_c, 0.0)
    )

    for i in range(COUNT):
        into_reactor, into_separator = flow_in * x[MIXTURE, i], flow_out * x[REACTOR_VAPOUR, i]
        from_separator = flow_recycle * x[SEPARATOR_VAPOUR, i]
        stripped = flow_overhead * x[OVERHEAD, i]
        liquid_in = flow_liquid * x[SEPARATOR_LIQUID, i]
        rates[REACTOR + i] = into_reactor - into_separator + x[PRODUCTION, i]
        rates[SEPARATOR + i] = into_separator - from_separator - flow_purge * x[SEPARATOR_VAPOUR, i] - liquid_in
        rates[STRIPPER + i] = flow_ac * x[AC_FEED, i] + liquid_in - stripped - flow_product * x[STRIPPER_LIQUID, i]
        rates[MIXING + i] = (
            flow_d * _FEEDS[_D, i] + flow_e * _FEEDS[_E, i] + flow_a * _FEEDS[_A, i] + stripped + from_separator - into_reactor
        )
    heat_in, heat_out = flow_in * at(enthalpy_v, t_v), flow_out * at(vapour_enthalpy(x, REACTOR_VAPOUR), t_r)
    heat_vapour_s = at(vapour_enthalpy(x, SEPARATOR_VAPOUR), t_s)
    heat_recycle = flow_recycle * heat_vapour_s + work_rate  # taken from the separator with the work in it, as published
    heat_liquid = flow_liquid * at(enthalpy_liquid_s, t_s)
    heat_overhead = flow_overhead * at(vapour_enthalpy(x, OVERHEAD), t_c)
    rates[REACTOR_HEAT] = heat_in - heat_out + heat_of_reaction + duty_r
    rates[SEPARATOR_HEAT] = heat_out - heat_recycle - flow_purge * heat_vapour_s - heat_liquid + duty_s
    rates[STRIPPER_HEAT] = (
        flow_ac * at(vapour_enthalpy(x, AC_FEED), around.ac_feed_temperature)
        + heat_liquid
        - heat_overhead
        - flow_product * at(enthalpy_liquid_c, t_c)
        + duty_c
    )
    rates[MIXING_ENERGY] = (
        flow_d * at(_D_FEED_ENTHALPY, around.d_feed_temperature)
        + flow_e * _E_FEED_HEAT
        + flow_a * _A_FEED_HEAT
        + heat_overhead
        + heat_recycle
        - heat_in
    )
    rates[REACTOR_WATER] = (
        WATER_HEAT * p.reactor_water * states[FIRST_VALVE + 9] * (around.reactor_water_inlet - states[REACTOR_WATER])
        - duty_r * BTU_CELSIUS
    ) / REACTOR_WATER_MASS
    rates[CONDENSER_WATER] = (
        WATER_HEAT * p.condenser_water * states[FIRST_VALVE + 10] * (around.condenser_water_inlet - states[CONDENSER_WATER])
        - duty_s * BTU_CELSIUS
    ) / CONDENSER_WATER_MASS

    measured[0] = flow_a * STANDARD_VOLUME
    measured[1] = flow_d * _D_FEED_WEIGHT * KILOGRAM
    measured[2] = flow_e * _E_FEED_WEIGHT * KILOGRAM
    measured[3] = flow_ac * STANDARD_VOLUME
    measured[4] = flow_recycle * STANDARD_VOLUME
    measured[5] = flow_in * STANDARD_VOLUME
    measured[6] = (pressure_r - ATMOSPHERE) * KILOPASCAL
    measured[7] = (volume_r - 84.6) / 6.667
    measured[8] = t_r
    measured[9] = flow_purge * STANDARD_VOLUME
    measured[10] = t_s
    measured[11] = (volume_s - 27.5) / 2.9
    measured[12] = (pressure_s - ATMOSPHERE) * KILOPASCAL
    measured[13] = flow_liquid / density_s / CUBIC_FEET
    measured[14] = (volume_c - 78.25) / 1.565
    measured[15] = (pressure_v - ATMOSPHERE) * KILOPASCAL  # of the mixing zone, called the stripper's
    measured[16] = flow_product / density_c / CUBIC_FEET
    measured[17] = t_c
    measured[18] = duty_c * STEAM_KILOGRAM
    measured[19] = work_rate * KILOWATT
    measured[20] = states[REACTOR_WATER]
    measured[21] = states[CONDENSER_WATER]
    for i in range(6):
        measured[CONTINUOUS + i] = 100.0 * x[MIXTURE, i]
    for i in range(COUNT):
        measured[CONTINUOUS + 6 + i] = 100.0 * x[SEPARATOR_VAPOUR, i]
    for i in range(GASES, COUNT):
        measured[CONTINUOUS + GAS_ANALYSES + i - GASES] = 100.0 * x[STRIPPER_LIQUID, i]

    return (
        measured[6] > 3000.0
        or t_r > 175.0
        or not 2.0 <= volume_r / CUBIC_FEET <= 24.0
        or not 1.0 <= volume_s / CUBIC_FEET <= 12.0
        or not 1.0 <= volume_c / CUBIC_FEET <= 8.0
    )


@compiled
def advance_one_second(states: FloatArray, rates: FloatArray, commands: FloatArray) -> None:
    """One Euler step; the valves move towards their commands."""
    for row in range(FIRST_VALVE):
        states[row] += rates[row] * STEP_HOURS
    for valve in range(VALVES):
        states[FIRST_VALVE + valve] += (commands[valve] - states[FIRST_VALVE + valve]) / VALVE_SECONDS[valve]
