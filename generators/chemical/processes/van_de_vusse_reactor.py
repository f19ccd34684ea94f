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
from generators.chemical.control import loop_output, stuck
from generators.chemical.processes.integration import advance, shifted
from generators.chemical.processes.model import (
    Disturbance,
    Drive,
    Fault,
    FloatArray,
    Idle,
    ProcessModel,
    Run,
    Signals,
    Tuning,
    Value,
)
from generators.chemical.processes.van_de_vusse_instruments import EQUIPMENT, INSTRUMENTS, LOOPS

ABSOLUTE_ZERO_CELSIUS = -273.15
COOLANT_VALVE_STICKS, FOULING = 0, 1  # rows of FAULTS that the physics reads
WATER_HEAT_CAPACITY = 4.19  # kJ/(kg K)
TRIP_CELSIUS = 150.0  # the feed is shut off above
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
    fouling: float = 0.0,
) -> tuple[float, float, float, float]:
    """Time derivatives per hour of CA and CB (mol/l), reactor and jacket temperature (°C).

    `space_velocity` in 1/h; `duty` is the heat drawn from the jacket in kJ/h, positive when it cools; `fouling` is the lost
    share of the jacket's heat transfer.
    """
    p = parameters
    kelvin = temperature - ABSOLUTE_ZERO_CELSIUS
    rate_ab = p.k10 * exp(-p.activation_1 / kelvin)
    rate_ad = p.k30 * exp(-p.activation_3 / kelvin)
    heat = rate_ab * a * p.heat_ab + rate_ab * b * p.heat_bc + rate_ad * a * a * p.heat_ad
    transfer = (1.0 - fouling) * p.heat_transfer * p.jacket_area * (jacket - temperature)
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
    share: Value = opening / normal_opening * np.sqrt(np.maximum(pressure, 0.0))
    return share


@compiled
def _rates(parameters: Parameters, state: FloatArray, drive: FloatArray, out: FloatArray) -> None:
    """Derivatives per hour of CA, CB, T, TK, coolant valve and feed valve; `drive`: disturbances, fouling, valve commands."""
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
        drive[5],
    )
    out[4] = (drive[6] - state[4]) * 3600.0 / p.actuator_seconds
    out[5] = (drive[7] - state[5]) * 3600.0 / p.actuator_seconds


@compiled
def _run(
    parameters: Parameters,
    gains: FloatArray,
    integral_times: FloatArray,
    start: FloatArray,
    drive: Drive,
    tick_seconds: float,
    substeps: int,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, int]:
    columns = drive.disturbances.shape[1]
    trajectory, outputs, process_values = np.empty((6, columns)), np.empty((2, columns)), np.empty((2, columns))
    state, output, command = start[:6].copy(), start[6:8].copy(), start[8:10].copy()
    acting = np.empty(8)
    slopes, trial = np.empty((4, 6)), np.empty(6)
    h = tick_seconds / substeps / 3600.0
    normal_feed, feed_valve = normal_feed_flow(parameters), parameters.feed_valve_normal
    ticks = columns - 1
    for tick in range(columns):
        if tick > 0:
            for row in range(5):
                acting[row] = drive.disturbances[row, tick - 1]
            acting[5] = drive.faults[FOULING, tick - 1]
            command[0] = stuck(output[0], command[0], drive.faults[COOLANT_VALVE_STICKS, tick - 1])
            command[1] = stuck(output[1], command[1], 0.0)
            acting[6], acting[7] = command[0], command[1]
            for _ in range(substeps):
                _rates(parameters, state, acting, slopes[0])
                shifted(state, slopes[0], 0.5 * h, trial)
                _rates(parameters, trial, acting, slopes[1])
                shifted(state, slopes[1], 0.5 * h, trial)
                _rates(parameters, trial, acting, slopes[2])
                shifted(state, slopes[2], h, trial)
                _rates(parameters, trial, acting, slopes[3])
                advance(state, slopes, h)
        process_values[0, tick] = state[2] + drive.noise[0, tick]
        feed = normal_feed * flow_share(state[5], feed_valve, drive.disturbances[3, tick])
        process_values[1, tick] = feed + drive.noise[1, tick]
        for loop in range(2):
            if tick > 0:
                output[loop] = loop_output(
                    drive.modes[loop, tick],
                    output[loop],
                    drive.output_moves[loop, tick],
                    gains[loop],
                    integral_times[loop],
                    drive.set_points[loop, tick],
                    process_values[loop, tick],
                    process_values[loop, tick - 1],
                    tick_seconds,
                )
            outputs[loop, tick] = output[loop]
        for row in range(6):
            trajectory[row, tick] = state[row]
        if state[2] > TRIP_CELSIUS:
            ticks = tick
            break
    return trajectory, outputs, process_values, np.concatenate((state, output, command)), ticks  # fmt: skip


def run(
    parameters: Parameters, tuning: Tuning, state: FloatArray, drive: Drive, tick_seconds: float, substeps: int = SUBSTEPS
) -> Run:
    """Closed loop over the columns of the drive; see ProcessModel.run.

    Trajectory: CA, CB, T, TK, coolant valve, feed valve. State: these, two outputs, and where the commands of the two valves
    took effect last.
    """
    trajectory, outputs, process_values, end, ticks = _run(
        parameters, tuning.gains, tuning.integral_times, state, drive, tick_seconds, substeps
    )
    return Run(trajectory, drive.set_points, outputs, process_values, end, ticks)


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
    return np.concatenate((_settle(parameters, state), state[4:], state[4:]))


@compiled
def _settle(parameters: Parameters, start: FloatArray) -> FloatArray:
    state = start.copy()
    drive = np.array([15.0, 0.0, 0.0, 1.0, 1.0, 0.0, start[4], start[5]])
    slope = np.empty(6)
    for _ in range(7200):  # Euler steps of 1 s; their fixed point is the exact steady state
        _rates(parameters, state, drive, slope)
        shifted(state, slope, 1.0 / 3600.0, state)
    return state


def signals(parameters: Parameters, trajectory: FloatArray, disturbances: FloatArray) -> Signals:
    """What the instruments of the unit can see; units as the instruments declare them."""
    p = parameters
    a, b, temperature, jacket, coolant_valve, feed_valve = trajectory
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

FAULTS = (
    Fault("coolant_valve_sticks", "{TV-101} sticks and moves in jerks.", (3.0, 8.0)),
    Fault("jacket_fouling", "The heat transfer of {E-101} gets worse.", (0.10, 0.30), (300.0, 1100.0), is_ramp=True),
    Fault(
        "feed_concentration_step", "The feed of {R-101} has another concentration of A.", (0.25, 0.60),
        acts_on="feed concentration", has_either_sign=True,
    ),
    Fault(
        "feed_temperature_step", "The preheater of {R-101} loses control of the feed temperature.", (4.0, 9.0),
        acts_on="feed temperature", has_either_sign=True,
    ),
    Fault("coolant_pressure_loss", "The supply pressure of the cooling water before {TV-101} drops.", (-0.60, -0.30),
          acts_on="coolant pressure"),
    Fault("feed_pump_wear", "{P-101} loses head.", (-0.40, -0.15), (300.0, 1100.0), acts_on="feed pressure", is_ramp=True),
)  # fmt: skip

IDLE = {
    "feed_flow": Idle(0.0, 15.0),
    "product_flow": Idle(0.0, 60.0),
    "feed_valve": Idle(0.0, 12.0),
    "feed_pressure": Idle(0.0, 20.0),
    "pump_current": Idle(0.0, 5.0),
    "pump_bearing": Idle(22.0, 3600.0),
    "temperature": Idle(40.0, 9000.0),
    "jacket": Idle(38.0, 7200.0),
    "wall": Idle(39.0, 8000.0),
    "outlet": Idle(35.0, 6000.0),
    "coolant_out": Idle(30.0, 6000.0),
    "duty": Idle(0.0, 6000.0),
    "vapour_pressure": Idle(0.07, 5000.0),
    "level": Idle(182.0, 300.0),
}

MODEL = ProcessModel(
    name="van_de_vusse_reactor",
    unit_name="Reactor section",
    description="Makes the intermediate B from A in a cooled stirred tank reactor, with C and D as by-products.",
    equipment=EQUIPMENT,
    loops=LOOPS,
    disturbances=DISTURBANCES,
    faults=FAULTS,
    instruments=INSTRUMENTS,
    draw=draw,
    tuning=tuning,
    rest=rest,
    run=run,
    signals=signals,
    idle=IDLE,
)
