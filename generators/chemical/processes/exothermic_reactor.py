"""Exothermic reactor: A → B in a stirred tank that is run where it is unstable, held by a temperature cascade.

Equations and parameters after Seborg, Edgar and Mellichamp (Process Dynamics and Control) and Henson and Seborg (1997). At a
coolant temperature of 300 K the published reactor has three steady states; the fleet runs at the middle one, a saddle at
350 K. A unit is a larger reactor in slow motion: rates are divided by `time_scale`, amounts multiplied by `scale`, so that its
steady states are the published ones. With the coolant fixed it leaves the saddle within minutes: to the cold state, or to the
hot one and its trip. Jacket and actuators are our own.
"""

from __future__ import annotations

from math import exp
from typing import NamedTuple

import numpy as np

from generators.chemical.compiled import compiled, formula
from generators.chemical.control import stuck
from generators.chemical.processes.exothermic_instruments import EQUIPMENT, INSTRUMENTS, LOOPS
from generators.chemical.processes.integration import advance, shifted
from generators.chemical.processes.loops import Control, control_of, control_tick, master_output
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

KELVIN = 273.15  # at 0 °C
TIC_REACTOR, TIC_JACKET, FIC_FEED = range(3)  # places of LOOPS
COOLANT_STICKS, FOULING, ACTIVITY, CONTROLLER_HANGS = range(4)  # rows of FAULTS that the physics reads
TRIP_CELSIUS = 92.0  # the feed is shut off above
OVERRIDE_KELVIN = 1.5  # from the set point: a temperature left in manual is taken back into control
JACKET_RANGE = (10.0, 60.0)  # °C that the master asks of the jacket at 0 and 100 %
SUBSTEPS = 1  # Runge-Kutta steps per tick of 5 s; the fastest time constant is the valves' 8 s


class Parameters(NamedTuple):
    """Nominal values: Seborg for the reactor, in litres, minutes and kelvin."""

    flow: float = 100.0  # l/min
    volume: float = 100.0  # l
    feed_concentration: float = 1.0  # mol/l
    feed_temperature: float = 350.0  # K
    frequency_factor: float = 7.2e10  # 1/min
    activation: float = 8750.0  # K
    heat: float = 5.0e4  # J/mol, released
    heat_capacity: float = 239.0  # J/(l K)
    heat_transfer: float = 5.0e4  # J/(min K)
    reactor_temperature: float = 350.0  # K, normal
    jacket_capacity: float = 1.7e4  # J/K
    coolant_temperature: float = 279.0  # K, chilled water at an ambient of 15 °C
    coolant_valve_normal: float = 32.0  # %
    feed_valve_normal: float = 52.0  # %
    actuator_seconds: float = 8.0  # first-order lag of a control valve
    time_scale: float = 1.0
    scale: float = 1.0


NOMINAL = Parameters()


def draw(rng: np.random.Generator) -> Parameters:
    """One unit's own parameters: kinetics and heat transfer around Seborg's, residence times of 14 to 22 min, 3 to 8 m³."""
    spread = rng.uniform(-1.0, 1.0, 6)
    return NOMINAL._replace(
        frequency_factor=NOMINAL.frequency_factor * (1 + 0.03 * spread[0]),
        heat_transfer=NOMINAL.heat_transfer * (1 + 0.04 * spread[1]),
        jacket_capacity=NOMINAL.jacket_capacity * (1 + 0.15 * spread[2]),
        coolant_temperature=NOMINAL.coolant_temperature + spread[3],
        coolant_valve_normal=NOMINAL.coolant_valve_normal * (1 + 0.1 * spread[4]),
        feed_valve_normal=NOMINAL.feed_valve_normal * (1 + 0.1 * spread[5]),
        time_scale=float(rng.uniform(14.0, 22.0)),
        scale=float(rng.uniform(30.0, 80.0)),
    )


@compiled
def derivatives(
    parameters: Parameters,
    concentration: float,
    temperature: float,
    jacket: float,
    flow: float,
    feed_concentration: float,
    feed_temperature: float,
    fouling: float = 0.0,
    activity: float = 0.0,
) -> tuple[float, float]:
    """Rates per minute of the concentration of A (mol/l) and the temperature (K) at the published size and speed.

    `flow` in l/min. `fouling` is the lost share of the heat transfer, `activity` the share that the reaction is faster.
    """
    p = parameters
    rate = (1.0 + activity) * p.frequency_factor * exp(-p.activation / temperature) * concentration
    return (
        flow / p.volume * (feed_concentration - concentration) - rate,
        flow / p.volume * (feed_temperature - temperature)
        + p.heat / p.heat_capacity * rate
        + (1.0 - fouling) * p.heat_transfer / (p.heat_capacity * p.volume) * (jacket - temperature),
    )


@formula
def normal_concentration(parameters: Parameters) -> float:
    """Concentration of A in mol/l in the steady state at the normal temperature."""
    p = parameters
    speed = p.frequency_factor * exp(-p.activation / p.reactor_temperature)
    return p.feed_concentration / (1.0 + speed * p.volume / p.flow)


@formula
def normal_jacket(parameters: Parameters) -> float:
    """Jacket temperature in K at which the reactor is in steady state at its normal temperature."""
    p = parameters
    released = p.heat * p.flow * (p.feed_concentration - normal_concentration(p))
    taken_by_feed = p.flow * p.heat_capacity * (p.reactor_temperature - p.feed_temperature)
    return p.reactor_temperature - (released - taken_by_feed) / p.heat_transfer


@formula
def coolant_inlet(parameters: Parameters, ambient: Value, deviation: Value) -> Value:
    """Temperature of the chilled water in K: its machine hardly lets the weather through."""
    return parameters.coolant_temperature + 0.08 * (ambient - 15.0) + deviation


@formula
def coolant_capacity(parameters: Parameters, opening: Value, pressure: Value) -> Value:
    """Flow of the coolant times its heat capacity, J/(min K), through a linear valve; sized for the normal duty."""
    p = parameters
    jacket = normal_jacket(p)
    normal = p.heat_transfer * (p.reactor_temperature - jacket) / (jacket - p.coolant_temperature)
    capacity: Value = normal * opening / p.coolant_valve_normal * np.sqrt(np.maximum(pressure, 0.0))
    return capacity


@formula
def feed_flow(parameters: Parameters, opening: Value, pressure: Value) -> Value:
    """Feed in l/min at the published size and speed, through a linear valve."""
    flow: Value = parameters.flow * opening / parameters.feed_valve_normal * np.sqrt(np.maximum(pressure, 0.0))
    return flow


@formula
def cubic_metres_per_hour(parameters: Parameters, flow: Value) -> Value:
    """A flow of the unit from its l/min at the published size and speed."""
    return flow * parameters.scale / parameters.time_scale * 0.06


@compiled
def _rates(parameters: Parameters, state: FloatArray, acting: FloatArray, out: FloatArray) -> None:
    """Rates per minute of CA, T, Tj, coolant valve and feed valve; `acting`: disturbances, faults, valve commands."""
    p = parameters
    inlet = coolant_inlet(p, acting[0], acting[5])
    out[0], out[1] = derivatives(
        p,
        state[0],
        state[1],
        state[2],
        feed_flow(p, state[4], acting[3]),
        p.feed_concentration + acting[1],
        p.feed_temperature + acting[2],
        acting[6],
        acting[7],
    )
    gained = (1.0 - acting[6]) * p.heat_transfer * (state[1] - state[2])
    out[2] = (gained - coolant_capacity(p, state[3], acting[4]) * (state[2] - inlet)) / p.jacket_capacity
    for row in range(3):
        out[row] /= p.time_scale
    out[3] = (acting[8] - state[3]) * 60.0 / p.actuator_seconds
    out[4] = (acting[9] - state[4]) * 60.0 / p.actuator_seconds


@compiled
def _run(
    parameters: Parameters, control: Control, start: FloatArray, drive: Drive, tick_seconds: float, substeps: int
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, int]:
    columns = drive.disturbances.shape[1]
    trajectory = np.empty((5, columns))
    process_values, set_points, outputs = np.empty((3, columns)), np.empty((3, columns)), np.empty((3, columns))
    state, commands = start[:5].copy(), start[5:7].copy()
    outputs[:, 0] = start[7:]
    acting, slopes, trial = np.empty(10), np.empty((4, 5)), np.empty(5)
    h = tick_seconds / 60.0 / substeps
    ticks = columns - 1
    for tick in range(columns):
        if tick > 0:
            before = tick - 1
            for row in range(6):
                acting[row] = drive.disturbances[row, before]
            acting[6], acting[7] = drive.faults[FOULING, before], drive.faults[ACTIVITY, before]
            commands[0] = stuck(outputs[TIC_JACKET, before], commands[0], drive.faults[COOLANT_STICKS, before])
            commands[1] = stuck(outputs[FIC_FEED, before], commands[1], 0.0)
            acting[8], acting[9] = commands[0], commands[1]
            for _ in range(substeps):
                _rates(parameters, state, acting, slopes[0])
                shifted(state, slopes[0], 0.5 * h, trial)
                _rates(parameters, trial, acting, slopes[1])
                shifted(state, slopes[1], 0.5 * h, trial)
                _rates(parameters, trial, acting, slopes[2])
                shifted(state, slopes[2], h, trial)
                _rates(parameters, trial, acting, slopes[3])
                advance(state, slopes, h)
        feed = cubic_metres_per_hour(parameters, feed_flow(parameters, state[4], drive.disturbances[3, tick]))
        process_values[TIC_REACTOR, tick] = state[1] - KELVIN + drive.noise[TIC_REACTOR, tick]
        process_values[TIC_JACKET, tick] = state[2] - KELVIN + drive.noise[TIC_JACKET, tick]
        process_values[FIC_FEED, tick] = feed + drive.noise[FIC_FEED, tick]
        if tick > 0 and drive.faults[CONTROLLER_HANGS, tick] > 0.0:
            for loop in range(3):
                set_points[loop, tick], outputs[loop, tick] = set_points[loop, tick - 1], outputs[loop, tick - 1]
        else:
            control_tick(control, drive, tick, process_values, set_points, outputs, tick_seconds)
        for row in range(5):
            trajectory[row, tick] = state[row]
        if state[1] - KELVIN > TRIP_CELSIUS:
            ticks = tick
            break
    return trajectory, set_points, outputs, process_values, np.concatenate((state, commands, outputs[:, ticks])), ticks


def run(
    parameters: Parameters, tuning: Tuning, state: FloatArray, drive: Drive, tick_seconds: float, substeps: int = SUBSTEPS
) -> Run:
    """Closed loop over the columns of the drive; see ProcessModel.run.

    Trajectory: CA (mol/l), reactor and jacket temperature (K), coolant and feed valve (%). State: these, where the commands of
    the two valves took effect last, and the outputs of the three loops in %.
    """
    control = control_of(LOOPS, tuning, {TIC_JACKET: JACKET_RANGE}, {TIC_REACTOR: OVERRIDE_KELVIN})
    trajectory, set_points, outputs, process_values, end, ticks = _run(
        parameters, control, state, drive, tick_seconds, substeps
    )
    return Run(trajectory, set_points, outputs, process_values, end, ticks)


def tuning(parameters: Parameters) -> Tuning:
    """The reactor asks 4 K of the jacket for one of its own, where 1.1 K just hold the saddle; the jacket is much faster."""
    span = JACKET_RANGE[1] - JACKET_RANGE[0]
    feed = 0.3 * parameters.feed_valve_normal / cubic_metres_per_hour(parameters, parameters.flow)
    return Tuning(
        gains=np.array([4.0 * 100.0 / span, -9.0, feed]),
        integral_times=np.array([150.0 * parameters.time_scale, 36.0, 12.0]),
    )


def rest(parameters: Parameters) -> FloatArray:
    """The unstable steady state at the normal temperature, in closed form; it stays there only under control."""
    p = parameters
    jacket = normal_jacket(p)
    state = [normal_concentration(p), p.reactor_temperature, jacket, p.coolant_valve_normal, p.feed_valve_normal]
    master = master_output(jacket - KELVIN, JACKET_RANGE)
    valves = [p.coolant_valve_normal, p.feed_valve_normal]
    return np.array([*state, *valves, master, *valves])


def signals(parameters: Parameters, trajectory: FloatArray, disturbances: FloatArray) -> Signals:
    """What the instruments of the unit can see; units as the instruments declare them."""
    p = parameters
    a, temperature, jacket, coolant_valve, feed_valve = trajectory
    ambient, feed_concentration, feed_temperature, feed_pressure, coolant_pressure, coolant_deviation = disturbances
    flow = feed_flow(p, feed_valve, feed_pressure)
    feed = cubic_metres_per_hour(p, flow)
    feed_share = flow / p.flow
    inlet = coolant_inlet(p, ambient, coolant_deviation)
    size = p.scale / p.time_scale  # a heat flow of the unit over the published one
    capacity = coolant_capacity(p, coolant_valve, coolant_pressure) * size  # J/(min K)
    coolant = capacity * 60.0 / 4190.0
    coolant_share = coolant / (coolant_capacity(p, p.coolant_valve_normal, 1.0) * size * 60.0 / 4190.0)
    entering = p.feed_concentration + feed_concentration
    celsius = temperature - KELVIN
    stirrer = 0.0018 * p.scale * p.volume * (1.0 - 4.0e-3 * (celsius - 76.85))
    return {
        "temperature": celsius,
        "jacket": jacket - KELVIN,
        "wall": 0.5 * (temperature + jacket) - KELVIN,
        "feed_flow": feed,
        "product_flow": feed,
        "feed_temperature": p.feed_temperature + feed_temperature - KELVIN,
        "feed_concentration": entering,
        "feed_pressure": 5.6 * feed_pressure,
        "coolant_in": inlet - KELVIN,
        "coolant_out": jacket - KELVIN,
        "coolant_flow": coolant,
        "coolant_pressure": 4.0 * np.maximum(coolant_pressure, 0.0),
        "jacket_pressure_drop": 0.25 * coolant_share**2,
        "coolant_valve": coolant_valve,
        "feed_valve": feed_valve,
        "concentration": a,
        "conversion": 100.0 * (1.0 - a / entering),
        "product": entering - a,
        "duty": capacity * (jacket - inlet) / 60_000.0,
        "heat_release": p.heat * flow * (entering - a) * size / 60_000.0,
        "level": 150.0 + 16.0 * feed_share ** (2.0 / 3.0),  # crest over the overflow weir: Francis
        "vapour_pressure": 1.05 + 0.45 * 10.0 ** (4.6543 - 1435.264 / (celsius + 208.3)),  # nitrogen and solvent
        "stirrer_power": stirrer,
        "stirrer_current": 2.5 + 1.9 * stirrer,
        "stirrer_bearing": ambient + 18.0 + 1.4 * stirrer + 0.08 * celsius,
        "pump_current": 1.5 + 0.35 * feed * feed_pressure,
        "pump_bearing": ambient + 21.0 + 3.0 * feed_share,
        "outlet": celsius - 0.02 * (celsius - ambient),
        "ambient": ambient,
    }


DISTURBANCES = (
    Disturbance("feed concentration", 0.0, 0.008, 5400.0),  # mol/l
    Disturbance("feed temperature", 0.0, 0.5, 2400.0),  # K
    Disturbance("feed pressure", 1.0, 0.02, 300.0),  # over normal
    Disturbance("coolant pressure", 1.0, 0.03, 240.0),  # over normal
    Disturbance("coolant temperature", 0.0, 0.4, 3600.0),  # K
)

FAULTS = (
    Fault("coolant_valve_sticks", "{TV-102} sticks and moves in jerks.", (4.0, 12.0)),
    Fault("jacket_fouling", "The heat transfer of {E-101} gets worse.", (0.05, 0.18), (300.0, 1100.0), is_ramp=True),
    Fault("catalyst_activity", "A fresh batch of catalyst makes the reaction in {R-101} faster.", (0.03, 0.11), (180.0, 720.0)),
    Fault("controller_hangs", "The controller of {R-101} hangs, and its outputs stand.", (1.0, 1.0), (2.0, 90.0)),
    Fault("feed_concentration_step", "The feed of {R-101} has another concentration of A.", (0.02, 0.06), (60.0, 480.0),
          acts_on="feed concentration", has_either_sign=True),
    Fault("feed_temperature_step", "The preheater of {R-101} loses control of the feed temperature.", (2.0, 6.0),
          acts_on="feed temperature", has_either_sign=True),
    Fault("coolant_pressure_loss", "The supply pressure of the chilled water before {TV-102} drops.", (-0.93, -0.50),
          (20.0, 240.0), acts_on="coolant pressure"),
    Fault("chiller_failure", "The chiller fails, and the water to {E-101} gets warm.", (4.0, 20.0), (40.0, 300.0),
          acts_on="coolant temperature", is_ramp=True),
)  # fmt: skip

IDLE = {
    "feed_flow": Idle(0.0, 15.0),
    "product_flow": Idle(0.0, 60.0),
    "feed_valve": Idle(0.0, 10.0),
    "feed_pressure": Idle(0.0, 20.0),
    "pump_current": Idle(0.0, 5.0),
    "pump_bearing": Idle(22.0, 3600.0),
    "temperature": Idle(25.0, 3600.0),
    "jacket": Idle(12.0, 1800.0),
    "wall": Idle(18.0, 2700.0),
    "outlet": Idle(25.0, 3600.0),
    "coolant_out": Idle(12.0, 1800.0),
    "concentration": Idle(0.05, 3600.0),
    "conversion": Idle(95.0, 3600.0),
    "duty": Idle(0.0, 2400.0),
    "heat_release": Idle(0.0, 900.0),
    "vapour_pressure": Idle(1.06, 3000.0),
    "level": Idle(150.0, 300.0),
}

MODEL = ProcessModel(
    name="exothermic_reactor",
    unit_name="Hydration section",
    description="Converts A to B in a stirred tank with a cooling jacket, at a temperature that only control can hold.",
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
