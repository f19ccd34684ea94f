"""What a plant model is: equipment, control loops, instruments, disturbances, and the compiled physics behind them.

A model knows nothing of tenants, tag ids, noise or files. Its instruments are functions of its signals; its signals are
functions of the states, inputs and disturbances of the physics. To add a model, write one module and list it in `registry.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

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
AMPERE = UnitOfMeasure("A", "AMP")
REVOLUTIONS_PER_MINUTE = UnitOfMeasure("r/min", "RPM")


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


@dataclass(frozen=True)
class Loop:
    """A control loop. `set_point_sd` is how far operators move it: in units of the process value, or as a share of it."""

    name: str  # ISA-5.1 without the unit's number, such as TIC-101
    description: str
    set_point_sd: float
    is_relative: bool = True


@dataclass(frozen=True)
class Instrument:
    """One kind of tag. `signal` names what it observes; a redundant copy differs by its own bias, gain and noise.

    `noise` is the standard deviation as a share of the span. `lag_seconds` is the first-order lag of the sensor and of
    whatever mass it sits in. `description` may name equipment of the unit in braces, such as {R-101}.
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

    @property
    def isa_function(self) -> str:
        """The function letters: TI of TI-103A."""
        return self.name.split("-")[0]

    @property
    def is_stepped(self) -> bool:
        """Set points and outputs hold until they change, and are known without noise."""
        return self.role != "PV"


@dataclass(frozen=True)
class Disturbance:
    """An unmeasured Ornstein-Uhlenbeck disturbance: mean, stationary standard deviation and correlation time."""

    name: str
    mean: float
    sd: float
    correlation_seconds: float


@dataclass(frozen=True)
class Tuning:
    """How the loops of one unit are tuned: signed gains in % per unit of process value, and integral times in s."""

    gains: FloatArray
    integral_times: FloatArray


@dataclass(frozen=True)
class ProcessModel:
    """A plant model. Arrays over time have shape (rows, ticks + 1): the last column is the first of the next day.

    `draw` makes one unit's own parameters. `rest` gives the state vector in steady state at the normal operating point;
    the controllers' outputs in % are its last entries, one per loop. `run` advances a state over a day: (parameters, tuning,
    state, disturbances with the ambient temperature as row 0, set points, controller noise, tick_seconds) gives the
    trajectory, whose rows are the entries of the state. `signals` derives everything that an instrument can see.
    """

    name: str
    unit_name: str
    description: str
    equipment: tuple[Equipment, ...]
    loops: tuple[Loop, ...]
    disturbances: tuple[Disturbance, ...]
    instruments: tuple[Instrument, ...]
    draw: Callable[[np.random.Generator], Any]
    tuning: Callable[[Any], Tuning]
    rest: Callable[[Any], FloatArray]
    run: Callable[[Any, Tuning, FloatArray, FloatArray, FloatArray, FloatArray, float], FloatArray]
    signals: Callable[[Any, FloatArray, FloatArray, FloatArray], Signals]


def loop_instruments(loop: int, name: str, pv: Instrument, sp: str, op: str, final_element: str) -> tuple[Instrument, ...]:
    """The three tags of a loop: the process value as given, its set point on the same range, and the output in %.

    `sp` and `op` are their descriptions; the output belongs to the equipment `final_element`.
    """
    return (
        pv,
        Instrument(
            f"{name}.SP", f"set_point_{loop}", pv.equipment, sp, pv.unit, pv.span, pv.decimals, 60, loop=loop, role="SP"
        ),
        Instrument(f"{name}.OP", f"output_{loop}", final_element, op, PERCENT, Span(0, 100), 1, 5, loop=loop, role="OP"),
    )
