"""The audit trail: nobody changes it on the ordinary way, and whoever does it by force is found (attack 27)."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from ingest.access import audit, organizations
from ingest.access.principal import operator_name
from ingest.connection import Target, connect
from tests.python.accounts import Tenant


def tamper(superuser: psycopg.Connection, *statements: str) -> None:
    """As one with all power: without triggers."""
    with superuser.transaction():
        superuser.execute("set local session_replication_role = replica")
        for statement in statements:
            superuser.execute(statement.encode())


def problems(connection: psycopg.Connection, known: audit.Head | None = None) -> str:
    return "; ".join(audit.verify(connection, known).problems)


def test_the_chain_of_an_honest_trail_holds(accounts: psycopg.Connection, brine: Tenant, alkali: Tenant) -> None:
    empty = audit.Head(0, audit.START.hex())
    before = audit.verify(accounts, empty)
    assert before.problems == ()
    assert before.head.events >= 6
    organizations.suspend(accounts, brine.code)
    after = audit.verify(accounts, before.head)
    assert after.problems == ()
    assert after.head.events == before.head.events + 1


def test_a_changed_event_is_found(accounts: psycopg.Connection, brine: Tenant, superuser: psycopg.Connection) -> None:
    superuser.execute("create table public.honest as select * from iam.audit_events")
    for change in (
        "occurred_at = occurred_at - interval '1 second'",
        "org_id = org_id + 1",
        "org_id = null",
        "actor = 'somebody else'",
        "action = 'nothing'",
        "subject = 'nobody'",
        "details = '{}'",
        "event_sha256 = sha256('x')",
    ):
        assert problems(accounts) == ""
        tamper(superuser, f"update iam.audit_events set {change} where event_id = 3")
        assert "event 3 was changed" in problems(accounts), change
        tamper(superuser, "delete from iam.audit_events", "insert into iam.audit_events select * from public.honest")


def test_a_removed_event_is_found(accounts: psycopg.Connection, brine: Tenant, superuser: psycopg.Connection) -> None:
    tamper(superuser, "delete from iam.audit_events where event_id = 2")
    assert "event 2 is missing" in problems(accounts)


def test_a_removed_event_is_found_when_the_others_are_numbered_anew(
    accounts: psycopg.Connection, brine: Tenant, superuser: psycopg.Connection
) -> None:
    tamper(
        superuser,
        "delete from iam.audit_events where event_id = 2",
        "update iam.audit_events set event_id = 2 where event_id = 3",
    )
    assert "event 2 does not continue the one before it" in problems(accounts)
    assert "event 2 was changed" in problems(accounts)


def test_a_trail_that_was_cut_or_written_anew_is_found_by_a_head_kept_elsewhere(
    accounts: psycopg.Connection, brine: Tenant, superuser: psycopg.Connection
) -> None:
    head = audit.verify(accounts).head
    tamper(superuser, f"delete from iam.audit_events where event_id = {head.events}")
    assert problems(accounts) == "", "the rest of the chain is sound in itself"
    assert problems(accounts, head) == f"the chain no longer holds {head}"
    organizations.suspend(accounts, brine.code)  # as many events as before, and yet not the same
    assert problems(accounts, head) == f"the chain no longer holds {head}"


@pytest.mark.parametrize("role", ["saltworks_auth", "saltworks_audit", None])
def test_the_trail_is_append_only_even_for_its_owner(
    role: str | None, accounts: psycopg.Connection, brine: Tenant, superuser: psycopg.Connection
) -> None:
    for statement in (
        "update iam.audit_events set actor = 'x'",
        "delete from iam.audit_events",
        "truncate iam.audit_events",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), superuser.transaction():
            if role is not None:
                superuser.execute(f"set local role {role}".encode())
            superuser.execute(statement.encode())
    assert problems(accounts) == ""


def test_saltworks_auth_writes_no_event_but_through_the_function(accounts: psycopg.Connection, brine: Tenant) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), accounts.transaction():
        accounts.execute("set local role saltworks_auth")
        accounts.execute("insert into iam.audit_events values (99, now(), null, 'x', 'x', 'x', '{}', sha256(''), sha256(''))")


def test_parallel_events_make_one_chain_without_gaps(accounts: psycopg.Connection, brine: Tenant, database: Target) -> None:
    def append(number: int) -> None:
        with connect(database) as connection:
            for step in range(5):
                with connection.transaction():
                    connection.execute("set local role saltworks_auth")
                    audit.record(connection, operator_name(connection), "test", f"{number}", brine.org_id, step=step)
                    if step == 3:
                        raise psycopg.Rollback()

    before = audit.verify(accounts).head
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(append, range(6)))
    after = audit.verify(accounts, before)
    assert after.problems == ()
    assert after.head.events == before.events + 24


def test_an_organization_is_shown_its_own_events_alone(accounts: psycopg.Connection, brine: Tenant, alkali: Tenant) -> None:
    brine.login(accounts)
    shown = audit.latest(accounts, 100, brine.org_id)
    assert shown[0].action == "login"
    assert all("alkali" not in str(event) for event in shown)
    assert len(audit.latest(accounts, 100)) > len(shown)
