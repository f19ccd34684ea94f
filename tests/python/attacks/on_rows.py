"""What a tenant tries on the rows of another."""

from __future__ import annotations

import threading

import psycopg
import pytest

from tests.python.attacks.register import PERMISSION, UNIT, attack, relations
from tests.python.tenancy import MARTS, SERVICE, STRANGER, Client, organizations_seen

# Unique indexes that do not begin with the organization, and foreign keys without it. A guest is a user of another one.
KEYS_ACROSS_ORGANIZATIONS = """
select cast(cast(indrelid as regclass) as text), cast(cast(indexrelid as regclass) as text)
from pg_index
inner join pg_class on pg_index.indrelid = pg_class.oid
inner join pg_attribute on pg_class.oid = pg_attribute.attrelid and pg_attribute.attname = 'org_id'
where indisunique and indkey[0] <> attnum and cast(relnamespace as regnamespace)::text ~ '^(raw_|chemical)'
union all
select cast(cast(conrelid as regclass) as text), cast(conname as text)
from pg_constraint
inner join pg_attribute on conrelid = attrelid and attname = 'org_id'
where
    contype = 'f'
    and not attnum = any(conkey)
    and cast(cast(conrelid as regclass) as text) ~ '^(raw_|chemical)'
    and cast(cast(confrelid as regclass) as text) <> 'raw_iam.users'
"""


@attack(1)
def without_a_context(client: Client) -> None:
    """No token, an empty one, garbage, and settings that only look like one show nothing, in no relation."""
    names = relations(client)
    with client.world.connect(SERVICE if client.kind == "service" else STRANGER) as connection:
        for setting, value in (
            (None, ""),
            ("app.token", ""),
            ("app.token", "garbage"),
            ("app.token", "' or true --"),
            ("app.token", "x" * 100_000),
            ("app.org", str(client.world.b.org_id)),
            ("app.org_id", str(client.world.b.org_id)),
            ("ingest.org_id", str(client.world.b.org_id)),
        ):
            if setting is not None:
                connection.execute("select set_config(%s, %s, true)", (setting, value))
            for name in names if setting is None else MARTS:
                assert organizations_seen(connection, name) == set(), f"{name} with {setting} = {value[:20]!r}"
            connection.rollback()


@attack(1)
def everything_that_can_be_read(client: Client) -> None:
    """A tenant sees its own rows, in every relation that it can read, and nobody else's."""
    names = relations(client)
    with client.world.superuser() as connection:
        present = {name: organizations_seen(connection, name) for name in names}
    with client.session() as connection:
        for name in names:
            assert organizations_seen(connection, name) == present[name] & {client.world.a.org_id}, name
    assert sum(len(organizations) == 2 for organizations in present.values()) > 20, "rows of both prove something"


@attack(2)
def a_forged_token(client: Client) -> None:
    """A token with one character changed, its hash, and another's with blanks are nobody's."""
    token = client.world.b.token
    forgeries = [token[:-1] + ("A" if token[-1] != "A" else "B"), token + " ", " " + token, token.upper()]
    with client.world.superuser() as connection:
        forgeries += [row[0] for row in connection.execute("select encode(token_sha256, 'hex') from iam.sessions")]
        forgeries += [row[0] for row in connection.execute("select key_prefix from iam.api_keys limit 3")]
    own = set() if client.kind == "service" else {client.world.a.org_id}
    with client.connect() as connection:
        for forgery in forgeries:
            connection.execute("select set_config('app.token', %s, true)", (forgery,))
            assert organizations_seen(connection, UNIT) == own
            connection.rollback()


@attack(2)
def a_session_that_ended(client: Client) -> None:
    """Expired, idle, revoked, of a member who was removed or a user who was closed: a token that was good shows nothing."""
    token = client.world.b.token
    session = "where token_sha256 = sha256(%s)"
    member = f"where user_id = (select user_id from iam.sessions {session})"
    for ending in (
        f"update iam.sessions set expires_at = now() - interval '1 second' {session}",
        f"update iam.sessions set last_used_at = now() - make_interval(secs => idle_seconds) {session}",
        f"delete from iam.sessions {session}",
        f"delete from iam.memberships {member}",
        f"update iam.users set status = 'deactivated' {member}",
    ):
        with client.world.after(ending, SERVICE, token.encode()) as connection:
            connection.execute("select set_config('app.token', %s, true)", (token,))
            assert organizations_seen(connection, UNIT) == set(), ending
            with pytest.raises(psycopg.errors.InvalidAuthorizationSpecification):
                connection.execute("select iam.enter(%s)", (token,))


@attack(2)
def a_suspended_organization(client: Client) -> None:
    """A suspended organization sees nothing, by its sessions and by its BI login."""
    tenant = client.world.a
    suspend = "update iam.organizations set status = 'suspended' where org_id = %s"
    with client.world.after(suspend, client.login, tenant.org_id) as connection:
        connection.execute("select set_config('app.token', %s, true)", (tenant.token,))
        assert organizations_seen(connection, UNIT) == set()


@attack(3)
def the_token_of_another(client: Client) -> None:
    """A BI login stays in its organization whatever it sets; the service cannot be two tenants at once."""
    world = client.world
    with client.session() as connection:
        for setting in ("app.token", "app.org", "app.org_id", "session_user", "request.token"):
            if client.kind == "bi" or setting != "app.token":
                try:
                    connection.execute("select set_config(%s, %s, true)", (setting, world.b.token))
                except psycopg.Error:
                    connection.rollback()
                    client.enter(connection, world.a)
            assert organizations_seen(connection, UNIT) == {world.a.org_id}, setting
    if client.kind == "bi":
        assert client.refused("select iam.enter(%s)", world.b.token)


@attack(4)
def writing(client: Client) -> None:
    """No statement writes, into the rows of another or its own, in a raw table, a partition or a mart."""
    b = client.world.b.org_id
    for name in ("raw_asset.sites", "raw_iam.roles", UNIT):
        for statement in (
            f"insert into {name} select * from {name}",
            f"update {name} set org_id = {b}",
            f"delete from {name} where org_id = {b}",
            f"insert into {name} select * from {name} on conflict do nothing",
            f"merge into {name} as target using (select {b} as org_id) as source on target.org_id = source.org_id"
            " when matched then delete",
            f"copy {name} from stdin",
            f"select * from {name} for update",
        ):
            assert client.refused(statement), statement


@attack(4)
def writing_under_the_job_of_another(client: Client) -> None:
    """Ingestion that loads a file of A neither sees nor writes nor moves a row of B, whatever the file says (5, 28)."""
    a, b = client.world.a.org_id, client.world.b.org_id
    sites = "raw_asset.sites"
    with client.world.acting_as("saltworks_ingest", row_of=(sites, b), ingest__org_id=a) as connection:
        assert organizations_seen(connection, sites) == {a}
        for statement in (
            f"insert into {sites} select * from pg_temp.row",
            f"insert into {sites} select * from pg_temp.row on conflict (org_id, site_id) do nothing",
            f"insert into {sites} select * from pg_temp.row on conflict (org_id, site_id) do update set city = excluded.city",
            f"update {sites} set org_id = {b}",
            f"merge into {sites} as target using {sites} as source on target.site_id = source.site_id"
            f" when matched then update set org_id = {b}",
            f"copy {sites} from stdin",
        ):
            with pytest.raises((PERMISSION, psycopg.errors.FeatureNotSupported)), connection.transaction():
                connection.execute(statement.encode())
                pytest.fail(f"was allowed: {statement}")
        for statement in (
            f"update {sites} set city = 'elsewhere' where org_id = {b}",
            f"delete from {sites} where org_id = {b}",
            f"merge into {sites} as target using pg_temp.row as source on target.site_id = source.site_id"
            " when matched then delete",
        ):
            assert connection.execute(statement.encode()).rowcount == 0, statement


@attack(16)
def one_connection_for_two_tenants(client: Client) -> None:
    """A pool of one: after an error, a cancelled statement, a rollback or a commit, the next borrower is nobody at first."""
    world = client.world
    own = {world.a.org_id} if client.kind == "bi" else set()
    with client.connect() as connection:
        for ending in ("select 1 / 0", "set local statement_timeout = 20; select pg_sleep(5)", "rollback", "commit"):
            for tenant in (world.a, world.b):
                client.enter(connection, tenant)
                expected = own or {tenant.org_id}
                assert organizations_seen(connection, UNIT) == expected
                try:
                    connection.execute(ending.encode())
                except psycopg.Error:
                    connection.rollback()
                assert organizations_seen(connection, UNIT) == own, ending
                connection.rollback()


@attack(16)
def threads_on_one_connection(client: Client) -> None:
    """Threads of many tenants that take turns on one connection never see each other's rows."""
    world = client.world
    turn = threading.Lock()
    mixed: list[set[int]] = []
    with client.connect() as connection:

        def work(tenant_number: int) -> None:
            tenant = (world.a, world.b)[tenant_number % 2]
            for _ in range(10):
                with turn, connection.transaction():
                    client.enter(connection, tenant)
                    seen = organizations_seen(connection, UNIT)
                    if seen != {world.a.org_id if client.kind == "bi" else tenant.org_id}:
                        mixed.append(seen)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert mixed == []


@attack(17)
def a_prepared_statement(client: Client) -> None:
    """A statement that was planned for one tenant shows the next one only its own, however often it ran."""
    world = client.world
    query = f"select distinct org_id from {UNIT}".encode()
    with client.connect() as connection:
        for _ in range(8):
            for tenant in (world.a, world.b):
                with connection.transaction():
                    client.enter(connection, tenant)
                    seen = {row[0] for row in connection.execute(query, prepare=True)}
                    assert seen == {world.a.org_id if client.kind == "bi" else tenant.org_id}


@attack(18)
def keys_as_oracles(client: Client) -> None:
    """Keys hold within an organization, so that none tells of another's rows; and one's own insert would meet no row of B."""
    with client.world.superuser() as connection:
        assert connection.execute(KEYS_ACROSS_ORGANIZATIONS.encode()).fetchall() == []
    a, b = client.world.a.org_id, client.world.b.org_id
    with client.world.acting_as("saltworks_ingest", row_of=("raw_asset.sites", b), ingest__org_id=a) as connection:
        connection.execute(f"update pg_temp.row set org_id = {a}".encode())
        added = connection.execute("insert into raw_asset.sites select * from pg_temp.row on conflict do nothing")
        assert added.rowcount == 1, "the key of B's row is not taken in A"


@attack(19)
def leaky_conditions(client: Client) -> None:
    """A condition that would fail on a row of B never meets one: it is asked after the policy."""
    b = client.world.b.org_id
    with client.world.superuser() as connection:
        name_of_b = connection.execute(f"select unit_name from {UNIT} where org_id = {b} limit 1".encode()).fetchone()
        assert name_of_b is not None
    with client.session() as connection:
        for condition in (
            f"1 / (org_id - {b}) < 5",
            f"cast(case when org_id = {b} then 'leak ' || unit_name else '1' end as integer) = 1",
            f"length(repeat('x', case when org_id = {b} then -1 / (org_id - {b}) else 1 end)) = 1",
        ):
            connection.execute(f"select count(*) from {UNIT} where {condition}".encode())
        with pytest.raises(psycopg.DataError) as raised, connection.transaction():
            connection.execute(f"select * from {UNIT} where cast(unit_name as integer) = 1".encode())
        assert name_of_b[0] not in str(raised.value)
    assert client.refused(
        "insert into raw_asset.sites select * from raw_asset.sites"
        f" on conflict (org_id, site_id) do update set city = excluded.city where 1 / (sites.org_id - {b}) < 5"
    )


@attack(20)
def statistics(client: Client) -> None:
    """The planner's samples of values are closed, and so are the statements and tokens of others."""
    with client.session() as connection:
        assert connection.execute(
            "select count(*) from pg_stats where schemaname in ('chemical', 'raw_asset', 'raw_iam', 'staging')"
        ).fetchone() == (0,)
        queries = [row[0] or "" for row in connection.execute("select query from pg_stat_activity")]
        assert not [query for query in queries if client.world.a.token in query or client.world.b.token in query]
        plan = "\n".join(row[0] for row in connection.execute(f"explain (analyze, verbose) select * from {UNIT}".encode()))
        assert client.world.b.org_code not in plan
    for closed in ("pg_statistic", "pg_authid", "pg_hba_file_rules", "pg_file_settings", "pg_statistic_ext_data"):
        assert client.refused(f"select * from {closed}"), closed


@attack(21)
def messages(client: Client) -> None:
    """What the server says of a refused row names no value of it."""
    a, b = client.world.a.org_id, client.world.b.org_id
    with client.world.acting_as("saltworks_ingest", row_of=("raw_asset.sites", b), ingest__org_id=a) as connection:
        row = connection.execute("select * from pg_temp.row").fetchone()
        assert row is not None
        values = [str(value) for value in row if isinstance(value, str) and len(value) > 3]
        for conflict in ("", " on conflict do nothing", " on conflict (org_id, site_id) do update set city = excluded.city"):
            with pytest.raises(PERMISSION) as raised, connection.transaction():
                connection.execute(f"insert into raw_asset.sites select * from pg_temp.row{conflict}".encode())
            said = f"{raised.value} {raised.value.diag.message_detail} {raised.value.diag.message_hint}"
            assert not [value for value in values if value in said]
