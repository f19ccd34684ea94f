"""Run in the environment `clients`: reads every table of a DuckDB file and writes what it found, one Parquet file each."""

import sys
from pathlib import Path

import duckdb

database, folder = sys.argv[1:]
with duckdb.connect(database, read_only=True) as connection:
    for schema, table in connection.execute("select schema_name, table_name from duckdb_tables()").fetchall():
        target = Path(folder) / f"{schema}.{table}.parquet"
        connection.execute(f"copy (select * from {schema}.{table}) to '{target}' (format parquet)")
print(duckdb.__version__)
