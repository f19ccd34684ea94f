"""An object store on loopback that speaks S3, and lakes in it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow.fs as fs
import pytest
from moto.server import ThreadedMotoServer

from generators.engine.lake import close_lake, read_manifest
from generators.engine.storage import Storage, storage

BUCKET = "saltworks"


@pytest.fixture(scope="session")
def object_store() -> Iterator[str]:
    """The URI of a bucket; the environment of this process and of its children says where it is."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    endpoint = "http://{}:{}".format(*server.get_host_and_port())
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", endpoint)
        environment.setenv("AWS_ACCESS_KEY_ID", "nobody")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
        fs.S3FileSystem(endpoint_override=endpoint, allow_bucket_creation=True).create_dir(BUCKET)
        yield f"s3://{BUCKET}"
    server.stop()


def copied(lake: Path, address: str, *tables: str) -> Storage:
    """Some tables of a lake of this machine, as a lake in the object store."""
    original, copy = storage(lake), storage(address)
    manifest = read_manifest(original)
    for table in tables:
        for file in manifest.tables[table].files:
            copy.put(file.path, original.read(file.path))
    close_lake(copy, replace(manifest, tables={table: manifest.tables[table] for table in tables}))
    return copy
