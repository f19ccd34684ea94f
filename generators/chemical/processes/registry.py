"""The list of process models, in the order in which a fleet deals them out to its units."""

from __future__ import annotations

from generators.chemical.processes import (
    distillation_column,
    exothermic_reactor,
    quadruple_tank,
    van_de_vusse_reactor,
    wood_berry_column,
)
from generators.chemical.processes.model import ProcessModel

MODELS: tuple[ProcessModel, ...] = (
    van_de_vusse_reactor.MODEL,
    quadruple_tank.MODEL,
    distillation_column.MODEL,
    wood_berry_column.MODEL,
    exothermic_reactor.MODEL,
)
