"""Physical properties of the eight components of the Tennessee Eastman process, and the temperature that an energy means.

After Downs and Vogel (1993), Computers & Chemical Engineering 17(3), with the constants of their published program as
Russell, Chiang and Braatz distribute it. Units as there: lbmol, lb, ft³, h, °C, mmHg, and MMBtu = 10⁶ Btu. A molar enthalpy
is a cubic in the temperature, so the coefficients of a mixture are summed once and serve every evaluation. Mole fractions
have shape (mixtures, 8), and functions take a row by its number: a view of it would cost more than the sum.
"""

from __future__ import annotations

from math import exp
from typing import NamedTuple, TypeAlias

import numpy as np

from generators.chemical.compiled import compiled
from generators.chemical.processes.model import FloatArray

Cubic: TypeAlias = tuple[float, float, float, float]


class Component(NamedTuple):
    """One component. Heat capacities are polynomials in °C, per °F; the reference state is the liquid at 0 °C."""

    name: str
    weight: float  # lb/lbmol
    antoine: tuple[float, float, float]  # ln of the vapour pressure in mmHg: a + b / (T + c); unused for gases
    density: tuple[float, float, float]  # lb/ft³, polynomial in °C
    liquid_heat: tuple[float, float, float]  # 10⁻⁶ MMBtu/(lb °F), polynomial in °C
    vapour_heat: tuple[float, float, float]
    latent_heat: float  # 10⁻⁶ MMBtu/lb


_GAS = (0.0, 0.0, 0.0)

# A to C never condense; their liquid properties count for the traces that are dissolved in the stripper's bottom.
COMPONENTS = (
    Component("A", 2.0, _GAS, (1.0, 0.0, 0.0), (1.0, 0.0, 0.0), (3.411, 7.18e-4, 6.0e-7), 1.0),
    Component("B", 25.4, _GAS, (1.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.3799, 1.08e-3, -3.98e-7), 1.0),
    Component("C", 28.0, _GAS, (1.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.2491, 1.36e-5, -3.93e-8), 1.0),
    Component("D", 32.0, (15.92, -1444.0, 259.0), (23.3, -0.0700, -0.0002), (0.960, 8.70e-3, 4.81e-5),
              (0.3567, 8.51e-4, -3.12e-7), 86.7),
    Component("E", 46.0, (16.35, -2114.0, 265.5), (33.9, -0.0957, -0.000152), (0.573, 2.41e-3, 1.82e-5),
              (0.3463, 8.96e-4, -3.27e-7), 160.0),
    Component("F", 48.0, (16.35, -2114.0, 265.5), (32.8, -0.0995, -0.000233), (0.652, 2.18e-3, 1.94e-5),
              (0.3930, 1.02e-3, -3.12e-7), 160.0),
    Component("G", 62.0, (16.43, -2748.0, 232.9), (49.9, -0.0191, -0.000425), (0.515, 5.65e-4, 3.82e-6),
              (0.170, 0.0, 0.0), 225.0),
    Component("H", 76.0, (17.21, -3318.0, 249.6), (50.5, -0.0541, -0.000150), (0.471, 8.70e-4, 2.62e-6),
              (0.150, 0.0, 0.0), 209.0),
)  # fmt: skip

COUNT = len(COMPONENTS)
GASES = 3  # the first of them
KELVIN = 273.15
GAS_CONSTANT_PRESSURE = 998.9  # mmHg ft³/(lbmol K)
GAS_CONSTANT_ENERGY = 3.57696e-6  # MMBtu/(lbmol °C)
FAHRENHEIT = 1.8  # °F in one °C


def _enthalpy(component: Component, heat: tuple[float, float, float], latent: float) -> Cubic:
    scale = component.weight * 1e-6
    linear, square, cube = (scale * FAHRENHEIT * share / (power + 1) for power, share in enumerate(heat))
    return scale * latent, linear, square, cube


WEIGHTS = np.array([component.weight for component in COMPONENTS])
_ANTOINE = np.array([component.antoine for component in COMPONENTS])
_DENSITY = np.array([component.density for component in COMPONENTS])
_LIQUID = np.array([_enthalpy(component, component.liquid_heat, 0.0) for component in COMPONENTS])
_VAPOUR = np.array([_enthalpy(component, component.vapour_heat, component.latent_heat) for component in COMPONENTS])


@compiled
def molar_weight(x: FloatArray, row: int) -> float:
    """Mean molecular weight in lb/lbmol of a row of mole fractions."""
    total = 0.0
    for i in range(COUNT):
        total += x[row, i] * WEIGHTS[i]
    return total


@compiled
def vapour_pressure(component: int, celsius: float) -> float:
    """Vapour pressure of a condensable component in mmHg."""
    return exp(_ANTOINE[component, 0] + _ANTOINE[component, 1] / (celsius + _ANTOINE[component, 2]))


@compiled
def liquid_density(x: FloatArray, row: int, first: int, celsius: float) -> float:
    """Molar density in lbmol/ft³ of a liquid of the components from `first` on: the molar volumes add up."""
    volume = 0.0
    for i in range(first, COUNT):
        volume += x[row, i] * WEIGHTS[i] / (_DENSITY[i, 0] + (_DENSITY[i, 1] + _DENSITY[i, 2] * celsius) * celsius)
    return 1.0 / volume


@compiled
def liquid_enthalpy(x: FloatArray, row: int) -> Cubic:
    """Molar enthalpy of a liquid in MMBtu/lbmol, as coefficients of the powers of the temperature in °C."""
    linear, square, cube = 0.0, 0.0, 0.0
    for i in range(COUNT):
        linear += x[row, i] * _LIQUID[i, 1]
        square += x[row, i] * _LIQUID[i, 2]
        cube += x[row, i] * _LIQUID[i, 3]
    return 0.0, linear, square, cube


@compiled
def vapour_enthalpy(x: FloatArray, row: int) -> Cubic:
    """Molar enthalpy of a vapour in MMBtu/lbmol, as coefficients of the powers of the temperature in °C."""
    constant, linear, square, cube = 0.0, 0.0, 0.0, 0.0
    for i in range(COUNT):
        constant += x[row, i] * _VAPOUR[i, 0]
        linear += x[row, i] * _VAPOUR[i, 1]
        square += x[row, i] * _VAPOUR[i, 2]
        cube += x[row, i] * _VAPOUR[i, 3]
    return constant, linear, square, cube


@compiled
def internal_energy(enthalpy: Cubic) -> Cubic:
    """Molar internal energy of a vapour: its enthalpy without R T."""
    constant, linear, square, cube = enthalpy
    return constant - GAS_CONSTANT_ENERGY * KELVIN, linear - GAS_CONSTANT_ENERGY, square, cube


@compiled
def at(cubic: Cubic, celsius: float) -> float:
    """The value of a cubic at a temperature."""
    constant, linear, square, cube = cubic
    return constant + celsius * (linear + celsius * (square + celsius * cube))


@compiled
def temperature(cubic: Cubic, energy: float, start: float) -> float:
    """The temperature in °C at which the cubic has the value `energy`, by Newton's method from `start`.

    From the temperature of a second ago two steps are enough: the error after a step is a thousandth of the step's square, so
    it ends below 10⁻¹² °C. Without convergence the start is kept.
    """
    _, linear, square, cube = cubic
    celsius = start
    for _ in range(100):
        slope = linear + celsius * (2.0 * square + celsius * 3.0 * cube)
        correction = (energy - at(cubic, celsius)) / slope
        celsius += correction
        if abs(correction) < 1e-5:
            return celsius
    return start
