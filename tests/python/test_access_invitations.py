"""Invitations, members and roles: nobody gets more than those above them have, and an owner stays (attack 26)."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from ingest.access import invitations, members, organizations, sessions, users
from ingest.access.errors import AccessError, LockedOutError, NotPermittedError, SignInRefusedError
from ingest.connection import Target, connect
from tests.python.accounts import PASSWORD, Connect, Tenant

GUEST = "guest@elsewhere.example"


def invite(connection: psycopg.Connection, tenant: Tenant, role: str = "operator", by: str | None = None) -> str:
    return invitations.invite(connection, tenant.principal(connection, by), GUEST, role).token


def is_waiting(connection: psycopg.Connection, other: psycopg.Connection) -> bool:
    """Whether the other connection waits for a lock."""
    with connection.transaction():
        query = "select wait_event_type from pg_stat_activity where pid = %s"
        return connection.execute(query, (other.info.backend_pid,)).fetchone() == ("Lock",)


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def accept(connection: psycopg.Connection, token: str, email: str = GUEST, password: str = PASSWORD) -> str:
    return invitations.accept(connection, token, email, "A guest", password)


def assert_refused(connection: psycopg.Connection, token: str, email: str = GUEST) -> None:
    with pytest.raises(SignInRefusedError) as refused:
        accept(connection, token, email)
    assert str(refused.value) == invitations.WRONG


def test_an_invitation_is_good_once_and_for_its_address(accounts: psycopg.Connection, brine: Tenant) -> None:
    token = invite(accounts, brine)
    assert_refused(accounts, token, "other@elsewhere.example")
    assert_refused(accounts, token[:-1] + ("A" if token[-1] != "A" else "B"))
    assert_refused(accounts, "")
    assert accept(accounts, token, GUEST.upper()) == "operator"
    assert brine.principal(accounts, GUEST).org_id == brine.org_id
    members.remove(accounts, brine.operator(accounts), GUEST)
    assert_refused(accounts, token)


def test_of_parallel_acceptances_one_succeeds(accounts: psycopg.Connection, brine: Tenant, database: Target) -> None:
    token = invite(accounts, brine)

    def attempt(_: int) -> str:
        with connect(database) as connection:
            try:
                return accept(connection, token)
            except AccessError as error:
                return str(error)

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(attempt, range(4)))
    assert outcomes.count("operator") == 1
    with accounts.transaction():
        accounts.execute("set local role saltworks_auth")
        assert accounts.execute("select count(*) from iam.users where email = %s", (GUEST,)).fetchone() == (1,)


def test_an_invitation_runs_out_and_is_replaced_by_a_newer_one(accounts: psycopg.Connection, brine: Tenant) -> None:
    old, new = invite(accounts, brine), invite(accounts, brine)
    assert_refused(accounts, old)
    with accounts.transaction():
        accounts.execute("set local role saltworks_auth")
        accounts.execute("update iam.invitations set expires_at = now()")
    assert_refused(accounts, new)
    assert accept(accounts, invite(accounts, brine)) == "operator"


def test_nobody_invites_above_themselves(accounts: psycopg.Connection, brine: Tenant) -> None:
    administrator = brine.add(accounts, "admin", "administrator")
    with pytest.raises(NotPermittedError, match="stands above your own"):
        invite(accounts, brine, "owner", administrator)
    assert invite(accounts, brine, "administrator", administrator)
    with pytest.raises(NotPermittedError, match="needs iam:write"):
        invite(accounts, brine, "viewer", brine.add(accounts, "eve", "process_engineer"))


def test_an_owner_who_steps_down_has_invited_no_owner(accounts: psycopg.Connection, brine: Tenant) -> None:
    second = brine.add(accounts, "second", "owner")
    as_owner = invite(accounts, brine, "owner", second)
    members.set_role(accounts, brine.operator(accounts), second, "administrator")  # who may invite still
    assert_refused(accounts, as_owner)
    assert accept(accounts, invite(accounts, brine, "operator", second)) == "operator"


@pytest.mark.parametrize("change", ["demoted", "removed", "deactivated", "suspended"])
def test_an_invitation_is_worth_what_its_maker_may_do_when_it_is_accepted(
    change: str, accounts: psycopg.Connection, brine: Tenant
) -> None:
    administrator = brine.add(accounts, "admin", "administrator")
    token = invite(accounts, brine, "administrator", administrator)
    operator = brine.operator(accounts)
    if change == "demoted":
        members.set_role(accounts, operator, administrator, "viewer")
    elif change == "removed":
        members.remove(accounts, operator, administrator)
    elif change == "deactivated":
        users.deactivate(accounts, administrator)
    else:
        organizations.suspend(accounts, brine.code)
    assert_refused(accounts, token)


def test_who_has_an_account_proves_it_and_keeps_the_password(
    accounts: psycopg.Connection, brine: Tenant, alkali: Tenant
) -> None:
    users.add(accounts, GUEST, "Guest", PASSWORD)
    token = invite(accounts, brine)
    for _ in range(5):
        with pytest.raises(SignInRefusedError, match=users.WRONG):
            accept(accounts, token, password="the inviter's own choice")
    with pytest.raises(LockedOutError):
        accept(accounts, token)
    with accounts.transaction():
        accounts.execute("set local role saltworks_auth")
        accounts.execute("delete from iam.login_attempts")
    assert accept(accounts, token) == "operator"
    assert brine.login(accounts, GUEST).org_id == brine.org_id


def test_an_invitation_gives_no_password_to_an_account_without_one(accounts: psycopg.Connection, brine: Tenant) -> None:
    users.add(accounts, GUEST, "A service of somebody else", None)
    with pytest.raises(SignInRefusedError, match=users.WRONG):
        accept(accounts, invite(accounts, brine))


def test_the_last_owner_stays(accounts: psycopg.Connection, brine: Tenant) -> None:
    operator = brine.operator(accounts)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: members.remove(accounts, operator, brine.owner),
        lambda: members.remove(accounts, brine.principal(accounts), brine.owner),
        lambda: members.set_role(accounts, operator, brine.owner, "administrator"),
        lambda: users.deactivate(accounts, brine.owner),
    )
    for attempt in attempts:
        with pytest.raises(AccessError, match="an organization keeps an owner"):
            attempt()
    second = brine.add(accounts, "second", "owner")
    users.deactivate(accounts, second)
    with pytest.raises(AccessError, match="an organization keeps an owner"):
        members.remove(accounts, operator, brine.owner)  # the other one cannot sign in
    third = brine.add(accounts, "third", "owner")
    members.remove(accounts, operator, brine.owner)
    assert brine.principal(accounts, third).role_level == 0


@pytest.mark.parametrize("isolation", ["read committed", "repeatable read"])
def test_two_owners_cannot_remove_each_other_at_once(
    isolation: str, accounts: psycopg.Connection, brine: Tenant, login_as: Connect
) -> None:
    second = brine.add(accounts, "second", "owner")
    one, two = login_as(accounts.info.user), login_as(accounts.info.user)
    statement = "delete from iam.memberships using iam.users where users.user_id = memberships.user_id and email = %s"
    for connection in (one, two):
        connection.execute(f"set transaction isolation level {isolation}".encode())
        connection.execute("set local role saltworks_auth")
        connection.execute("select count(*) from iam.memberships")
    one.execute(statement, (second,))
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(two.execute, statement, (brine.owner,))
        wait_until(lambda: other.done() or is_waiting(accounts, two))
        one.commit()
        with pytest.raises((psycopg.errors.IntegrityConstraintViolation, psycopg.errors.SerializationFailure)):
            other.result(timeout=20)
    two.rollback()
    assert brine.principal(accounts).role_level == 0


def test_nobody_acts_upon_those_above_them(accounts: psycopg.Connection, brine: Tenant) -> None:
    brine.add(accounts, "second", "owner")
    admin = brine.add(accounts, "admin", "administrator")
    administrator = brine.principal(accounts, admin)
    acts: tuple[Callable[[], object], ...] = (
        lambda: members.remove(accounts, administrator, brine.owner),
        lambda: members.set_role(accounts, administrator, brine.owner, "viewer"),
        lambda: members.set_role(accounts, administrator, admin, "owner"),
        lambda: members.withdraw(accounts, administrator, "owner", "audit:read"),
    )
    for act in acts:
        with pytest.raises(NotPermittedError, match="stands above your own"):
            act()
    with pytest.raises(NotPermittedError, match="members invite others"):
        members.add(accounts, administrator, brine.owner, "viewer")


def test_a_role_cannot_be_made_to_permit_what_its_maker_lacks(accounts: psycopg.Connection, brine: Tenant) -> None:
    administrator = brine.principal(accounts, brine.add(accounts, "admin", "administrator"))
    members.add_role(accounts, administrator, "planner", "Planner", 3)
    members.grant(accounts, administrator, "planner", "batch:write")
    with pytest.raises(NotPermittedError, match="needs organization:write"):
        members.grant(accounts, administrator, "planner", "organization:write")
    with pytest.raises(NotPermittedError, match="stands above your own"):
        members.grant(accounts, administrator, "owner", "batch:write")
    with pytest.raises(AccessError, match="the owner alone has 0"):
        members.add_role(accounts, administrator, "other_owner", "Other owner", 0)
    with pytest.raises(AccessError, match="there is no permission everything:write"):
        members.grant(accounts, administrator, "planner", "everything:write")
    planners = [role for role in members.list_roles(accounts, administrator) if role.role_code == "planner"]
    assert [role.permissions for role in planners] == [["batch:write"]]
    viewer = brine.principal(accounts, brine.add(accounts, "vera", "viewer"))
    attempts: tuple[Callable[[], object], ...] = (
        lambda: members.grant(accounts, viewer, "viewer", "batch:write"),
        lambda: members.list_members(accounts, viewer),
        lambda: members.list_roles(accounts, viewer),
    )
    for attempt in attempts:
        with pytest.raises(NotPermittedError, match="this needs iam"):
            attempt()


def test_members_of_one_organization_are_unknown_to_another(
    accounts: psycopg.Connection, brine: Tenant, alkali: Tenant
) -> None:
    owner = alkali.principal(accounts)
    with pytest.raises(AccessError, match="is not a member"):
        members.remove(accounts, owner, brine.owner)
    with pytest.raises(AccessError, match="is not a member"):
        members.set_role(accounts, owner, brine.owner, "viewer")
    assert [member.email for member in members.list_members(accounts, owner)] == [alkali.owner]
    assert invitations.list_open(accounts, owner) == []
    invite(accounts, brine)
    assert invitations.list_open(accounts, owner) == []
    assert [invitation.email for invitation in invitations.list_open(accounts, brine.principal(accounts))] == [GUEST]


def test_everybody_may_leave(accounts: psycopg.Connection, brine: Tenant) -> None:
    ben = brine.add(accounts, "ben", "viewer")
    token = brine.login(accounts, ben).token
    members.remove(accounts, sessions.resume(accounts, token), ben)
    with pytest.raises(SignInRefusedError):
        sessions.resume(accounts, token)
