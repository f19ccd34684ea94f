"""Every attack of the list in docs/tenancy.md fails, for the service and for a BI tool."""

from __future__ import annotations

import pytest

from tests.python.attacks import ATTACKS
from tests.python.tenancy import Client


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_fails(attack: str, client: Client) -> None:
    ATTACKS[attack](client)


def test_a_guest_has_no_name(client: Client) -> None:
    """The host sees that a user of another organization is a member, and not the row of the user."""
    with client.session() as connection:
        guests = connection.execute(
            "select memberships.job_title, users.full_name from raw_iam.memberships"
            " left join raw_iam.users on memberships.home_org_id = users.org_id and memberships.user_id = users.user_id"
            " where memberships.home_org_id <> memberships.org_id"
        ).fetchall()
    assert guests
    assert {name for _, name in guests} == {None}
