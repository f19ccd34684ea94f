"""Each guard is needed: without it, the attack that it stands against succeeds. A guard that nothing misses is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
import pytest

from ingest.access.errors import AccessError
from tests.python.attacks import ATTACKS
from tests.python.tenancy import Client, World

UNITS = "chemical.dim_units"
SITES = "raw_asset.sites"
OWN_ROWS = "org_id = (select iam.current_org())"
DEFAULTS = "alter default privileges for role saltworks_transform in schema chemical"
JOB_ROWS = "org_id = (select nullif(current_setting('ingest.org_id', true), '')::integer)"


@dataclass(frozen=True)
class Removal:
    """How a guard is removed and put back, and the attack that succeeds without it. {a} is A's BI login, {day} a partition."""

    guard: str
    without: str
    back: str
    attack: str


@dataclass(frozen=True)
class Rewriting:
    """A guard inside a function or view of schema iam: the text of the definition that is replaced."""

    guard: str
    definition: str
    text: str
    other: str
    attack: str


REMOVALS = (
    Removal(
        "the policy of a mart",
        f"alter policy tenant on {UNITS} using (true)",
        f"alter policy tenant on {UNITS} using ({OWN_ROWS})",
        "01_everything_that_can_be_read",
    ),
    Removal(
        "the policy of a raw table",
        f"alter policy tenant on {SITES} using (true)",
        f"alter policy tenant on {SITES} using ({OWN_ROWS})",
        "01_everything_that_can_be_read",
    ),
    Removal(
        "WITH CHECK of a policy",
        f"alter policy tenant on {UNITS} with check (true)",
        f"alter policy tenant on {UNITS} with check ({OWN_ROWS})",
        "30_the_catalogue",
    ),
    Removal(
        "one policy for tenants and not two",
        f"create policy second on {UNITS} for select using (true)",
        f"drop policy second on {UNITS}",
        "01_everything_that_can_be_read",
    ),
    Removal(
        "row-level security of a mart",
        f"alter table {UNITS} disable row level security",
        f"alter table {UNITS} enable row level security",
        "01_everything_that_can_be_read",
    ),
    Removal(
        "row-level security of a raw table",
        "alter table raw_historian.readings disable row level security",
        "alter table raw_historian.readings enable row level security",
        "01_everything_that_can_be_read",
    ),
    Removal(
        "FORCE",
        f"alter table {UNITS} no force row level security",
        f"alter table {UNITS} force row level security",
        "30_the_catalogue",
    ),
    Removal(
        "row-level security of a partition",
        "alter table {day} disable row level security",
        "alter table {day} enable row level security",
        "30_the_catalogue",
    ),
    Removal(
        "partitions without grants",
        "grant select on {day} to saltworks_tenant",
        "revoke select on {day} from saltworks_tenant",
        "06_reading_what_is_not_granted",
    ),
    Removal(
        "nothing for PUBLIC",
        "grant usage on schema raw_truth to public; grant select on raw_truth.faults to public",
        "revoke select on raw_truth.faults from public; revoke usage on schema raw_truth from public",
        "06_reading_what_is_not_granted",
    ),
    Removal(
        "accounts without grants",
        "grant select on iam.sessions to saltworks_tenant",
        "revoke select on iam.sessions from saltworks_tenant",
        "06_reading_what_is_not_granted",
    ),
    Removal(
        "org_id wherever tenants read",
        "grant usage on schema raw_ref to saltworks_tenant; grant select on raw_ref.countries to saltworks_tenant",
        "revoke select on raw_ref.countries from saltworks_tenant; revoke usage on schema raw_ref from saltworks_tenant",
        "01_everything_that_can_be_read",
    ),
    Removal(
        "security_invoker",
        "alter view staging.stg_asset__control_loops set (security_invoker = false)",
        "alter view staging.stg_asset__control_loops set (security_invoker = true)",
        "07_a_view_granted_by_mistake",
    ),
    Removal(
        "security_barrier",
        "alter view staging.stg_asset__control_loops set (security_barrier = false)",
        "alter view staging.stg_asset__control_loops set (security_barrier = true)",
        "30_the_catalogue",
    ),
    Removal(
        "no materialized views",
        f"create materialized view chemical.units as select * from {UNITS}; grant select on chemical.units to saltworks_tenant",
        "drop materialized view chemical.units",
        "08_what_knows_no_policies",
    ),
    Removal(
        "no default privileges",
        f"{DEFAULTS} grant select on tables to saltworks_tenant",
        f"{DEFAULTS} revoke select on tables from saltworks_tenant",
        "09_a_new_table",
    ),
    Removal(
        "no INSERT",
        f"grant insert on {SITES} to saltworks_tenant",
        f"revoke insert on {SITES} from saltworks_tenant",
        "04_writing",
    ),
    Removal("no TRUNCATE", f"grant truncate on {UNITS} to {{a}}", f"revoke truncate on {UNITS} from {{a}}", "12_making_things"),
    Removal(
        "no REFERENCES",
        f"grant references on {UNITS} to saltworks_tenant",
        f"revoke references on {UNITS} from saltworks_tenant",
        "12_making_things",
    ),
    Removal(
        "no TRIGGER",
        f"grant trigger on {UNITS} to saltworks_tenant",
        f"revoke trigger on {UNITS} from saltworks_tenant",
        "12_making_things",
    ),
    Removal(
        "no TEMP",
        "grant temporary on database {database} to public",
        "revoke temporary on database {database} from public",
        "30_the_catalogue",
    ),
    Removal(
        "no CREATE in a schema",
        "grant create on schema chemical to saltworks_tenant",
        "revoke create on schema chemical from saltworks_tenant",
        "30_the_catalogue",
    ),
    Removal(
        "no CREATE in the database",
        "grant create on database {database} to saltworks_tenant",
        "revoke create on database {database} from saltworks_tenant",
        "30_the_catalogue",
    ),
    Removal("no BYPASSRLS", "alter role {a} bypassrls", "alter role {a} nobypassrls", "01_everything_that_can_be_read"),
    Removal("no CREATEROLE", "alter role {a} createrole", "alter role {a} nocreaterole", "12_making_things"),
    Removal(
        "member of nothing else",
        "grant saltworks_transform to {a} with inherit true",
        "revoke saltworks_transform from {a}",
        "01_everything_that_can_be_read",
    ),
    Removal(
        "no SET ROLE",
        "grant saltworks_owner to saltworks_api with inherit false, set true",
        "revoke saltworks_owner from saltworks_api",
        "13_other_roles",
    ),
    Removal(
        "no definitions, the second belt",
        "alter event trigger refuse_definitions_of_tenants disable",
        "alter event trigger refuse_definitions_of_tenants enable",
        "14_dropping_what_it_owns",
    ),
    Removal(
        "no large objects",
        "grant execute on function lo_create(oid) to public",
        "revoke execute on function lo_create(oid) from public",
        "12_making_things",
    ),
    Removal(
        "sessions that end with the role",
        "alter table iam.memberships disable trigger on_membership_change",
        "alter table iam.memberships enable trigger on_membership_change",
        "24_a_session_of_another_role",
    ),
    Removal(
        "an owner in every organization",
        "alter table iam.memberships disable trigger on_membership_change",
        "alter table iam.memberships enable trigger on_membership_change",
        "26_removing_the_last_owner",
    ),
    Removal(
        "an audit trail that only grows",
        "alter table iam.audit_events disable trigger refuse_change",
        "alter table iam.audit_events enable trigger refuse_change",
        "27_changing_the_audit_trail",
    ),
    Removal(
        "org_id in every key",
        f"create unique index sites_oracle on {SITES} (site_id)",
        "drop index raw_asset.sites_oracle",
        "18_keys_as_oracles",
    ),
    Removal(
        "WITH CHECK of ingestion's policy",
        f"alter policy ingest on {SITES} with check (true)",
        f"alter policy ingest on {SITES} with check ({JOB_ROWS})",
        "04_writing_under_the_job_of_another",
    ),
    Removal(
        "USING of ingestion's policy",
        f"alter policy ingest on {SITES} using (true)",
        f"alter policy ingest on {SITES} using ({JOB_ROWS})",
        "04_writing_under_the_job_of_another",
    ),
    Removal(
        "no functions with the rights of others",
        "create function chemical.spy() returns bigint language sql security definer as 'select count(*) from raw_asset.sites'",
        "drop function chemical.spy()",
        "30_the_catalogue",
    ),
    Removal(
        "STABLE, not IMMUTABLE",
        "alter function iam.current_org() immutable",
        "alter function iam.current_org() stable",
        "17_a_prepared_statement",
    ),
    Removal(
        "the search path of iam.current_org()",
        "alter function iam.current_org() reset search_path",
        "alter function iam.current_org() set search_path = pg_catalog, pg_temp",
        "30_the_catalogue",
    ),
)

CURRENT_ORG = "select pg_get_functiondef('iam.current_org()'::regprocedure)"
ENTER = "select pg_get_functiondef('iam.enter(text)'::regprocedure)"
LIVE_SESSIONS = (
    "select 'create or replace view iam.live_sessions with (security_invoker = true) as '"
    " || pg_get_viewdef('iam.live_sessions'::regclass)"
)
REWRITINGS = (
    Rewriting(
        "a context that is no setting",
        CURRENT_ORG,
        "begin\n",
        "begin\nif current_setting('app.org', true) <> '' then return current_setting('app.org', true)::integer; end if;\n",
        "01_without_a_context",
    ),
    Rewriting(
        "tokens for the service alone",
        CURRENT_ORG,
        "session_user = 'saltworks_api'",
        "current_setting('app.token', true) <> ''",
        "03_the_token_of_another",
    ),
    Rewriting(
        "session_user, not current_user",
        CURRENT_ORG,
        "login.login_name = session_user",
        "login.login_name = current_user",
        "01_everything_that_can_be_read",
    ),
    Rewriting(
        "hashes of tokens",
        CURRENT_ORG,
        "session.token_sha256 = sha256(convert_to(nullif(current_setting('app.token', true), ''), 'UTF8'))",
        "encode(session.token_sha256, 'hex') = current_setting('app.token', true)",
        "02_a_forged_token",
    ),
    Rewriting(
        "suspended organizations of BI logins",
        CURRENT_ORG,
        "and organization.status = 'active'",
        "",
        "02_a_suspended_organization",
    ),
    Rewriting(
        "suspended organizations of sessions",
        LIVE_SESSIONS,
        "organization.status = 'active'::text",
        "true",
        "02_a_suspended_organization",
    ),
    Rewriting(
        "sessions that expire", LIVE_SESSIONS, "statement_timestamp() < session.expires_at", "true", "02_a_session_that_ended"
    ),
    Rewriting(
        "sessions that idle out",
        LIVE_SESSIONS,
        "statement_timestamp() < (session.last_used_at + make_interval(secs => (session.idle_seconds)::double precision))",
        "true",
        "02_a_session_that_ended",
    ),
    Rewriting(
        "a token until the end of the transaction",
        ENTER,
        "set_config('app.token', token, true)",
        "set_config('app.token', token, false)",
        "16_one_connection_for_two_tenants",
    ),
)


def succeeds(world: World, attack: str) -> bool:
    """Whether the attack succeeds by one of the ways in."""
    for kind in ("service", "bi"):
        try:
            ATTACKS[attack](Client(world, kind))
        except (AssertionError, AccessError, psycopg.Error, pytest.fail.Exception):
            return True
    return False


@contextmanager
def changed(world: World, without: str, back: str) -> Iterator[None]:
    """The database with the change, and as it was afterwards."""
    with world.superuser() as connection:
        connection.execute(without.encode())
    try:
        yield
    finally:
        with world.superuser() as connection:
            connection.execute(back.encode())


@pytest.mark.parametrize("removal", REMOVALS, ids=lambda removal: removal.guard)
def test_a_guard_is_missed(removal: Removal, tenants: World) -> None:
    with tenants.superuser() as connection:
        day = connection.execute(
            "select min(inhrelid::regclass::text) from pg_inherits where inhparent = 'raw_historian.readings'::regclass"
        )
        names = {"a": tenants.a.bi_login, "day": (day.fetchone() or ("",))[0], "database": tenants.target.login.database}
    with changed(tenants, removal.without.format(**names), removal.back.format(**names)):
        assert succeeds(tenants, removal.attack)


@pytest.mark.parametrize("rewriting", REWRITINGS, ids=lambda rewriting: rewriting.guard)
def test_a_condition_is_missed(rewriting: Rewriting, tenants: World) -> None:
    with tenants.superuser() as connection:
        (definition,) = connection.execute(rewriting.definition.encode()).fetchone() or ("",)
    assert rewriting.text in definition
    with changed(tenants, definition.replace(rewriting.text, rewriting.other), definition):
        assert succeeds(tenants, rewriting.attack)


@pytest.mark.parametrize(
    ("guard", "without", "attack"),
    [
        ("ingest.access.passwords.is_right", lambda stored, password: True, "22_a_wrong_password"),
        ("ingest.access.attempts.count_attempt", lambda connection, email: None, "23_guessing"),
        ("hmac.compare_digest", lambda one, other: True, "25_a_key_of_which_only_the_prefix_is_known"),
    ],
)
def test_a_step_of_signing_in_is_missed(
    guard: str, without: Callable[..., object], attack: str, tenants: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(guard, without)
        assert succeeds(tenants, attack)


def test_all_guards_are_back(tenants: World) -> None:
    assert [attack for attack in ATTACKS if succeeds(tenants, attack)] == []
