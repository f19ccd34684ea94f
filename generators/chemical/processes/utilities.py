"""Utilities of a plant: a steam boiler with its deaerator, a cooling tower, and instrument air.

Lumped balances of our own with textbook properties. Flows are held over a tick, so that what goes in less what goes out equals
the change of each holdup to rounding. The drum's level shrinks and swells with load and pressure, as boilers do (Åström and
Bell 2000, qualitatively); the tower cools towards the wet bulb with a number of transfer units that follows its fan.
"""

from __future__ import annotations

from math import exp
from typing import NamedTuple

import numpy as np

from generators.chemical.compiled import compiled, formula
from generators.chemical.control import loop_output, stuck
from generators.chemical.processes.model import (
    CASCADE,
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
from generators.chemical.processes.utilities_instruments import EQUIPMENT, INSTRUMENTS, LOOPS

SUBSTEPS = 1  # Euler steps per tick of 5 s; the slowest flows are held, the fastest time constant is 40 s

# States: masses in t (air in kg), bar over ambient, °C.
DRUM, DEAERATOR, STEAM_BAR, BASIN, BASIN_CELSIUS, RECEIVER = range(6)
STATES = 6
# Loops, and the final element of each.
FUEL, LEVEL, FEED, MAKEUP, FAN, TOWER_MAKEUP, COMPRESSOR = range(7)
ACTUATOR_SECONDS = np.array([15.0, 5.0, 6.0, 8.0, 20.0, 10.0, 6.0])  # the level's output is a set point
# Flows over a tick in t/h, fuel in MW of heat fired, air in kg/h; the cooling duty in MW.
STEAM, FEEDWATER, BLOWDOWN, TUBE_LEAK, FRESH, CONDENSATE, FIRED = range(7)
EVAPORATED, TOWER_BLOWDOWN, TOWER_FRESH, CIRCULATED, DUTY, AIR_IN, AIR_OUT, AIR_LOST, RETURN_CELSIUS = range(7, 16)
FLOWS = 16
# Rows of FAULTS that the physics reads.
LEAKS, BURNER_FOULED, FEED_PUMP_WORN, FAN_WEAK, FUEL_VALVE_STICKS, AIR_LEAK, COMPRESSOR_WORN = range(7)

STEAM_ENTHALPY, DRUM_ENTHALPY, FEED_ENTHALPY = 2781.0, 781.0, 440.0  # kJ/kg: steam and water at 10 bar over ambient, 105 °C
ENERGY_PER_BAR = 13.3  # MJ/bar for each t/h: 20 kJ/(kg bar) of the water, and the metal
EFFICIENCY = 0.92
BLOWDOWN_SHARE = 0.03
RETURN_SHARE = 0.60  # condensate over steam
EVAPORATION = 2430.0  # kJ/kg
EVAPORATIVE_SHARE = 0.85  # of the tower's duty
CYCLES = 5.0  # of concentration in the basin
WATER = 4.18  # kJ/(kg K)
RANGE_KELVIN = 8.0  # over the consumers at normal load
AIR_BAR = 7.0
AMBIENT_BAR = 1.013
GAS = 287.0 * 303.0 / 1e5  # bar m³/kg of air at 30 °C
NATURAL_DRAUGHT = 0.1  # of the fan's full air
DRUM_SPAN, DEAERATOR_SPAN = 0.2, 0.4  # t for each t/h of steam, from level 0 to 100 %
LOWEST_DRUM, HIGHEST_DRUM = 15.0, 90.0  # %, the boiler trips beyond
HIGHEST_STEAM_BAR = 12.5  # the boiler trips above; safety valves open at 13


class Parameters(NamedTuple):
    """Sizes of one unit; all else follows."""

    steam: float = 14.0  # t/h, normal
    steam_bar: float = 10.0  # over ambient
    circulation: float = 500.0  # t/h of cooling water
    basin: float = 100.0  # t from level 0 to 100 %
    supply_celsius: float = 22.0  # of the cooling water, normal
    air: float = 700.0  # kg/h, normal
    receiver: float = 10.0  # m³


NOMINAL = Parameters()


def draw(rng: np.random.Generator) -> Parameters:
    """One unit's own parameters: 8 to 25 t/h of steam, 300 to 1200 t/h of cooling water, 400 to 1000 kg/h of air."""
    circulation, air = float(rng.uniform(300.0, 1200.0)), float(rng.uniform(400.0, 1000.0))
    return NOMINAL._replace(
        steam=float(rng.uniform(8.0, 25.0)),
        steam_bar=round(float(rng.uniform(9.0, 10.8)), 1),
        circulation=circulation,
        basin=circulation * float(rng.uniform(0.18, 0.25)),
        supply_celsius=round(float(rng.uniform(21.0, 24.0)), 1),
        air=air,
        receiver=air * float(rng.uniform(0.012, 0.016)),
    )


@formula
def normal_heat(parameters: Parameters) -> float:
    """Heat fired at the normal point in MW."""
    p = parameters
    useful = p.steam * (STEAM_ENTHALPY - FEED_ENTHALPY) + BLOWDOWN_SHARE * p.steam * (DRUM_ENTHALPY - FEED_ENTHALPY)
    return useful / 3600.0 / EFFICIENCY


@formula
def normal_evaporation(parameters: Parameters) -> float:
    """Water that the tower evaporates at the normal point in t/h."""
    return EVAPORATIVE_SHARE * parameters.circulation * WATER * RANGE_KELVIN / EVAPORATION


@formula
def wet_bulb(ambient: Value) -> Value:
    """Wet bulb temperature in °C: air near saturation in the cold, and drier the hotter it is."""
    bulb: Value = np.minimum(ambient - 0.5, 2.0 + 0.6 * ambient)
    return bulb


@formula
def air_pressure(parameters: Parameters, mass: Value) -> Value:
    """Pressure of the receiver in bar over ambient, by the ideal gas law."""
    return mass * GAS / parameters.receiver - AMBIENT_BAR


@formula
def drum_level(parameters: Parameters, mass: Value, steam: Value, pressure: Value) -> Value:
    """Level of the drum in %: its mass, swollen by load and by a falling pressure."""
    p = parameters
    swell = 6.0 * (steam / p.steam - 1.0) - 2.0 * (pressure - p.steam_bar)
    return 50.0 + 100.0 * (mass - 0.5 * p.steam) / (DRUM_SPAN * p.steam) + swell


@formula
def deaerator_level(parameters: Parameters, mass: Value) -> Value:
    """Level of the deaerator in %."""
    return 100.0 * mass / (DEAERATOR_SPAN * parameters.steam)


@compiled
def _act(
    parameters: Parameters,
    state: FloatArray,
    actuators: FloatArray,
    disturbances: FloatArray,
    faults: FloatArray,
    out: FloatArray,
) -> None:
    """The flows from now to the next tick.

    `disturbances`: ambient, steam demand, cooling load, air demand and heating value over normal, condensate over steam.
    """
    p = parameters
    pressure = max(state[STEAM_BAR], 0.0) / p.steam_bar
    out[STEAM] = p.steam * disturbances[1] * pressure
    head = (1.0 - faults[FEED_PUMP_WORN]) * (1.0 - 0.3 * (pressure - 1.0))
    out[FEEDWATER] = (1.0 + BLOWDOWN_SHARE) * p.steam * actuators[FEED] / 50.0 * head
    if state[DEAERATOR] < 0.02 * DEAERATOR_SPAN * p.steam:
        out[FEEDWATER] = 0.0  # the pump has nothing to draw
    out[BLOWDOWN] = BLOWDOWN_SHARE * p.steam * np.sqrt(pressure)
    out[TUBE_LEAK] = faults[LEAKS] * p.steam * np.sqrt(pressure)
    out[FRESH] = (1.0 + BLOWDOWN_SHARE - RETURN_SHARE) * p.steam * actuators[MAKEUP] / 50.0
    out[CONDENSATE] = out[STEAM] * disturbances[5]
    out[FIRED] = normal_heat(p) * actuators[FUEL] / 50.0 * disturbances[4]
    out[CIRCULATED] = p.circulation
    out[DUTY] = p.circulation * WATER * RANGE_KELVIN * disturbances[2] / 3600.0
    out[RETURN_CELSIUS] = state[BASIN_CELSIUS] + RANGE_KELVIN * disturbances[2]
    bulb = wet_bulb(disturbances[0])
    normal_bulb = wet_bulb(15.0)
    normal_units = -np.log((p.supply_celsius - normal_bulb) / (p.supply_celsius + RANGE_KELVIN - normal_bulb))
    draught = NATURAL_DRAUGHT + (1.0 - NATURAL_DRAUGHT) * actuators[FAN] / 100.0 * (1.0 - faults[FAN_WEAK])
    units = normal_units * (draught / (NATURAL_DRAUGHT + (1.0 - NATURAL_DRAUGHT) * 0.5)) ** 0.6
    cooled = (out[RETURN_CELSIUS] - bulb) * (1.0 - exp(-units))  # K
    out[EVAPORATED] = max(EVAPORATIVE_SHARE * p.circulation * WATER * cooled / EVAPORATION, 0.0)
    out[TOWER_BLOWDOWN] = out[EVAPORATED] / (CYCLES - 1.0)
    out[TOWER_FRESH] = normal_evaporation(p) * CYCLES / (CYCLES - 1.0) * actuators[TOWER_MAKEUP] / 50.0
    gauge = max(air_pressure(p, state[RECEIVER]), 0.0) / AIR_BAR
    out[AIR_IN] = p.air * actuators[COMPRESSOR] / 60.0 * (1.0 - faults[COMPRESSOR_WORN])
    out[AIR_OUT] = p.air * disturbances[3] * np.sqrt(gauge)
    out[AIR_LOST] = p.air * faults[AIR_LEAK] * np.sqrt(gauge)


@compiled
def _step(
    parameters: Parameters, state: FloatArray, flows: FloatArray, ambient: float, fouling: float, h: float, out: FloatArray
) -> None:
    """Move the states by h hours under held flows into `out`, which may be `state` itself."""
    p = parameters
    useful = 3600.0 * flows[FIRED] * EFFICIENCY * (1.0 - fouling)  # MJ/h
    # Feedwater is heated to saturation and steam is made from it; what is left over raises the pressure.
    taken = flows[FEEDWATER] * (DRUM_ENTHALPY - FEED_ENTHALPY) + flows[STEAM] * (STEAM_ENTHALPY - DRUM_ENTHALPY)
    out[DRUM] = state[DRUM] + h * (flows[FEEDWATER] - flows[STEAM] - flows[BLOWDOWN] - flows[TUBE_LEAK])
    out[DEAERATOR] = state[DEAERATOR] + h * (flows[FRESH] + flows[CONDENSATE] - flows[FEEDWATER])
    out[STEAM_BAR] = state[STEAM_BAR] + h * (useful - taken) / (ENERGY_PER_BAR * p.steam)
    bulb = wet_bulb(ambient)
    returned = state[BASIN_CELSIUS] + 3600.0 * flows[DUTY] / (WATER * flows[CIRCULATED])
    share = flows[EVAPORATED] * EVAPORATION / (EVAPORATIVE_SHARE * flows[CIRCULATED] * WATER)
    effectiveness = share / max(flows[RETURN_CELSIUS] - bulb, 0.1)
    fallen = returned - effectiveness * (returned - bulb)
    out[BASIN_CELSIUS] = state[BASIN_CELSIUS] + h * flows[CIRCULATED] / state[BASIN] * (fallen - state[BASIN_CELSIUS])
    out[BASIN] = state[BASIN] + h * (flows[TOWER_FRESH] - flows[EVAPORATED] - flows[TOWER_BLOWDOWN])
    out[RECEIVER] = state[RECEIVER] + h * (flows[AIR_IN] - flows[AIR_OUT] - flows[AIR_LOST])


@compiled
def _see(parameters: Parameters, state: FloatArray, flows: FloatArray, noise: FloatArray, out: FloatArray) -> None:
    """The process values of the seven loops as their transmitters give them."""
    p = parameters
    out[FUEL] = state[STEAM_BAR] + noise[FUEL]
    out[LEVEL] = drum_level(p, state[DRUM], flows[STEAM], state[STEAM_BAR]) + noise[LEVEL]
    out[FEED] = flows[FEEDWATER] + noise[FEED]
    out[MAKEUP] = deaerator_level(p, state[DEAERATOR]) + noise[MAKEUP]
    out[FAN] = state[BASIN_CELSIUS] + noise[FAN]
    out[TOWER_MAKEUP] = 100.0 * state[BASIN] / p.basin + noise[TOWER_MAKEUP]
    out[COMPRESSOR] = air_pressure(p, state[RECEIVER]) + noise[COMPRESSOR]


@compiled
def _run(
    parameters: Parameters,
    gains: FloatArray,
    integral_times: FloatArray,
    lags: FloatArray,
    start: FloatArray,
    drive: Drive,
    tick_seconds: float,
    substeps: int,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, int]:
    p = parameters
    columns = drive.disturbances.shape[1]
    trajectory = np.empty((STATES + 7 + FLOWS, columns))
    set_points, outputs, process_values = np.empty((7, columns)), np.empty((7, columns)), np.empty((7, columns))
    state, actuators, output = start[:6].copy(), start[6:13].copy(), start[13:20].copy()
    fuel_command = start[20]
    flows, seen, seen_before, noise, asked = np.zeros(FLOWS), np.empty(7), np.empty(7), np.empty(7), np.empty(7)
    disturbances, faults = np.empty(drive.disturbances.shape[0]), np.empty(drive.faults.shape[0])
    h = tick_seconds / substeps / 3600.0
    full_feed = 2.0 * (1.0 + BLOWDOWN_SHARE) * p.steam  # t/h at 100 % of the level's output
    ticks = columns - 1
    for tick in range(columns):
        if tick > 0:
            for _ in range(substeps):
                _step(p, state, flows, disturbances[0], faults[BURNER_FOULED], h, state)
            fuel_command = stuck(output[FUEL], fuel_command, faults[FUEL_VALVE_STICKS])
            for loop in range(7):
                command = fuel_command if loop == FUEL else output[loop]
                actuators[loop] += (1.0 - exp(-tick_seconds / lags[loop])) * (command - actuators[loop])
        for row in range(len(disturbances)):
            disturbances[row] = drive.disturbances[row, tick]
        for row in range(len(faults)):
            faults[row] = drive.faults[row, tick]
        for loop in range(7):
            noise[loop], asked[loop] = drive.noise[loop, tick], drive.set_points[loop, tick]
        _act(p, state, actuators, disturbances, faults, flows)
        _see(p, state, flows, noise, seen)
        for loop in range(7):
            if loop == FEED and drive.modes[FEED, tick] == CASCADE:
                asked[FEED] = output[LEVEL] / 100.0 * full_feed
            if tick > 0:
                output[loop] = loop_output(
                    drive.modes[loop, tick],
                    output[loop],
                    drive.output_moves[loop, tick],
                    gains[loop],
                    integral_times[loop],
                    asked[loop],
                    seen[loop],
                    seen_before[loop],
                    tick_seconds,
                )
            seen_before[loop] = seen[loop]
            process_values[loop, tick], set_points[loop, tick], outputs[loop, tick] = seen[loop], asked[loop], output[loop]
        for row in range(STATES):
            trajectory[row, tick] = state[row]
        for row in range(7):
            trajectory[STATES + row, tick] = actuators[row]
        for row in range(FLOWS):
            trajectory[STATES + 7 + row, tick] = flows[row]
        level = drum_level(p, state[DRUM], flows[STEAM], state[STEAM_BAR])
        if level < LOWEST_DRUM or level > HIGHEST_DRUM or state[STEAM_BAR] > HIGHEST_STEAM_BAR:
            ticks = tick
            break
    end = np.concatenate((state, actuators, output, np.array([fuel_command])))
    return trajectory, set_points, outputs, process_values, end, ticks  # fmt: skip


def run(
    parameters: Parameters, tuning: Tuning, state: FloatArray, drive: Drive, tick_seconds: float, substeps: int = SUBSTEPS
) -> Run:
    """Closed loop over the columns of the drive; see ProcessModel.run.

    Trajectory: six states, seven actuators in %, the flows that act until the next tick. State: states, actuators, seven
    outputs, where the fuel valve's command took effect last.
    """
    return Run(*_run(parameters, tuning.gains, tuning.integral_times, ACTUATOR_SECONDS, state, drive, tick_seconds, substeps))


def tuning(parameters: Parameters) -> Tuning:
    """Levels and pressures integrate: the gain follows from a closed loop of one to eighty minutes, the integral is slow."""
    feed = 50.0 / ((1.0 + BLOWDOWN_SHARE) * parameters.steam)
    air = 0.0143 * parameters.air / parameters.receiver  # 1 at the usual size of a receiver
    basin = 5.0 * parameters.basin / parameters.circulation  # and of a basin
    return Tuning(
        gains=np.array([17.0, 1.6, 0.3 * feed, 2.5, -15.0, 10.0 * basin, 45.0 / air]),
        integral_times=np.array([300.0, 900.0, 12.0, 2400.0, 1200.0, 7500.0, 180.0]),
    )


def rest(parameters: Parameters) -> FloatArray:
    """Steady state at normal demand, in closed form: every valve at 50 %, the compressor at 60 %."""
    p = parameters
    receiver = (AIR_BAR + AMBIENT_BAR) * p.receiver / GAS
    state = [0.5 * p.steam, 0.6 * DEAERATOR_SPAN * p.steam, p.steam_bar, 0.6 * p.basin, p.supply_celsius, receiver]
    valves = [50.0, 50.0, 50.0, 50.0, 50.0, 50.0, 60.0]
    return np.array([*state, *valves, *valves, valves[FUEL]])


def signals(parameters: Parameters, trajectory: FloatArray, disturbances: FloatArray) -> Signals:
    """What the instruments of the unit can see; units as the instruments declare them."""
    p = parameters
    state, actuators, flows = np.split(trajectory, [STATES, STATES + 7])
    ambient = disturbances[0]
    fired, feed = flows[FIRED], flows[FEEDWATER]
    fuel = 3600.0 * fired / disturbances[4] / 36.0  # normal m³/h at 36 MJ/m³
    load = fired / normal_heat(p)
    feed_power = 0.4 + feed * (p.steam_bar + 6.0) / 36.0 / 0.6
    compressor = 0.098 * flows[AIR_IN]  # kW for each kg/h to 7 bar
    return {
        "steam_pressure": state[STEAM_BAR],
        "drum_level": drum_level(p, state[DRUM], flows[STEAM], state[STEAM_BAR]),
        "feedwater": feed,
        "deaerator_level": deaerator_level(p, state[DEAERATOR]),
        "supply": state[BASIN_CELSIUS],
        "basin_level": 100.0 * state[BASIN] / p.basin,
        "air_pressure": air_pressure(p, state[RECEIVER]),
        "steam": flows[STEAM],
        "fuel": fuel,
        "flue_gas": 140.0 + 60.0 * load + 0.1 * (ambient - 15.0),
        "flue_oxygen": 3.2 + 2.0 * (1.0 - load) - 8.0 * (disturbances[4] - 1.0),
        "furnace_draught": 4.0 * load**2,
        "fresh": flows[FRESH],
        "condensate": flows[CONDENSATE],
        "blowdown": flows[BLOWDOWN],
        "water_balance": feed - flows[STEAM] - flows[BLOWDOWN],
        "feed_pressure": p.steam_bar + 6.0 - 3.0 * (feed / ((1.0 + BLOWDOWN_SHARE) * p.steam)) ** 2,
        "feed_current": 1.8 + 1.9 * feed_power,
        "boiler_efficiency": 100.0 * (flows[STEAM] * (STEAM_ENTHALPY - FEED_ENTHALPY) / 3600.0) / np.maximum(fired, 0.01),
        "return": flows[RETURN_CELSIUS],
        "duty": flows[DUTY],
        "tower_fresh": flows[TOWER_FRESH],
        "fan_speed": 14.5 * actuators[FAN],
        "air_made": flows[AIR_IN],
        "air_used": flows[AIR_OUT] + flows[AIR_LOST],
        "compressor_power": compressor,
        "compressor_outlet": ambient + 40.0 + 25.0 * flows[AIR_IN] / p.air,
        "ambient": ambient,
    }


DISTURBANCES = (
    Disturbance("steam demand", 1.0, 0.05, 2400.0),  # over normal
    Disturbance("cooling load", 1.0, 0.05, 7200.0),  # over normal
    Disturbance("air demand", 1.0, 0.05, 900.0),  # over normal
    Disturbance("heating value", 1.0, 0.012, 20_000.0),  # over normal
    Disturbance("condensate return", RETURN_SHARE, 0.02, 7200.0),  # over steam
)

FAULTS = (
    Fault("tube_leak", "A tube of {B-101} leaks into the furnace.", (0.05, 0.20), (300.0, 1100.0), is_ramp=True),
    Fault("burner_fouling", "The burner of {B-101} fouls and fires badly.", (0.05, 0.15), (300.0, 1100.0), is_ramp=True),
    Fault("feed_pump_wear", "{P-101} loses flow.", (0.20, 0.55), (300.0, 1100.0), is_ramp=True),
    Fault("fan_weak", "The fan of {CT-101} has lost a blade.", (0.30, 0.70)),
    Fault("fuel_valve_sticks", "{FV-101} sticks and moves in jerks.", (4.0, 10.0)),
    Fault("air_leak", "A main of the instrument air behind {V-102} leaks.", (0.30, 0.75)),
    Fault("compressor_wear", "The valves of {K-101} leak.", (0.20, 0.50), (300.0, 1100.0), is_ramp=True),
    Fault("steam_demand_surge", "A consumer starts up and draws much steam from {B-101}.", (0.25, 0.50), (60.0, 360.0),
          acts_on="steam demand"),
)  # fmt: skip

IDLE = {
    "steam_pressure": Idle(0.5, 7200.0),
    **{name: Idle(0.0, 60.0) for name in ("steam", "feedwater", "fresh", "condensate", "blowdown", "water_balance")},
    **{name: Idle(0.0, 15.0) for name in ("fuel", "furnace_draught", "feed_current", "boiler_efficiency")},
    "flue_gas": Idle(60.0, 3600.0),
    "flue_oxygen": Idle(20.9, 120.0),
    "feed_pressure": Idle(0.0, 20.0),
    "drum_level": Idle(45.0, 3600.0),
    "deaerator_level": Idle(65.0, 3600.0),
}

MODEL = ProcessModel(
    name="utilities",
    unit_name="Utilities",
    description="Makes steam, cooling water and instrument air for the units around it.",
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
