"""`python ingest/run.py --check`: what the server is, what it holds, and whether it keeps organizations apart."""

from __future__ import annotations

import time

import psycopg
from rich.console import Console
from rich.table import Table as Grid

from generators.terminal import megabytes
from ingest import ledger
from ingest.access import isolation
from ingest.connection import Target

LATENCY_PROBES = 20

# The minor releases of November 2026, which close two ways around row-level security: CVE-2026-116311 (DROP OWNED BY) and
# CVE-2026-120154 (ON CONFLICT). Older branches get no repairs any more.
REPAIRED = {15: 20, 16: 16, 17: 12, 18: 6}

SCHEMAS = """
select nspname, count(relations.oid), cast(coalesce(sum(pg_total_relation_size(relations.oid)), 0) as bigint)
from pg_namespace as schemas
left join pg_class as relations on schemas.oid = relations.relnamespace and relations.relkind in ('r', 'v', 'p')
where nspname <> 'information_schema' and nspname not like 'pg\\_%'
group by nspname
order by nspname
"""

# Rows as the ledger has them; a table is open when rows have an organization and any of its partitions shows them to all.
TABLES = """
with recursive parts as (
    select oid as root, oid, relrowsecurity and relforcerowsecurity as is_forced
    from pg_class
    where relkind in ('r', 'p') and not relispartition and relnamespace::regnamespace::text like 'raw\\_%%'
    union all
    select parts.root, pg_class.oid, relrowsecurity and relforcerowsecurity
    from parts
    inner join pg_inherits on parts.oid = inhparent
    inner join pg_class on inhrelid = pg_class.oid
),

loaded as (
    select table_name, sum(row_groups.row_count - row_groups.rejected_count) as rows, sum(row_groups.rejected_count) as rejected
    from ingest.files
    inner join ingest.row_groups using (file_id)
    group by table_name
)

select
    substr(root::regclass::text, 5) as table_name,
    coalesce(max(loaded.rows), 0)::bigint,
    coalesce(max(loaded.rejected), 0)::bigint,
    count(*) - 1,
    exists (select from pg_attribute where attrelid = root and attname = 'org_id'),
    bool_and(is_forced),
    (select count(*) from pg_policy where polrelid = root)
from parts
left join loaded on substr(root::regclass::text, 5) = loaded.table_name
group by root
order by 1
"""


def show(connection: psycopg.Connection, target: Target, console: Console) -> bool:
    """Print the state of the database as tables; False when no lake is completely loaded, or a table is unprotected."""
    load = ledger.current_load(connection)
    console.print(_server(connection, target, load))
    schemas = Grid("schema", "relations", "size", title="Schemas", title_justify="left")
    for name, relations, size in connection.execute(SCHEMAS):
        schemas.add_row(name, f"{relations}", megabytes(size))
    console.print(schemas)
    if not ledger.exists(connection):
        return False
    rows = Grid("raw table", "rows", "rejected", "days", "row-level security", title="Raw tables", title_justify="left")
    is_closed = True
    for name, count, rejected, days, is_of_tenants, is_forced, policies in connection.execute(TABLES):
        protected = is_forced and policies > 0
        is_closed = is_closed and (protected or not is_of_tenants)
        security = f"forced, {policies} policies" if protected else "MISSING" if is_of_tenants else "of no organization"
        rows.add_row(name, f"{count:,}", f"{rejected:,}", f"{days or ''}", security)
    console.print(rows)
    found = isolation.exposures(connection)
    tenants = Grid(title="Isolation", show_header=False, title_justify="left")
    tenants.add_row("relations that tenants can read", f"{len(isolation.readable_relations(connection))}")
    for exposure in found:
        tenants.add_row(exposure.subject, exposure.reason)
    if not found:
        tenants.add_row("unprotected", "none")
    console.print(tenants)
    return load is not None and is_closed and not found


def weakness(server_version: int) -> str:
    """What is known against a server of this version (180004 for 18.4), or ""."""
    major, minor = divmod(server_version, 10_000)
    if major < min(REPAIRED):
        return f"PostgreSQL {major} gets no repairs any more: use a newer one"
    if minor < REPAIRED.get(major, 0):
        return (
            f"before {major}.{REPAIRED[major]}, DROP OWNED BY and ON CONFLICT have ways around row-level security"
            " (CVE-2026-116311, CVE-2026-120154): update before tenants may connect"
        )
    return ""


def _server(connection: psycopg.Connection, target: Target, load: ledger.Load | None) -> Grid:
    server = Grid(title="PostgreSQL", show_header=False, title_justify="left")
    server.add_row("where", str(target))
    server.add_row("server version", connection.info.parameter_status("server_version"))
    server.add_row("known weaknesses", weakness(connection.info.server_version) or "none")
    server.add_row("latency", f"{_latency_seconds(connection) * 1e3:.2f} ms")
    if load is None:
        server.add_row("lake", "none is loaded completely: run `python ingest/run.py`")
    else:
        server.add_row("lake", f"{load.lake}: preset {load.preset}, seed {load.seed}, until {load.horizon}")
        server.add_row("loaded", f"{load.finished_at:%Y-%m-%d %H:%M:%S} UTC, {load.row_count:,} rows")
    return server


def _latency_seconds(connection: psycopg.Connection) -> float:
    """The shortest of some round trips: what the way costs, without the server's other work."""
    durations = []
    for _ in range(LATENCY_PROBES):
        started = time.perf_counter()
        connection.execute("select 1")
        durations.append(time.perf_counter() - started)
    return min(durations)
