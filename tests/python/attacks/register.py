"""The register of attacks: functions that raise AssertionError when the tenant who tries succeeds.

The numbers are those of the list in docs/tenancy.md.
"""

from __future__ import annotations

from collections.abc import Callable

import psycopg

from ingest.access.isolation import readable_relations
from tests.python.tenancy import Client

Attack = Callable[[Client], None]
ATTACKS: dict[str, Attack] = {}

UNIT = "chemical.dim_units"
PERMISSION = psycopg.errors.InsufficientPrivilege


def attack(number: int) -> Callable[[Attack], Attack]:
    """Enter an attack under its number in the list."""

    def enter(function: Attack) -> Attack:
        ATTACKS[f"{number:02}_{function.__name__}"] = function
        return function

    return enter


def relations(client: Client) -> list[str]:
    """Every relation that tenants may read."""
    with client.world.operator() as connection:
        return readable_relations(connection)
