"""A plugin of dbt-duckdb: DuckDB reads a lake on an object store as pyarrow does, when SALTWORKS_LAKE names one.

So it needs no extension, and takes endpoint and credentials from where the generators take them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from dbt.adapters.duckdb.plugins import BasePlugin
from fsspec.implementations.arrow import ArrowFSWrapper

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class ObjectStore(ArrowFSWrapper):
    """An object store under the scheme of its URIs, which need not be pyarrow's name for it."""

    protocol = ""


class Plugin(BasePlugin):
    """Registers the lake's object store with each connection."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Called by dbt-duckdb when it has connected."""
        lake = os.environ.get("SALTWORKS_LAKE", "")
        scheme, is_uri, _ = lake.partition("://")
        if is_uri and scheme != "file":
            from pyarrow.fs import FileSystem

            store = ObjectStore(FileSystem.from_uri(lake)[0])
            store.protocol = scheme
            conn.register_filesystem(store)
