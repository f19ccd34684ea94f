"""Quadruple tank: two pumps, each split between a lower tank and the upper tank across, under level control.

Equations and parameters after Johansson (2000), IEEE Trans. Control Systems Technology 8(3). The published tanks stand on a
table; a unit of the fleet is geometrically similar and larger: lengths times `length_scale`, times of the dynamics with its
square root. Units at the operating point P+ are non-minimum phase, and their loops are paired crosswise, as the relative
gain array demands.
"""

from __future__ import annotations

from math import sqrt
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
from generators.chemical.processes.quadruple_tank_instruments import EQUIPMENT, INSTRUMENTS, LOOPS

FULL_VOLTAGE = 6.0  # V at a controller output of 100 %
FULL_SPEED = 2900.0  # 1/min at full voltage
SUMP_AREA = 420.0  # cm² at the published scale
SUMP_LEVEL = 16.0  # cm at the normal point, at the published scale
TANK_HEIGHT = 20.0  # cm of the lower tanks at the published scale; the pumps trip before one runs over
PUMP_1_WEAR, PUMP_2_STICKS, OUTLET_1_BLOCKED = range(3)  # rows of FAULTS that the physics reads
SUBSTEPS = 1  # Runge-Kutta steps per tick of 5 s; the fastest time constant is the pump's 12 s


class Parameters(NamedTuple):
    """Nominal values: the operating point P- of Johansson (2000), lengths in cm, voltages in V, times in s."""

    area_1: float = 28.0  # cm²
    area_2: float = 32.0
    area_3: float = 28.0
    area_4: float = 32.0
    outlet_1: float = 0.071  # cm²
    outlet_2: float = 0.057
    outlet_3: float = 0.071
    outlet_4: float = 0.057
    gravity: float = 981.0  # cm/s²
    gain_1: float = 3.33  # cm³/(V s)
    gain_2: float = 3.35
    split_1: float = 0.70  # share of pump 1 that goes straight to tank 1; the rest to tank 4
    split_2: float = 0.60  # share of pump 2 that goes straight to tank 2; the rest to tank 3
    voltage_1: float = 3.00  # V
    voltage_2: float = 3.00
    pump_seconds: float = 12.0  # first-order lag of a pump's speed; our own
    length_scale: float = 1.0

    @property
    def is_crosswise(self) -> bool:
        """Whether each lower tank gets most of its water from the pump across: then the loops are paired crosswise."""
        return self.split_1 + self.split_2 < 1.0

    @property
    def flow_scale(self) -> float:
        """m³/h of the unit for one cm³/s at the published scale."""
        return self.length_scale**2 * sqrt(self.length_scale) * 3600.0 / 1e6


MINIMUM_PHASE = Parameters()
NONMINIMUM_PHASE = Parameters(gain_1=3.14, gain_2=3.29, split_1=0.43, split_2=0.34, voltage_1=3.15, voltage_2=3.15)


def draw(rng: np.random.Generator) -> Parameters:
    """One unit's own parameters: one of the two operating points, a few per cent of outlets and pumps, 1.0 to 2.2 m high."""
    nominal = MINIMUM_PHASE if rng.random() < 0.65 else NONMINIMUM_PHASE
    spread = rng.uniform(-1.0, 1.0, 8)
    return nominal._replace(
        outlet_1=nominal.outlet_1 * (1 + 0.03 * spread[0]),
        outlet_2=nominal.outlet_2 * (1 + 0.03 * spread[1]),
        outlet_3=nominal.outlet_3 * (1 + 0.03 * spread[2]),
        outlet_4=nominal.outlet_4 * (1 + 0.03 * spread[3]),
        gain_1=nominal.gain_1 * (1 + 0.03 * spread[4]),
        gain_2=nominal.gain_2 * (1 + 0.03 * spread[5]),
        split_1=nominal.split_1 + 0.02 * spread[6],
        split_2=nominal.split_2 + 0.02 * spread[7],
        length_scale=float(rng.uniform(5.0, 11.0)),
    )


@formula
def outflow(outlet: Value, gravity: float, level: Value) -> Value:
    """Free outflow in cm³/s through an outlet in cm² (Torricelli); an empty tank has none."""
    flow: Value = outlet * np.sqrt(2.0 * gravity * np.maximum(level, 0.0))
    return flow


@compiled
def derivatives(
    parameters: Parameters,
    levels: FloatArray,
    voltage_1: float,
    voltage_2: float,
    split_1: float,
    split_2: float,
    draw_1: float,
    draw_2: float,
    out: FloatArray,
    wear_1: float = 0.0,
    blocked_1: float = 0.0,
) -> None:
    """Rates of the four levels in cm/s (Johansson 2000, eq. 1), all at the published scale.

    `draw_1` and `draw_2` are flows that consumers take from the lower tanks, cm³/s. An empty tank has no outflow. `wear_1` and
    `blocked_1` are the lost shares of pump 1's flow and of tank 1's outlet.
    """
    p = parameters
    flow_1 = outflow(p.outlet_1 * (1.0 - blocked_1), p.gravity, levels[0])
    flow_2 = outflow(p.outlet_2, p.gravity, levels[1])
    flow_3 = outflow(p.outlet_3, p.gravity, levels[2])
    flow_4 = outflow(p.outlet_4, p.gravity, levels[3])
    pump_1 = p.gain_1 * voltage_1 * (1.0 - wear_1)
    pump_2 = p.gain_2 * voltage_2
    out[0] = (-flow_1 + flow_3 + split_1 * pump_1 - draw_1) / p.area_1
    out[1] = (-flow_2 + flow_4 + split_2 * pump_2 - draw_2) / p.area_2
    out[2] = (-flow_3 + (1.0 - split_2) * pump_2) / p.area_3
    out[3] = (-flow_4 + (1.0 - split_1) * pump_1) / p.area_4


@compiled
def _rates(parameters: Parameters, state: FloatArray, acting: FloatArray, out: FloatArray) -> None:
    """Rates of four levels and two voltages, per second at the published scale; `acting`: disturbances, commands, faults."""
    p = parameters
    derivatives(
        p, state[:4], state[4], state[5], p.split_1 + acting[1], p.split_2 + acting[2], acting[3], acting[4], out[:4],
        acting[7], acting[8],
    )  # fmt: skip
    pump_rate = sqrt(p.length_scale) / p.pump_seconds
    out[4] = (acting[5] - state[4]) * pump_rate
    out[5] = (acting[6] - state[5]) * pump_rate


@compiled
def _run(
    parameters: Parameters,
    gains: FloatArray,
    integral_times: FloatArray,
    crosswise: bool,
    start: FloatArray,
    drive: Drive,
    tick_seconds: float,
    substeps: int,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, int]:
    columns = drive.disturbances.shape[1]
    trajectory, outputs, process_values = np.empty((8, columns)), np.empty((2, columns)), np.empty((2, columns))
    state, output, command = start[:6].copy(), start[6:8].copy(), start[8:10].copy()
    acting = np.empty(9)
    slopes, trial = np.empty((4, 6)), np.empty(6)
    scale = parameters.length_scale
    h = tick_seconds / sqrt(scale) / substeps
    ticks = columns - 1
    for tick in range(columns):
        if tick > 0:
            for row in range(5):
                acting[row] = drive.disturbances[row, tick - 1]
            command[0] = stuck(output[0], command[0], 0.0)
            command[1] = stuck(output[1], command[1], drive.faults[PUMP_2_STICKS, tick - 1])
            acting[5] = command[1 if crosswise else 0] / 100.0 * FULL_VOLTAGE
            acting[6] = command[0 if crosswise else 1] / 100.0 * FULL_VOLTAGE
            acting[7], acting[8] = drive.faults[PUMP_1_WEAR, tick - 1], drive.faults[OUTLET_1_BLOCKED, tick - 1]
            for _ in range(substeps):
                _rates(parameters, state, acting, slopes[0])
                shifted(state, slopes[0], 0.5 * h, trial)
                _rates(parameters, trial, acting, slopes[1])
                shifted(state, slopes[1], 0.5 * h, trial)
                _rates(parameters, trial, acting, slopes[2])
                shifted(state, slopes[2], h, trial)
                _rates(parameters, trial, acting, slopes[3])
                advance(state, slopes, h)
            for tank in range(4):
                state[tank] = max(state[tank], 0.0)
        for loop in range(2):
            process_values[loop, tick] = scale * state[loop] + drive.noise[loop, tick]
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
        trajectory[6, tick] = 1.0 - drive.faults[PUMP_1_WEAR, tick]
        trajectory[7, tick] = 1.0 - drive.faults[OUTLET_1_BLOCKED, tick]
        if max(state[0], state[1]) > TANK_HEIGHT:
            ticks = tick
            break
    return trajectory, outputs, process_values, np.concatenate((state, output, command)), ticks  # fmt: skip


def run(
    parameters: Parameters, tuning: Tuning, state: FloatArray, drive: Drive, tick_seconds: float, substeps: int = SUBSTEPS
) -> Run:
    """Closed loop over the columns of the drive; see ProcessModel.run.

    Trajectory: levels 1 to 4 (cm) and voltages 1 and 2 (V) at the published scale, and what faults leave of the flow of pump 1
    and of the outlet of tank 1. State: the first six, the outputs of the two loops
    in %, and where the commands of the two pumps took effect last.
    """
    trajectory, outputs, process_values, end, ticks = _run(
        parameters, tuning.gains, tuning.integral_times, parameters.is_crosswise, state, drive, tick_seconds, substeps
    )
    return Run(trajectory, drive.set_points, outputs, process_values, end, ticks)


def tuning(parameters: Parameters) -> Tuning:
    """At the published scale 1.2 V/cm and 60 s; crosswise 0.35 V/cm and 160 s, for the right half-plane zero is slow."""
    voltage_gain, integral_time = (0.35, 160.0) if parameters.is_crosswise else (1.2, 60.0)
    gain = voltage_gain * 100.0 / FULL_VOLTAGE / parameters.length_scale
    return Tuning(gains=np.full(2, gain), integral_times=np.full(2, integral_time * sqrt(parameters.length_scale)))


def rest(parameters: Parameters) -> FloatArray:
    """Steady state at the normal voltages, in closed form: every tank passes on what it gets."""
    p = parameters
    pump_1, pump_2 = p.gain_1 * p.voltage_1, p.gain_2 * p.voltage_2
    flows = (
        p.split_1 * pump_1 + (1.0 - p.split_2) * pump_2,
        p.split_2 * pump_2 + (1.0 - p.split_1) * pump_1,
        (1.0 - p.split_2) * pump_2,
        (1.0 - p.split_1) * pump_1,
    )
    outlets = (p.outlet_1, p.outlet_2, p.outlet_3, p.outlet_4)
    levels = [(flow / outlet) ** 2 / (2.0 * p.gravity) for flow, outlet in zip(flows, outlets, strict=True)]
    outputs = [p.voltage_1 / FULL_VOLTAGE * 100.0, p.voltage_2 / FULL_VOLTAGE * 100.0]
    if p.is_crosswise:
        outputs.reverse()
    return np.array([*levels, p.voltage_1, p.voltage_2, *outputs, *outputs])


def signals(parameters: Parameters, trajectory: FloatArray, disturbances: FloatArray) -> Signals:
    """What the instruments of the unit can see; units as the instruments declare them.

    The pump that loop 0 drives is called pump 1 in the plant, whichever it is in the paper.
    """
    p = parameters
    ambient, split_1, split_2, draw_1, draw_2 = disturbances
    levels = trajectory[:4] * p.length_scale
    outlets = (p.outlet_1 * trajectory[7], p.outlet_2, p.outlet_3, p.outlet_4)
    areas = np.array([p.area_1, p.area_2, p.area_3, p.area_4])
    normal_volume = float(areas @ rest(p)[:4])
    sump = (SUMP_LEVEL + (normal_volume - areas @ trajectory[:4]) / SUMP_AREA) * p.length_scale
    water = 14.0 + 0.35 * (ambient - 15.0)
    found = {
        "sump_level": sump,
        "suction_pressure": 1.013 + 9.81e-4 * sump,
        "demand_1": (1.0 + draw_1) * p.flow_scale,
        "demand_2": (1.0 + draw_2) * p.flow_scale,
        "ambient": ambient,
    }
    for tank in range(4):
        found[f"level_{tank + 1}"] = levels[tank]
        found[f"outflow_{tank + 1}"] = outflow(outlets[tank], p.gravity, trajectory[tank]) * p.flow_scale
        found[f"bottom_pressure_{tank + 1}"] = 9.81e-1 * levels[tank]
    pumps = (
        (trajectory[4], p.gain_1 * trajectory[6], p.split_1 + split_1),
        (trajectory[5], p.gain_2, p.split_2 + split_2),
    )
    for number, (voltage, gain, split) in enumerate(reversed(pumps) if p.is_crosswise else pumps, start=1):
        flow = gain * voltage * p.flow_scale
        speed = voltage / FULL_VOLTAGE
        head = 5.5 * p.length_scale / 10.0 * (0.35 + 2.6 * speed**2)  # m: static lift and friction
        power = 0.05 + flow * head * 9.81 / 3600.0 / 0.52  # kW
        found[f"pump_flow_{number}"] = flow
        found[f"direct_flow_{number}"] = flow * split
        found[f"upper_flow_{number}"] = flow * (1.0 - split)
        found[f"split_{number}"] = 100.0 * split
        found[f"speed_{number}"] = FULL_SPEED * speed
        found[f"discharge_pressure_{number}"] = found["suction_pressure"] + 0.0981 * head
        found[f"power_{number}"] = power
        found[f"current_{number}"] = 0.4 + 2.05 * power
        found[f"bearing_{number}"] = ambient + 12.0 + 22.0 * speed
        found[f"water_{number}"] = water + 60.0 * power / (4.19 * flow / 3.6 + 1.0)
    found["sump_water"] = water
    return found


DISTURBANCES = (
    Disturbance("split of pump 1", 0.0, 0.012, 7200.0),
    Disturbance("split of pump 2", 0.0, 0.012, 7200.0),
    Disturbance("consumer of tank 1", 0.0, 0.25, 1800.0),  # cm³/s at the published scale
    Disturbance("consumer of tank 2", 0.0, 0.25, 1800.0),
)

FAULTS = (
    Fault("pump_1_wear", "A pump of the section loses flow.", (0.10, 0.35), (300.0, 1100.0), is_ramp=True),
    Fault("pump_2_sticks", "The drive of a pump answers in jerks.", (3.0, 8.0)),
    Fault("outlet_1_blocked", "The outlet of a lower tank is partly blocked.", (0.15, 0.40)),
    Fault("split_valve_shift", "The splitting valve of a pump shifts.", (0.05, 0.10), acts_on="split of pump 1",
          has_either_sign=True),
    Fault("consumer_surge", "A consumer takes much more water than usual.", (3.0, 8.0), acts_on="consumer of tank 1"),
)  # fmt: skip

IDLE = {
    **{f"level_{tank}": Idle(0.0, 1200.0) for tank in (1, 2, 3, 4)},
    **{f"outflow_{tank}": Idle(0.0, 1200.0) for tank in (1, 2, 3, 4)},
    **{f"bottom_pressure_{tank}": Idle(0.0, 1200.0) for tank in (1, 2, 3, 4)},
    **{f"{flow}_{pump}": Idle(0.0, 10.0) for flow in ("pump_flow", "direct_flow", "upper_flow") for pump in (1, 2)},
    **{f"{what}_{pump}": Idle(0.0, 10.0) for what in ("speed", "power", "current") for pump in (1, 2)},
    **{f"bearing_{pump}": Idle(20.0, 3600.0) for pump in (1, 2)},
    **{f"discharge_pressure_{pump}": Idle(1.013, 10.0) for pump in (1, 2)},
    "demand_1": Idle(0.0, 60.0),
    "demand_2": Idle(0.0, 60.0),
}

MODEL = ProcessModel(
    name="quadruple_tank",
    unit_name="Process water section",
    description="Holds and circulates process water in four coupled tanks for the consumers around it.",
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
