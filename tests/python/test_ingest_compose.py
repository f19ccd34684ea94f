"""docker-compose.yml by its text (no Docker is needed): loopback only, health checks, lasting volumes, no fixed password."""

import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.connection import login_from_environment

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
    assert [volume.split(":")[0] for volume in service["volumes"]] == [name]
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
