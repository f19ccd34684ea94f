"""What README and docs tell people to run, runs: every query on the warehouse, every command in a shell.

The commands of a page run one after the other in a copy of the project that has the lake and the warehouse of the preset tiny,
and the embedded PostgreSQL. What takes long or asks for more stands in ELSEWHERE, with the test that runs the same.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import psycopg
import pytest

from tests.python.warehouse import ROOT, Warehouse

PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Commands of a line: what stands between && and ;, quoted text left whole. A comment begins with a space before it.
COMMENT = re.compile(r"\s+#\s.*$", re.MULTILINE)
COMMAND = re.compile(r"""(?:"[^"]*"|'[^']*'|[^"'&;\n])+""")
FOLDER = "/tmp/saltworks"  # where the pages write to
ON_POSTGRES = "docs/postgresql.md"  # whose queries are for PostgreSQL
POLICY = "docs/tenancy.md"  # whose SQL shows what ingestion has made
LEFT_OUT = (".git", ".venv", "data", "target", "logs", "__pycache__", ".*_cache", "generators")

# What does not run here, and where the same runs: tests of this suite, or the run of CI from nothing.
ELSEWHERE = {
    "make demo": "test_warehouse_small.py::test_small_is_generated_and_built",
    "make test": ".ci/run",
    "make lint": ".ci/run",
    "sqlfluff lint": ".ci/run",
    "make docs": "test_report_browser.py::test_the_dbt_docs_open_offline",
    "python generators/run.py --preset medium": "test_warehouse_small.py::test_small_is_generated_and_built",
    "python generators/run.py --preset small --dirt realistic": (
        "test_sales_dirt.py::test_dirt_hits_the_same_rows_however_the_lake_grew"
    ),
    "python generators/run.py --until 2026-03-01": "test_sales_growth.py::grown",
    "dbt build": "test_warehouse_small.py::test_small_is_generated_and_built",
    "dbt build --target postgres": "test_engines_agree.py::test_postgres_agrees_with_duckdb",
    "SALTWORKS_LAKE=/path/to/lake dbt build --select chemical.rollups": "test_rollups_own_lake.py::own_lake",
    "SALTWORKS_LAKE=/my/lake dbt build --select chemical.rollups": "test_rollups_own_lake.py::own_lake",
    "python -m pytest tests/python/test_sales_demand.py": (
        "test_sales_demand.py::test_orders_are_a_sample_of_the_expected_ones_at_every_level"
    ),
    "python generators/run.py --preset small --lake s3://bucket/lake": (
        "test_object_store.py::test_a_killed_run_is_resumed_and_makes_the_files_of_a_folder"
    ),
    "python ingest/run.py --lake s3://bucket/lake": "test_object_store.py::test_a_lake_is_loaded_and_verified",
    "SALTWORKS_LAKE=s3://bucket/lake dbt build": "test_object_store.py::test_dbt_builds_from_it_and_sees_what_was_changed",
    "python generators/run.py --preset xlarge --lake s3://bucket/lake --executor spark --master spark://host:7077": (
        "test_spark_generation.py::test_a_lost_executor_and_speculation_change_nothing"
    ),
    "SALTWORKS_SPARK_MASTER=spark://host:7077 dbt build --target spark": (
        "test_engines_agree.py::test_spark_agrees_with_duckdb"
    ),
    "docker compose up --wait": "test_ingest_compose.py::test_a_service_is_local_checked_and_lasting",
    "python semantic/run.py evaluate": "test_semantic_search.py::test_the_search_is_as_good_as_it_was",
    'psql "host=… dbname=saltworks user=bi_halden_chemicals" -c "select unit_name, tag_count from chemical.dim_units"': (
        "test_clients.py::test_psql_reads_the_marts_of_its_organization"
    ),
}


def blocks(page: str, language: str) -> list[str]:
    """The blocks of code on a page that are in a language."""
    return [text for name, text in FENCE.findall(PAGES[page]) if name == language]


def commands(block: str) -> list[str]:
    """The commands of a block, without comments."""
    return [command.strip() for command in COMMAND.findall(COMMENT.sub("", block)) if command.strip()]


SHELL = [page for page in PAGES if blocks(page, "sh")]
QUERIES = [(page, text) for page in PAGES if page not in (ON_POSTGRES, POLICY) for text in blocks(page, "sql")]


def test_commands_are_told_apart() -> None:
    block = 'cd lake && python -c "import x; print(1)"   # a comment; not run\nset -a; . ./.env\n\nmake demo      # ours\n'
    assert commands(block) == ["cd lake", 'python -c "import x; print(1)"', "set -a", ". ./.env", "make demo"]


@pytest.mark.parametrize("page", PAGES)
def test_no_block_escapes_the_tests(page: str) -> None:
    assert {language for language, _ in FENCE.findall(PAGES[page])} <= {"sql", "sh", "python"}
    assert PAGES[page].count("```") == 2 * len(FENCE.findall(PAGES[page]))


def test_what_runs_elsewhere_is_told_and_runs_there() -> None:
    told = {command for page in SHELL for block in blocks(page, "sh") for command in commands(block)}
    assert ELSEWHERE.keys() <= told
    of_ci = "".join((ROOT / name).read_text(encoding="utf-8") for name in (".ci/run", "Makefile"))
    for command, place in ELSEWHERE.items():
        path, _, name = place.partition("::")
        if path == ".ci/run":
            assert re.search(rf"^\s*{command}\b", of_ci, re.MULTILINE), command
        else:
            assert f"def {name}(" in (ROOT / "tests" / "python" / path).read_text(encoding="utf-8"), command


def test_the_demo_is_made_of_commands_that_run() -> None:
    """So the first command of the README is one that runs here or elsewhere, step by step."""
    told = ["make", "--dry-run", "--always-make", "--old-file=.venv/locked", "demo", "PRESET=medium"]
    steps = subprocess.run(told, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert [step for step in steps if step.startswith(("python", "dbt"))] == [
        "python generators/run.py --preset medium",
        "dbt build --quiet",
        "python -m report",
    ]


@pytest.mark.parametrize(("page", "query"), QUERIES, ids=[f"{page}-{number}" for number, (page, _) in enumerate(QUERIES)])
def test_a_query_is_answered(page: str, query: str, tiny_warehouse: Warehouse) -> None:
    with duckdb.connect(str(tiny_warehouse.database), read_only=True) as connection:
        answer = connection.execute(query).fetchall()
        assert answer or re.search(r"injected_defects|fct_row_defects", query)  # of a clean lake


class Shell:
    """A shell in a copy of the project of which `data` is its own."""

    def __init__(self, project: Path, folder: Path) -> None:
        self.project = project
        self.folder = folder
        self.environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("SALTWORKS_", "DBT_", "PG", "QDRANT_", "PYTEST_"))
            },
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "SALTWORKS_LAKE": str(project / "data" / "lake"),
            "SALTWORKS_PASSWORD": "only for tests, and long",
            "MAKEFLAGS": "--old-file=.venv/locked",  # the environment is there, whatever its age
        }

    def run(self, script: str) -> str:
        """Run a script to its end, at the first failure of which the test fails; returns what it prints."""
        command = ["bash", "-eo", "pipefail", "-c", script.replace(FOLDER, str(self.folder))]
        done = subprocess.run(command, cwd=self.project, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{script}\n{done.stdout[-2000:]}{done.stderr[-3000:]}"
        return done.stdout


@pytest.fixture(scope="module")
def shell(tiny_warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    folder = tmp_path_factory.mktemp("docs")
    project = shutil.copytree(ROOT, folder / "project", ignore=shutil.ignore_patterns(*LEFT_OUT))
    (project / ".venv").symlink_to(sys.prefix)
    (project / "generators").symlink_to(ROOT / "generators")  # with the plant models as they are compiled there
    shutil.copytree(tiny_warehouse.lake, project / "data" / "lake")
    shutil.copy(tiny_warehouse.database, project / "data" / "warehouse.duckdb")
    (project / "question.sql").write_text(blocks("README.md", "sql")[0], encoding="utf-8")
    shell = Shell(project, folder / "elsewhere")
    shell.run("python ingest/server.py start && python ingest/run.py")
    yield shell
    shell.run("python ingest/server.py stop")


@pytest.mark.parametrize("page", SHELL)
def test_the_commands_of_a_page_run_one_after_the_other(page: str, shell: Shell) -> None:
    for block in blocks(page, "sh"):
        chosen = [command for command in commands(block) if command not in ELSEWHERE]
        shell.run("\n".join(chosen))
        shell.run("python ingest/server.py start")  # a page may have stopped it


@pytest.mark.parametrize("query", blocks(ON_POSTGRES, "sql"))
def test_a_query_on_the_ledger_is_answered(query: str, shell: Shell) -> None:
    exported = shell.run("python ingest/server.py env")
    address = dict(re.findall(r"export PG(\w+)=(\S+)", exported))
    with psycopg.connect(
        host=address["HOST"].strip("'"),
        port=address["PORT"],
        user=address["USER"],
        password=address["PASSWORD"],
        dbname=address["DATABASE"],
    ) as connection:
        assert connection.execute(query.encode()).description


@pytest.mark.parametrize("page", PAGES)
def test_a_link_leads_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", PAGES[page])
    assert not [link for link in links if "://" not in link and not (ROOT / page).with_name("x").parent.joinpath(link).exists()]
