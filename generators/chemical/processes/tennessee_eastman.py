"""glue"""

from __future__ import annotations
import numpy as np
from generators.chemical.processes.model import FloatArray, Tuning
from generators.chemical.processes.tennessee_eastman_control import CONTROL_LOOPS
from generators.chemical.processes.tennessee_eastman_physics import Parameters


def tuning(parameters: Parameters) -> Tuning:
    return Tuning(
        gains=np.array([100.0 * loop.gain / loop.span for loop in CONTROL_LOOPS]),
        integral_times=np.array([loop.reset_seconds for loop in CONTROL_LOOPS]),
    )
