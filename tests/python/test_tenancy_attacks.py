"""Every attack of the list in docs/tenancy.md fails, for the service and for a BI tool."""

from __future__ import annotations

import pytest

from tests.python.tenancy import Client
from tests.python.tenancy_attacks import ATTACKS


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_fails(attack: str, client: Client) -> None:
    ATTACKS[attack](client)
