"""Van de Vusse reactor: A → B → C beside 2 A → D in a stirred tank with a cooling jacket, under temperature and flow control.

Equations and parameters after Klatt and Engell (1998), as printed in do-mpc's example CSTR. The published reactor holds ten
litres; a unit of the fleet is a larger one with the same residence time and cooling area per volume, so its dynamics per
hour are the published ones while its flows are those of a plant.
"""

from __future__ import annotations

from math import exp
from typing import NamedTuple

import numpy as np

from generators.chemical.compiled import compiled, formula
from generators.chemical.control import pi_output
from generators.chemical.processes.integration import advance, shifted
from generators.chemical.processes.model import (
    Disturbance,
    FloatArray,
    ProcessModel,
    Signals,
    Tuning,
    Value,
)
from generators.chemical.processes.van_de_vusse_instruments import EQUIPMENT, INSTRUMENTS, LOOPS

ABSOLUTE_ZERO_CELSIUS = -273.15
WATER_HEAT_CAPACITY = 4.19  # kJ/(kg K)
SUBSTEPS = 1  # Runge-Kutta steps per tick of 5 s; the fastest time constants are 12 s (valves) and 30 s


class Parameters(NamedTuple):
    """Nominal values: Klatt and Engell (1998) for the reactor; the cooling circuit and actuators are our own sizing."""

    k10: float = 1.287e12  # 1/h, A → B and B → C
    activation_1: float = 9758.3  # K
    k30: float = 9.043e9  # l/(mol h), 2 A → D
    activation_3: float = 8560.0  # K
    heat_ab: float = 4.2  # kJ/mol
    heat_bc: float = -11.0  # kJ/mol
    heat_ad: float = -41.85  # kJ/mol
    density: float = 0.9342  # kg/l
    heat_capacity: float = 3.01  # kJ/(kg K)
    jacket_heat_capacity: float = 2.0  # kJ/(kg K)
    jacket_area: float = 0.215  # m²
    volume: float = 10.01  # l
    jacket_mass: float = 5.0  # kg
    heat_transfer: float = 4032.0  # kJ/(h m² K)
    feed_concentration: float = 5.10  # mol/l
    feed_temperature: float = 104.9  # °C
    space_velocity: float = 14.19  # 1/h, normal feed over volume
    cooling_duty: float = 1113.5  # kJ/h, normal
    coolant_effectiveness: float = 0.60  # of the jacket as a heat exchanger
    coolant_temperature: float = 22.0  # °C, at an ambient of 15 °C
    coolant_flow: float = 1113.5 / (4.19 * 0.60 * (112.91 - 22.0))  # kg/h, normal: draws the normal duty
    coolant_valve_normal: float = 32.0  # %
    feed_valve_normal: float = 52.0  # %
    actuator_seconds: float = 12.0  # first-order lag of a control valve
    scale: float = 1.0  # the unit's volume over the published one


NOMINAL = Parameters()


def draw(rng: np.random.Generator) -> Parameters:
    """One unit's own parameters: a few per cent of kinetics and heat transfer, and a reactor of 1.5 to 5 m³."""
    spread = rng.uniform(-1.0, 1.0, 6)
    return NOMINAL._replace(
        k10=NOMINAL.k10 * (1 + 0.015 * spread[0]),
        k30=NOMINAL.k30 * (1 + 0.02 * spread[1]),
        heat_transfer=NOMINAL.heat_transfer * (1 + 0.08 * spread[2]),
        coolant_effectiveness=NOMINAL.coolant_effectiveness * (1 + 0.08 * spread[3]),
        coolant_valve_normal=NOMINAL.coolant_valve_normal * (1 + 0.1 * spread[4]),
        feed_valve_normal=NOMINAL.feed_valve_normal * (1 + 0.1 * spread[5]),
        scale=float(rng.uniform(150.0, 500.0)),
    )


@compiled
def derivatives(
    parameters: Parameters,
    a: float,
    b: float,
    temperature: float,
    jacket: float,
    space_velocity: float,
    duty: float,
    feed_concentration: float,
    feed_temperature: float,
) -> tuple[float, float, float, float]:
    """Time derivatives per hour of CA and CB (mol/l), reactor and jacket temperature (°C).

    `space_velocity` in 1/h; `duty` is the heat drawn from the jacket in kJ/h, positive when it cools.
    """
    p = parameters
    kelvin = temperature - ABSOLUTE_ZERO_CELSIUS
    rate_ab = p.k10 * exp(-p.activation_1 / kelvin)
    rate_ad = p.k30 * exp(-p.activation_3 / kelvin)
    heat = rate_ab * a * p.heat_ab + rate_ab * b * p.heat_bc + rate_ad * a * a * p.heat_ad
    transfer = p.heat_transfer * p.jacket_area * (jacket - temperature)
    return (
        space_velocity * (feed_concentration - a) - rate_ab * a - rate_ad * a * a,
        -space_velocity * b + rate_ab * a - rate_ab * b,
        -heat / (p.density * p.heat_capacity)
        + space_velocity * (feed_temperature - temperature)
        + transfer / (p.density * p.heat_capacity * p.volume),
        (-duty - transfer) / (p.jacket_mass * p.jacket_heat_capacity),
    )


@formula
def coolant_inlet(parameters: Parameters, ambient: Value) -> Value:
    """Temperature of the cooling water in °C: the cooling tower follows the weather, but only by a third."""
    return parameters.coolant_temperature + 0.35 * (ambient - 15.0)


@formula
def normal_feed_flow(parameters: Parameters) -> float:
    """Normal feed of the unit in m³/h."""
    return parameters.space_velocity * parameters.volume * parameters.scale / 1000.0


@formula
def flow_share(opening: Value, normal_opening: float, pressure: Value) -> Value:
    """Flow through a linear valve over the normal one; `opening` in %, `pressure` over the normal supply pressure."""
    share: Value = opening / normal_opening * np.sqrt(pressure)
    return share


@compiled
def _rates(parameters: Parameters, state: FloatArray, drive: FloatArray, out: FloatArray) -> None:
    """Derivatives per hour of CA, CB, T, TK, coolant valve and feed valve; `drive` holds disturbances, then outputs."""
    p = parameters
    mass_flow = p.coolant_flow * flow_share(state[4], p.coolant_valve_normal, drive[4])
    coolant_rise = p.coolant_effectiveness * (state[3] - coolant_inlet(p, drive[0]))
    out[0], out[1], out[2], out[3] = derivatives(
        p,
        state[0],
        state[1],
        state[2],
        state[3],
        p.space_velocity * flow_share(state[5], p.feed_valve_normal, drive[3]),
        mass_flow * WATER_HEAT_CAPACITY * coolant_rise,
        p.feed_concentration + drive[1],
        p.feed_temperature + drive[2],
    )
    out[4] = (drive[5] - state[4]) * 3600.0 / p.actuator_seconds
    out[5] = (drive[6] - state[5]) * 3600.0 / p.actuator_seconds


@compiled
def _run(
    parameters: Parameters,
    gains: FloatArray,
    integral_times: FloatArray,
    start: FloatArray,
    disturbances: FloatArray,
    set_points: FloatArray,
    noise: FloatArray,
    tick_seconds: float,
    substeps: int,
) -> FloatArray:
    columns = disturbances.shape[1]
    trajectory = np.empty((8, columns))
    for row in range(8):
        trajectory[row, 0] = start[row]
    state = start[:6].copy()
    outputs = start[6:].copy()
    drive = np.empty(7)
    slopes, trial = np.empty((4, 6)), np.empty(6)
    h = tick_seconds / substeps / 3600.0
    normal_feed, feed_valve = normal_feed_flow(parameters), parameters.feed_valve_normal
    previous = np.empty(2)
    previous[0] = state[2] + noise[0, 0]
    previous[1] = normal_feed * flow_share(state[5], feed_valve, disturbances[3, 0]) + noise[1, 0]
    for tick in range(1, columns):
        for row in range(5):
            drive[row] = disturbances[row, tick - 1]
        drive[5], drive[6] = outputs[0], outputs[1]
        for _ in range(substeps):
            _rates(parameters, state, drive, slopes[0])
            shifted(state, slopes[0], 0.5 * h, trial)
            _rates(parameters, trial, drive, slopes[1])
            shifted(state, slopes[1], 0.5 * h, trial)
            _rates(parameters, trial, drive, slopes[2])
            shifted(state, slopes[2], h, trial)
            _rates(parameters, trial, drive, slopes[3])
            advance(state, slopes, h)
        temperature = state[2] + noise[0, tick]
        feed = normal_feed * flow_share(state[5], feed_valve, disturbances[3, tick]) + noise[1, tick]
        outputs[0] = pi_output(
            outputs[0], gains[0], integral_times[0], set_points[0, tick], temperature, previous[0], tick_seconds
        )
        outputs[1] = pi_output(outputs[1], gains[1], integral_times[1], set_points[1, tick], feed, previous[1], tick_seconds)
        previous[0] = temperature
        previous[1] = feed
        for row in range(6):
            trajectory[row, tick] = state[row]
        trajectory[6, tick], trajectory[7, tick] = outputs[0], outputs[1]
    return trajectory


def run(
    parameters: Parameters,
    tuning: Tuning,
    state: FloatArray,
    disturbances: FloatArray,
    set_points: FloatArray,
    noise: FloatArray,
    tick_seconds: float,
    substeps: int = SUBSTEPS,
) -> FloatArray:
    """Closed loop over the columns of `disturbances`; see ProcessModel.run. Rows: CA, CB, T, TK, two valves, two outputs."""
    return _run(parameters, tuning.gains, tuning.integral_times, state, disturbances, set_points, noise, tick_seconds, substeps)


def tuning(parameters: Parameters) -> Tuning:
    """Temperature: gain −9 %/°C, 180 s; feed flow: a slow integral, for the flow follows its valve at once."""
    return Tuning(
        gains=np.array([-9.0, 0.3 * parameters.feed_valve_normal / normal_feed_flow(parameters)]),
        integral_times=np.array([180.0, 12.0]),
    )


def rest(parameters: Parameters) -> FloatArray:
    """Steady state at the normal feed with both valves where they normally stand, and an ambient of 15 °C.

    Found by letting the open loop settle: the operating point is stable, with time constants of minutes.
    """
    state = np.array([2.14, 1.09, 114.2, 112.9, parameters.coolant_valve_normal, parameters.feed_valve_normal])
    return np.concatenate((_settle(parameters, state), state[4:]))


@compiled
def _settle(parameters: Parameters, start: FloatArray) -> FloatArray:
    state = start.copy()
    drive = np.array([15.0, 0.0, 0.0, 1.0, 1.0, start[4], start[5]])
    slope = np.empty(6)
    for _ in range(7200):  # Euler steps of 1 s; their fixed point is the exact steady state
        _rates(parameters, state, drive, slope)
        shifted(state, slope, 1.0 / 3600.0, state)
    return state


def signals(parameters: Parameters, trajectory: FloatArray, disturbances: FloatArray, set_points: FloatArray) -> Signals:
    """What the instruments of the unit can see; units as the instruments declare them."""
    p = parameters
    a, b, temperature, jacket, coolant_valve, feed_valve, output_0, output_1 = trajectory
    ambient, feed_concentration, feed_temperature, feed_pressure, coolant_pressure = disturbances
    coolant_in = coolant_inlet(p, ambient)
    coolant_share = flow_share(coolant_valve, p.coolant_valve_normal, coolant_pressure)
    coolant_rise = p.coolant_effectiveness * (jacket - coolant_in)
    coolant = p.coolant_flow * p.scale * coolant_share
    feed_share = flow_share(feed_valve, p.feed_valve_normal, feed_pressure)
    feed = normal_feed_flow(p) * feed_share
    density = 1000.0 * p.density * (1.0 - 8.5e-4 * (temperature - 114.2)) + 3.0 * (a - 2.14)
    stirrer_share = (density / 934.2) * (1.0 - 6.0e-3 * (temperature - 114.2))
    stirrer_power = 0.0022 * p.scale * p.volume * stirrer_share
    feed_head = 6.4 * feed_pressure
    pump_power = 0.02 + feed * (feed_head + 0.6) / 36.0 / 0.55
    return {
        "set_point_0": set_points[0],
        "set_point_1": set_points[1],
        "output_0": output_0,
        "output_1": output_1,
        "temperature": temperature,
        "jacket": jacket,
        "wall": 0.5 * (temperature + jacket),
        "coolant_in": coolant_in,
        "coolant_out": coolant_in + coolant_rise,
        "coolant_flow": coolant,
        "coolant_valve": coolant_valve,
        "coolant_pressure": 4.2 * coolant_pressure,
        "jacket_pressure_drop": 0.22 * coolant_share**2,
        "duty": coolant * WATER_HEAT_CAPACITY * coolant_rise / 3600.0,
        "feed_flow": feed,
        "feed_valve": feed_valve,
        "feed_temperature": p.feed_temperature + feed_temperature,
        "feed_concentration": p.feed_concentration + feed_concentration,
        "feed_pressure": feed_head,
        "product_a": a,
        "product_b": b,
        "conversion": 100.0 * (1.0 - a / (p.feed_concentration + feed_concentration)),
        "density": density,
        "level": 182.0 + 14.0 * feed_share ** (2.0 / 3.0),  # crest over the overflow weir: Francis
        "product_flow": feed * 934.2 / density,
        "vapour_pressure": 0.9 * 10.0 ** (4.6543 - 1435.264 / (temperature + 208.3)),  # Antoine, water, mole share 0.9
        "stirrer_power": stirrer_power,
        "stirrer_current": 2.0 + 1.9 * stirrer_power,
        "pump_current": 1.2 + 1.85 * pump_power,
        "pump_bearing": ambient + 18.0 + 1.2 * pump_power,
        "stirrer_bearing": ambient + 16.0 + 1.6 * stirrer_power + 0.08 * temperature,
        "outlet": temperature - 0.02 * (temperature - ambient),
        "ambient": ambient,
    }


DISTURBANCES = (
    Disturbance("feed concentration", 0.0, 0.06, 5400.0),  # mol/l
    Disturbance("feed temperature", 0.0, 0.5, 2400.0),  # °C
    Disturbance("feed pressure", 1.0, 0.02, 300.0),  # over normal
    Disturbance("coolant pressure", 1.0, 0.03, 240.0),  # over normal
)

MODEL = ProcessModel(
    name="van_de_vusse_reactor",
    unit_name="Reactor section",
    description="Makes the intermediate B from A in a cooled stirred tank reactor, with C and D as by-products.",
    equipment=EQUIPMENT,
    loops=LOOPS,
    disturbances=DISTURBANCES,
    instruments=INSTRUMENTS,
    draw=draw,
    tuning=tuning,
    rest=rest,
    run=run,
    signals=signals,
)
