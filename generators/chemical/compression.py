"""Thinning out of readings where a site does it: exception reporting at the source, swinging-door compression in the historian.

After the swinging door, a straight line between the readings that are left differs from every value that was sent by the
compression deviation at most, and no gap is longer than `Door.max_seconds`. A value that exception reporting left out is
within the exception deviation of the one sent before it, so within twice that of a line between the values sent; as this
deviation is at most half of the other, no scan is farther from the readings than two compression deviations. Bad values and
changes of quality always pass.

The last reading of a day always passes: the day's file is closed after midnight, and a value that the door still held could
not be put into it any more. The next day goes on from it, so that midnight costs one reading and no more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generators.chemical.compiled import compiled
from generators.chemical.processes.model import FloatArray

EXCEPTION_MAX_SECONDS = 600
COMPRESSION_MAX_SECONDS = 1800
COMPRESSION_SHARES = (0.01, 0.02)  # of the span, for transmitters: AVEVA's starting values
COMPRESSION_CELSIUS = (0.5, 1.0)  # for thermocouples, the same
NEVER_REPORTED = -1  # a quality that no reading has
_LOWEST_KNOWN = 64  # quality below it is bad, and the value unknown


@dataclass(frozen=True)
class Door:
    """Settings of the swinging door, the deviation in the tag's unit of measure."""

    deviation: float
    max_seconds: int = COMPRESSION_MAX_SECONDS


@dataclass(frozen=True)
class Compression:
    """How a tag's readings are thinned out, the deviation in its unit of measure. A stepped tag has no door."""

    exception_deviation: float
    exception_max_seconds: int = EXCEPTION_MAX_SECONDS
    door: Door | None = None

    @property
    def longest_gap_seconds(self) -> int:
        """From one reading to the next, when nothing changes."""
        return self.exception_max_seconds if self.door is None else self.door.max_seconds


@compiled
def report_exceptions(
    scan: NDArray[np.int32],
    value: FloatArray,
    quality: NDArray[np.int16],
    deviation: float,
    longest: int,
    sends_previous: bool,
    last_value: float,
    last_quality: int,
) -> int:
    """Keep the readings that a source sends, in place; returns how many.

    A reading is sent when it is farther than `deviation` from the last one sent, or `longest` scans after it. Where a line is
    drawn between readings, the one before goes with it. `last_value` and `last_quality` were sent at scan −1.
    """
    kept, last_scan = 0, -1
    is_previous_sent = True
    for row in range(len(scan)):
        is_sent = (
            quality[row] != last_quality
            or quality[row] < _LOWEST_KNOWN
            or abs(value[row] - last_value) > deviation
            or scan[row] - last_scan >= longest
            or row == len(scan) - 1
        )
        if is_sent:
            if sends_previous and not is_previous_sent:
                scan[kept], value[kept], quality[kept] = scan[row - 1], value[row - 1], quality[row - 1]
                kept += 1
            last_scan, last_value, last_quality = scan[row], value[row], quality[row]
            scan[kept], value[kept], quality[kept] = scan[row], value[row], quality[row]
            kept += 1
        is_previous_sent = is_sent
    return kept


@compiled
def swing_door(
    scan: NDArray[np.int32],
    value: FloatArray,
    quality: NDArray[np.int16],
    deviation: float,
    longest: int,
    last_value: float,
    last_quality: int,
) -> int:
    """Keep the readings that a straight line between them needs, in place; returns how many.

    The door hangs on the last reading kept: it is the range of slopes that pass every value since within `deviation`. A value
    in the door is held; one outside it, or more than `longest` scans from the hinge, makes the held one the next hinge.
    `last_value` and `last_quality` were kept at scan −1.
    """
    kept = 0
    hinge_scan, hinge_value = -1, last_value
    lowest, highest = -np.inf, np.inf
    is_held = False
    for row in range(len(scan)):
        if quality[row] != last_quality or quality[row] < _LOWEST_KNOWN:
            if is_held:
                scan[kept], value[kept], quality[kept] = scan[row - 1], value[row - 1], quality[row - 1]
                kept += 1
            hinge_scan, hinge_value, last_quality = scan[row], value[row], quality[row]
            scan[kept], value[kept], quality[kept] = scan[row], value[row], quality[row]
            kept += 1
            lowest, highest = -np.inf, np.inf
            is_held = False
            continue
        if is_held:
            slope = (value[row] - hinge_value) / (scan[row] - hinge_scan)
            if slope < lowest or slope > highest or scan[row] - hinge_scan > longest:
                hinge_scan, hinge_value = scan[row - 1], value[row - 1]
                scan[kept], value[kept], quality[kept] = scan[row - 1], value[row - 1], quality[row - 1]
                kept += 1
                lowest, highest = -np.inf, np.inf
        width = scan[row] - hinge_scan
        lowest = max(lowest, (value[row] - deviation - hinge_value) / width)
        highest = min(highest, (value[row] + deviation - hinge_value) / width)
        is_held = True
    if is_held:
        end = len(scan) - 1
        scan[kept], value[kept], quality[kept] = scan[end], value[end], quality[end]
        kept += 1
    return kept
