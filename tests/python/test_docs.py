"""What the pages for each audience tell people to run, runs: every query on the warehouse, every command in a shell."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.python.warehouse import ROOT, Warehouse

PAGES = ("analyst", "bi", "data-engineer", "teacher")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FOLDER = "/tmp/saltworks"  # where the pages write to


def blocks(page: str) -> list[tuple[str, str]]:
    """The language and the text of every block of code on a page."""
    return FENCE.findall((ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8"))


QUERIES = [(page, text) for page in PAGES for language, text in blocks(page) if language == "sql"]


@pytest.mark.parametrize("page", PAGES)
def test_no_block_escapes_the_tests(page: str) -> None:
    assert blocks(page)
    assert {language for language, _ in blocks(page)} <= {"sql", "sh"}


@pytest.mark.parametrize(("page", "query"), QUERIES, ids=[f"{page}-{number}" for number, (page, _) in enumerate(QUERIES)])
def test_a_query_is_answered(page: str, query: str, tiny_warehouse: Warehouse) -> None:
    with duckdb.connect(str(tiny_warehouse.database), read_only=True) as connection:
        assert connection.execute(query).fetchall()


@pytest.mark.parametrize("page", [page for page in PAGES if any(language == "sh" for language, _ in blocks(page))])
def test_the_commands_of_a_page_run_one_after_the_other(page: str, tiny_warehouse: Warehouse, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "SALTWORKS_DUCKDB": str(tiny_warehouse.database),
    }
    for language, text in blocks(page):
        if language == "sh":
            assert FOLDER in text, "a command of a page writes below its own folder only"
            command = ["bash", "-euc", text.replace(FOLDER, str(tmp_path))]
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{text}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"


@pytest.mark.parametrize("page", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_a_link_leads_somewhere(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    assert not [link for link in links if "://" not in link and not (ROOT / "docs" / link).exists()]
