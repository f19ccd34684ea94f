"""Wood and Berry's column: methanol and water, six first-order lags with dead times, two analysers and strong interaction.

Transfer functions of Wood and Berry (1973), Chem. Eng. Sci. 28, 1707, from reflux, steam and feed (lb/min) to the methanol in
distillate and bottoms (weight %). They are stepped exactly for flows that hold over a tick, whatever the dead time; the
checkpoint carries as much of the past flows as the longest dead time needs. Flows of a unit are `scale` times the published.
"""

from __future__ import annotations

from math import exp
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from generators.chemical.compiled import compiled, formula
from generators.chemical.control import stuck
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
from generators.chemical.processes.wood_berry_instruments import EQUIPMENT, INSTRUMENTS, LOOPS

REFLUX, STEAM, FEED = range(3)  # places of the flows
AIC_TOP, FIC_REFLUX, AIC_BOTTOM, FIC_STEAM, FIC_FEED = range(5)  # places of LOOPS
VALVE_LOOPS = np.array([FIC_REFLUX, FIC_STEAM, FIC_FEED])  # the loop that moves each flow
VALVE_NORMAL = np.array([48.0, 46.0, 52.0])  # % at the normal flows
STEAM_STICKS, REBOILER_FOULING, TRAY_DAMAGE = range(3)  # rows of FAULTS that the physics reads
ACTUATOR_SECONDS = 8.0  # first-order lag of a control valve
SLAVE_SHARE = 0.35  # a master moves the set point of its flow by so much of the normal flow to either side
HISTORY = 160  # ticks of past flows in the checkpoint: 13 min at 5 s, and the longest dead time is about 9 min
FLOODING = 2.3  # pressure drop over normal at which the unit trips
KILOGRAMS_PER_HOUR = 0.45359237 * 60.0  # of one lb/min
Six = tuple[float, float, float, float, float, float]


class Parameters(NamedTuple):
    """Nominal values of Wood and Berry (1973): responses of the distillate to reflux, steam and feed, then of the bottoms."""

    gains: Six = (12.8, -18.9, 3.8, 6.6, -19.4, 4.9)  # weight % per lb/min
    lags: Six = (16.7, 21.0, 14.9, 10.9, 14.4, 13.2)  # min
    dead_times: Six = (1.0, 3.0, 8.1, 7.0, 3.0, 3.4)  # min
    reflux: float = 1.95  # lb/min, normal
    steam: float = 1.71
    feed: float = 2.45
    distillate_methanol: float = 96.25  # weight %, normal
    bottoms_methanol: float = 0.5
    feed_methanol: float = 46.5
    scale: float = 1.0


NOMINAL = Parameters()


def draw(rng: np.random.Generator) -> Parameters:
    """One unit's own parameters: responses within 6 % of the published, 2 to 4 t/h of feed.

    Bottoms hold 1.5 to 3 % of methanol, more than the published column's, for a linear model knows no purity that ends.
    """
    gains, lags, dead_times = 1.0 + 0.06 * rng.uniform(-1.0, 1.0, (3, 6))
    spread = rng.uniform(-1.0, 1.0, 3)
    return NOMINAL._replace(
        gains=_six(NOMINAL.gains, gains),
        lags=_six(NOMINAL.lags, lags),
        dead_times=_six(NOMINAL.dead_times, dead_times),
        distillate_methanol=95.8 + 0.6 * spread[0],
        bottoms_methanol=2.25 + 0.75 * spread[1],
        feed_methanol=NOMINAL.feed_methanol + 2.0 * spread[2],
        scale=float(rng.uniform(30.0, 60.0)),
    )


def _six(values: Six, factors: FloatArray) -> Six:
    first, second, third, fourth, fifth, sixth = (float(product) for product in np.array(values) * factors)
    return first, second, third, fourth, fifth, sixth


class Responses(NamedTuple):
    """The six responses over one tick: what is kept, and what the flows `delay` and `delay` + 1 ticks ago add."""

    keep: FloatArray
    newer: FloatArray
    older: FloatArray
    delay: NDArray[np.int64]


def discretised(parameters: Parameters, tick_seconds: float) -> Responses:
    """Exact for flows that hold over a tick.

    A dead time of d + δ ticks lets the older flow act for a share δ of the tick and the newer one for the rest:
    y' = a y + K (1 − a^(1−δ)) u[−d] + K (a^(1−δ) − a) u[−d−1], with a = exp(−tick / lag).
    """
    p, tick = parameters, tick_seconds / 60.0
    keep = np.exp(-tick / np.array(p.lags))
    ticks = np.array(p.dead_times) / tick
    delay = np.floor(ticks + 1e-9)
    after = keep ** (1.0 - np.maximum(ticks - delay, 0.0))
    gains = np.array(p.gains)
    return Responses(keep, gains * (1.0 - after), gains * (after - keep), delay.astype(np.int64))


@compiled
def respond(responses: Responses, flows: FloatArray, last: int, parts: FloatArray) -> None:
    """Move the six parts of the compositions over a tick; `flows[:, last]` are the deviations that held over it."""
    for pair in range(6):
        place = last - responses.delay[pair]
        flow = pair % 3
        parts[pair] = (
            responses.keep[pair] * parts[pair]
            + responses.newer[pair] * flows[flow, place]
            + responses.older[pair] * flows[flow, place - 1]
        )


@formula
def purity(normal: float, deviation: Value) -> Value:
    """Weight % of methanol: the linear model ends where there is none left, or nothing else."""
    weight: Value = np.minimum(np.maximum(normal + deviation, 0.02), 99.98)
    return weight


@formula
def flow_through(normal: float, opening: Value, normal_opening: float, pressure: Value) -> Value:
    """Flow through a linear valve; `opening` in %, `pressure` over the normal supply pressure."""
    flow: Value = normal * opening / normal_opening * np.sqrt(np.maximum(pressure, 0.0))
    return flow


@formula
def kilograms_per_hour(parameters: Parameters, flow: Value) -> Value:
    """A flow of the unit from its published lb/min."""
    return flow * parameters.scale * KILOGRAMS_PER_HOUR


@compiled
def _run(
    parameters: Parameters,
    control: Control,
    responses: Responses,
    valve_normal: FloatArray,
    valve_loops: NDArray[np.int64],
    start: FloatArray,
    drive: Drive,
    tick_seconds: float,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, int]:
    p = parameters
    columns, loops = drive.disturbances.shape[1], len(control.gains)
    trajectory = np.empty((5, columns))
    process_values, set_points, outputs = np.empty((loops, columns)), np.empty((loops, columns)), np.empty((loops, columns))
    parts, valves, commands = start[:6].copy(), start[6:9].copy(), start[9:12].copy()
    outputs[:, 0] = start[12 : 12 + loops]
    acting = np.empty((3, HISTORY + columns))  # flows as they act on the column, in lb/min from normal, tick by tick
    acting[:, :HISTORY] = start[12 + loops :].reshape((3, HISTORY))
    normal, flows = np.array([p.reflux, p.steam, p.feed]), np.empty(3)
    keep = exp(-tick_seconds / ACTUATOR_SECONDS)
    ticks = columns - 1
    for tick in range(columns):
        damage = drive.faults[TRAY_DAMAGE, tick]
        if tick > 0:
            last = HISTORY + tick - 1
            respond(responses, acting, last, parts)
            for flow in range(3):
                band = drive.faults[STEAM_STICKS, tick - 1] if flow == STEAM else 0.0
                commands[flow] = stuck(outputs[valve_loops[flow], tick - 1], commands[flow], band)
                valves[flow] = commands[flow] + keep * (valves[flow] - commands[flow])
        for flow in range(3):
            flows[flow] = flow_through(normal[flow], valves[flow], valve_normal[flow], drive.disturbances[1 + flow, tick])
        place = HISTORY + tick
        acting[REFLUX, place] = flows[REFLUX] - p.reflux
        acting[STEAM, place] = flows[STEAM] * (1.0 - drive.faults[REBOILER_FOULING, tick]) - p.steam
        acting[FEED, place] = flows[FEED] - p.feed + drive.disturbances[4, tick]
        top = purity(p.distillate_methanol, parts[0] + parts[1] + parts[2] - damage)
        bottom = purity(p.bottoms_methanol, parts[3] + parts[4] + parts[5] + damage)
        process_values[AIC_TOP, tick] = top + drive.noise[AIC_TOP, tick]
        process_values[AIC_BOTTOM, tick] = bottom + drive.noise[AIC_BOTTOM, tick]
        for flow in range(3):
            loop = valve_loops[flow]
            process_values[loop, tick] = kilograms_per_hour(p, flows[flow]) + drive.noise[loop, tick]
        control_tick(control, drive, tick, process_values, set_points, outputs, tick_seconds)
        trajectory[0, tick], trajectory[1, tick] = top, bottom
        for flow in range(3):
            trajectory[2 + flow, tick] = valves[flow]
        if (flows[STEAM] / p.steam) ** 2 > FLOODING:
            ticks = tick
            break
    past = np.ascontiguousarray(acting[:, ticks : ticks + HISTORY])
    end = np.concatenate((parts, valves, commands, outputs[:, ticks], past.reshape(3 * HISTORY)))
    return trajectory, set_points, outputs, process_values, end, ticks


def run(parameters: Parameters, tuning: Tuning, state: FloatArray, drive: Drive, tick_seconds: float) -> Run:
    """Closed loop over the columns of the drive; see ProcessModel.run.

    Trajectory: methanol in distillate and bottoms (weight %), valves of reflux, steam and feed (%). State: the six parts of the
    compositions, the three valves, where their commands took effect last, the outputs of the loops in %, and the past flows.
    """
    trajectory, set_points, outputs, process_values, end, ticks = _run(
        parameters,
        control_of(LOOPS, tuning, _slave_ranges(parameters)),
        discretised(parameters, tick_seconds),
        VALVE_NORMAL,
        VALVE_LOOPS,
        state,
        drive,
        tick_seconds,
    )
    return Run(trajectory, set_points, outputs, process_values, end, ticks)


def _slave_ranges(parameters: Parameters) -> dict[int, tuple[float, float]]:
    ranges = {}
    for loop, normal in ((FIC_REFLUX, parameters.reflux), (FIC_STEAM, parameters.steam)):
        flow = kilograms_per_hour(parameters, normal)
        ranges[loop] = ((1.0 - SLAVE_SHARE) * flow, (1.0 + SLAVE_SHARE) * flow)
    return ranges


def tuning(parameters: Parameters) -> Tuning:
    """Purities by the biggest log modulus (Luyben 1986): 0.375 and −0.075 lb/min per weight %, 8.29 and 23.6 min."""
    p = parameters
    share = 100.0 / (2.0 * SLAVE_SHARE)  # % of a master's output for one normal flow
    flows = 0.3 * VALVE_NORMAL / kilograms_per_hour(p, np.array([p.reflux, p.steam, p.feed]))
    return Tuning(
        gains=np.array([0.375 / p.reflux * share, flows[REFLUX], -0.075 / p.steam * share, flows[STEAM], flows[FEED]]),
        integral_times=np.array([8.29 * 60.0, 12.0, 23.6 * 60.0, 12.0, 12.0]),
    )


def rest(parameters: Parameters) -> FloatArray:
    """The normal operating point, with all flows as they are since long."""
    outputs = np.full(len(LOOPS), 50.0)  # masters in the middle of their slaves' range
    outputs[VALVE_LOOPS] = VALVE_NORMAL
    return np.concatenate((np.zeros(6), VALVE_NORMAL, VALVE_NORMAL, outputs, np.zeros(3 * HISTORY)))


def signals(parameters: Parameters, trajectory: FloatArray, disturbances: FloatArray) -> Signals:
    """What the instruments of the unit can see; units as the instruments declare them."""
    p = parameters
    top, bottom, reflux_valve, steam_valve, feed_valve = trajectory
    ambient, reflux_pressure, steam_pressure, feed_pressure, _ = disturbances
    reflux = flow_through(p.reflux, reflux_valve, VALVE_NORMAL[REFLUX], reflux_pressure)
    steam = flow_through(p.steam, steam_valve, VALVE_NORMAL[STEAM], steam_pressure)
    feed = flow_through(p.feed, feed_valve, VALVE_NORMAL[FEED], feed_pressure)
    distillate = feed * np.clip((p.feed_methanol - bottom) / (top - bottom), 0.05, 0.95)
    load = (steam / p.steam) ** 2
    drop = 95.0 * load  # mbar
    top_pressure = 1.045 + 0.012 * (steam / p.steam - 1.0) + 0.0006 * (ambient - 15.0)
    vapour = kilograms_per_hour(p, reflux + distillate)
    coolant_in = 20.0 + 0.35 * (ambient - 15.0)
    dew = 28.0 * (top_pressure - 1.045)  # K that the boiling points move
    bottom_boils = 100.5 - 2.6 * bottom + 0.055 * bottom**2 + dew + 0.028 * drop
    return {
        "distillate_methanol": top,
        "bottoms_methanol": bottom,
        "reflux_flow": kilograms_per_hour(p, reflux),
        "steam_flow": kilograms_per_hour(p, steam),
        "feed_flow": kilograms_per_hour(p, feed),
        "distillate_flow": kilograms_per_hour(p, distillate),
        "bottoms_flow": kilograms_per_hour(p, feed - distillate),
        "reflux_ratio": reflux / np.maximum(distillate, 0.05),
        "recovery": 100.0 * distillate * top / np.maximum(feed * p.feed_methanol, 1.0),
        "reflux_valve": reflux_valve,
        "steam_valve": steam_valve,
        "reflux_pressure": 4.2 * reflux_pressure,
        "steam_pressure": 3.6 * steam_pressure,
        "feed_pressure": 3.9 * feed_pressure,
        "top_pressure": top_pressure,
        "pressure_drop": drop,
        "top_temperature": 64.8 + 0.34 * (100.0 - top) + dew,
        "tray_2": 93.0 - 1.9 * (bottom - p.bottoms_methanol) + dew + 0.02 * drop,
        "tray_4": 78.5 - 0.5 * (bottom - p.bottoms_methanol) - 0.5 * (top - p.distillate_methanol) + dew,
        "tray_7": 68.5 - 0.6 * (top - p.distillate_methanol) + dew,
        "bottom_temperature": bottom_boils,
        "condensate_temperature": 58.0 + 0.1 * (ambient - 15.0) + dew,
        "feed_temperature": 62.0 + 0.08 * (ambient - 15.0),
        "coolant_in": coolant_in,
        "coolant_out": coolant_in + 12.0 * (reflux + distillate) / (p.reflux + 0.48 * p.feed),
        "condenser_duty": vapour * 1120.0 / 3600.0,  # kW; heat of evaporation of methanol in kJ/kg
        "condensate_flow": kilograms_per_hour(p, steam) * 0.985,
        "reflux_pump_current": 3.0 + 5.5 * (reflux + distillate) / (p.reflux + 0.48 * p.feed) * reflux_pressure,
        "feed_pump_current": 2.5 + 4.5 * feed / p.feed * feed_pressure,
        "reflux_pump_bearing": ambient + 22.0 + 5.0 * reflux / p.reflux,
        "density": 791.0 + 2.4 * (100.0 - top),
        "ambient": ambient,
    }


DISTURBANCES = (
    Disturbance("reflux pressure", 1.0, 0.015, 600.0),  # over normal
    Disturbance("steam pressure", 1.0, 0.03, 900.0),  # over normal
    Disturbance("feed pressure", 1.0, 0.02, 600.0),  # over normal
    Disturbance("feed quality", 0.0, 0.025, 7200.0),  # lb/min of feed that would act as the change of its composition does
)

FAULTS = (
    Fault("steam_valve_sticks", "{FV-104} sticks and moves in jerks.", (3.0, 9.0)),
    Fault("reboiler_fouling", "{E-101} wastes a growing share of its steam.", (0.08, 0.22), (300.0, 1100.0), is_ramp=True),
    Fault("tray_damage", "Trays of {C-101} are damaged and separate less.", (0.5, 1.5), (180.0, 900.0)),
    Fault("feed_quality_step", "The feed of {C-101} comes from another tank.", (0.12, 0.30), (120.0, 720.0),
          acts_on="feed quality", has_either_sign=True),
    Fault("steam_pressure_loss", "The supply pressure of the steam before {FV-104} drops.", (-0.75, -0.45),
          acts_on="steam pressure"),
    Fault("reflux_pump_wear", "{P-101} loses head.", (-0.80, -0.40), (300.0, 1100.0), acts_on="reflux pressure", is_ramp=True),
    Fault("feed_surge", "The unit before {C-101} pushes more feed than usual through {FV-105}.", (0.30, 0.90),
          acts_on="feed pressure"),
)  # fmt: skip

IDLE = {
    **{f"{flow}_flow": Idle(0.0, 20.0) for flow in ("reflux", "steam", "feed", "condensate")},
    **{f"{flow}_flow": Idle(0.0, 300.0) for flow in ("distillate", "bottoms")},
    "reflux_valve": Idle(0.0, 10.0),
    "steam_valve": Idle(0.0, 10.0),
    "pressure_drop": Idle(0.0, 60.0),
    "top_pressure": Idle(1.013, 600.0),
    **{place: Idle(28.0, 7200.0) for place in ("top_temperature", "tray_2", "tray_4", "tray_7", "bottom_temperature")},
    "condensate_temperature": Idle(25.0, 3600.0),
    "coolant_out": Idle(21.0, 600.0),
    "condenser_duty": Idle(0.0, 120.0),
    "reflux_ratio": Idle(0.0, 60.0),
    "reflux_pump_current": Idle(0.0, 5.0),
    "feed_pump_current": Idle(0.0, 5.0),
    "reflux_pump_bearing": Idle(20.0, 3600.0),
}

MODEL = ProcessModel(
    name="wood_berry_column",
    unit_name="Methanol column",
    description="Recovers methanol from water in a small column with analysers on distillate and bottoms.",
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
