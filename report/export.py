"""Take the marts out of the warehouse: as Parquet, as CSV and as one DuckDB file, for tools that know nothing of dbt.

The folder appears whole or not at all: it is written beside its place under another name and renamed at the end. DuckDB
streams every mart from one file into the other, so memory does not grow with the warehouse.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generators.terminal import fail, megabytes, progress

if TYPE_CHECKING:
    import duckdb

ROOT = Path(__file__).resolve().parents[1]
SCHEMAS = ("chemical", "sales", "shared")
FORMATS = ("parquet", "csv", "duckdb")
LISTING = "export.json"
DATABASE = "saltworks.duckdb"
# As in profiles.yml: DuckDB 1.0 and whatever is built on it read the file.
STORAGE_VERSION = "v1.0.0"
MEMORY_LIMIT = "1GB"
EXAMPLES = """\
examples:
  python -m report.export                                     every mart in all three formats, into data/export
  python -m report.export --format parquet                    only Parquet; repeatable
  python -m report.export --mart sales.fct_orders --mart sales.dim_customers --output /tmp/orders
  python -m report.export --warehouse /tmp/tiny.duckdb --output /tmp/export

what is written:
  parquet/<schema>/<mart>.parquet, csv/<schema>/<mart>.csv, saltworks.duckdb, and export.json, which lists them

exit codes: 0 done, 1 the warehouse or the disk was wrong, 2 the command was wrong, 130 interrupted
"""


class ExportError(Exception):
    """The export cannot be made; the message says what to do."""


@dataclass(frozen=True)
class Mart:
    """A relation that analysts read, and what it means."""

    schema: str
    name: str
    description: str

    @property
    def qualified_name(self) -> str:
        """The name `schema.mart`."""
        return f"{self.schema}.{self.name}"


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code: 0 done, 1 the world was wrong, 2 the command was wrong, 130 interrupted."""
    options = _parse(arguments)
    # Only now: --help need not wait for DuckDB.
    from report.warehouse import WarehouseError

    formats = tuple(name for name in FORMATS if name in (options.format or FORMATS))
    try:
        return _run(options.warehouse, options.output, formats, options.mart)
    except (ExportError, WarehouseError) as error:
        return fail(str(error), 1)
    except KeyboardInterrupt:
        return fail("interrupted; nothing was exported", 130)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m report.export",
        description="Export the marts of the DuckDB warehouse as Parquet, as CSV and as one DuckDB file.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    warehouse = Path(os.environ.get("SALTWORKS_DUCKDB") or ROOT / "data" / "warehouse.duckdb")
    output = ROOT / "data" / "export"
    parser.add_argument("--warehouse", type=Path, default=warehouse, metavar="FILE", help="from (data/warehouse.duckdb)")
    parser.add_argument("--output", type=Path, default=output, metavar="FOLDER", help="to (data/export); an older export goes")
    parser.add_argument("--format", action="append", choices=FORMATS, help="only this format; repeatable (default: all)")
    parser.add_argument("--mart", action="append", metavar="SCHEMA.MART", help="only this mart; repeatable (default: all)")
    return parser.parse_args(arguments)


def _run(warehouse: Path, output: Path, formats: tuple[str, ...], chosen: list[str] | None) -> int:
    import duckdb

    from report.warehouse import connected

    started = time.monotonic()
    _check_output(output)
    # Memory is bounded, so that every size of warehouse can be exported; rows of a table have no order.
    with connected(warehouse, memory_limit=MEMORY_LIMIT, preserve_insertion_order="false") as connection:
        marts = _chosen(marts_of(connection), chosen)
        if isinstance(marts, str):
            return fail(marts, 2)
        if not marts:
            raise ExportError(f"{warehouse} has no marts: run `dbt build` first")
        try:
            with _appearing_at_once(output) as folder:
                connection.execute(f"set temp_directory = {_quoted(folder / 'spilled')}")
                rows = export(connection, marts, folder, formats)
                shutil.rmtree(folder / "spilled", ignore_errors=True)
                sizes = _write_listing(folder, marts, rows)
        except (duckdb.Error, OSError) as error:
            raise ExportError(f"cannot export to {output}: {str(error).splitlines()[0]}; nothing was exported") from error
    width = max(len(mart.qualified_name) for mart in marts)
    for mart in marts:
        print(f"  {mart.qualified_name:<{width}}  {rows[mart]:>13,} rows")
    by_format = ", ".join(f"{name} {megabytes(size)}" for name, size in sizes.items())
    seconds = time.monotonic() - started
    print(f"{len(marts)} marts, {sum(rows.values()):,} rows in {seconds:.1f} s ({by_format})\nthe export is in {output}")
    return 0


def marts_of(connection: duckdb.DuckDBPyConnection) -> list[Mart]:
    """All relations in the schemas that analysts see, tables and views alike."""
    found = connection.execute(
        "select schema_name, table_name, comment from duckdb_tables() where list_contains(?, schema_name)"
        " union all select schema_name, view_name, comment from duckdb_views() where list_contains(?, schema_name)"
        " order by all",
        [list(SCHEMAS), list(SCHEMAS)],
    )
    return [Mart(schema, name, description or "") for schema, name, description in found.fetchall()]


def _chosen(marts: list[Mart], names: list[str] | None) -> list[Mart] | str:
    """The marts with these names, or what is wrong with the names."""
    if names is None:
        return marts
    known = {mart.qualified_name: mart for mart in marts}
    unknown = [name for name in names if name not in known]
    if unknown:
        return f"no mart {', '.join(unknown)}; there are {', '.join(known)}"
    return [known[name] for name in dict.fromkeys(names)]


def _check_output(output: Path) -> None:
    """Refuse to replace what is not an export."""
    if not output.exists():
        return
    if not output.is_dir() or (any(output.iterdir()) and not (output / LISTING).exists()):
        raise ExportError(f"{output} is there and is not an export of Saltworks: choose another --output, or remove it first")


@contextmanager
def _appearing_at_once(output: Path) -> Iterator[Path]:
    """A folder to fill; it takes the place of `output` when all went well, and is gone otherwise."""
    folder = output.with_name(f".{output.name}.writing")
    shutil.rmtree(folder, ignore_errors=True)  # of a run that was killed
    try:
        folder.mkdir(parents=True)
        yield folder
        replaced = output.with_name(f".{output.name}.replaced")
        shutil.rmtree(replaced, ignore_errors=True)
        if output.exists():
            output.rename(replaced)
        try:
            folder.rename(output)
        except OSError:
            if replaced.exists():
                replaced.rename(output)
            raise
        shutil.rmtree(replaced, ignore_errors=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def export(connection: duckdb.DuckDBPyConnection, marts: list[Mart], folder: Path, formats: tuple[str, ...]) -> dict[Mart, int]:
    """Write the marts into the folder; returns the rows of each. Raises duckdb.Error and OSError."""
    rows = {}
    if "duckdb" in formats:
        connection.execute(f"attach {_quoted(folder / DATABASE)} as exported (read_write, storage_version '{STORAGE_VERSION}')")
    with progress("exporting", len(marts) * len(formats)) as advance:
        for mart in marts:
            for name in formats:
                rows[mart] = _WRITERS[name](connection, mart, folder)
                advance(1)
    if "duckdb" in formats:
        connection.execute("detach exported")
    return rows


def _write_parquet(connection: duckdb.DuckDBPyConnection, mart: Mart, folder: Path) -> int:
    return _copy(
        connection, mart, folder / "parquet" / mart.schema / f"{mart.name}.parquet", "format parquet, compression zstd"
    )


def _write_csv(connection: duckdb.DuckDBPyConnection, mart: Mart, folder: Path) -> int:
    return _copy(connection, mart, folder / "csv" / mart.schema / f"{mart.name}.csv", "format csv, header")


def _copy(connection: duckdb.DuckDBPyConnection, mart: Mart, path: Path, options: str) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    return _count(connection, f"copy (from {mart.qualified_name}) to {_quoted(path)} ({options})")


def _write_duckdb(connection: duckdb.DuckDBPyConnection, mart: Mart, folder: Path) -> int:
    """The mart as a table of the DuckDB file, with the descriptions of itself and of its columns."""
    table = f"exported.{mart.qualified_name}"
    connection.execute(f"create schema if not exists exported.{mart.schema}")
    rows = _count(connection, f"create table {table} as from {mart.qualified_name}")
    connection.execute(f"comment on table {table} is {_quoted(mart.description)}")
    columns = connection.execute(
        "select column_name, comment from duckdb_columns()"
        " where database_name = current_database() and schema_name = ? and table_name = ? and comment is not null",
        [mart.schema, mart.name],
    )
    for column, comment in columns.fetchall():
        connection.execute(f"comment on column {table}.{column} is {_quoted(comment)}")
    return rows


_WRITERS = {"parquet": _write_parquet, "csv": _write_csv, "duckdb": _write_duckdb}


def _count(connection: duckdb.DuckDBPyConnection, statement: str) -> int:
    """Run a statement that tells how many rows it wrote."""
    (count,) = connection.execute(statement).fetchone() or (0,)
    return int(count)


def _write_listing(folder: Path, marts: list[Mart], rows: dict[Mart, int]) -> dict[str, int]:
    """Write export.json: the marts with their rows, and every file with its bytes. Returns the bytes of each format."""
    files = {path.relative_to(folder).as_posix(): path.stat().st_size for path in sorted(folder.rglob("*")) if path.is_file()}
    listing = {
        "marts": [{"mart": mart.qualified_name, "rows": rows[mart], "description": mart.description} for mart in marts],
        "files": [{"path": path, "bytes": size} for path, size in files.items()],
    }
    (folder / LISTING).write_text(json.dumps(listing, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return {
        name: sum(size for path, size in files.items() if path.endswith(f".{name}"))
        for name in FORMATS
        if any(path.endswith(f".{name}") for path in files)
    }


def _quoted(text: object) -> str:
    """A string literal of SQL."""
    return "'" + str(text).replace("'", "''") + "'"


if __name__ == "__main__":
    sys.exit(main())
