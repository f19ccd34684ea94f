"""The load: what of a lake is not in PostgreSQL yet, several connections at once, each table after those it refers to.

Every file, or every day that is built aside, is a transaction of its own or several; the ledger says which are in. So a load
may be killed at any moment and be run again, twice at once as well, and a lake that has grown loads what is new.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from queue import SimpleQueue

import psycopg

from generators.engine.lake import MANIFEST, FileEntry, Manifest, difference
from generators.engine.storage import Storage
from generators.schema.catalog import TABLES, dependency_order
from generators.schema.table import Table
from ingest import initialise, ledger, raw
from ingest.backfill import UnfitError, fill, may_fill
from ingest.careful import load_file
from ingest.connection import Target, connect
from ingest.errors import IngestError
from ingest.job import Job, Outcome, Place, Watcher, place_of

GROWS = ("end", "until")  # what differs between a lake and the same one later


@dataclass(frozen=True)
class Scope:
    """Which of a lake's files are wanted, and how they may come."""

    sources: frozenset[str] | None = None  # None: all
    org_id: int | None = None
    backfill: bool = True
    replace: bool = False
    workers: int = 2
    max_rejected: float = 0.1

    def wants(self, table: Table) -> bool:
        """Whether the table is to be loaded."""
        of_org = self.org_id is None or "org_id" in table.column_names
        return of_org and (self.sources is None or table.source in self.sources)

    def wants_file(self, entry: FileEntry) -> bool:
        """Whether the file is to be loaded: not one that lies in the folder of another organization."""
        return self.org_id is None or "org_id=" not in entry.path or f"org_id={self.org_id}/" in entry.path


@dataclass
class Result:
    """What a load did. It is `complete` when the raw tables hold the whole lake."""

    outcomes: list[Outcome] = field(default_factory=list)
    waiting: dict[str, list[str]] = field(default_factory=dict)  # table → those with failed files that it refers to
    rows: int = 0
    rejected: int = 0
    complete: bool = False
    load_id: int | None = None

    @property
    def failed(self) -> list[Outcome]:
        """The files that could not be loaded."""
        return [outcome for outcome in self.outcomes if outcome.reason]


def is_loaded(connection: psycopg.Connection, lake: Storage) -> bool:
    """Whether the raw tables hold exactly this lake, completely."""
    current = ledger.current_load(connection)
    return current is not None and current.manifest_sha256 == lake.checksum(MANIFEST)


def load(target: Target, lake: Storage, manifest: Manifest, scope: Scope, watcher: Watcher) -> Result:
    """Load what the lake has and the database has not.

    Raises IngestError when the database holds another lake, or the lake names a table that is not declared.
    """
    unknown = sorted(set(manifest.tables) - set(TABLES))
    if unknown:
        raise IngestError(f"{lake}: no such raw table: {', '.join(unknown)}; the lake was made by another version")
    with connect(target) as connection:
        if scope.replace:
            watcher.phase("dropping the raw tables")
            initialise.clear(connection)
            connection.commit()
        initialise.initialise(connection, watcher.phase)
        connection.commit()
        connection.autocommit = True
        _refuse_another_lake(connection, manifest, scope)
        pending = _pending(connection, manifest, scope)
        result = Result()
        if pending:
            sound = _sound(manifest)
            with connection.transaction():
                raw.drop_keys(connection, [table for table in TABLES.values() if table.qualified_name not in sound])
                result.load_id = ledger.begin_load(connection, str(lake), manifest, lake.checksum(MANIFEST), scope.org_id)
            job = Job(lake, result.load_id, sound, scope.org_id, scope.max_rejected, watcher)
            _load_pending(target, connection, job, pending, scope, result)
            _finish(connection, job, [TABLES[name] for name in pending], watcher)
            result.rows, result.rejected = ledger.rows_of_load(connection, result.load_id)
        _complete(connection, lake, manifest, result)
        return result


def _refuse_another_lake(connection: psycopg.Connection, manifest: Manifest, scope: Scope) -> None:
    """Two worlds in one set of tables would be neither. An organization's own lake is only of its own rows."""
    before = ledger.latest_scenario(connection)
    now = {**manifest.scenario, "preset": manifest.preset, "seed": manifest.seed}
    if before is None or scope.org_id is not None:
        return
    changed = difference({**before, **{key: now.get(key) for key in GROWS}}, now)
    if changed:
        raise IngestError(
            f"the database holds rows of another lake ({changed}): load into another database (PGDATABASE),"
            " or with --replace to drop what is there"
        )


def _pending(connection: psycopg.Connection, manifest: Manifest, scope: Scope) -> dict[str, list[FileEntry]]:
    """The files that are not in, by table."""
    loaded = ledger.loaded(connection, scope.org_id)
    pending: dict[str, list[FileEntry]] = {}
    for name, entry in manifest.tables.items():
        files = [file for file in entry.files if (name, file.sha256) not in loaded and scope.wants_file(file)]
        if files and scope.wants(TABLES[name]):
            pending[name] = files
    return pending


def _sound(manifest: Manifest) -> frozenset[str]:
    """The tables whose keys hold in this lake."""
    is_clean = manifest.scenario.get("dirt", "none") == "none"
    return frozenset(name for name, table in TABLES.items() if is_clean or not table.soiled)


# Several tables at once.


def _load_pending(
    target: Target,
    connection: psycopg.Connection,
    job: Job,
    pending: dict[str, list[FileEntry]],
    scope: Scope,
    result: Result,
) -> None:
    """Load each table when those that it refers to are done; one that refers to a table with failed files waits."""
    order: TopologicalSorter[str] = TopologicalSorter()
    for table in dependency_order():
        name = table.qualified_name
        if name in pending:
            order.add(name, *(key.target for key in job.references(table) if key.target in pending and key.target != name))
    order.prepare()
    with _connections(target, scope.workers) as connections, ThreadPoolExecutor(scope.workers) as pool:
        running: dict[Future[list[Outcome]], str] = {}
        unfinished: dict[str, int] = {}
        try:
            while order.is_active():
                for name in sorted(order.get_ready(), key=lambda name: -sum(file.rows for file in pending[name])):
                    tasks = _tasks(connection, job, TABLES[name], pending[name], scope.backfill, result)
                    unfinished[name] = len(tasks)
                    for task in tasks:
                        running[pool.submit(task.run, connections, job)] = name
                    if not tasks:
                        order.done(name)
                if running:
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        name = running.pop(future)
                        result.outcomes += future.result()
                        unfinished[name] -= 1
                        if unfinished[name] == 0:
                            order.done(name)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            connections.cancel()
            raise


@dataclass(frozen=True)
class Task:
    """Some files of one place, for one connection."""

    place: Place
    entries: Sequence[FileEntry]
    aside: bool

    def run(self, connections: Connections, job: Job) -> list[Outcome]:
        """Load them by the fast way where it is open, otherwise carefully."""
        with connections.one() as connection:
            if self.aside:
                try:
                    job.watcher.phase(f"filling {self.place}")
                    return fill(connection, job, self.place, self.entries)
                except UnfitError:
                    pass
            outcomes = []
            for entry in self.entries:
                job.watcher.phase(f"loading {entry.path}")
                outcomes.append(load_file(connection, job, self.place.table, entry))
            return outcomes


def _tasks(
    connection: psycopg.Connection, job: Job, table: Table, entries: list[FileEntry], backfill: bool, result: Result
) -> list[Task]:
    """The table's files in portions that can be loaded at once; none when it must wait."""
    failed = {outcome.entry.table for outcome in result.failed} | set(result.waiting)
    obstacles = sorted({key.target for key in job.references(table)} & failed - {table.qualified_name})
    if obstacles:
        result.waiting[table.qualified_name] = obstacles
        return []
    places: dict[Place, list[FileEntry]] = {}
    lost = []
    for entry in entries:
        try:
            places.setdefault(place_of(table, entry), []).append(entry)
        except IngestError:
            lost.append(Task(Place(table, None), [entry], aside=False))
    tasks = lost
    with connection.transaction():
        for place, files in places.items():
            aside = backfill and may_fill(connection, place)
            # A file may refer to rows of the one before it, where the table refers to itself.
            together = aside or any(key.target == table.qualified_name for key in job.references(table))
            tasks += [Task(place, files, aside)] if together else [Task(place, [file], aside=False) for file in files]
    return tasks


class Connections:
    """Some connections to the same database, lent to one task at a time."""

    def __init__(self, connections: list[psycopg.Connection]) -> None:
        self._all = connections
        self._free: SimpleQueue[psycopg.Connection] = SimpleQueue()
        for connection in connections:
            self._free.put(connection)

    @contextmanager
    def one(self) -> Iterator[psycopg.Connection]:
        """A connection that nobody else uses meanwhile."""
        connection = self._free.get()
        try:
            yield connection
        finally:
            self._free.put(connection)

    def cancel(self) -> None:
        """End what the connections are doing."""
        for connection in self._all:
            connection.cancel_safe(timeout=5)


@contextmanager
def _connections(target: Target, count: int) -> Iterator[Connections]:
    with ExitStack() as stack:
        connections = [stack.enter_context(connect(target)) for _ in range(count)]
        for connection in connections:
            connection.autocommit = True
        yield Connections(connections)


# When all are in.


def _finish(connection: psycopg.Connection, job: Job, loaded: list[Table], watcher: Watcher) -> None:
    watcher.phase("foreign keys")
    with connection.transaction():
        initialise.lock(connection)
        raw.add_foreign_keys(connection, [table for table in loaded if table.qualified_name in job.sound], job.sound)
    watcher.phase("statistics")
    for table in loaded:
        with connection.transaction():
            raw.analyze(connection, table)


def _complete(connection: psycopg.Connection, lake: Storage, manifest: Manifest, result: Result) -> None:
    """Say in the ledger that the raw tables hold the lake, when they do."""
    with connection.transaction():
        initialise.lock(connection)  # another loader may be here with the same lake
        result.complete = is_loaded(connection, lake)
        loaded = ledger.loaded(connection, None)
        if not result.complete and all((file.table, file.sha256) in loaded for file in manifest.files):
            # Without a load of its own, an earlier run was killed just before this.
            load_id = result.load_id or ledger.begin_load(connection, str(lake), manifest, lake.checksum(MANIFEST), None)
            ledger.finish_load(connection, load_id)
            result.complete = True
