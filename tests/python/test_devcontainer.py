"""The devcontainer by its text (no Docker is needed): the oldest Python that the project takes, Java for Spark, one set-up."""

import json
import re
import tomllib
from typing import Any

from tests.python.warehouse import ROOT

TEXT = (ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8")
CONTAINER: dict[str, Any] = json.loads(re.sub(r"^\s*//.*$", "", TEXT, flags=re.MULTILINE))


def test_its_keys_are_those_of_the_specification() -> None:
    assert CONTAINER.keys() == {"name", "image", "features", "postCreateCommand", "remoteEnv", "customizations"}
    assert all(re.search(r":\d+$", feature) for feature in CONTAINER["features"]), "the version of a feature is named"


def test_its_python_is_the_oldest_that_the_project_takes() -> None:
    requires = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert re.fullmatch(rf"mcr\.microsoft\.com/devcontainers/python:{requires.removeprefix('>=')}-\w+", CONTAINER["image"])


def test_its_java_is_that_of_spark() -> None:
    (version,) = (options["version"] for name, options in CONTAINER["features"].items() if "/java:" in name)
    assert f"needs Java {version}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_it_sets_up_what_everybody_sets_up() -> None:
    assert CONTAINER["postCreateCommand"] == "make setup"
    assert CONTAINER["remoteEnv"]["PATH"].startswith("${containerWorkspaceFolder}/.venv/bin:")
    assert CONTAINER["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"] == ".venv/bin/python"
