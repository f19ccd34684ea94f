"""The scorecard is printed, and says with its exit code whether the company is what it has to be."""

from pathlib import Path

import duckdb
import pytest

from report.scorecard import main
from tests.python.warehouse import Warehouse

CREATE = """
    create schema sales;
    create table sales.fct_realism_scorecard as
    select '1' as fact_id, 'a fact' as statement, 'retail' as scope, {measured} as measured_value, 0.01 as tolerance,
        0.1 as low, 0.2 as high, 'share' as unit, {measured} between 0.1 and 0.2 as is_inside, {binding} as is_binding
    union all
    select '2', 'a sign', 'any company', 1.2, 0, 1, null, 'ratio', true, true
"""


@pytest.mark.parametrize(("measured", "binding", "code"), [(0.15, True, 0), (0.3, False, 0), (0.3, True, 1)])
def test_a_binding_fact_outside_of_its_band_fails(
    measured: float, binding: bool, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute(CREATE.format(measured=measured, binding=binding))
    assert main(["--warehouse", str(tmp_path / "warehouse.duckdb")]) == code
    printed = capsys.readouterr().out
    assert "0.1 to 0.2 share (± 0.010)" in printed
    assert "from 1 ratio" in printed


def test_a_missing_warehouse_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--warehouse", str(tmp_path / "none.duckdb")]) == 1
    assert "run `dbt build`" in capsys.readouterr().err


def test_the_tiny_company_has_most_facts(tiny_warehouse: Warehouse, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--warehouse", str(tiny_warehouse.database)]) == 0
    assert "Inside their band" in capsys.readouterr().out
