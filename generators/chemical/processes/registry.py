"""The list of process models, in the order in which a fleet deals them out to its units."""

from __future__ import annotations

from generators.chemical.processes import fed_batch_fermenter, quadruple_tank, tank_farm, utilities, van_de_vusse_reactor
from generators.chemical.processes.model import ProcessModel

MODELS: tuple[ProcessModel, ...] = (
    van_de_vusse_reactor.MODEL,
    quadruple_tank.MODEL,
    fed_batch_fermenter.MODEL,
    utilities.MODEL,
    tank_farm.MODEL,
)
