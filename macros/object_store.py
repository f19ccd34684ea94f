"""A plugin of dbt-duckdb: DuckDB reads a lake on an object store as pyarrow does, when SALTWORKS_LAKE names one.

So it needs no extension, and takes endpoint and credentials from where the generators take them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from dbt.adapters.duckdb.plugins import BasePlugin

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from fsspec import AbstractFileSystem


class Plugin(BasePlugin):
    """Registers the lake's object store with each connection."""

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Called by dbt-duckdb when it has connected."""
        lake = os.environ.get("SALTWORKS_LAKE", "")
        scheme, is_uri, _ = lake.partition("://")
        if is_uri and scheme != "file":
            conn.register_filesystem(_object_store(lake, scheme))


def _object_store(lake: str, scheme: str) -> AbstractFileSystem:
    """The object store of a lake, under the scheme of its URI, which need not be pyarrow's name for it."""
    from fsspec.implementations.arrow import ArrowFSWrapper  # only a lake on an object store needs it
    from pyarrow.fs import FileSystem

    return type("ObjectStore", (ArrowFSWrapper,), {"protocol": scheme})(FileSystem.from_uri(lake)[0])
