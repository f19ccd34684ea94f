"""Distillation column: 41 stages, 82 states, two-point control of product purities in LV configuration.

Skogestad's "column A" (Skogestad and Morari 1988, AIChE J. 34(10); Skogestad and Postlethwaite, Multivariable Feedback
Control): constant relative volatility and molar flows, linearised tray hydraulics, no vapour hold-up. A unit of the fleet is
such a column for isobutane and n-butane, with larger drums and `scale` times the flows. Amounts are kmol, times minutes.
"""

from __future__ import annotations

from math import exp
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from generators.chemical.compiled import compiled, formula
from generators.chemical.control import stuck
from generators.chemical.processes.distillation_instruments import EQUIPMENT, INSTRUMENTS, LOOPS, TRAYS
from generators.chemical.processes.integration import advance, shifted
from generators.chemical.processes.loops import Control, control_of, control_tick
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

STAGES, FEED_STAGE = 41, 21  # stage 1 is the reboiler, stage 41 the total condenser with its drum
LOWER_TRAY, UPPER_TRAY = 12, 30  # whose temperatures are controlled: the profile is steep there
FIRST_DAMAGED, LAST_DAMAGED = 8, 15  # stages that the fault tray_damage takes
REFLUX, BOILUP, DISTILLATE, BOTTOMS, FEED = range(5)  # places of the flows
AIC_TOP, TIC_TOP, AIC_BOTTOM, TIC_BOTTOM, LIC_DRUM, LIC_SUMP, FIC_FEED = range(7)  # places of LOOPS
VALVE_LOOPS = np.array([TIC_TOP, TIC_BOTTOM, LIC_DRUM, LIC_SUMP, FIC_FEED])  # the loop that moves each flow
VALVE_NORMAL = np.array([45.0, 48.0, 50.0, 50.0, 52.0])  # % at the normal flows
ACTUATOR_SECONDS = np.array([8.0, 40.0, 8.0, 8.0, 8.0])  # first-order lags; the reboiler takes longer than a valve
REFLUX_STICKS, REBOILER_FOULING, TRAY_DAMAGE = range(3)  # rows of FAULTS that the physics reads
ANALYSIS_SECONDS = 300.0  # between two injections of a chromatograph
SLAVE_KELVIN = 4.0  # a master moves the set point of its tray temperature so far to either side of normal
LEVEL_OVERRIDE = 25.0  # % from the set point: a level controller left in manual takes over again
LEVEL_TRIP = 4.0  # % from empty or full
PRESSURE_BAR, PRESSURE_TRIP_BAR = 6.0, 7.2  # at the top, absolute
KELVIN_PER_BAR = 6.4  # of boiling point, butanes at 6 bar
MOLAR_MASS = 58.12  # kg/kmol, butanes
BUTANE_HEAT, STEAM_HEAT = 330.0, 2130.0  # kJ/kg of evaporation
SUBSTEPS = 2  # Runge-Kutta steps per tick of 5 s; the fastest eigenvalue is about −34 per minute


class Parameters(NamedTuple):
    """Nominal values: column A of Skogestad; temperatures, drums of the fleet and actuators are our own."""

    volatility: float = 1.5  # relative
    feed_composition: float = 0.5  # mole fraction of the light component
    distillate_composition: float = 0.99
    bottoms_composition: float = 0.01
    tray_holdup: float = 0.5  # kmol per kmol/min of feed
    drum_holdup: float = 0.5  # the same, of condenser and reboiler
    hydraulic_minutes: float = 0.063  # time constant of a tray's liquid
    light_celsius: float = 44.7  # boiling points at PRESSURE_BAR: isobutane and n-butane
    heavy_celsius: float = 57.5
    scale: float = 1.0  # of all flows and amounts; normal feed in kmol/min


NOMINAL = Parameters()


def draw(rng: np.random.Generator) -> Parameters:
    """One unit's own parameters: volatility, feed and purities around column A, drums of 4 to 7 min, 10 to 30 t/h."""
    spread = rng.uniform(-1.0, 1.0, 7)
    return NOMINAL._replace(
        volatility=NOMINAL.volatility + 0.02 * spread[0],
        feed_composition=NOMINAL.feed_composition + 0.03 * spread[1],
        distillate_composition=NOMINAL.distillate_composition + 0.003 * spread[2],
        bottoms_composition=NOMINAL.bottoms_composition + 0.003 * spread[3],
        tray_holdup=NOMINAL.tray_holdup * (1 + 0.15 * spread[4]),
        drum_holdup=5.5 + 1.5 * spread[5],
        hydraulic_minutes=NOMINAL.hydraulic_minutes * (1 + 0.15 * spread[6]),
        scale=float(rng.uniform(3.0, 9.0)),
    )


@formula
def equilibrium(volatility: float, liquid: Value) -> Value:
    """Mole fraction of the light component in the vapour above a liquid."""
    return volatility * liquid / (1.0 + (volatility - 1.0) * liquid)


def normal_flows(parameters: Parameters) -> FloatArray:
    """Reflux, boilup, distillate, bottoms and feed in kmol/min, at which the column makes its normal products."""
    p = parameters
    distillate = (p.feed_composition - p.bottoms_composition) / (p.distillate_composition - p.bottoms_composition)
    low, high = 2.0 * distillate, 20.0 * distillate
    for _ in range(60):  # more boilup, purer distillate: bisection down to the last bit
        boilup = 0.5 * (low + high)
        if _profile(p, boilup, distillate)[-1] < p.distillate_composition:
            low = boilup
        else:
            high = boilup
    return np.array([boilup - distillate, boilup, distillate, 1.0 - distillate, 1.0])


@compiled
def _profile(parameters: Parameters, boilup: float, distillate: float) -> FloatArray:
    """Liquid compositions in steady state, stepped off from the reboiler upwards as McCabe and Thiele do."""
    p = parameters
    x = np.empty(STAGES)
    x[0] = p.bottoms_composition
    reflux, bottoms = boilup - distillate, 1.0 - distillate
    for place in range(STAGES - 2):
        rising = boilup * equilibrium(p.volatility, x[place]) + bottoms * p.bottoms_composition
        if place + 1 < FEED_STAGE:
            x[place + 1] = rising / (reflux + 1.0)
        else:
            x[place + 1] = (rising - p.feed_composition) / reflux
        x[place + 1] = min(max(x[place + 1], 0.0), 1.0)
    x[STAGES - 1] = equilibrium(p.volatility, x[STAGES - 2])
    return x


@compiled
def derivatives(
    parameters: Parameters,
    normal_reflux: float,
    state: FloatArray,
    flows: FloatArray,
    feed_composition: float,
    out: FloatArray,
    damage: float = 0.0,
) -> None:
    """Rates per minute of 41 mole fractions and 41 hold-ups (Skogestad's model, saturated liquid feed).

    `flows` in kmol/min for a normal feed of 1. `damage` is the share of their efficiency (Murphree, vapour) that the damaged
    trays have lost.
    """
    p = parameters
    boilup = flows[BOILUP]
    below_vapour = 0.0  # mole fraction of the vapour that rises to the stage
    for place in range(STAGES):
        x, holdup = state[place], state[STAGES + place]
        if place == 0:
            liquid_out, vapour_in, vapour_out = flows[BOTTOMS], 0.0, boilup
        elif place == STAGES - 1:
            liquid_out, vapour_in, vapour_out = flows[REFLUX] + flows[DISTILLATE], boilup, 0.0
        else:
            normal = normal_reflux + 1.0 if place < FEED_STAGE else normal_reflux
            liquid_out, vapour_in, vapour_out = normal + (holdup - p.tray_holdup) / p.hydraulic_minutes, boilup, boilup
        vapour = equilibrium(p.volatility, x)
        if FIRST_DAMAGED <= place + 1 <= LAST_DAMAGED:
            vapour = below_vapour + (1.0 - damage) * (vapour - below_vapour)
        if place == STAGES - 1:
            liquid_in, liquid_x = 0.0, 0.0
        elif place == STAGES - 2:
            liquid_in, liquid_x = flows[REFLUX], state[STAGES - 1]
        else:
            normal = normal_reflux + 1.0 if place + 1 < FEED_STAGE else normal_reflux
            liquid_in = normal + (state[STAGES + place + 1] - p.tray_holdup) / p.hydraulic_minutes
            liquid_x = state[place + 1]
        total = liquid_in + vapour_in - liquid_out - vapour_out
        light = liquid_in * liquid_x + vapour_in * below_vapour - liquid_out * x - vapour_out * vapour
        if place == FEED_STAGE - 1:
            total += flows[FEED]
            light += flows[FEED] * feed_composition
        out[place] = (light - x * total) / holdup
        out[STAGES + place] = total
        below_vapour = vapour


@formula
def top_pressure(boilup_share: Value, ambient: Value, deviation: Value) -> Value:
    """Absolute pressure at the top in bar: the condenser holds it less well the more it must condense and the warmer it is."""
    return PRESSURE_BAR + 0.25 * (boilup_share - 1.0) + 0.004 * (ambient - 15.0) + deviation


@formula
def boiling_point(parameters: Parameters, liquid: Value, pressure: Value) -> Value:
    """Temperature of a stage in °C, linear in its composition, as Skogestad takes it, and in the pressure."""
    pure = parameters.heavy_celsius + (parameters.light_celsius - parameters.heavy_celsius) * liquid
    return pure + KELVIN_PER_BAR * (pressure - PRESSURE_BAR)


@formula
def kilograms_per_hour(parameters: Parameters, flow: Value) -> Value:
    """A flow of the unit from its kmol/min at a normal feed of 1."""
    return flow * parameters.scale * MOLAR_MASS * 60.0


@compiled
def _run(
    parameters: Parameters,
    control: Control,
    normal: FloatArray,
    valve_normal: FloatArray,
    valve_loops: NDArray[np.int64],
    actuator_seconds: FloatArray,
    start: FloatArray,
    drive: Drive,
    tick_seconds: float,
    substeps: int,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, int]:
    p = parameters
    columns, loops, states = drive.disturbances.shape[1], len(control.gains), 2 * STAGES
    trajectory = np.empty((states + 7, columns))
    process_values, set_points, outputs = np.empty((loops, columns)), np.empty((loops, columns)), np.empty((loops, columns))
    state = start[:states].copy()
    flows, commands = start[states : states + 5].copy(), start[states + 5 : states + 10].copy()
    analyses = start[states + 10 : states + 12].copy()
    age = start[states + 12]  # s since the last injection
    outputs[:, 0] = start[states + 13 :]
    slopes, trial = np.empty((4, states)), np.empty(states)
    h = tick_seconds / substeps / 60.0
    full = 2.0 * p.drum_holdup
    ticks = columns - 1
    for tick in range(columns):
        if tick > 0:
            before = tick - 1
            for flow in range(5):
                band = drive.faults[REFLUX_STICKS, before] if flow == REFLUX else 0.0
                commands[flow] = stuck(outputs[valve_loops[flow], before], commands[flow], band)
                asked = normal[flow] * commands[flow] / valve_normal[flow]
                if flow == BOILUP:
                    asked *= drive.disturbances[3, before] * (1.0 - drive.faults[REBOILER_FOULING, before])
                elif flow == FEED:
                    asked *= np.sqrt(max(drive.disturbances[2, before], 0.0))
                flows[flow] = asked + (flows[flow] - asked) * exp(-tick_seconds / actuator_seconds[flow])
            composition = p.feed_composition + drive.disturbances[1, before]
            damage = drive.faults[TRAY_DAMAGE, before]
            for _ in range(substeps):
                derivatives(p, normal[REFLUX], state, flows, composition, slopes[0], damage)
                shifted(state, slopes[0], 0.5 * h, trial)
                derivatives(p, normal[REFLUX], trial, flows, composition, slopes[1], damage)
                shifted(state, slopes[1], 0.5 * h, trial)
                derivatives(p, normal[REFLUX], trial, flows, composition, slopes[2], damage)
                shifted(state, slopes[2], h, trial)
                derivatives(p, normal[REFLUX], trial, flows, composition, slopes[3], damage)
                advance(state, slopes, h)
            age += tick_seconds
        if age >= ANALYSIS_SECONDS:
            age = 0.0
            analyses[0] = 100.0 * state[STAGES - 1] + drive.noise[AIC_TOP, tick]
            analyses[1] = 100.0 * state[0] + drive.noise[AIC_BOTTOM, tick]
        pressure = top_pressure(flows[BOILUP] / normal[BOILUP], drive.disturbances[0, tick], drive.disturbances[4, tick])
        upper, lower = state[UPPER_TRAY - 1], state[LOWER_TRAY - 1]
        drum, sump = 100.0 * state[states - 1] / full, 100.0 * state[STAGES] / full
        process_values[AIC_TOP, tick] = analyses[0]
        process_values[AIC_BOTTOM, tick] = analyses[1]
        process_values[TIC_TOP, tick] = boiling_point(p, upper, pressure) + drive.noise[TIC_TOP, tick]
        process_values[TIC_BOTTOM, tick] = boiling_point(p, lower, pressure) + drive.noise[TIC_BOTTOM, tick]
        process_values[LIC_DRUM, tick] = drum + drive.noise[LIC_DRUM, tick]
        process_values[LIC_SUMP, tick] = sump + drive.noise[LIC_SUMP, tick]
        process_values[FIC_FEED, tick] = kilograms_per_hour(p, flows[FEED]) + drive.noise[FIC_FEED, tick]
        control_tick(control, drive, tick, process_values, set_points, outputs, tick_seconds)
        for row in range(states):
            trajectory[row, tick] = state[row]
        for row in range(5):
            trajectory[states + row, tick] = flows[row]
        trajectory[states + 5, tick], trajectory[states + 6, tick] = analyses[0], analyses[1]
        lowest, highest = min(drum, sump), max(drum, sump)
        if lowest < LEVEL_TRIP or highest > 100.0 - LEVEL_TRIP or pressure > PRESSURE_TRIP_BAR:
            ticks = tick
            break
    clock = np.array([age])
    end = np.concatenate((state, flows, commands, analyses, clock, outputs[:, ticks]))
    return trajectory, set_points, outputs, process_values, end, ticks


def run(
    parameters: Parameters, tuning: Tuning, state: FloatArray, drive: Drive, tick_seconds: float, substeps: int = SUBSTEPS
) -> Run:
    """Closed loop over the columns of the drive; see ProcessModel.run.

    Trajectory: 41 mole fractions, 41 hold-ups (kmol), the five flows (kmol/min), all for a feed of 1, and the two last analyses
    (mol %). State: these, with the positions of the five valves before the analyses, then the seconds since the last analysis
    and the outputs of the loops in %.
    """
    trajectory, set_points, outputs, process_values, end, ticks = _run(
        parameters,
        control_of(LOOPS, tuning, _slave_ranges(parameters), {LIC_DRUM: LEVEL_OVERRIDE, LIC_SUMP: LEVEL_OVERRIDE}),
        normal_flows(parameters),
        VALVE_NORMAL,
        VALVE_LOOPS,
        ACTUATOR_SECONDS,
        state,
        drive,
        tick_seconds,
        substeps,
    )
    return Run(trajectory, set_points, outputs, process_values, end, ticks)


def _tray_temperatures(parameters: Parameters) -> tuple[float, float]:
    """Normal temperatures of the two controlled trays, upper one first, °C."""
    _, boilup, distillate, _, _ = normal_flows(parameters)
    x = _profile(parameters, boilup, distillate)
    upper, lower = float(x[UPPER_TRAY - 1]), float(x[LOWER_TRAY - 1])
    return boiling_point(parameters, upper, PRESSURE_BAR), boiling_point(parameters, lower, PRESSURE_BAR)


def _slave_ranges(parameters: Parameters) -> dict[int, tuple[float, float]]:
    upper, lower = _tray_temperatures(parameters)
    return {
        TIC_TOP: (upper - SLAVE_KELVIN, upper + SLAVE_KELVIN),
        TIC_BOTTOM: (lower - SLAVE_KELVIN, lower + SLAVE_KELVIN),
    }


def tuning(parameters: Parameters) -> Tuning:
    """Tray temperatures within minutes, purities by the analysers within hours, levels loosely: drums are there to swing."""
    feed = 0.3 * VALVE_NORMAL[FEED] / kilograms_per_hour(parameters, 1.0)
    return Tuning(
        gains=np.array([-10.0, -4.0, -10.0, 4.0, -2.0, -2.0, feed]),
        integral_times=np.array([3600.0, 480.0, 3600.0, 480.0, 2400.0, 2400.0, 12.0]),
    )


def rest(parameters: Parameters) -> FloatArray:
    """Steady state with the normal products, at normal pressures and an ambient of 15 °C."""
    p = parameters
    flows = normal_flows(p)
    x = _profile(p, flows[BOILUP], flows[DISTILLATE])
    holdups = np.full(STAGES, p.tray_holdup)
    holdups[0] = holdups[-1] = p.drum_holdup
    outputs = np.full(len(LOOPS), 50.0)  # masters in the middle of their slaves' range
    outputs[VALVE_LOOPS] = VALVE_NORMAL
    return np.concatenate((x, holdups, flows, VALVE_NORMAL, (100.0 * x[-1], 100.0 * x[0], 0.0), outputs))


def signals(parameters: Parameters, trajectory: FloatArray, disturbances: FloatArray) -> Signals:
    """What the instruments of the unit can see; units as the instruments declare them."""
    p = parameters
    ambient, feed_composition, feed_pressure, steam_pressure, pressure_deviation = disturbances
    x, holdups = trajectory[:STAGES], trajectory[STAGES : 2 * STAGES]
    reflux, boilup, distillate, bottoms, feed = trajectory[2 * STAGES : 2 * STAGES + 5]
    normal = normal_flows(p)
    load = boilup / normal[BOILUP]
    top = top_pressure(load, ambient, pressure_deviation)
    drop = 180.0 * load**2 + 12.0 * (np.mean(holdups[1:-1], axis=0) / p.tray_holdup - 1.0)  # mbar
    found = {
        "distillate_analysis": trajectory[2 * STAGES + 5],
        "bottoms_analysis": trajectory[2 * STAGES + 6],
        "feed_analysis": 100.0 * (p.feed_composition + feed_composition),
        "drum_level": 50.0 * holdups[-1] / p.drum_holdup,
        "sump_level": 50.0 * holdups[0] / p.drum_holdup,
        "reflux_flow": kilograms_per_hour(p, reflux),
        "distillate_flow": kilograms_per_hour(p, distillate),
        "bottoms_flow": kilograms_per_hour(p, bottoms),
        "feed_flow": kilograms_per_hour(p, feed),
        "steam_flow": kilograms_per_hour(p, boilup) * BUTANE_HEAT / STEAM_HEAT,
        "steam_pressure": 4.5 * steam_pressure,
        "feed_pressure": 11.0 * feed_pressure,
        "top_pressure": top,
        "bottom_pressure": top + drop / 1000.0,
        "pressure_drop": drop,
        "coolant_out": 20.0 + 0.35 * (ambient - 15.0) + 11.0 * load,
        "reflux_pump_current": 8.0 + 14.0 * (reflux + distillate) / (normal[REFLUX] + normal[DISTILLATE]),
        "reflux_valve": VALVE_NORMAL[REFLUX] * reflux / normal[REFLUX],
    }
    for tray in TRAYS:
        found[f"tray_{tray}"] = boiling_point(p, x[tray - 1], top)
    return found


DISTURBANCES = (
    Disturbance("feed composition", 0.0, 0.008, 10800.0),  # mole fraction
    Disturbance("feed pressure", 1.0, 0.02, 600.0),  # over normal
    Disturbance("steam pressure", 1.0, 0.015, 600.0),  # over normal
    Disturbance("column pressure", 0.0, 0.02, 3600.0),  # bar
)

FAULTS = (
    Fault("reflux_valve_sticks", "{TV-101} sticks and moves in jerks.", (2.0, 6.0)),
    Fault("reboiler_fouling", "The heat transfer of {E-101} gets worse.", (0.10, 0.30), (300.0, 1100.0), is_ramp=True),
    Fault("tray_damage", "Trays in the stripping section of {C-101} are displaced and lose efficiency.", (0.25, 0.60),
          (240.0, 960.0)),
    Fault("feed_composition_step", "The feed of {C-101} comes from another tank.", (0.04, 0.09), (120.0, 720.0),
          acts_on="feed composition", has_either_sign=True),
    Fault("feed_surge", "The unit before {C-101} pushes more feed than usual through {FV-105}.", (0.30, 0.90),
          acts_on="feed pressure"),
    Fault("steam_pressure_loss", "The supply pressure of the steam before {TV-102} drops.", (-0.40, -0.15),
          acts_on="steam pressure"),
    Fault("condenser_cooling_loss", "{E-102} gets too little cooling water, and the pressure rises.", (0.30, 1.30),
          (60.0, 300.0), acts_on="column pressure", is_ramp=True),
)  # fmt: skip

IDLE = {
    **{flow: Idle(0.0, 30.0) for flow in ("reflux_flow", "distillate_flow", "bottoms_flow", "feed_flow", "reflux_valve")},
    "steam_flow": Idle(0.0, 20.0),
    "pressure_drop": Idle(0.0, 60.0),
    "top_pressure": Idle(3.4, 5400.0),
    "bottom_pressure": Idle(3.4, 5400.0),
    "coolant_out": Idle(21.0, 600.0),
    "drum_level": Idle(35.0, 1800.0),
    "sump_level": Idle(65.0, 1800.0),
    "reflux_pump_current": Idle(0.0, 5.0),
    **{f"tray_{tray}": Idle(30.0, 7200.0) for tray in TRAYS},
}

MODEL = ProcessModel(
    name="distillation_column",
    unit_name="Butane splitter",
    description="Splits isobutane from n-butane in a column of 39 trays with reboiler and total condenser.",
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
