"""docker-compose.yml by its text (no Docker is needed): loopback only, health checks, lasting volumes, no fixed password."""

import os
import re
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest import embedded
from ingest.connection import Target, connect, login_from_environment

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_local_checked_and_lasting(name: str) -> None:
    service = SERVICES[name]
    assert service["ports"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert service["healthcheck"]["test"]
    lasting = [volume for volume in service["volumes"] if not volume.startswith("./")]
    assert [volume.split(":")[0] for volume in lasting] == [name]
    mounted = [volume.split(":") for volume in service["volumes"] if volume.startswith("./")]
    assert all((ROOT / source).is_file() and mode == "ro" for source, _, mode in mounted)
    assert name in COMPOSE["volumes"]
    assert re.search(r":v?\d", service["image"]), "the image's version is named"


def test_qdrant_is_of_the_client_s_release() -> None:
    """Client and server are released together, and the client warns when they are more than one minor release apart."""
    major, minor, _ = version("qdrant-client").split(".")
    assert SERVICES["qdrant"]["image"].startswith(f"qdrant/qdrant:v{major}.{minor}.")


def test_every_variable_has_a_default_and_stands_in_the_example() -> None:
    example = dict(
        line.split("=", 1) for line in (ROOT / ".env.example").read_text().splitlines() if line and not line.startswith("#")
    )
    for name, default in re.findall(r"\$\{(\w+):-([^}]*)\}", TEXT):
        assert example[name] == default
    assert "$" not in re.sub(r"\$\{\w+:-[^}]*\}|\$\$\w+", "", TEXT)


def test_the_defaults_are_those_of_ingestion(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PGUSER", "PGPASSWORD", "PGDATABASE"):
        monkeypatch.delenv(name, raising=False)
    login = login_from_environment()
    defaults = dict(re.findall(r"\$\{(PG\w+):-([^}]*)\}", TEXT))
    assert (login.user, login.password, login.database) == (
        defaults["PGUSER"],
        defaults["PGPASSWORD"],
        defaults["PGDATABASE"],
    )


def test_the_container_s_initialisation_makes_the_login_that_the_embedded_server_has(
    database: Target, server_data: Path
) -> None:
    """The script of the image, run against the embedded server as its superuser."""
    done = subprocess.run(
        [ROOT / "ingest" / "docker_init.sh"],
        env={
            **os.environ,
            "PGHOST": database.host,
            "PGPORT": f"{database.port}",
            "POSTGRES_USER": embedded.SUPERUSER,
            "SALTWORKS_USER": "in docker",
            "SALTWORKS_PASSWORD": 'it\'s "quoted"',
            "SALTWORKS_DATABASE": "docked",
        },
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    target = Target(database.host, database.port, embedded.Login("in docker", 'it\'s "quoted"', "docked"), is_embedded=True)
    with connect(target) as connection:
        rights = "select rolsuper, rolcreaterole, rolbypassrls from pg_roles where rolname = current_user"
        assert connection.execute(rights).fetchone() == (False, True, False)
        order = "select array_agg(word order by word) from unnest(array['b', 'B', 'ä', 'a']) as word"
        assert connection.execute(order).fetchone() == (["B", "a", "b", "ä"],)
