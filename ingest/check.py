"""`python ingest/run.py --check`: what the server is, and what it holds."""

from __future__ import annotations

import time

import psycopg
from rich.console import Console
from rich.table import Table as Grid

from generators.terminal import megabytes
from ingest import ledger
from ingest.connection import Target

LATENCY_PROBES = 20

SCHEMAS = """
select nspname, count(relations.oid), cast(coalesce(sum(pg_total_relation_size(relations.oid)), 0) as bigint)
from pg_namespace as schemas
left join pg_class as relations on schemas.oid = relations.relnamespace and relations.relkind in ('r', 'v', 'p')
where nspname <> 'information_schema' and nspname not like 'pg\\_%'
group by nspname
order by nspname
"""


def show(connection: psycopg.Connection, target: Target, console: Console) -> bool:
    """Print the state of the database as tables; False when no lake is completely loaded."""
    server = Grid(title="PostgreSQL", show_header=False, title_justify="left")
    server.add_row("where", str(target))
    server.add_row("server version", connection.info.parameter_status("server_version"))
    server.add_row("latency", f"{_latency_seconds(connection) * 1e3:.2f} ms")
    load = ledger.current_load(connection)
    tables = [] if load is None else ledger.loaded_tables(connection, load)
    missing = [table.name for table in tables if not table.present]
    if load is None:
        server.add_row("lake", "none is loaded: run `python ingest/run.py`")
    else:
        server.add_row("lake", f"{load.lake}: preset {load.preset}, seed {load.seed}, until {load.horizon}")
        server.add_row("loaded", f"{load.finished_at:%Y-%m-%d %H:%M:%S} UTC, {load.row_count:,} rows")
    if missing:
        server.add_row("incomplete", f"dropped since: {', '.join(missing)}; run `python ingest/run.py`")
    console.print(server)

    schemas = Grid("schema", "relations", "size", title="Schemas", title_justify="left")
    for name, relations, size in connection.execute(SCHEMAS):
        schemas.add_row(name, f"{relations}", megabytes(size))
    console.print(schemas)

    if tables:
        rows = Grid("raw table", "rows", title="Loaded tables", title_justify="left")
        for table in tables:
            rows.add_row(table.name, f"{table.row_count:,}" if table.present else "dropped")
        console.print(rows)
    return load is not None and not missing


def _latency_seconds(connection: psycopg.Connection) -> float:
    """The shortest of some round trips: what the way costs, without the server's other work."""
    durations = []
    for _ in range(LATENCY_PROBES):
        started = time.perf_counter()
        connection.execute("select 1")
        durations.append(time.perf_counter() - started)
    return min(durations)
