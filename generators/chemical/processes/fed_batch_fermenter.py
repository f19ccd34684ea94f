"""Fed-batch fermenter as a unit of the fleet: an organism makes a product under ISA-88 recipe control, batch after batch.

The vessel, its control, its recipe and its faults are those of the modules beside this one; the time loop here joins them.
"""

from __future__ import annotations

from math import exp

import numpy as np

from generators.chemical.compiled import compiled
from generators.chemical.control import stuck
from generators.chemical.processes import fed_batch_recipe as recipe
from generators.chemical.processes.fed_batch_control import ask, interlock, scan, see, tuning
from generators.chemical.processes.fed_batch_faults import BASE_PUMP_STICKS, DISTURBANCES, FAULTS
from generators.chemical.processes.fed_batch_instruments import EQUIPMENT, INSTRUMENTS, LOOPS
from generators.chemical.processes.fed_batch_kinetics import Parameters, draw, feed_hours, normal_feed
from generators.chemical.processes.fed_batch_physics import (
    ACTING,
    ACTUATOR_SECONDS,
    AIR,
    AIR_CO2,
    AIR_O2,
    AIR_VALVE,
    BASE,
    BASE_PUMP,
    BIOMASS,
    CO2,
    EMPTY,
    FEED,
    FLOWS,
    FOREIGN,
    FULL_SPEED,
    JACKET,
    JACKET_VALVES,
    LIQUID_CELSIUS,
    O2,
    OXYGEN,
    PH,
    POWER,
    PRESSURE,
    PRODUCT,
    STATES,
    SUBSTRATE,
    TEMPERATURE,
    TICK_SECONDS,
    VENT,
    VOLUME,
    act,
    advance_one_tick,
    coolant_inlet,
    valve_share,
)
from generators.chemical.processes.model import Drive, FloatArray, ProcessModel, Run, Signals, Tuning

SUBSTEPS = 1  # Runge-Kutta steps per tick of 5 s; the fastest time constant is that of the pressure, some 10 s

BOOK = STATES + 6 + FLOWS  # first row of the recipe's book in the trajectory
ROWS = BOOK + recipe.BOOK_ENTRIES


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
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    p = parameters
    columns = drive.disturbances.shape[1]
    trajectory = np.empty((ROWS, columns))
    set_points, outputs, process_values = np.empty((6, columns)), np.empty((6, columns)), np.empty((6, columns))
    state, actuators = start[:STATES].copy(), start[STATES : STATES + 6].copy()
    output, base_command = start[STATES + 6 : STATES + 12].copy(), start[STATES + 12]
    book = start[STATES + 13 :].copy()
    acting, asked, seen, seen_before = np.zeros(ACTING), np.empty(6), np.empty(6), np.empty(6)
    operators, noise = np.empty(6), np.empty(6)
    disturbances, faults = np.empty(drive.disturbances.shape[0]), np.empty(drive.faults.shape[0])
    slopes, trial = np.empty((4, STATES)), np.empty(STATES)
    h = tick_seconds / substeps / 3600.0
    for tick in range(columns):
        for row in range(len(disturbances)):
            disturbances[row] = drive.disturbances[row, tick]
        for row in range(len(faults)):
            faults[row] = drive.faults[row, tick]
        for loop in range(6):
            operators[loop], noise[loop] = drive.set_points[loop, tick], drive.noise[loop, tick]
        if tick > 0:
            base_command = stuck(output[BASE_PUMP], base_command, faults[BASE_PUMP_STICKS])
            for loop in range(6):
                command = base_command if loop == BASE_PUMP else output[loop]
                actuators[loop] += (1.0 - exp(-tick_seconds / lags[loop])) * (command - actuators[loop])
            advance_one_tick(p, state, acting, h, substeps, slopes, trial)
            recipe.advance_recipe(
                book,
                drive.uniforms,
                tick_seconds,
                3600.0 * feed_hours(p),
                p.growth_celsius,
                state[SUBSTRATE] / state[VOLUME],
                state[PRODUCT],
                state[FOREIGN] / (state[BIOMASS] + 1e-9),
                state[VOLUME] / p.charge,
                EMPTY,
                state[OXYGEN],
                state[PH],
                state[TEMPERATURE],
            )
            if book[recipe.PHASE_SECONDS] == 0.0 and book[recipe.PHASE] == recipe.PREPARE:  # the vessel was rinsed
                state[BIOMASS] = state[SUBSTRATE] = state[PRODUCT] = 0.0
            if book[recipe.PHASE] == recipe.STERILISE or book[recipe.PHASE] == recipe.PREPARE:
                state[FOREIGN] = 0.0
        act(p, state, actuators, book, disturbances, faults, acting)
        see(state, acting, noise, seen)
        ask(p, book, operators, asked)
        if tick > 0:
            modes, moves = drive.modes[:, tick], drive.output_moves[:, tick]
            scan(gains, integral_times, modes, moves, asked, seen, seen_before, tick_seconds, output)
        interlock(book[recipe.PHASE], output)
        for loop in range(6):
            seen_before[loop] = seen[loop]
            process_values[loop, tick], set_points[loop, tick], outputs[loop, tick] = seen[loop], asked[loop], output[loop]
        for row in range(STATES):
            trajectory[row, tick] = state[row]
        for row in range(6):
            trajectory[STATES + row, tick] = actuators[row]
        for row in range(FLOWS):
            trajectory[STATES + 6 + row, tick] = acting[row]
        for row in range(recipe.BOOK_ENTRIES):
            trajectory[BOOK + row, tick] = book[row]
    end = np.concatenate((state, actuators, output, np.array([base_command]), book))
    return trajectory, set_points, outputs, process_values, end  # fmt: skip


def run(
    parameters: Parameters, tuning: Tuning, state: FloatArray, drive: Drive, tick_seconds: float, substeps: int = SUBSTEPS
) -> Run:
    """Closed loop over the columns of the drive; see ProcessModel.run. The unit never trips: its recipe aborts a batch.

    Trajectory: twelve states, six actuators in %, the flows that act until the next tick, the recipe's book. State: states,
    actuators, six outputs, where the base pump's command took effect last, the book.
    """
    trajectory, set_points, outputs, process_values, end = _run(
        parameters, tuning.gains, tuning.integral_times, ACTUATOR_SECONDS, state, drive, tick_seconds, substeps
    )
    return Run(trajectory, set_points, outputs, process_values, end, drive.disturbances.shape[1] - 1)


def empty(parameters: Parameters) -> FloatArray:
    """A clean, empty vessel whose next batch begins at once."""
    p = parameters
    state = np.zeros(STATES + 6 + 6 + 1 + recipe.BOOK_ENTRIES)
    state[[VOLUME, OXYGEN, PH, TEMPERATURE, JACKET]] = EMPTY * p.charge, 70.0, p.growth_ph, LIQUID_CELSIUS, LIQUID_CELSIUS
    state[[PRESSURE, CO2, O2]] = 0.05, AIR_CO2, AIR_O2
    for block in (STATES, STATES + 6):
        state[[block + JACKET_VALVES, block + AIR_VALVE, block + VENT]] = 50.0, 5.0, 20.0
    return state


def undisturbed(parameters: Parameters, state: FloatArray, ticks: int) -> Run:
    """The unit left to its recipe, with everything as planned."""
    p = parameters
    normal = np.array([p.growth_celsius, p.growth_ph, p.oxygen, p.aeration * p.charge, p.pressure, 1000.0 * normal_feed(p)])[
        :, np.newaxis
    ]
    nothing = np.zeros((6, ticks + 1))
    means = np.array([15.0, *(disturbance.mean for disturbance in DISTURBANCES)])[:, np.newaxis]
    drive = Drive(
        disturbances=np.repeat(means, ticks + 1, axis=1),
        faults=np.zeros((len(FAULTS), ticks + 1)),
        set_points=normal + nothing,
        modes=np.repeat(np.array([[loop.usual_mode] for loop in LOOPS], dtype=np.int8), ticks + 1, axis=1),
        output_moves=nothing,
        noise=nothing,
        uniforms=np.full(recipe.UNIFORMS, 0.5),
    )
    return run(p, tuning(p), state, drive, TICK_SECONDS)


_HOUR = int(3600 / TICK_SECONDS)
_LONGEST_BATCH = 90 * _HOUR


def rest(parameters: Parameters) -> FloatArray:
    """The normal point: the middle of the feeding phase of an undisturbed batch. A batch unit has no steady state."""
    planned = undisturbed(parameters, empty(parameters), _LONGEST_BATCH).trajectory
    feeding = np.flatnonzero(planned[BOOK + recipe.PHASE] == recipe.FEED)
    return undisturbed(parameters, empty(parameters), int(feeding[0]) + int(feed_hours(parameters) * _HOUR) // 2).state


def start(parameters: Parameters, rng: np.random.Generator) -> FloatArray:
    """Where a unit is when it is first watched: in the last day of a batch, so that even one day of history ends one."""
    phases = undisturbed(parameters, empty(parameters), _LONGEST_BATCH).trajectory[BOOK + recipe.PHASE]
    end = int(np.flatnonzero((phases[1:] == recipe.IDLE) & (phases[:-1] == recipe.CLEAN))[0])
    return undisturbed(parameters, empty(parameters), end - int(rng.uniform(1.0, 23.0) * _HOUR)).state


def signals(parameters: Parameters, trajectory: FloatArray, disturbances: FloatArray) -> Signals:
    """What the instruments of the unit can see; units as the instruments declare them."""
    p = parameters
    state, actuators, flows, book = np.split(trajectory, [STATES, STATES + 6, BOOK])
    ambient, feed_strength, coolant_pressure, steam_pressure, air_pressure, _ = disturbances
    volume, temperature, jacket = state[VOLUME], state[TEMPERATURE], state[JACKET]
    grows = np.isin(book[recipe.PHASE], (recipe.GROW, recipe.FEED)).astype(np.float64)
    coolant_in = coolant_inlet(p, ambient)
    split = actuators[JACKET_VALVES] / 50.0 - 1.0
    coolant = 1.2 * p.charge * valve_share(np.maximum(-split, 0.0)) * coolant_pressure * 3.6  # m³/h: a rise of most of the gap
    duty = 4.0 * p.charge * valve_share(np.maximum(-split, 0.0)) * coolant_pressure * (jacket - coolant_in)
    rise = duty * 3.6 / (4.18 * np.maximum(coolant, 0.02 * p.charge))
    power = flows[POWER] + 0.05 * p.charge
    speed = FULL_SPEED * 0.55 * np.cbrt(flows[POWER] / p.charge)
    carbon_dioxide = flows[AIR] * (state[CO2] - AIR_CO2) / 22.41  # kmol/h × 100
    return {
        "temperature": temperature,
        "ph": state[PH],
        "oxygen": state[OXYGEN],
        "air_flow": flows[AIR],
        "pressure": state[PRESSURE],
        "feed_flow": 1000.0 * flows[FEED],
        "phase": book[recipe.PHASE],
        "phase_hours": book[recipe.PHASE_SECONDS] / 3600.0,
        "phase_seconds": book[recipe.PHASE_SECONDS],
        "batch_number": book[recipe.BATCH],
        "batch_seconds": book[recipe.BATCH_SECONDS],
        "batch_yield": book[recipe.YIELD],
        "batch_outcome": book[recipe.OUTCOME],
        "temperature_deviation": grows * (temperature - p.growth_celsius),
        "ph_deviation": grows * (state[PH] - p.growth_ph),
        "oxygen_deviation": grows * (state[OXYGEN] - p.oxygen),
        "biomass": (state[BIOMASS] + state[FOREIGN]) / volume,  # by optical density, which sees all cells
        "substrate": state[SUBSTRATE] / volume,
        "product": state[PRODUCT] / volume,
        "level": 100.0 * volume / (1.5 * p.charge),
        "broth_mass": 1000.0 * volume,
        "jacket": jacket,
        "jacket_valves": actuators[JACKET_VALVES],
        "stirrer_speed": speed,
        "stirrer_power": power,
        "base_flow": 1000.0 * flows[BASE],
        "carbon_dioxide": state[CO2],
        "offgas_oxygen": state[O2],
        "carbon_dioxide_rate": 10.0 * carbon_dioxide / np.maximum(volume, 0.3 * p.charge),  # mol/(m³ h)
        "vent": actuators[VENT],
        "feed_strength": p.feed_substrate * feed_strength,
        "coolant_in": coolant_in,
        "coolant_out": coolant_in + rise,
        "coolant_pressure": 4.0 * coolant_pressure,
        "steam_pressure": 4.0 * steam_pressure,
        "air_pressure": 2.5 * air_pressure,
    }


MODEL = ProcessModel(
    name="fed_batch_fermenter",
    unit_name="Fermentation section",
    description="Grows an organism in batches with feeding, and harvests the enzyme that it makes.",
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
    can_trip=False,
    idle={},
    uniforms_per_day=recipe.UNIFORMS,
    start=start,
)
