"""The twenty published disturbances of the Tennessee Eastman process (IDV 1 to 20) and the random walks behind some of them.

After Downs and Vogel (1993), Computers & Chemical Engineering 17(3), with the numbers of their published program. A magnitude
is 0 without the disturbance and 1 as published; other magnitudes scale it. A walk is a deviation from normal, made of cubic
pieces, and rests at 0 without its disturbance. Its draws are consumed all the same, so one disturbance never moves another.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from generators.chemical.compiled import compiled
from generators.chemical.processes.model import FloatArray
from generators.chemical.processes.tennessee_eastman_physics import FEED_TEMPERATURE, VALVES, Parameters, Surroundings

DISTURBANCES = 20
STICKING_BAND = 2.0  # % of the stroke
_STICKING = np.array([0, 0, 0, 0, 19, 0, 19, 19, 19, 14, 15, 0])  # the disturbance that makes each valve stick


class Walk(NamedTuple):
    """A random signal: how far it goes, and how long its pieces are: centre ± span, in hours."""

    disturbance: int  # its number, from 1
    size: float
    length: float
    length_span: float


# Nine that wander smoothly from one random value to the next; sizes in the unit of what they move.
WANDERING = (
    Walk(8, 0.03, 0.5, 0.2),  # share of A in the A and C feed
    Walk(8, 0.003, 1.0, 0.7),  # share of B
    Walk(9, 10.0, 0.5, 0.25),  # temperature of the D feed, °C
    Walk(10, 10.0, 1.0, 0.7),  # temperature of the A and C feed, °C
    Walk(11, 10.0, 0.25, 0.15),  # cooling water inlet of the reactor, °C
    Walk(12, 10.0, 0.25, 0.15),  # cooling water inlet of the condenser, °C
    Walk(13, 0.25, 2.0, 1.0),  # rate of the reaction to G, relative
    Walk(13, 0.25, 2.0, 1.0),  # rate of the reaction to H
    Walk(16, 0.25, 0.5, 0.4),  # heat transfer of the stripper's reboiler, relative
)
# Three that grow with the square of time to their size and fall back to zero within a tenth of an hour.
FOULING = (
    Walk(17, 0.35, 2.0, 1.5),  # heat transfer of the reactor, relative loss
    Walk(18, 0.25, 3.0, 2.0),  # heat transfer of the condenser
    Walk(20, 0.25, 2.0, 1.5),  # flow from the reactor to the separator
)
WALKS = len(WANDERING) + len(FOULING)
FIRST_KNOT_HOURS = 0.1
RETURN_HOURS = 0.1
RETURN_ABOVE = 0.1  # of its size: less than that has not grown and starts anew

PIECE = 6  # entries of a piece: coefficients of the powers 0 to 3, start and end in hours
_FLAG = np.array([walk.disturbance - 1 for walk in WANDERING + FOULING])
_SIZE = np.array([walk.size for walk in WANDERING + FOULING])
_LENGTH = np.array([walk.length for walk in WANDERING + FOULING])
_LENGTH_SPAN = np.array([walk.length_span for walk in WANDERING + FOULING])


def first_pieces() -> FloatArray:
    """Twelve walks at rest until their first knot, shape (12, 6)."""
    pieces = np.zeros((WALKS, PIECE))
    pieces[:, 5] = FIRST_KNOT_HOURS
    return pieces


@compiled
def _symmetric(uniform: float) -> float:
    return 2.0 * uniform - 1.0


@compiled
def _value(pieces: FloatArray, walk: int, hours: float) -> float:
    since = hours - pieces[walk, 4]
    value: float = pieces[walk, 0] + since * (pieces[walk, 1] + since * (pieces[walk, 2] + since * pieces[walk, 3]))
    return value


@compiled
def _slope(pieces: FloatArray, walk: int, hours: float) -> float:
    since = hours - pieces[walk, 4]
    slope: float = pieces[walk, 1] + since * (2.0 * pieces[walk, 2] + since * 3.0 * pieces[walk, 3])
    return slope


@compiled
def _join(pieces: FloatArray, walk: int, value: float, slope: float, target: float, length: float) -> None:
    """The cubic that leaves `value` with `slope` and arrives level at `target` after `length` hours."""
    pieces[walk, 0], pieces[walk, 1] = value, slope
    pieces[walk, 2] = (3.0 * (target - value) - 2.0 * length * slope) / (length * length)
    pieces[walk, 3] = (2.0 * (value - target) + length * slope) / (length * length * length)


@compiled
def continue_walks(pieces: FloatArray, magnitudes: FloatArray, hours: float, uniforms: FloatArray, used: int) -> int:
    """Give every walk whose piece has ended the next one, with uniform draws in [0, 1) from uniforms[used] on.

    Returns how many have been used in all. `magnitudes` has one entry per disturbance, read when a piece begins.
    """
    for walk in range(WALKS):
        knot = pieces[walk, 5]
        if hours < knot:
            continue
        value, slope = _value(pieces, walk, knot), _slope(pieces, walk, knot)
        magnitude = magnitudes[_FLAG[walk]]
        if walk < len(WANDERING):
            length = _LENGTH[walk] + _LENGTH_SPAN[walk] * _symmetric(uniforms[used])
            target = _SIZE[walk] * _symmetric(uniforms[used + 1]) * magnitude
            used += 3  # the published program draws an end slope too and multiplies it by zero
            _join(pieces, walk, value, slope, target, length)
        elif value > RETURN_ABOVE * _SIZE[walk]:
            length = RETURN_HOURS
            _join(pieces, walk, value, slope, 0.0, length)
        else:
            length = _LENGTH[walk] + _LENGTH_SPAN[walk] * _symmetric(uniforms[used])
            used += 1
            pieces[walk, 0], pieces[walk, 1], pieces[walk, 3] = 0.0, 0.0, 0.0
            pieces[walk, 2] = _SIZE[walk] * magnitude / (length * length)
        pieces[walk, 4], pieces[walk, 5] = knot, knot + length
    return used


@compiled
def surroundings(
    parameters: Parameters, magnitudes: FloatArray, pieces: FloatArray, hours: float, water_shift: float
) -> Surroundings:
    """What reaches the plant at a moment: normal values, the steps of IDV 1 to 7, and the walks.

    `water_shift` in °C moves both cooling water inlets: the cooling tower follows the weather.
    """
    p = parameters
    return Surroundings(
        d_feed_temperature=FEED_TEMPERATURE + 5.0 * magnitudes[2] + _value(pieces, 2, hours),
        ac_feed_temperature=FEED_TEMPERATURE + _value(pieces, 3, hours),
        share_a=p.share_a - 0.03 * magnitudes[0] - 0.00243719 * magnitudes[1] + _value(pieces, 0, hours),
        share_b=p.share_b + 0.005 * magnitudes[1] + _value(pieces, 1, hours),
        a_feed_factor=max(1.0 - magnitudes[5], 0.0),
        ac_feed_factor=max(1.0 - 0.2 * magnitudes[6], 0.0),
        reactor_water_inlet=p.reactor_water_inlet + water_shift + 5.0 * magnitudes[3] + _value(pieces, 4, hours),
        condenser_water_inlet=p.condenser_water_inlet + water_shift + 5.0 * magnitudes[4] + _value(pieces, 5, hours),
        rate_factor_g=1.0 + _value(pieces, 6, hours),
        rate_factor_h=1.0 + _value(pieces, 7, hours),
        reboiler_transfer_factor=1.0 + _value(pieces, 8, hours),
        reactor_transfer_factor=1.0 - _value(pieces, 9, hours),
        condenser_transfer_factor=1.0 - _value(pieces, 10, hours),
        reactor_outlet_factor=1.0 - _value(pieces, 11, hours),
    )


@compiled
def accept(outputs: FloatArray, magnitudes: FloatArray, commands: FloatArray) -> None:
    """The valves take their commands in %; one that sticks only when the output has left its band around the last one."""
    for valve in range(VALVES):
        band = 0.0
        if _STICKING[valve] > 0:
            band = STICKING_BAND * magnitudes[_STICKING[valve] - 1]
        if band == 0.0 or abs(commands[valve] - outputs[valve]) > band:
            commands[valve] = min(max(outputs[valve], 0.0), 100.0)
