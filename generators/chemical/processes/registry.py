"""The list of process models, in the order in which a fleet deals them out to its units."""

from __future__ import annotations

from generators.chemical.processes import (
    distillation_column,
    exothermic_reactor,
    fed_batch_fermenter,
    quadruple_tank,
    tank_farm,
    tennessee_eastman,
    utilities,
    van_de_vusse_reactor,
    wood_berry_column,
)
from generators.chemical.processes.model import ProcessModel

MODELS: tuple[ProcessModel, ...] = (
    tennessee_eastman.MODEL,
    van_de_vusse_reactor.MODEL,
    fed_batch_fermenter.MODEL,
    distillation_column.MODEL,
    quadruple_tank.MODEL,
    exothermic_reactor.MODEL,
    wood_berry_column.MODEL,
    utilities.MODEL,
    tank_farm.MODEL,
)
