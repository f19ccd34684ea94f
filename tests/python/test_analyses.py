"""The worked questions in analyses/ run on the warehouse and answer with at least one row."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.python.warehouse import ROOT, Warehouse

QUESTIONS = sorted(path.relative_to(ROOT) for path in (ROOT / "analyses").rglob("*.sql"))


def test_there_are_enough_questions() -> None:
    assert len([path for path in QUESTIONS if "sales" in path.parts]) >= 25
    assert len([path for path in QUESTIONS if "chemical" in path.parts]) >= 15


@pytest.fixture(scope="module")
def compiled(tiny_warehouse: Warehouse) -> Path:
    tiny_warehouse.dbt("compile", "--select", "resource_type:analysis")
    return tiny_warehouse.folder / "target" / "compiled" / "saltworks"


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_the_answer_has_the_grain_that_is_said(question: Path, compiled: Path, tiny_warehouse: Warehouse) -> None:
    grain = tiny_warehouse.manifest["nodes"][f"analysis.saltworks.{question.stem}"]["config"]["meta"]["grain"]
    with duckdb.connect(str(tiny_warehouse.database), read_only=True) as connection:
        answer = pl.DataFrame(connection.sql((compiled / question).read_text()).to_arrow_table())
    assert answer.select(grain).is_unique().all()


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_the_question_is_answered(question: Path, compiled: Path, tiny_warehouse: Warehouse) -> None:
    with duckdb.connect(str(tiny_warehouse.database), read_only=True) as connection:
        assert connection.execute((compiled / question).read_text()).fetchall()
