"""What a plant model is: equipment, control loops, instruments, disturbances, and the compiled physics behind them.

A model knows nothing of tenants, tag ids, noise or files. Its instruments are functions of its signals; its signals are
functions of the states, inputs and disturbances of the physics. To add a model, write one module and list it in `registry.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
Signals: TypeAlias = Mapping[str, FloatArray]
Value = TypeVar("Value", float, FloatArray)


@dataclass(frozen=True)
class UnitOfMeasure:
    """A unit as people write it, and its code in UN/ECE recommendation 20."""

    symbol: str
    unece_code: str


CELSIUS = UnitOfMeasure("°C", "CEL")
CENTIMETRE = UnitOfMeasure("cm", "CMT")
PERCENT = UnitOfMeasure("%", "P1")
CUBIC_METRE_PER_HOUR = UnitOfMeasure("m³/h", "MQH")
KILOGRAM_PER_HOUR = UnitOfMeasure("kg/h", "E93")
KILOGRAM_PER_CUBIC_METRE = UnitOfMeasure("kg/m³", "KMQ")
MOLE_PER_LITRE = UnitOfMeasure("mol/l", "C38")
MILLIBAR = UnitOfMeasure("mbar", "MBR")
BAR = UnitOfMeasure("bar", "BAR")
KILOWATT = UnitOfMeasure("kW", "KWT")
ONE = UnitOfMeasure("1", "C62")
AMPERE = UnitOfMeasure("A", "AMP")
REVOLUTIONS_PER_MINUTE = UnitOfMeasure("r/min", "RPM")
LITRE_PER_HOUR = UnitOfMeasure("l/h", "E32")
NORMAL_CUBIC_METRE_PER_HOUR = UnitOfMeasure("Nm³/h", "Q40")
KILOGRAM = UnitOfMeasure("kg", "KGM")
TONNE = UnitOfMeasure("t", "TNE")
TONNE_PER_HOUR = UnitOfMeasure("t/h", "E18")
MEGAWATT = UnitOfMeasure("MW", "MAW")
MOLE_PER_CUBIC_METRE_HOUR = UnitOfMeasure("mol/(m³·h)", "ZZ")  # mutually defined: the recommendation has no code for it
PH = UnitOfMeasure("pH", "Q30")
HOUR = UnitOfMeasure("h", "HUR")


@dataclass(frozen=True)
class Span:
    """The range of an instrument: absolute ends, or ends that follow from the normal value of the unit it is built into.

    `relative` ends are multiples of the normal value, `around` ends are distances from it; both are rounded to whole
    hundredths of their own power of ten, as ranges are in practice.
    """

    low: float
    high: float
    relative: bool = False
    around: bool = False

    def ends(self, normal: float) -> tuple[float, float]:
        """Low and high end for a unit whose normal value is `normal`, in the unit of measure."""
        if self.relative:
            return _two_digits(self.low * normal), _two_digits(self.high * normal)
        if self.around:
            return _two_digits(normal + self.low), _two_digits(normal + self.high)
        return self.low, self.high


def _two_digits(value: float) -> float:
    return float(f"{value:.1e}") if abs(value) < 100 else float(f"{value:.2e}")


@dataclass(frozen=True)
class Equipment:
    """A piece of equipment. `code` is its letter and number within the unit, such as R-101."""

    code: str
    name: str
    equipment_class: str
    description: str


MANUAL, AUTO, CASCADE = 0, 1, 2  # modes of a loop


@dataclass(frozen=True)
class Loop:
    """A control loop. `set_point_sd` is how far operators move it: in units of the process value, or as a share of it.

    The set point of a loop with a `master` comes from that loop's output while it is in CASCADE; operators do not move it.
    A loop that `must_stay_automatic` keeps the unit alive: by hand it would trip within hours, so operators leave it alone.
    """

    name: str  # ISA-5.1 without the unit's number, such as TIC-101
    description: str
    set_point_sd: float
    is_relative: bool = True
    master: int | None = None
    must_stay_automatic: bool = False

    @property
    def usual_mode(self) -> int:
        """The mode that the loop is meant to run in."""
        return AUTO if self.master is None else CASCADE


@dataclass(frozen=True)
class AlarmLimits:
    """Alarm limits of an instrument, like `Span`: absolute, or multiples of the normal value, or distances from it.

    None means that there is no such alarm. `delay_seconds` is how long the value must be beyond a limit, and back, to count;
    `deadband` is the share of the span by which it must come back.
    """

    low_low: float | None = None
    low: float | None = None
    high: float | None = None
    high_high: float | None = None
    relative: bool = False
    around: bool = False
    deadband: float = 0.005
    delay_seconds: int = 15


@dataclass(frozen=True)
class Instrument:
    """One kind of tag. `signal` names what it observes; a redundant copy differs by its own bias, gain and noise.

    `noise` is the standard deviation as a share of the span. `lag_seconds` is the first-order lag of the sensor and of
    whatever mass it sits in. `description` may name equipment of the unit in braces, such as {R-101}. `is_held` says that the
    signal is itself a sample that stands until the next one, as an analyser gives it.
    """

    name: str  # ISA-5.1 without the unit's number, such as TI-103A or TIC-101.PV
    signal: str
    equipment: str
    description: str
    unit: UnitOfMeasure
    span: Span
    decimals: int
    scan_seconds: int
    noise: float = 0.001
    lag_seconds: float = 0.0
    loop: int | None = None
    role: str = "PV"
    limits: AlarmLimits | None = None
    is_held: bool = False

    @property
    def isa_function(self) -> str:
        """The function letters: TI of TI-103A."""
        return self.name.split("-")[0]

    @property
    def is_controlled(self) -> bool:
        """Whether it is the transmitter that a controller reads: its readings are the controller's, noise and all."""
        return self.loop is not None and self.role == "PV"

    @property
    def observed(self) -> str:
        """The signal that is read: the controller's own process value, where there is one."""
        return f"process_value_{self.loop}" if self.is_controlled else self.signal

    @property
    def is_exact(self) -> bool:
        """Set points, outputs and modes are numbers in a controller, known without noise."""
        return self.role != "PV"

    @property
    def is_stepped(self) -> bool:
        """Whether a value holds until the next one."""
        return self.is_exact or self.is_held


@dataclass(frozen=True)
class Disturbance:
    """An unmeasured Ornstein-Uhlenbeck disturbance: mean, stationary standard deviation and correlation time."""

    name: str
    mean: float
    sd: float
    correlation_seconds: float


@dataclass(frozen=True)
class Fault:
    """Something that can go wrong with the process, and how large and long it is.

    Its row in `Drive.faults` is 0, and its magnitude while it lasts. Where it `acts_on` a disturbance, the magnitude is added
    to that one, and the physics need not know of it. `magnitudes` and `minutes` are the ends between which an episode is
    drawn, the length evenly in its logarithm; `has_either_sign` magnitudes are as often negative. `is_ramp` magnitudes grow
    from 0 to their full size over the episode.
    """

    name: str  # such as coolant_valve_sticks
    description: str  # what happens, as a sentence that may name equipment in braces
    magnitudes: tuple[float, float]
    minutes: tuple[float, float] = (60.0, 480.0)
    acts_on: str | None = None
    has_either_sign: bool = False
    is_ramp: bool = False


@dataclass(frozen=True)
class Tuning:
    """How the loops of one unit are tuned: signed gains in % per unit of process value, and integral times in s."""

    gains: FloatArray
    integral_times: FloatArray


class Drive(NamedTuple):
    """All that acts on a unit over some ticks, in arrays of shape (rows, ticks + 1); one row per loop but for the first two.

    `disturbances`: the ambient temperature in °C, then the model's disturbances. `faults`: the model's faults, each 0 or its
    magnitude. `set_points`: what operators ask for. `modes`: MANUAL, AUTO or CASCADE. `output_moves`: what an operator adds
    to the output of a loop in MANUAL at the tick, in %. `noise`: what the loop's transmitter adds to the truth. `uniforms` in
    [0, 1), of no set meaning: shape (uniforms_per_day,).
    """

    disturbances: FloatArray
    faults: FloatArray
    set_points: FloatArray
    modes: NDArray[np.int8]
    output_moves: FloatArray
    noise: FloatArray
    uniforms: FloatArray

    def between(self, first: int, last: int) -> Drive:
        """The drive from one tick to another, both included."""
        columns = slice(first, last + 1)
        return Drive(
            disturbances=np.ascontiguousarray(self.disturbances[:, columns]),
            faults=np.ascontiguousarray(self.faults[:, columns]),
            set_points=np.ascontiguousarray(self.set_points[:, columns]),
            modes=np.ascontiguousarray(self.modes[:, columns]),
            output_moves=np.ascontiguousarray(self.output_moves[:, columns]),
            noise=np.ascontiguousarray(self.noise[:, columns]),
            uniforms=self.uniforms,
        )


@dataclass(frozen=True)
class Run:
    """What a unit did over some ticks; arrays have shape (rows, ticks + 1), and columns after `ticks` hold nothing.

    `trajectory` is what `signals` needs. `set_points` are those that the controllers followed, cascades included, `outputs`
    in %, `process_values` what the controllers saw. `state` is the checkpoint after the last tick. `ticks` is smaller than
    asked when the unit has tripped: then its last column is the one at which it did.
    """

    trajectory: FloatArray
    set_points: FloatArray
    outputs: FloatArray
    process_values: FloatArray
    state: FloatArray
    ticks: int


@dataclass(frozen=True)
class Idle:
    """Where a signal goes when the unit stands, and the time constant in which it does."""

    value: float
    seconds: float


@dataclass(frozen=True)
class ProcessModel:
    """A plant model. A column more than there are ticks: the last column of a day is the first of the next.

    `draw` makes one unit's own parameters. `rest` gives the state vector in steady state at the normal operating point. `run`
    advances a state: (parameters, tuning, state, drive, tick_seconds) → Run. `signals` derives everything that an instrument
    can see from the rows of a trajectory, whatever its length, and the disturbances of the same ticks; set points, outputs,
    modes and process values are added for it. `idle` tells where signals go after a trip; what it does not name stays.
    `start` draws the state in which a unit is first watched, where that is not `rest`: a batch unit is somewhere in its recipe.
    """

    name: str
    unit_name: str
    description: str
    equipment: tuple[Equipment, ...]
    loops: tuple[Loop, ...]
    disturbances: tuple[Disturbance, ...]
    faults: tuple[Fault, ...]
    instruments: tuple[Instrument, ...]
    draw: Callable[[np.random.Generator], Any]
    tuning: Callable[[Any], Tuning]
    rest: Callable[[Any], FloatArray]
    run: Callable[[Any, Tuning, FloatArray, Drive, float], Run]
    signals: Callable[[Any, FloatArray, FloatArray], Signals]
    idle: Mapping[str, Idle]
    tick_seconds: int = 5
    uniforms_per_day: int = 0
    can_trip: bool = True  # whether it may stop and start again from `rest`, which a batch or a stock of goods may not
    start: Callable[[Any, np.random.Generator], FloatArray] | None = None


def loop_instruments(loop: int, name: str, pv: Instrument, sp: str, op: str, final_element: str) -> tuple[Instrument, ...]:
    """The four tags of a loop: the process value as given, its set point on the same range, the output in %, and the mode.

    `sp` and `op` are their descriptions; the output belongs to the equipment `final_element`.
    """
    return (
        pv,
        Instrument(
            f"{name}.SP", f"set_point_{loop}", pv.equipment, sp, pv.unit, pv.span, pv.decimals, 60, loop=loop, role="SP"
        ),
        Instrument(
            f"{name}.OP", f"output_{loop}", final_element, op, PERCENT, Span(0, 100), 1, pv.scan_seconds, loop=loop, role="OP"
        ),
        Instrument(
            f"{name}.MODE", f"mode_{loop}", final_element, f"Mode of {name}: 0 manual, 1 automatic, 2 cascade.", ONE,
            Span(0, 2), 0, 60, loop=loop, role="MODE",
        ),
    )  # fmt: skip


def running_instrument(equipment: str) -> Instrument:
    """The tag that says whether the unit runs, on its main piece of equipment."""
    return Instrument(
        "XS-100", "running", equipment, "Whether the unit runs: 1 running, 0 tripped or in restart.", ONE, Span(0, 1), 0, 60,
        role="STATE",
    )  # fmt: skip
