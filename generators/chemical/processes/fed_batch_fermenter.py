"""Fed-batch fermenter: an organism makes a product under ISA-88 recipe control, batch after batch.

What grows in it is in fed_batch_kinetics.py, what the recipe asks for in fed_batch_recipe.py. Heat, oxygen, acid, off-gas and
pressure around them are our own balances with textbook coefficients. All masses are states, so the balances hold to rounding.
"""

from __future__ import annotations

from math import exp

import numpy as np

from generators.chemical.compiled import compiled, formula
from generators.chemical.control import loop_output, stuck
from generators.chemical.processes import fed_batch_recipe as recipe
from generators.chemical.processes.fed_batch_instruments import EQUIPMENT, INSTRUMENTS, LOOPS
from generators.chemical.processes.fed_batch_kinetics import (
    Parameters,
    conversion,
    draw,
    feed_hours,
    first_feed,
    normal_biomass,
    normal_feed,
    normal_oxygen_uptake,
    oxygen_uptake,
)
from generators.chemical.processes.integration import advance, shifted
from generators.chemical.processes.model import (
    Disturbance,
    Drive,
    Fault,
    FloatArray,
    ProcessModel,
    Run,
    Signals,
    Tuning,
    Value,
)

SUBSTEPS = 1  # Runge-Kutta steps per tick of 5 s; the fastest time constant is that of the pressure, some 10 s
TICK_SECONDS = 5.0

# States: masses in kg, volume in m³, oxygen in % of saturation, pH, °C, bar over ambient, volume % of the off-gas.
BIOMASS, SUBSTRATE, PRODUCT, FOREIGN, VOLUME, OXYGEN, PH, TEMPERATURE, JACKET, PRESSURE, CO2, O2 = range(12)
STATES = 12
# Loops, and the final element of each.
JACKET_VALVES, BASE_PUMP, STIRRER, AIR_VALVE, VENT, FEED_PUMP = range(6)
ACTUATOR_SECONDS = np.array([12.0, 5.0, 10.0, 10.0, 8.0, 5.0])
# What acts on the states over a tick: flows in m³/h (gases normal), their properties, and conductances in kW/K.
FILL, SEED, FEED, BASE, DRAIN, AIR, VENTED, TRANSFER, POWER, COOLING, HEATING, COOLANT_CELSIUS = range(12)
STEAM_CELSIUS, FILL_SUBSTRATE, FILL_PH, SEED_BIOMASS, FEED_SUBSTRATE, ACTIVITY, CONTAMINATION, AMBIENT = range(12, 20)
ACTING = 20
FLOWS = 9  # the first of them, which the trajectory keeps
BOOK = STATES + 6 + FLOWS  # first row of the recipe's book in the trajectory
ROWS = BOOK + recipe.BOOK_ENTRIES
# Rows of FAULTS that the physics reads.
CONTAMINATED, FEED_BLOCKED, STIRRER_SLIPS, SPARGER_FOULED, BASE_PUMP_STICKS = range(5)

WATER = 4180.0  # kJ/(m³ K)
AMBIENT_BAR = 1.013
HEAT_OF_OXYGEN = 14_400.0  # kJ/kg: 460 kJ/mol, the same for all aerobic growth (Cooney 1969)
RESPIRATORY_QUOTIENT = 1.05
NORMAL_VOLUME_OF_OXYGEN = 22.41 / 32.0  # m³/kg
OXYGEN_SATURATION = 0.0105  # kg/m³ at 30 °C and 0.5 bar over ambient
AIR_O2, AIR_CO2 = 20.95, 0.04  # volume %
ACID_OF_GROWTH = 0.007  # kmol/kg: one proton for each nitrogen that is taken up as ammonium
BASE_CONCENTRATION = 2.0  # kmol/m³
BUFFER = 0.02  # kmol/m³ for one pH
MEDIUM_OVER_GROWTH_PH, CAUSTIC_PH = 0.15, 12.3  # growth sours the medium, and there is no acid to dose
LIQUID_CELSIUS = 25.0  # of everything that is charged
FOREIGN_GROWTH, FOREIGN_HALF = 0.35, 0.1  # 1/h, kg/m³
SLOWEST_STIRRER = 0.2  # of full speed
FULL_SPEED = 240.0  # 1/min
EMPTY = 0.005  # of the charge: the heel that stays
STEAM_AT_NORMAL = 150.0  # °C


@formula
def coolant_inlet(parameters: Parameters, ambient: Value) -> Value:
    """Temperature of the cooling water in °C: the cooling tower follows the weather, but only by a third."""
    return parameters.coolant_celsius + 0.35 * (ambient - 15.0)


@formula
def valve_share(opening: Value) -> Value:
    """Flow of an equal-percentage valve (rangeability 50) over its largest; `opening` from 0 to 1, closed at 0."""
    share: Value = (np.exp(opening * np.log(50.0)) - 1.0) / 49.0
    return share


@compiled
def _rates(parameters: Parameters, state: FloatArray, acting: FloatArray, out: FloatArray) -> None:
    """Derivatives of the states per hour."""
    p = parameters
    volume, oxygen, temperature = state[VOLUME], state[OXYGEN], state[TEMPERATURE]
    activity = acting[ACTIVITY]
    if activity > 0.0:
        heat, sourness = (temperature - p.growth_celsius) / 6.0, state[PH] - p.growth_ph
        activity *= exp(-heat * heat - sourness * sourness) * max(oxygen, 0.0) / (max(oxygen, 0.0) + 3.0)
    growth, production, uptake = conversion(p, state[BIOMASS], state[SUBSTRATE], volume, activity)
    concentration = max(state[SUBSTRATE] / volume, 0.0)
    foreign = 0.0
    if activity > 0.0:
        foreign = FOREIGN_GROWTH * concentration / (FOREIGN_HALF + concentration) * state[FOREIGN]
    inflow = acting[FILL] + acting[SEED] + acting[FEED] + acting[BASE]
    drained = acting[DRAIN] / volume
    out[BIOMASS] = growth + acting[SEED] * acting[SEED_BIOMASS] - drained * state[BIOMASS]
    out[SUBSTRATE] = (
        acting[FILL] * acting[FILL_SUBSTRATE]
        + acting[FEED] * acting[FEED_SUBSTRATE]
        - uptake
        - foreign / p.yield_biomass
        - drained * state[SUBSTRATE]
    )
    out[PRODUCT] = production - drained * state[PRODUCT]
    out[FOREIGN] = foreign + acting[CONTAMINATION] * p.charge - drained * state[FOREIGN]
    out[VOLUME] = inflow - acting[DRAIN]
    breath = 0.0
    if activity > 0.0:
        breath = oxygen_uptake(p, growth, state[BIOMASS], foreign)
    absolute = state[PRESSURE] + AMBIENT_BAR
    saturation = 100.0 * absolute / (p.pressure + AMBIENT_BAR)
    out[OXYGEN] = acting[TRANSFER] * (saturation - oxygen) - 100.0 * breath / (OXYGEN_SATURATION * volume)
    out[PH] = (acting[BASE] * BASE_CONCENTRATION - ACID_OF_GROWTH * (growth + foreign)) / (BUFFER * volume) + acting[
        FILL
    ] / volume * (acting[FILL_PH] - state[PH])
    transfer = p.jacket_transfer * p.charge * (volume / p.charge + 0.05)
    into = transfer * (state[JACKET] - temperature)
    loss = 0.01 * p.charge * (temperature - acting[AMBIENT])
    heating = 3600.0 * (into + acting[POWER] - loss) + HEAT_OF_OXYGEN * breath
    out[TEMPERATURE] = (heating + WATER * inflow * (LIQUID_CELSIUS - temperature)) / (WATER * (volume + 0.1 * p.charge))
    cooled = acting[COOLING] * (acting[COOLANT_CELSIUS] - state[JACKET])
    heated = acting[HEATING] * (acting[STEAM_CELSIUS] - state[JACKET])
    out[JACKET] = 3600.0 * (cooled + heated - into) / (WATER * 0.15 * p.charge)
    head = 1.5 * p.charge - volume
    expansion = (temperature + 273.15) / 273.15 * AMBIENT_BAR
    out[PRESSURE] = ((acting[AIR] - acting[VENTED]) * expansion + absolute * (inflow - acting[DRAIN])) / head
    gas = head * absolute / expansion  # normal m³
    out[CO2] = (acting[AIR] * (AIR_CO2 - state[CO2]) + 100.0 * RESPIRATORY_QUOTIENT * NORMAL_VOLUME_OF_OXYGEN * breath) / gas
    out[O2] = (acting[AIR] * (AIR_O2 - state[O2]) - 100.0 * NORMAL_VOLUME_OF_OXYGEN * breath) / gas


@compiled
def _act(
    parameters: Parameters,
    state: FloatArray,
    actuators: FloatArray,
    book: FloatArray,
    disturbances: FloatArray,
    faults: FloatArray,
    out: FloatArray,
) -> None:
    """What acts on the states from now to the next tick: the phase opens and shuts, actuators throttle, faults take away.

    `disturbances`: ambient, feed strength, pressures of coolant, steam and air over normal, activity over normal.
    """
    p = parameters
    phase, since = book[recipe.PHASE], book[recipe.PHASE_SECONDS]
    is_growing = recipe.is_growing(phase)
    heel = EMPTY * p.charge
    for row in range(ACTING):
        out[row] = 0.0
    out[FILL_PH] = p.growth_ph + MEDIUM_OVER_GROWTH_PH
    if phase == recipe.PREPARE:
        out[FILL] = p.charge / 1.5
        out[FILL_SUBSTRATE] = p.medium_substrate * book[recipe.MEDIUM]
    elif phase == recipe.INOCULATE:
        if since < 1200.0:
            out[SEED] = 0.02 * p.charge * 3.0
            out[SEED_BIOMASS] = p.inoculum * book[recipe.INOCULUM] / 0.02
    elif phase == recipe.CLEAN and since < 900.0:
        out[FILL] = 0.2 * p.charge * 4.0
        out[FILL_PH] = CAUSTIC_PH
    drains = phase == recipe.HARVEST
    drains |= phase == recipe.DISCARD and since >= recipe.KILL_SECONDS
    drains |= phase == recipe.CLEAN and since >= recipe.CLEANING_SECONDS
    if drains:
        tick_hours = TICK_SECONDS / 3600.0
        out[DRAIN] = max(min(p.charge / 1.5, (state[VOLUME] - 0.9 * heel) / tick_hours), 0.0)
    speed = 0.0
    if state[VOLUME] > 0.3 * p.charge:
        speed = (SLOWEST_STIRRER + (1.0 - SLOWEST_STIRRER) * actuators[STIRRER] / 100.0) * (1.0 - faults[STIRRER_SLIPS])
    out[AIR] = 2.0 * p.aeration * p.charge * actuators[AIR_VALVE] / 100.0 * disturbances[4]
    excess = state[PRESSURE] / np.sqrt(max(state[PRESSURE], 0.0) + 0.05)
    out[VENTED] = 2.0 * p.aeration * p.charge * actuators[VENT] / 100.0 * excess / (p.pressure / np.sqrt(p.pressure + 0.05))
    normal_transfer = normal_oxygen_uptake(p) / (p.charge * OXYGEN_SATURATION * (1.0 - p.oxygen / 100.0))
    bubbles = np.sqrt(out[AIR] / (p.aeration * p.charge))
    out[TRANSFER] = normal_transfer * ((speed / 0.55) ** 2 + 0.02) * bubbles * (1.0 - faults[SPARGER_FOULED])
    out[POWER] = p.charge * (speed / 0.55) ** 3
    split = actuators[JACKET_VALVES] / 50.0 - 1.0
    out[COOLING] = 4.0 * p.charge * valve_share(max(-split, 0.0)) * disturbances[2]
    out[HEATING] = 3.0 * p.charge * valve_share(max(split, 0.0)) * disturbances[3]
    out[COOLANT_CELSIUS] = coolant_inlet(p, disturbances[0])
    out[STEAM_CELSIUS] = STEAM_AT_NORMAL + 25.0 * (disturbances[3] - 1.0)
    if is_growing:
        out[ACTIVITY] = disturbances[5]
        base_need = p.pace * p.planned_growth * normal_biomass(p) * ACID_OF_GROWTH / BASE_CONCENTRATION
        out[BASE] = 4.0 * base_need * actuators[BASE_PUMP] / 100.0
        out[CONTAMINATION] = faults[CONTAMINATED]
    if phase == recipe.FEED:
        out[FEED] = 2.5 * normal_feed(p) * actuators[FEED_PUMP] / 100.0 * (1.0 - faults[FEED_BLOCKED])
    out[FEED_SUBSTRATE] = p.feed_substrate * disturbances[1]
    out[AMBIENT] = disturbances[0]


@compiled
def _ask(parameters: Parameters, book: FloatArray, operators: FloatArray, out: FloatArray) -> None:
    """The set points of the six loops: those of the recipe, and in fermentation those of the operators."""
    p = parameters
    phase = book[recipe.PHASE]
    if recipe.is_growing(phase):
        for loop in range(5):
            out[loop] = operators[loop]
    else:
        out[JACKET_VALVES], out[BASE_PUMP], out[STIRRER] = recipe.COLD_CELSIUS, 0.0, 0.0
        out[AIR_VALVE], out[VENT] = 0.1 * p.aeration * p.charge, 0.05
    if phase == recipe.STERILISE:
        is_sterile = book[recipe.STERILE_SECONDS] >= recipe.HOLD_SECONDS
        # Asked beyond what is needed, so that the approach is not slow.
        out[JACKET_VALVES] = p.growth_celsius - 3.0 if is_sterile else recipe.STERILE_CELSIUS + 2.0
        out[AIR_VALVE], out[VENT] = 0.3 * p.aeration * p.charge, 1.1
    elif phase == recipe.DISCARD:
        out[JACKET_VALVES] = recipe.KILLING_CELSIUS if book[recipe.PHASE_SECONDS] < recipe.KILL_SECONDS else recipe.COLD_CELSIUS
    elif phase == recipe.CLEAN:
        is_hot = book[recipe.PHASE_SECONDS] < recipe.CLEANING_SECONDS
        out[JACKET_VALVES] = recipe.CLEANING_CELSIUS if is_hot else recipe.COLD_CELSIUS
    out[FEED_PUMP] = 0.0
    if phase == recipe.FEED:
        hours = book[recipe.PHASE_SECONDS] / 3600.0
        plan = recipe.planned_feed(first_feed(p), p.pace * p.planned_growth, hours) * book[recipe.FEED_PLAN]
        out[FEED_PUMP] = plan * operators[FEED_PUMP] / normal_feed(p)


@compiled
def _see(state: FloatArray, acting: FloatArray, noise: FloatArray, out: FloatArray) -> None:
    """The process values of the six loops as their transmitters give them."""
    out[JACKET_VALVES] = state[TEMPERATURE] + noise[JACKET_VALVES]
    out[BASE_PUMP] = state[PH] + noise[BASE_PUMP]
    out[STIRRER] = state[OXYGEN] + noise[STIRRER]
    out[AIR_VALVE] = acting[AIR] + noise[AIR_VALVE]
    out[VENT] = state[PRESSURE] + noise[VENT]
    out[FEED_PUMP] = 1000.0 * acting[FEED] + noise[FEED_PUMP]


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
        operators[FEED_PUMP] /= 1000.0  # the loop works in l/h
        if tick > 0:
            base_command = stuck(output[BASE_PUMP], base_command, faults[BASE_PUMP_STICKS])
            for loop in range(6):
                command = base_command if loop == BASE_PUMP else output[loop]
                actuators[loop] += (1.0 - exp(-tick_seconds / lags[loop])) * (command - actuators[loop])
            for _ in range(substeps):
                _rates(p, state, acting, slopes[0])
                shifted(state, slopes[0], 0.5 * h, trial)
                _rates(p, trial, acting, slopes[1])
                shifted(state, slopes[1], 0.5 * h, trial)
                _rates(p, trial, acting, slopes[2])
                shifted(state, slopes[2], h, trial)
                _rates(p, trial, acting, slopes[3])
                advance(state, slopes, h)
            state[OXYGEN] = max(state[OXYGEN], 0.0)
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
        _act(p, state, actuators, book, disturbances, faults, acting)
        _see(state, acting, noise, seen)
        _ask(p, book, operators, asked)
        asked[FEED_PUMP] *= 1000.0
        for loop in range(6):
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
            if loop == FEED_PUMP and book[recipe.PHASE] != recipe.FEED:
                output[loop] = 0.0  # interlocked, and so is the base pump
            if loop == BASE_PUMP and not recipe.is_growing(book[recipe.PHASE]):
                output[loop] = 0.0
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


def tuning(parameters: Parameters) -> Tuning:
    """Temperature and pH integrate, so their gain and a long integral time go together; flows have a slow integral."""
    air, feed = 50.0 / (parameters.aeration * parameters.charge), 40.0 / (1000.0 * normal_feed(parameters))
    return Tuning(
        gains=np.array([20.0, 300.0, 0.4, 0.3 * air, -25.0, 0.3 * feed]),
        integral_times=np.array([2400.0, 10_000.0, 100.0, 15.0, 45.0, 12.0]),
    )


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


DISTURBANCES = (
    Disturbance("feed strength", 1.0, 0.012, 40_000.0),  # over normal
    Disturbance("coolant pressure", 1.0, 0.03, 240.0),  # over normal
    Disturbance("steam pressure", 1.0, 0.03, 300.0),  # over normal
    Disturbance("air pressure", 1.0, 0.02, 300.0),  # over normal
    Disturbance("activity of the organism", 1.0, 0.02, 10_800.0),  # over normal
)

FAULTS = (
    Fault("contamination", "Foreign organisms get into {R-101}.", (0.002, 0.02)),  # kg/(m³ h)
    Fault("feed_line_blocked", "The feed line behind {P-102} is partly blocked.", (0.40, 0.90), (120.0, 720.0)),
    Fault("stirrer_slips", "The belt of the stirrer of {R-101} slips.", (0.35, 0.70)),
    Fault("sparger_fouling", "The sparger of {R-101} fouls and its bubbles grow.", (0.30, 0.60), (300.0, 1100.0), is_ramp=True),
    Fault("base_pump_sticks", "The base pump {P-101} answers in jerks.", (6.0, 15.0), (240.0, 960.0)),
    Fault(
        "feed_strength_step", "The feed of {R-101} was made up with another strength.", (0.10, 0.25), (240.0, 960.0),
        acts_on="feed strength", has_either_sign=True,
    ),
    Fault("coolant_pressure_loss", "The supply pressure of the cooling water before {TV-101} drops.", (-0.85, -0.50),
          acts_on="coolant pressure"),
    Fault("steam_pressure_loss", "The supply pressure of the steam before {TV-102} drops.", (-0.60, -0.30),
          acts_on="steam pressure"),
)  # fmt: skip

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
