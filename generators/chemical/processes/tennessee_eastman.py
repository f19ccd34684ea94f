"""The Tennessee Eastman process as a unit of the fleet: two liquid products from four gases, under the published control.

The plant, its control and its disturbances are those of the modules beside this one. A unit differs from the published plant
by a few per cent of its capacities, and its cooling water follows the weather. A tick is a scan of the fast loops.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from generators.chemical.compiled import compiled
from generators.chemical.processes.model import AUTO, CASCADE, MANUAL, Drive, FloatArray, ProcessModel, Run, Signals, Tuning
from generators.chemical.processes.tennessee_eastman_control import (
    CONTROL_LOOPS,
    FAST_LOOPS,
    LOOPS,
    MEASURED,
    PERIODS,
    SCAN_SECONDS,
    SLAVE,
    SPANS,
    USUAL_MODES,
    VALVE,
    Controllers,
    clip,
    published_tuning,
    release,
    scan,
)
from generators.chemical.processes.tennessee_eastman_disturbances import DISTURBANCES, surroundings
from generators.chemical.processes.tennessee_eastman_faults import FAULTS
from generators.chemical.processes.tennessee_eastman_instruments import EQUIPMENT, IDLE, INSTRUMENTS, LOOP_DESIGNS
from generators.chemical.processes.tennessee_eastman_physics import (
    BTU_CELSIUS,
    CONTINUOUS,
    FIRST_VALVE,
    GALLON_FLOW,
    KILOWATT,
    MEASUREMENTS,
    STEP_HOURS,
    VALVES,
    WATER_HEAT,
    Parameters,
    workspace,
)
from generators.chemical.processes.tennessee_eastman_plant import VESSELS, Plant, base_case, begin, look, plant_of, step

WATER_FOLLOWS_WEATHER = 0.15  # °C of cooling water for one °C of outside air, around 15 °C
LEVEL_INTEGRAL_SECONDS = 7200.0
CALMER = 0.65
SETTLING_DAYS = 2
TICKS_PER_DAY = 86_400 // SCAN_SECONDS
UNIFORMS_PER_DAY = 4000  # the walks use 3500 at most

# Rows of the trajectory: the measurements, those of the analysers as they show them; the valves; and what else is seen.
MEASURED_NAMES = (
    "a_feed_flow", "d_feed_flow", "e_feed_flow", "ac_feed_flow", "recycle_flow", "reactor_feed_flow", "reactor_pressure",
    "reactor_level", "reactor_temperature", "purge_flow", "separator_temperature", "separator_level", "separator_pressure",
    "separator_underflow", "stripper_level", "stripper_pressure", "product_flow", "stripper_temperature", "steam_flow",
    "compressor_work", "reactor_water_outlet", "condenser_water_outlet",
    *(f"feed_{component}" for component in "abcdef"),
    *(f"purge_{component}" for component in "abcdefgh"),
    *(f"product_{component}" for component in "defgh"),
)  # fmt: skip
VALVE_NAMES = (
    "d_feed_valve", "e_feed_valve", "a_feed_valve", "ac_feed_valve", "spill_back_valve", "purge_valve", "separator_valve",
    "product_valve", "steam_valve", "reactor_water_valve", "condenser_water_valve", "agitator_drive",
)  # fmt: skip
OTHER_NAMES = (
    "reactor_feed_temperature", "reactor_water_inlet", "condenser_water_inlet", "d_feed_temperature", "ac_feed_temperature",
)  # fmt: skip
ROWS = len(MEASURED_NAMES) + len(VALVE_NAMES) + len(OTHER_NAMES)


class Columns(NamedTuple):
    """What a run leaves behind, shape (rows, ticks + 1)."""

    trajectory: FloatArray
    set_points: FloatArray
    outputs: FloatArray
    process_values: FloatArray


def draw(rng: np.random.Generator) -> Parameters:
    """One unit's own parameters: a few per cent of valves and heat exchangers, a little of the feed and the cooling water."""
    nominal, spread = Parameters(), [float(own) for own in rng.uniform(-1.0, 1.0, len(Parameters._fields))]
    capacities = Parameters._fields[: Parameters._fields.index("share_a")]
    own = {name: value * (1.0 + 0.02 * by) for name, value, by in zip(capacities, nominal, spread, strict=False)}
    return nominal._replace(
        **own,
        share_a=nominal.share_a + 0.002 * spread[16],
        share_b=nominal.share_b + 0.0002 * spread[17],
        reactor_water_inlet=nominal.reactor_water_inlet + spread[18],
        condenser_water_inlet=nominal.condenser_water_inlet + spread[19],
    )


def tuning(parameters: Parameters) -> Tuning:
    """As published, with a calmer reactor temperature and a slow integral on the two levels.

    The published gain of the temperature is near its limit: a tenth more makes the cooling water swing from end to end. A
    proportional level would stay wherever an operator's hand has left it.
    """
    published = published_tuning()
    numbers = np.array([loop.number for loop in CONTROL_LOOPS])
    return Tuning(
        gains=np.where(numbers == 18, CALMER * published.gains, published.gains),
        integral_times=np.where(np.isin(numbers, (7, 8)), LEVEL_INTEGRAL_SECONDS, published.integral_times),
    )


def rest(parameters: Parameters) -> FloatArray:
    """All that the plant remembers where its own closed loop settles, without noise, at an ambient of 15 °C; shape (279,)."""
    memory, tuned, columns = base_case(), tuning(parameters), TICKS_PER_DAY + 1
    nothing = np.zeros((LOOPS, columns))
    calm = Drive(
        disturbances=np.full((1, columns), 15.0),
        faults=np.zeros((DISTURBANCES, columns)),
        set_points=np.repeat(np.array([[loop.set_point] for loop in CONTROL_LOOPS]), columns, axis=1),
        modes=np.repeat(USUAL_MODES[:, np.newaxis], columns, axis=1),
        output_moves=nothing,
        noise=nothing,
        uniforms=np.full(UNIFORMS_PER_DAY, 0.5),
    )
    for _ in range(SETTLING_DAYS):
        memory = run(parameters, tuned, memory, calm, float(SCAN_SECONDS)).state
    plant = plant_of(memory)
    begin(plant, parameters)
    plant.controllers.set_points[:] = plant.process_values
    plant.controllers.errors[:] = 0.0
    return memory


@compiled
def _water_shift(ambient: float) -> float:
    return WATER_FOLLOWS_WEATHER * (ambient - 15.0)


@compiled
def _follow_operators(controllers: Controllers, drive: Drive, tick: int) -> None:
    """Set points of loops without a master, and what operators add by hand to the output of a loop in MANUAL."""
    for loop in range(LOOPS):
        mode, move, slave = drive.modes[loop, tick], drive.output_moves[loop, tick], SLAVE[loop]
        if mode == AUTO or USUAL_MODES[loop] == AUTO:
            controllers.set_points[loop] = drive.set_points[loop, tick]
        if mode == MANUAL and slave < 0:
            controllers.outputs[VALVE[loop]] += move
        elif mode == MANUAL and drive.modes[slave, tick] == CASCADE:
            controllers.set_points[slave] += move * SPANS[slave] / 100.0


@compiled
def _control(
    plant: Plant, measured: FloatArray, gains: FloatArray, integral_times: FloatArray, drive: Drive, tick: int
) -> None:
    """A scan of the control system; the loops on analysers act on what these have shown for a period, then see the next."""
    seconds = int(plant.seconds[0])
    for loop in range(FAST_LOOPS):
        plant.process_values[loop] = measured[MEASURED[loop]] + drive.noise[loop, tick]
    _follow_operators(plant.controllers, drive, tick)
    scan(plant.controllers, gains, integral_times, seconds, plant.process_values, measured[12], drive.modes[:, tick])
    clip(plant.controllers.outputs)
    release(seconds, measured[CONTINUOUS:], plant.taken, plant.shown)
    for loop in range(FAST_LOOPS, LOOPS):
        if seconds % PERIODS[loop] == 0:
            plant.process_values[loop] = plant.shown[MEASURED[loop] - CONTINUOUS] + drive.noise[loop, tick]


@compiled
def _record(plant: Plant, measured: FloatArray, tick: int, others: tuple[float, ...], columns: Columns) -> None:
    for tag in range(CONTINUOUS):
        columns.trajectory[tag, tick] = measured[tag]
    for tag in range(CONTINUOUS, MEASUREMENTS):
        columns.trajectory[tag, tick] = plant.shown[tag - CONTINUOUS]
    for valve in range(VALVES):
        columns.trajectory[MEASUREMENTS + valve, tick] = plant.states[FIRST_VALVE + valve]
    for row in range(len(others)):
        columns.trajectory[MEASUREMENTS + VALVES + row, tick] = others[row]
    controllers = plant.controllers
    for loop in range(LOOPS):
        columns.set_points[loop, tick] = controllers.set_points[loop]
        columns.process_values[loop, tick] = plant.process_values[loop]
        slave = SLAVE[loop]
        if slave < 0:
            columns.outputs[loop, tick] = controllers.outputs[VALVE[loop]]
        else:
            columns.outputs[loop, tick] = min(max(100.0 * controllers.set_points[slave] / SPANS[slave], 0.0), 100.0)


@compiled
def _run(
    parameters: Parameters, gains: FloatArray, integral_times: FloatArray, memory: FloatArray, drive: Drive, columns: Columns
) -> int:
    """Advance `memory` over the columns of the drive; returns the last tick, that of a trip if there is one."""
    plant = plant_of(memory)
    states, temperatures, pieces, commands = plant.states, plant.temperatures, plant.pieces, plant.commands
    outputs, seconds = plant.controllers.outputs, plant.seconds
    rates, measured, mixtures = workspace()
    magnitudes, uniforms, starts = np.empty(DISTURBANCES), drive.uniforms, np.empty(VESSELS)
    used, shift = 0, 0.0
    last: int = drive.disturbances.shape[1] - 1
    for second in range(SCAN_SECONDS * last + 1):
        tick, is_tick = second // SCAN_SECONDS, second % SCAN_SECONDS == 0
        if is_tick:
            for row in range(DISTURBANCES):
                magnitudes[row] = drive.faults[row, tick]
            for vessel in range(VESSELS):
                starts[vessel] = temperatures[vessel]
            shift = _water_shift(drive.disturbances[0, tick])
        hours = seconds[0] * STEP_HOURS
        trips, used = look(
            parameters, states, temperatures, pieces, hours, magnitudes, uniforms, used, shift, rates, measured, mixtures
        )
        if is_tick:
            if tick > 0:
                _control(plant, measured, gains, integral_times, drive, tick)
            around = surroundings(parameters, magnitudes, pieces, hours, shift)
            others = (
                temperatures[3],
                around.reactor_water_inlet,
                around.condenser_water_inlet,
                around.d_feed_temperature,
                around.ac_feed_temperature,
            )
            _record(plant, measured, tick, others, columns)
            if trips:
                return tick
        if not trips and tick < last:  # after a trip between two ticks the state stands, and the next tick finds it so
            step(states, commands, outputs, magnitudes, rates)
            seconds[0] += 1.0
    for vessel in range(VESSELS):  # the next run looks at this moment again, and must find the same to the last bit
        temperatures[vessel] = starts[vessel]
    return last


def run(parameters: Parameters, tuning: Tuning, state: FloatArray, drive: Drive, tick_seconds: float) -> Run:
    """Closed loop over the columns of the drive; see ProcessModel.run. The state is all that the plant remembers."""
    count = drive.disturbances.shape[1]
    columns = Columns(*(np.empty((rows, count)) for rows in (ROWS, LOOPS, LOOPS, LOOPS)))
    memory = state.copy()
    ticks = _run(parameters, tuning.gains, tuning.integral_times, memory, drive, columns)
    return Run(*columns, memory, ticks)


def signals(parameters: Parameters, trajectory: FloatArray, disturbances: FloatArray) -> Signals:
    """What the instruments of the unit can see; units as the instruments declare them."""
    found = dict(zip(MEASURED_NAMES + VALVE_NAMES + OTHER_NAMES, trajectory, strict=True))
    speed = 150.0 + found["agitator_drive"]
    agitator_power = 11.0 * (speed / 200.0) ** 3
    for vessel, flow in (("reactor", parameters.reactor_water), ("condenser", parameters.condenser_water)):
        gallons = flow * found[f"{vessel}_water_valve"]
        rise = found[f"{vessel}_water_outlet"] - found[f"{vessel}_water_inlet"]
        found[f"{vessel}_water_flow"] = GALLON_FLOW * gallons
        found[f"{vessel}_duty"] = WATER_HEAT * gallons * rise / BTU_CELSIUS * KILOWATT
    suction, discharge = found["separator_pressure"] + 101.325, found["stripper_pressure"] + 101.325
    found["compressor_ratio"] = discharge / suction
    found["compressor_current"] = 4.0 + 0.62 * found["compressor_work"]
    found["compressor_bearing"] = disturbances[0] + 22.0 + 0.06 * found["compressor_work"]
    found["condenser_pressure_drop"] = found["reactor_pressure"] - found["separator_pressure"]
    found["agitator_speed"] = speed
    found["agitator_current"] = 3.0 + 1.9 * agitator_power
    found["product_pump_current"] = 2.5 + 0.28 * found["product_flow"]
    found["ambient"] = disturbances[0]
    return found


MODEL = ProcessModel(
    name="tennessee_eastman",
    unit_name="Synthesis section",
    description="Makes the liquid products G and H from the gases A, C, D and E, with recycle, purge and product stripper.",
    equipment=EQUIPMENT,
    loops=LOOP_DESIGNS,
    disturbances=(),
    faults=FAULTS,
    instruments=INSTRUMENTS,
    draw=draw,
    tuning=tuning,
    rest=rest,
    run=run,
    signals=signals,
    idle=IDLE,
    tick_seconds=SCAN_SECONDS,
    uniforms_per_day=UNIFORMS_PER_DAY,
)
