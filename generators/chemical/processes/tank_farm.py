"""Tank farm: two tanks for raw material and two for product, with receipts, transfers to and from the plant, and shipments.

Mass balances of our own: each tank, and the bund that catches what leaks, holds what came in less what went out, to rounding,
for flows are held over a tick. The movements of oil and chemicals terminals set the line-up: one raw tank feeds the plant while
the other is filled, one product tank takes the plant's make while the other is shipped. Levels are never controlled; interlocks
close the inlet of a full tank and stop the pump of an empty one, so the unit does not trip.
"""

from __future__ import annotations

from math import exp
from typing import NamedTuple

import numpy as np

from generators.chemical.compiled import compiled, formula
from generators.chemical.control import loop_output, stuck
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
from generators.chemical.processes.tank_farm_instruments import EQUIPMENT, INSTRUMENTS, LOOPS

SUBSTEPS = 1  # Euler steps per tick of 5 s for temperatures with time constants of hours

# Tanks: raw material in 0 and 1, product in 2 and 3. States: their masses in t, the bund's, their temperatures in °C.
TANKS = 4
BUND, CELSIUS = 4, 5
STATES = 9
# Loops, and the final element of each.
RECEIPT, TO_PLANT, FROM_PLANT, SHIPMENT, COIL_3, COIL_4 = range(6)
ACTUATOR_SECONDS = np.array([12.0, 8.0, 12.0, 8.0, 15.0, 15.0])
# Flows over a tick in t/h, and the heat of the two coils in kW.
IN, OUT = 0, 4  # of each tank
RECEIVED, FED, MADE, SHIPPED, LEAKED, PASSED, PUMPED_OUT, HEAT_3, HEAT_4 = range(8, 17)
FLOWS = 17
# The line-up: which tank feeds, receives, fills and ships (-1: none), how long each movement has waited, and how long it is to.
FEEDING, RECEIVING, FILLING, SHIPPING, RECEIPT_WAITED, SHIPMENT_WAITED, RECEIPT_WAIT, SHIPMENT_WAIT = range(8)
LINE_UP_ENTRIES = 8
UNIFORMS = 2  # per day: how long a receipt and a shipment wait
# Rows of FAULTS that the physics reads.
TANK_LEAKS, PUMP_WORN, STRAINER_BLOCKED, COIL_FOULED, VALVE_PASSES, FEED_VALVE_STICKS = range(6)

FULL, LOW, HALF = 85.0, 15.0, 45.0  # %: a movement ends, a tank is changed over, a receipt is ordered
SHIPPABLE = 60.0  # %
OVERFILL, RUN_DRY = 95.0, 3.0  # %: interlocks
WAIT_HOURS = 3.0  # at most, for the wagons
RECEIPT_RATE, SHIPMENT_RATE = 3.0, 3.0  # over the plant's rate
HEAT_CAPACITY = 2.1  # kJ/(kg K)
PRODUCT_CELSIUS, RAW_CELSIUS = 60.0, 18.0
PUMP_OUT_HOURS = 4.0  # time constant in which the bund is emptied to the slops


class Parameters(NamedTuple):
    """Sizes of one unit; all else follows."""

    rate: float = 20.0  # t/h that the plant takes and makes
    capacity: float = 500.0  # t in each full tank
    height: float = 12.0  # m
    loss: float = 1.6  # kW/K of a product tank to the outside
    density: float = 870.0  # kg/m³ at 15 °C


NOMINAL = Parameters()


def draw(rng: np.random.Generator) -> Parameters:
    """One unit's own parameters: 8 to 40 t/h, and tanks that hold 22 to 30 hours of it."""
    rate = float(rng.uniform(8.0, 40.0))
    capacity = rate * float(rng.uniform(22.0, 30.0))
    return Parameters(
        rate=rate,
        capacity=capacity,
        height=float(rng.uniform(9.0, 15.0)),
        loss=0.025 * capacity ** (2.0 / 3.0) * float(rng.uniform(0.8, 1.2)),
        density=float(rng.uniform(780.0, 950.0)),
    )


@formula
def density(parameters: Parameters, celsius: Value) -> Value:
    """Density in kg/m³, falling by 0.08 % per K."""
    return parameters.density * (1.0 - 8.0e-4 * (celsius - 15.0))


@formula
def level(parameters: Parameters, mass: Value, celsius: Value) -> Value:
    """Level in % of the tank's height: the liquid expands with its temperature."""
    return 100.0 * mass / parameters.capacity * density(parameters, RAW_CELSIUS) / density(parameters, celsius)


@formula
def normal_coil(parameters: Parameters) -> float:
    """Heat of a coil in kW that holds a half-full tank at its temperature in a make of 55 °C, at an ambient of 15 °C."""
    p = parameters
    return p.loss * (PRODUCT_CELSIUS - 15.0) + p.rate / 3.6 * HEAT_CAPACITY * 5.0


@compiled
def _line_up(parameters: Parameters, state: FloatArray, book: FloatArray, uniforms: FloatArray, tick_seconds: float) -> None:
    """Change tanks over, begin and end movements, where levels and waiting wagons ask for it."""
    p = parameters
    feeding, filling = int(book[FEEDING]), int(book[FILLING])
    other, shipper = 1 - feeding, 5 - filling
    feeding_level = level(p, state[feeding], state[CELSIUS + feeding])
    other_level = level(p, state[other], state[CELSIUS + other])
    if book[RECEIVING] >= 0.0:
        if other_level >= FULL:
            book[RECEIVING] = -1.0
    elif other_level < HALF:
        book[RECEIPT_WAITED] += tick_seconds
        if book[RECEIPT_WAITED] >= book[RECEIPT_WAIT]:
            book[RECEIVING], book[RECEIPT_WAITED] = other, 0.0
            book[RECEIPT_WAIT] = 3600.0 * WAIT_HOURS * uniforms[0]
    elif feeding_level < LOW:
        book[FEEDING] = other
    filling_level = level(p, state[filling], state[CELSIUS + filling])
    shipper_level = level(p, state[shipper], state[CELSIUS + shipper])
    if book[SHIPPING] >= 0.0:
        if shipper_level <= LOW:
            book[SHIPPING] = -1.0
    elif shipper_level > SHIPPABLE:
        book[SHIPMENT_WAITED] += tick_seconds
        if book[SHIPMENT_WAITED] >= book[SHIPMENT_WAIT]:
            book[SHIPPING], book[SHIPMENT_WAITED] = shipper, 0.0
            book[SHIPMENT_WAIT] = 3600.0 * WAIT_HOURS * uniforms[1]
    elif filling_level > FULL:
        book[FILLING] = shipper


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
    """The flows from now to the next tick.

    `disturbances`: ambient, pressures of wagons, plant and coil steam over normal, temperatures of receipts and of the make.
    """
    p = parameters
    for flow in range(FLOWS):
        out[flow] = 0.0
    feeding, filling = int(book[FEEDING]), int(book[FILLING])
    receiving, shipping = int(book[RECEIVING]), int(book[SHIPPING])
    if receiving >= 0 and level(p, state[receiving], state[CELSIUS + receiving]) < OVERFILL:
        head = disturbances[1] * (1.0 - faults[STRAINER_BLOCKED])
        out[RECEIVED] = RECEIPT_RATE * p.rate * actuators[RECEIPT] / 50.0 * np.sqrt(max(head, 0.0))
        out[IN + receiving] += out[RECEIVED]
    if level(p, state[feeding], state[CELSIUS + feeding]) > RUN_DRY:
        out[FED] = p.rate * actuators[TO_PLANT] / 50.0 * np.sqrt(max(disturbances[2], 0.0)) * (1.0 - faults[PUMP_WORN])
        out[OUT + feeding] += out[FED]
    if level(p, state[filling], state[CELSIUS + filling]) < OVERFILL:
        out[MADE] = p.rate * actuators[FROM_PLANT] / 50.0 * np.sqrt(max(disturbances[2], 0.0))
        out[IN + filling] += out[MADE]
    if shipping >= 0 and level(p, state[shipping], state[CELSIUS + shipping]) > RUN_DRY:
        out[SHIPPED] = SHIPMENT_RATE * p.rate * actuators[SHIPMENT] / 50.0
        out[OUT + shipping] += out[SHIPPED]
    leak = faults[TANK_LEAKS] * p.rate * np.sqrt(max(state[2], 0.0) / (0.5 * p.capacity))
    out[LEAKED] = leak
    out[OUT + 2] += leak
    out[PUMPED_OUT] = state[BUND] / PUMP_OUT_HOURS
    higher = 0 if state[0] > state[1] else 1
    gap = abs(state[0] - state[1]) / (0.5 * p.capacity)
    out[PASSED] = faults[VALVE_PASSES] * p.rate * np.sqrt(gap)
    out[OUT + higher] += out[PASSED]
    out[IN + 1 - higher] += out[PASSED]
    for coil in range(2):
        covered = min(level(p, state[2 + coil], state[CELSIUS + 2 + coil]) / 10.0, 1.0)
        out[HEAT_3 + coil] = 2.5 * normal_coil(p) * actuators[COIL_3 + coil] / 100.0 * disturbances[3] * covered
    out[HEAT_4] *= 1.0 - faults[COIL_FOULED]


@compiled
def _step(parameters: Parameters, state: FloatArray, flows: FloatArray, disturbances: FloatArray, h: float) -> None:
    """Move the states by h hours under held flows, in place."""
    p = parameters
    state[BUND] += h * (flows[LEAKED] - flows[PUMPED_OUT])
    for tank in range(TANKS):
        coming = disturbances[4] if tank < 2 else disturbances[5]
        content = max(state[tank], 0.01 * p.capacity)
        heat = p.loss * (disturbances[0] - state[CELSIUS + tank])
        if tank >= 2:
            heat += flows[HEAT_3 + tank - 2]
        warmed = flows[IN + tank] * (coming - state[CELSIUS + tank]) + 3.6 * heat / HEAT_CAPACITY
        state[CELSIUS + tank] += h * warmed / content
        state[tank] += h * (flows[IN + tank] - flows[OUT + tank])


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
    trajectory = np.empty((STATES + 6 + FLOWS + LINE_UP_ENTRIES, columns))
    set_points, outputs, process_values = np.empty((6, columns)), np.empty((6, columns)), np.empty((6, columns))
    state, actuators, output = start[:9].copy(), start[9:15].copy(), start[15:21].copy()
    feed_command, book = start[21], start[22:].copy()
    flows, seen, seen_before = np.zeros(FLOWS), np.empty(6), np.empty(6)
    disturbances, faults = np.empty(drive.disturbances.shape[0]), np.empty(drive.faults.shape[0])
    h = tick_seconds / substeps / 3600.0
    for tick in range(columns):
        if tick > 0:
            for _ in range(substeps):
                _step(p, state, flows, disturbances, h)
            _line_up(p, state, book, drive.uniforms, tick_seconds)
            feed_command = stuck(output[TO_PLANT], feed_command, faults[FEED_VALVE_STICKS])
            for loop in range(6):
                command = feed_command if loop == TO_PLANT else output[loop]
                actuators[loop] += (1.0 - exp(-tick_seconds / lags[loop])) * (command - actuators[loop])
        for row in range(len(disturbances)):
            disturbances[row] = drive.disturbances[row, tick]
        for row in range(len(faults)):
            faults[row] = drive.faults[row, tick]
        _act(p, state, actuators, book, disturbances, faults, flows)
        for loop in range(4):
            seen[loop] = flows[RECEIVED + loop]
        seen[COIL_3], seen[COIL_4] = state[CELSIUS + 2], state[CELSIUS + 3]
        for loop in range(6):
            seen[loop] += drive.noise[loop, tick]
            asked = drive.set_points[loop, tick]
            stands = loop == RECEIPT and book[RECEIVING] < 0.0
            stands |= loop == SHIPMENT and book[SHIPPING] < 0.0
            if stands:
                asked = output[loop] = 0.0  # interlocked while nothing is moved
            elif tick > 0:
                output[loop] = loop_output(
                    drive.modes[loop, tick],
                    output[loop],
                    drive.output_moves[loop, tick],
                    gains[loop],
                    integral_times[loop],
                    asked,
                    seen[loop],
                    seen_before[loop],
                    tick_seconds,
                )
            seen_before[loop] = seen[loop]
            process_values[loop, tick], set_points[loop, tick], outputs[loop, tick] = seen[loop], asked, output[loop]
        for row in range(STATES):
            trajectory[row, tick] = state[row]
        for row in range(6):
            trajectory[STATES + row, tick] = actuators[row]
        for row in range(FLOWS):
            trajectory[STATES + 6 + row, tick] = flows[row]
        for row in range(LINE_UP_ENTRIES):
            trajectory[STATES + 6 + FLOWS + row, tick] = book[row]
    end = np.concatenate((state, actuators, output, np.array([feed_command]), book))
    return trajectory, set_points, outputs, process_values, end  # fmt: skip


def run(
    parameters: Parameters, tuning: Tuning, state: FloatArray, drive: Drive, tick_seconds: float, substeps: int = SUBSTEPS
) -> Run:
    """Closed loop over the columns of the drive; see ProcessModel.run. The unit never trips.

    Trajectory: nine states, six actuators in %, the flows that act until the next tick, the line-up. State: states, actuators,
    six outputs, where the feed valve's command took effect last, the line-up.
    """
    trajectory, set_points, outputs, process_values, end = _run(
        parameters, tuning.gains, tuning.integral_times, ACTUATOR_SECONDS, state, drive, tick_seconds, substeps
    )
    return Run(trajectory, set_points, outputs, process_values, end, drive.disturbances.shape[1] - 1)


def tuning(parameters: Parameters) -> Tuning:
    """Flows: a slow integral, for they follow their valves at once. Temperatures: 20 %/°C and 5 h, for the tanks are large."""
    flow = 0.25 * 50.0 / (parameters.rate * np.array([RECEIPT_RATE, 1.0, 1.0, SHIPMENT_RATE]))
    return Tuning(gains=np.array([*flow, 20.0, 20.0]), integral_times=np.array([15.0, 12.0, 12.0, 15.0, 18_000.0, 18_000.0]))


def rest(parameters: Parameters) -> FloatArray:
    """The normal point: every tank half full and every movement under way, every valve at 50 %, every coil at 40 %.

    Flows and temperatures are steady there; the levels of a tank farm are not.
    """
    p = parameters
    half = 0.5 * p.capacity
    states = [half, half, half, half, 0.0, RAW_CELSIUS, RAW_CELSIUS, PRODUCT_CELSIUS, PRODUCT_CELSIUS]
    valves = [50.0, 50.0, 50.0, 50.0, 40.0, 40.0]
    line_up = [0.0, 1.0, 2.0, 3.0, 0.0, 0.0, 0.5 * 3600.0 * WAIT_HOURS, 0.5 * 3600.0 * WAIT_HOURS]
    return np.array([*states, *valves, *valves, valves[TO_PLANT], *line_up])


def start(parameters: Parameters, rng: np.random.Generator) -> FloatArray:
    """Where a unit is when it is first watched: other levels, and each movement about to begin or under way."""
    state = rest(parameters)
    feeding, other, filling, shipper = rng.uniform((25.0, 20.0, 20.0, 20.0), (80.0, 80.0, 75.0, 80.0)) / 100.0
    state[:TANKS] = parameters.capacity * np.array([feeding, other, filling, shipper])
    return state


def signals(parameters: Parameters, trajectory: FloatArray, disturbances: FloatArray) -> Signals:
    """What the instruments of the unit can see; units as the instruments declare them."""
    p = parameters
    state, _, flows, line_up = np.split(trajectory, [STATES, STATES + 6, STATES + 6 + FLOWS])
    ambient, _, _, steam, receipt_celsius, make_celsius = disturbances
    found = {
        "receipt": flows[RECEIVED],
        "to_plant": flows[FED],
        "from_plant": flows[MADE],
        "shipment": flows[SHIPPED],
        "bund_level": 4000.0 * state[BUND] / p.capacity,  # cm
        "feeding_tank": 101.0 + line_up[FEEDING],
        "filling_tank": 101.0 + line_up[FILLING],
        "receiving": (line_up[RECEIVING] >= 0.0).astype(np.float64),
        "shipping": (line_up[SHIPPING] >= 0.0).astype(np.float64),
        "receipt_celsius": receipt_celsius,
        "make_celsius": make_celsius,
        "raw_stock": state[0] + state[1],
        "product_stock": state[2] + state[3],
        "steam_pressure": 4.0 * steam,
        "ambient": ambient,
    }
    for tank in range(TANKS):
        number, mass, celsius = tank + 1, state[tank], state[CELSIUS + tank]
        found[f"celsius_{number}"] = celsius
        found[f"level_{number}"] = level(p, mass, celsius)
        found[f"bottom_{number}"] = 0.0981 * p.density * level(p, mass, celsius) / 100.0 * p.height  # mbar over the blanket
    for name, flow, normal in (("feed", flows[FED], p.rate), ("shipment", flows[SHIPPED], SHIPMENT_RATE * p.rate)):
        runs = (flow > 0.0).astype(np.float64)
        head = 4.5 - 1.2 * (flow / normal) ** 2
        power = runs * (0.3 + flow * head / 36.0 / 0.55 / 0.87)
        found[f"{name}_pressure"] = 0.2 + runs * head
        found[f"{name}_current"] = runs * 1.2 + 1.9 * power
    return found


DISTURBANCES = (
    Disturbance("wagon pressure", 1.0, 0.03, 600.0),  # over normal
    Disturbance("plant pressure", 1.0, 0.02, 300.0),  # over normal
    Disturbance("steam pressure", 1.0, 0.03, 600.0),  # over normal
    Disturbance("receipt temperature", RAW_CELSIUS, 2.0, 40_000.0),  # °C
    Disturbance("make temperature", 55.0, 1.5, 10_800.0),  # °C
)

FAULTS = (
    Fault("tank_leak", "The bottom of {T-103} leaks into the bund.", (0.02, 0.10), (300.0, 1100.0)),
    Fault("feed_pump_wear", "{P-102} loses flow.", (0.30, 0.65), (300.0, 1100.0), is_ramp=True),
    Fault("strainer_blocked", "The strainer of the receipt line to {FV-101} is blocked.", (0.70, 0.95), (120.0, 720.0)),
    Fault("coil_fouling", "The heating coil of {T-104} loses heat transfer.", (0.50, 0.90), (480.0, 1200.0)),
    Fault("valve_passes", "The valve between {T-101} and {T-102} passes.", (0.10, 0.40), (240.0, 1100.0)),
    Fault("feed_valve_sticks", "{FV-102} sticks and moves in jerks.", (4.0, 10.0)),
    Fault("steam_pressure_loss", "The pressure of the heating steam drops.", (-0.90, -0.50), acts_on="steam pressure"),
    Fault("cold_make", "The plant sends product too cold.", (-14.0, -7.0), acts_on="make temperature"),
)  # fmt: skip

MODEL = ProcessModel(
    name="tank_farm",
    unit_name="Tank farm",
    description="Receives and stores raw material for the plant, and stores and ships its product.",
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
    uniforms_per_day=UNIFORMS,
    start=start,
)
