"""The measurement layer: what an instrument makes of a true signal, and what the historian keeps of it.

True value → sensor lag → gain, bias and slow walk → noise (white with a little memory) → defect → clamp to the range →
quantise to the resolution. A stored value is whole / steps_per_unit, the double nearest to that decimal number, so
round(value / resolution) gives the whole number back exactly.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from generators.chemical.compiled import compiled, formula
from generators.chemical.defects import COMMUNICATION_GAP, DRIFT, FROZEN, SENSOR_FAILURE, SPIKE
from generators.chemical.processes.model import FloatArray

# OPC DA quality codes: QQSSSSLL, quality, substatus, limit bits.
GOOD = 192
LAST_USABLE = 68
NOT_ACCURATE = 80
RANGE_EXCEEDED_LOW = 85
RANGE_EXCEEDED_HIGH = 86
BAD_SENSOR = 16
BAD_COMMUNICATION = 24

NOISE_MEMORY = 0.8  # per scan
LAST_USABLE_READINGS = 6  # that a collector repeats before it gives a source up
_MEMORY_DRIVE = 0.6  # √(1 − memory²): the memory has unit variance
_WHITE_SHARE = 0.7576  # the two shares give unit variance together: w² + m² + 2 w m √(1 − memory²) = 1
_MEMORY_SHARE = 0.3409


@compiled
def lagged(signal: FloatArray, start: float, keep: float) -> FloatArray:
    """First-order lag: keep = exp(−tick / lag). The first output is `start`; the last continues the next day."""
    out = np.empty_like(signal)
    out[0] = start
    for tick in range(1, len(signal)):
        out[tick] = signal[tick] + keep * (out[tick - 1] - signal[tick])
    return out


@formula
def is_spike(scans_since: Any) -> Any:
    """Whether a loose contact shows at a scan since it came loose: at the first, and then every 5, 8 or 13."""
    return (scans_since * 40_503) % 65_536 < 8_192  # multiples of the golden ratio, an eighth of them


@compiled
def observe(
    signal: FloatArray,
    first_tick: int,
    ticks_per_scan: int,
    fraction: float,
    gain: float,
    bias_from: float,
    bias_to: float,
    calibrated_scan: int,
    bias_left: float,
    noise_sd: float,
    normals: NDArray[np.float32],
    memory: float,
    steps_per_unit: int,
    low_step: int,
    high_step: int,
    defect_kind: int,
    defect_from: int,
    defect_to: int,
    defect_magnitude: float,
    scan_out: NDArray[np.int32],
    value_out: FloatArray,
    quality_out: NDArray[np.int16],
) -> tuple[int, float]:
    """The readings of one tag on one day, written to the three outputs; returns how many, and the noise's memory.

    Scan k reads `signal` at tick first_tick + k × ticks_per_scan + fraction, linearly between ticks. The bias
    glides over the day, until a calibration at `calibrated_scan` leaves `bias_left`. `normals` holds one standard normal per
    scan, or nothing for an exact tag. The defect holds for scans defect_from ≤ k < defect_to. A bad value
    is NaN. `scan_out` receives the number of the scan: a reading that is lost leaves no row.
    """
    scans = (len(signal) - 1) // ticks_per_scan
    bias_step = (bias_to - bias_from) / scans
    written = 0
    held = low_step
    for scan in range(scans):
        tick = first_tick + scan * ticks_per_scan
        value = signal[tick]
        if fraction > 0.0:
            value += fraction * (signal[tick + 1] - value)
        if scan == calibrated_scan:
            bias_from, bias_step = bias_left, 0.0
        value = gain * value + bias_from + bias_step * scan
        if noise_sd > 0.0:
            normal = normals[scan]
            memory = NOISE_MEMORY * memory + _MEMORY_DRIVE * normal
            value += noise_sd * (_WHITE_SHARE * normal + _MEMORY_SHARE * memory)
        quality = GOOD
        is_known = True
        is_held = False
        if defect_from <= scan < defect_to:
            if defect_kind == SENSOR_FAILURE:
                quality = BAD_SENSOR
                is_known = False
            elif defect_kind == COMMUNICATION_GAP:
                since = scan - defect_from
                if since > LAST_USABLE_READINGS:
                    continue
                quality = LAST_USABLE
                is_held = True
                if since == LAST_USABLE_READINGS or scan == defect_to - 1:
                    quality = BAD_COMMUNICATION
                    is_known = False
            elif defect_kind == FROZEN:
                is_held = True
            elif defect_kind == DRIFT:
                share = (scan - defect_from + 1) / (defect_to - defect_from)
                value += defect_magnitude * share
                if share > 0.5:  # the plausibility check against its neighbours has noticed
                    quality = NOT_ACCURATE
            elif defect_kind == SPIKE and is_spike(scan - defect_from):
                value += defect_magnitude
        if not is_held:
            held = int(np.floor(value * steps_per_unit + 0.5))
        step = held
        if step < low_step:
            step = low_step
            if is_known:
                quality = RANGE_EXCEEDED_LOW
        elif step > high_step:
            step = high_step
            if is_known:
                quality = RANGE_EXCEEDED_HIGH
        scan_out[written] = scan
        value_out[written] = step / steps_per_unit if is_known else np.nan
        quality_out[written] = quality
        written += 1
    return written, memory
