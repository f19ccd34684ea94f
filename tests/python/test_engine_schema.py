"""The raw contract is one catalogue, free of contradictions, and what is written from it is up to date."""

from dataclasses import replace

import pytest

from generators.schema import contract
from generators.schema.arrow import arrow_schema, fingerprint
from generators.schema.catalog import SOURCES, TABLES, dependency_order, table
from generators.schema.table import Column, Table, Type

ORDERS = TABLES["oms.orders"]


def test_parents_come_before_their_children() -> None:
    order = [declared.qualified_name for declared in dependency_order()]
    assert sorted(order) == sorted(TABLES)
    for declared in TABLES.values():
        for key in declared.foreign_keys:
            if key.target != declared.qualified_name:
                assert order.index(key.target) < order.index(declared.qualified_name)


@pytest.mark.parametrize("name", TABLES)
def test_a_foreign_key_points_at_the_whole_key_of_its_target(name: str) -> None:
    """Types agree too, so PostgreSQL can hold the key, and joins need no cast."""
    for key in TABLES[name].foreign_keys:
        target = TABLES[key.target]
        assert {column: TABLES[name].column(column).type for column in key.columns} == {
            column: target.column(theirs).type for column, theirs in zip(key.columns, key.target_columns, strict=True)
        }
        assert set(target.key) <= set(key.target_columns)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_says_its_grain_and_keeps_to_the_habits_of_names(name: str) -> None:
    declared = TABLES[name]
    assert declared.description.startswith("One row per ")
    assert declared.column(declared.updated_column).type is Type.TIMESTAMP
    assert not [name for name in (*declared.key, *declared.partitioned_by) if declared.column(name).nullable]
    for column in declared.columns:
        assert column.description.endswith("."), column.name
        assert column.name.endswith("_at") == (column.type is Type.TIMESTAMP), column.name
        assert column.name.startswith(("is_", "has_")) == (column.type is Type.BOOLEAN), column.name
        assert not column.accepted or column.type is Type.STRING


def test_each_table_lies_in_its_source() -> None:
    assert all(declared.source == source.name for source in SOURCES for declared in source.tables)
    assert len({source.name for source in SOURCES}) == len(SOURCES)
    assert len(TABLES) == sum(len(source.tables) for source in SOURCES)


def test_an_unknown_table_is_answered_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match=r"no raw table oms.shells; there are .*oms.orders"):
        table("oms.shells")
    with pytest.raises(KeyError, match=r"oms.orders has no column shell; it has order_id"):
        ORDERS.column("shell")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"columns": (*ORDERS.columns, ORDERS.columns[0])}, "a column is declared twice"),
        ({"key": ("shell",)}, r"keys name columns that are not declared: \['shell'\]"),
        ({"updated_column": "shell"}, r"keys name columns that are not declared: \['shell'\]"),
        ({"partitioned_by": ("shell",)}, r"keys name columns that are not declared: \['shell'\]"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(change: dict[str, tuple[str, ...]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(ORDERS, **change)  # type: ignore[arg-type] # wrong on purpose


def test_a_fingerprint_tells_names_types_and_nullability_apart() -> None:
    def of(column: Column) -> str:
        return fingerprint(arrow_schema(Table("s", "t", "One row per x.", (), (column,), column.name)))

    column = Column("amount", Type.MONEY, "An amount.")
    others = [replace(column, name="price"), replace(column, type=Type.RATE), replace(column, nullable=True)]
    assert len({of(column), *map(of, others)}) == 4
    assert of(column) == of(replace(column, description="Other words."))


def test_what_is_written_from_the_contract_is_up_to_date() -> None:
    assert contract.stale() == [], "run `make contract`"


def test_a_stale_file_is_noticed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    source = replace(SOURCES[0], description="Something else.")
    monkeypatch.setattr(contract, "SOURCES", (source, *SOURCES[1:]))
    monkeypatch.setattr("sys.argv", ["contract", "--check"])
    assert contract.main() == 1
    shown = capsys.readouterr().err
    assert "_ref__sources.yml is stale: run `make contract`" in shown
    assert "docs/data-contract.md is stale" in shown
