"""The lake: Parquet files that appear whole or not at all, and the manifest that vouches for them.

A finished part leaves a receipt; the manifest is gathered from the receipts and written last, so a lake without one is
unfinished and can be resumed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from generators.engine.checkpoints import CHECKPOINTS
from generators.engine.layout import as_written, layout_of
from generators.engine.plan import Chunk, Part
from generators.engine.storage import TEMPORARY, Storage, reason
from generators.schema.arrow import arrow_schema, fingerprint
from generators.schema.catalog import TABLES
from generators.schema.catalog import table as declared

MANIFEST = "manifest.json"
RECEIPTS = "_parts"
SCENARIO = f"{RECEIPTS}/scenario.json"
ROWS_PER_GROUP = 1_000_000


class LakeError(Exception):
    """The lake cannot be written, read or trusted; the message names the file and says what to do."""


@dataclass(frozen=True)
class FileEntry:
    """One file of the lake. `first` and `last` bound the table's time column, ISO 8601; empty when it has no rows."""

    path: str  # below the lake
    table: str
    part: str
    rows: int
    bytes: int
    sha256: str
    first: str
    last: str


@dataclass(frozen=True)
class TableEntry:
    """All files of one raw table, in order of their paths."""

    rows: int
    bytes: int
    fingerprint: str
    files: tuple[FileEntry, ...]


@dataclass(frozen=True)
class Manifest:
    """What was generated, and every file of it. Equal scenarios give equal manifests."""

    version: str
    preset: str
    seed: int
    end: str
    scenario: dict[str, Any]
    tables: dict[str, TableEntry]

    @property
    def files(self) -> Iterator[FileEntry]:
        """The files of all tables."""
        for entry in self.tables.values():
            yield from entry.files


def table_folder(table: str) -> str:
    """The folder of `source.table` below the lake."""
    return table.replace(".", "/")


def write_chunk(lake: Storage, part: Part, chunk: Chunk) -> FileEntry:
    """Write one Parquet file atomically and return its entry. Raises OSError when the storage refuses."""
    table = declared(chunk.table)
    schema = arrow_schema(table)
    if pa.schema([field.with_type(as_written(field.type)) for field in chunk.rows.schema]) != schema:
        raise ValueError(f"{chunk.table}, part {part.name}: the rows do not have the declared schema: {chunk.rows.schema}")
    sink = pa.BufferOutputStream()
    options = layout_of(table, chunk.rows.schema)
    pq.write_table(chunk.rows, sink, row_group_size=ROWS_PER_GROUP, store_schema=False, **options)
    content = sink.getvalue()
    path = f"{table_folder(chunk.table)}/{chunk.path}"
    lake.put(path, memoryview(content))
    updated = pc.min_max(chunk.rows[table.updated_column]).as_py()
    first, last = ("" if moment is None else moment.isoformat() for moment in (updated["min"], updated["max"]))
    return FileEntry(
        path=path,
        table=chunk.table,
        part=part.name,
        rows=chunk.rows.num_rows,
        bytes=content.size,
        sha256=hashlib.sha256(content).hexdigest(),
        first=first,
        last=last,
    )


@contextmanager
def writing(lake: Storage, what: str) -> Iterator[None]:
    """Turn the storage's refusal to take `what` into a LakeError that says how to go on."""
    try:
        yield
    except OSError as error:
        raise LakeError(
            f"cannot write {what} to {lake}: {reason(error)}; when it takes files again, run the same command with --resume"
        ) from error


# Receipts: what a run has finished so far.


def open_lake(lake: Storage, scenario: dict[str, Any], resume: bool) -> None:
    """Make the place ready for a run: fresh, or with `resume` as the run before left it.

    Raises LakeError when it holds something else than a lake, or when the run to resume had another scenario.
    """
    try:
        if not lake.exists(SCENARIO) and not lake.exists(MANIFEST):
            if resume:
                raise LakeError(f"there is nothing to resume in {lake}: run the same command without --resume")
            if not lake.is_empty():
                raise LakeError(f"{lake} is not empty and is not a lake of Saltworks: choose another --lake, or empty it first")
        begun = begun_scenario(lake) if resume else None
        if begun is not None and begun != scenario:
            raise LakeError(
                f"{lake} was begun with another scenario ({difference(begun, scenario)}): "
                "use the same preset, seed, domains and configuration, or start afresh without --resume"
            )
        lake.remove(MANIFEST)
        if begun is None:
            lake.remove_folder(RECEIPTS)
            lake.remove_folder(CHECKPOINTS)
            lake.put(SCENARIO, json.dumps(scenario, indent=1).encode())
    except OSError as error:
        raise LakeError(f"cannot write the lake {lake}: {reason(error)}") from error


def begun_scenario(lake: Storage) -> dict[str, Any] | None:
    """The scenario with which the lake's run was begun, or None. Raises LakeError when it cannot be read."""
    try:
        begun: dict[str, Any] = json.loads(lake.read(SCENARIO))
        return begun
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise LakeError(f"cannot read the scenario of the lake {lake} ({error}): generate it again") from error


def extend_lake(lake: Storage, scenario: dict[str, Any]) -> None:
    """Make a lake ready to grow to a scenario that goes on where its own ended; it is unfinished until it has."""
    with writing(lake, "the scenario"):
        lake.put(SCENARIO, json.dumps(scenario, indent=1).encode())
        lake.remove(MANIFEST)


def difference(begun: dict[str, Any], now: dict[str, Any]) -> str:
    """What differs between two scenarios, for a message; empty when nothing does."""
    return ", ".join(f"{key}: {begun.get(key)!r}, now {now[key]!r}" for key in now if begun.get(key) != now[key])


def write_receipt(lake: Storage, name: str, entries: Iterable[FileEntry]) -> None:
    """Record under `name` that a part is finished, with the files that it wrote."""
    lake.put(_receipt(name), json.dumps([vars(entry) for entry in entries]).encode())


def read_receipt(lake: Storage, name: str) -> list[FileEntry] | None:
    """The files of a finished part, or None when it is unfinished or any of its files has changed since."""
    try:
        entries = [FileEntry(**entry) for entry in json.loads(lake.read(_receipt(name)))]
        intact = all(lake.checksum(entry.path) == entry.sha256 for entry in entries)
    except (OSError, ValueError, TypeError):
        return None
    return entries if intact else None


def _receipt(name: str) -> str:
    return f"{RECEIPTS}/{name}.json"


# The manifest: written last.


def close_lake(lake: Storage, manifest: Manifest) -> None:
    """Write the manifest and remove every Parquet file that it does not list: a run before may have left more."""
    listed = {entry.path for entry in manifest.files}
    for path in lake.files():
        if path.endswith((".parquet", TEMPORARY)) and path not in listed:
            lake.remove(path)
    lake.remove_empty_folders()
    tables = {name: {**vars(entry), "files": [vars(file) for file in entry.files]} for name, entry in manifest.tables.items()}
    lake.put(MANIFEST, json.dumps({**vars(manifest), "tables": tables}, indent=1).encode())


def table_entries(files: Iterable[FileEntry]) -> dict[str, TableEntry]:
    """Files gathered by table, tables in order of their names."""
    by_table: dict[str, list[FileEntry]] = {}
    for entry in sorted(files, key=lambda entry: (entry.table, entry.path)):
        by_table.setdefault(entry.table, []).append(entry)
    return {
        name: TableEntry(
            rows=sum(entry.rows for entry in entries),
            bytes=sum(entry.bytes for entry in entries),
            fingerprint=fingerprint(arrow_schema(declared(name))),
            files=tuple(entries),
        )
        for name, entries in by_table.items()
    }


def read_manifest(lake: Storage) -> Manifest:
    """The manifest of a finished lake. Raises LakeError when there is none, saying which command makes or finishes it."""
    path = lake.address_of(MANIFEST)
    try:
        content = json.loads(lake.read(MANIFEST))
        tables = {
            name: TableEntry(**{**entry, "files": tuple(FileEntry(**file) for file in entry["files"])})
            for name, entry in content.pop("tables").items()
        }
        return Manifest(tables=tables, **content)
    except FileNotFoundError:
        if lake.exists(SCENARIO):
            message = f"the lake {lake} is unfinished: run generators/run.py again with --resume"
        else:
            message = f"there is no lake in {lake}: run `python generators/run.py`, or name another with --lake"
        raise LakeError(message) from None
    except OSError as error:
        raise LakeError(f"cannot read {path}: {reason(error)}") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise LakeError(f"{path} is damaged ({error}): generate the lake again") from error


def verify(lake: Storage, manifest: Manifest) -> Iterator[tuple[FileEntry, str]]:
    """Check every file against the manifest, and yield each with what is wrong with it ("" when nothing is)."""
    for entry in manifest.files:
        yield entry, _fault(lake, entry)


def unlisted(lake: Storage, manifest: Manifest) -> list[str]:
    """Parquet files in the lake that the manifest does not list, and that whoever reads a folder would read as well."""
    listed = {entry.path for entry in manifest.files}
    return [path for path in lake.files() if path.endswith(".parquet") and path not in listed]


def _fault(lake: Storage, entry: FileEntry) -> str:
    try:
        with lake.open(entry.path) as file:
            if file.size() != entry.bytes:
                return f"{file.size():,} bytes, but the manifest says {entry.bytes:,}"
        if lake.checksum(entry.path) != entry.sha256:
            return "the checksum differs: the file was changed after it was generated"
        with lake.open(entry.path) as file:
            schema = fingerprint(pq.read_schema(file))
    except FileNotFoundError:
        return "the file is missing"
    except (OSError, pa.ArrowException) as error:
        return f"it cannot be read: {error}"
    if entry.table not in TABLES or schema != fingerprint(arrow_schema(TABLES[entry.table])):
        return "the columns are not the declared ones: the lake was made by another version"
    return ""
