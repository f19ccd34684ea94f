"""The way of a reading to the historian: its stamp by the clock of the I/O station, its delay, and packets sent again."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from generators.chemical.compiled import compiled
from generators.chemical.fleet import Unit
from generators.engine.streams import stream

TRANSPORT_SECONDS = (1.0, 9.0)  # from the instrument to the historian, constant within an hour
RESEND_US = 20_000_000  # a packet that was not acknowledged is sent again so much later


@compiled
def stamp(
    scans: NDArray[np.int32],
    day_us: int,
    interval_us: int,
    phase_us: int,
    hourly_delays_us: NDArray[np.int64],
    measured_out: NDArray[np.int64],
    ingested_out: NDArray[np.int64],
) -> None:
    """When each scan of a day was measured and when the historian received it, µs since 1970."""
    for row in range(len(scans)):
        offset = scans[row] * interval_us + phase_us
        measured_out[row] = day_us + offset
        ingested_out[row] = day_us + offset + hourly_delays_us[offset // 3_600_000_000]


def transport_delays_us(unit: Unit, day: date) -> NDArray[np.int64]:
    """Delay from instrument to historian for each hour of the day, in whole milliseconds."""
    rng = stream(unit.seed, "historian.readings", "transport", f"{unit.unit_id}:{day}")
    low, high = (round(seconds * 1000) for seconds in TRANSPORT_SECONDS)
    return rng.integers(low, high, 24) * 1000
