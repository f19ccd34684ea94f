"""The lake: Parquet files that appear whole or not at all, and the manifest that vouches for them.

A file is written under a temporary name, flushed to the disk and renamed. A finished part leaves a receipt; the manifest is
gathered from the receipts and written last, so a lake without one is unfinished and can be resumed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from generators.engine.checkpoints import CHECKPOINTS
from generators.engine.layout import as_written, layout_of
from generators.engine.plan import Chunk, Part
from generators.schema.arrow import arrow_schema, fingerprint
from generators.schema.catalog import TABLES
from generators.schema.catalog import table as declared

MANIFEST = "manifest.json"
RECEIPTS = "_parts"
TEMPORARY = ".writing"
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


def table_folder(root: Path, table: str) -> Path:
    """The folder of `source.table`."""
    source, name = table.split(".")
    return root / source / name


def write_chunk(root: Path, part: Part, chunk: Chunk) -> FileEntry:
    """Write one Parquet file atomically and return its entry. Raises OSError when the disk refuses."""
    table = declared(chunk.table)
    schema = arrow_schema(table)
    if pa.schema([field.with_type(as_written(field.type)) for field in chunk.rows.schema]) != schema:
        raise ValueError(f"{chunk.table}, part {part.name}: the rows do not have the declared schema: {chunk.rows.schema}")
    sink = pa.BufferOutputStream()
    options = layout_of(table, chunk.rows.schema)
    pq.write_table(chunk.rows, sink, row_group_size=ROWS_PER_GROUP, store_schema=False, **options)
    content = sink.getvalue()
    target = table_folder(root, chunk.table) / chunk.path
    write_atomically(target, memoryview(content))
    updated = pc.min_max(chunk.rows[table.updated_column]).as_py()
    first, last = ("" if moment is None else moment.isoformat() for moment in (updated["min"], updated["max"]))
    return FileEntry(
        path=target.relative_to(root).as_posix(),
        table=chunk.table,
        part=part.name,
        rows=chunk.rows.num_rows,
        bytes=content.size,
        sha256=hashlib.sha256(content).hexdigest(),
        first=first,
        last=last,
    )


def write_atomically(target: Path, content: bytes | memoryview) -> None:
    """Make `target` hold `content` or leave it as it was, whatever happens meanwhile."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f"{target.name}.{os.getpid()}{TEMPORARY}")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def writing(root: Path, what: str) -> Iterator[None]:
    """Turn the disk's refusal to take `what` into a LakeError that says how to go on."""
    try:
        yield
    except OSError as error:
        raise LakeError(
            f"cannot write {what} to {root}: {error.strerror} ({error.filename or 'disk'}); "
            "make room, then run the same command with --resume"
        ) from error


def checksum(path: Path) -> str:
    """sha256 of a file, hexadecimal. Raises OSError when it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# Receipts: what a run has finished so far.


def open_lake(root: Path, scenario: dict[str, Any], resume: bool) -> None:
    """Make the folder ready for a run: fresh, or with `resume` as the run before left it.

    Raises LakeError when the folder holds something else than a lake, or when the run to resume had another scenario.
    """
    receipts = root / RECEIPTS
    plan_file = receipts / "scenario.json"
    try:
        if resume and not plan_file.exists() and not (root / MANIFEST).exists():
            raise LakeError(f"there is nothing to resume in {root}: run the same command without --resume")
        if plan_file.exists():
            if resume:
                begun = json.loads(plan_file.read_text(encoding="utf-8"))
                if begun != scenario:
                    raise LakeError(
                        f"{root} was begun with another scenario ({difference(begun, scenario)}): "
                        "use the same preset, seed, domains and configuration, or start afresh without --resume"
                    )
                (root / MANIFEST).unlink(missing_ok=True)
                return
        elif root.exists() and any(root.iterdir()) and not (root / MANIFEST).exists():
            raise LakeError(f"{root} is not empty and is not a lake of Saltworks: choose another --lake, or empty it first")
        (root / MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(receipts, ignore_errors=True)
        shutil.rmtree(root / CHECKPOINTS, ignore_errors=True)
        receipts.mkdir(parents=True)
        write_atomically(plan_file, json.dumps(scenario, indent=1).encode())
    except OSError as error:
        raise LakeError(f"cannot write the lake {root}: {error.strerror} ({error.filename})") from error


def begun_scenario(root: Path) -> dict[str, Any] | None:
    """The scenario with which the folder's run was begun, or None. Raises LakeError when it cannot be read."""
    try:
        begun: dict[str, Any] = json.loads((root / RECEIPTS / "scenario.json").read_text(encoding="utf-8"))
        return begun
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise LakeError(f"cannot read the scenario of the lake {root} ({error}): generate it again") from error


def extend_lake(root: Path, scenario: dict[str, Any]) -> None:
    """Make a lake ready to grow to a scenario that goes on where its own ended; it is unfinished until it has."""
    with writing(root, "the scenario"):
        write_atomically(root / RECEIPTS / "scenario.json", json.dumps(scenario, indent=1).encode())
        (root / MANIFEST).unlink(missing_ok=True)


def difference(begun: dict[str, Any], now: dict[str, Any]) -> str:
    """What differs between two scenarios, for a message; empty when nothing does."""
    return ", ".join(f"{key}: {begun.get(key)!r}, now {now[key]!r}" for key in now if begun.get(key) != now[key])


def write_receipt(root: Path, name: str, entries: Iterable[FileEntry]) -> None:
    """Record under `name` that a part is finished, with the files that it wrote."""
    content = json.dumps([vars(entry) for entry in entries])
    write_atomically(root / RECEIPTS / f"{name}.json", content.encode())


def read_receipt(root: Path, name: str) -> list[FileEntry] | None:
    """The files of a finished part, or None when it is unfinished or any of its files has changed since."""
    try:
        entries = [FileEntry(**entry) for entry in json.loads((root / RECEIPTS / f"{name}.json").read_bytes())]
        intact = all(checksum(root / entry.path) == entry.sha256 for entry in entries)
    except (OSError, ValueError, TypeError):
        return None
    return entries if intact else None


# The manifest: written last.


def close_lake(root: Path, manifest: Manifest) -> None:
    """Write the manifest and remove every Parquet file that it does not list: a run before may have left more."""
    listed = {entry.path for entry in manifest.files}
    for path in sorted(root.rglob("*")):
        ours = path.suffix == ".parquet" or path.name.endswith(TEMPORARY)
        if path.is_file() and ours and path.relative_to(root).as_posix() not in listed:
            path.unlink()
    _remove_empty_folders(root)
    tables = {name: {**vars(entry), "files": [vars(file) for file in entry.files]} for name, entry in manifest.tables.items()}
    write_atomically(root / MANIFEST, json.dumps({**vars(manifest), "tables": tables}, indent=1).encode())


def _remove_empty_folders(root: Path) -> None:
    for folder, _, _ in os.walk(root, topdown=False):
        if not any(Path(folder).iterdir()):
            Path(folder).rmdir()


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


def read_manifest(root: Path) -> Manifest:
    """The manifest of a finished lake. Raises LakeError when there is none, saying which command makes or finishes it."""
    path = root / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        tables = {
            name: TableEntry(**{**entry, "files": tuple(FileEntry(**file) for file in entry["files"])})
            for name, entry in content.pop("tables").items()
        }
        return Manifest(tables=tables, **content)
    except FileNotFoundError:
        if (root / RECEIPTS).exists():
            message = f"the lake {root} is unfinished: run generators/run.py again with --resume"
        else:
            message = f"there is no lake in {root}: run `python generators/run.py`, or name another with --lake"
        raise LakeError(message) from None
    except OSError as error:
        raise LakeError(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise LakeError(f"{path} is damaged ({error}): generate the lake again") from error


def verify(root: Path, manifest: Manifest) -> Iterator[tuple[FileEntry, str]]:
    """Check every file against the manifest, and yield each with what is wrong with it ("" when nothing is)."""
    for entry in manifest.files:
        yield entry, _fault(root / entry.path, entry)


def unlisted(root: Path, manifest: Manifest) -> list[Path]:
    """Parquet files in the lake that the manifest does not list, and that whoever reads a folder would read as well."""
    listed = {root / entry.path for entry in manifest.files}
    return sorted(path for path in root.rglob("*.parquet") if path not in listed)


def _fault(path: Path, entry: FileEntry) -> str:
    try:
        size = path.stat().st_size
        if size != entry.bytes:
            return f"{size:,} bytes, but the manifest says {entry.bytes:,}"
        if checksum(path) != entry.sha256:
            return "the checksum differs: the file was changed after it was generated"
        schema = fingerprint(pq.read_schema(path))
    except FileNotFoundError:
        return "the file is missing"
    except (OSError, pa.ArrowException) as error:
        return f"it cannot be read: {error}"
    if entry.table not in TABLES or schema != fingerprint(arrow_schema(TABLES[entry.table])):
        return "the columns are not the declared ones: the lake was made by another version"
    return ""
