"""The raw contract holds: exact counts, keys, references, accepted values; and parts do not depend on each other."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from generators.engine.columns import schema_of
from generators.engine.plan import Chunk
from generators.generation import families
from generators.sales import customers, documents, reference
from generators.sales.demand import month_totals
from generators.sales.families import DERIVED
from generators.scenario import ScenarioError, load_scenario
from generators.schema.catalog import TABLES
from tests.python.sales_tables import SEED, assert_none, chunks_of, rows, scenario_of, tables_of

SOURCES = ("ref", "pim", "crm", "mkt", "oms", "wms", "fin", "rma")
CHEMICAL_TRUTH = ("truth.defects", "truth.faults", "truth.trips", "truth.logbook_subjects")
SALES_TABLES = [
    name for name in TABLES if name.split(".")[0] in SOURCES or (name.startswith("truth.") and name not in CHEMICAL_TRUTH)
]


def test_every_declared_table_is_generated_with_its_declared_schema() -> None:
    tables = tables_of("tiny")
    assert sorted(tables) == sorted(SALES_TABLES)
    made = {name for family in families(scenario_of("tiny")) for name in family.tables}
    made |= {name for family in DERIVED for name in family.tables}
    assert sorted(made) == sorted(SALES_TABLES)
    assert all(tables[name].schema == schema_of(name) for name in SALES_TABLES)


@pytest.mark.parametrize("preset", ["tiny", "small"])
def test_counts_are_exactly_those_of_the_preset(preset: str) -> None:
    shape = scenario_of(preset).sales
    counts = {name: tables_of(preset)[name].num_rows for name in SALES_TABLES}
    assert counts["oms.orders"] == shape.orders
    assert counts["crm.customers"] == shape.customers
    assert counts["pim.products"] == shape.products
    assert counts["ref.countries"] == shape.countries
    assert rows(preset, "select count(distinct country_code) from oms.orders") == [(shape.countries,)]


def test_every_size_of_company_gets_exactly_its_orders() -> None:
    for preset in ("medium", "large", "enterprise"):
        scenario = load_scenario(preset, SEED)
        assert int(month_totals(scenario)[: 12 * scenario.sales.years].sum()) == scenario.sales.orders


@pytest.mark.parametrize("name", SALES_TABLES)
def test_keys_are_unique(name: str) -> None:
    key = ", ".join(TABLES[name].key)
    assert_none("tiny", f"select {key} from {name} group by {key} having count(*) > 1")


@pytest.mark.parametrize(
    ("name", "column", "target", "target_column"),
    [(name, key.columns[0], key.target, key.target_columns[0]) for name in SALES_TABLES for key in TABLES[name].foreign_keys],
)
def test_references_point_at_something(name: str, column: str, target: str, target_column: str) -> None:
    wanted = f"select {column} from {name} where {column} is not null"
    assert_none("tiny", f"select * from ({wanted}) where {column} not in (select {target_column} from {target})")


def test_values_are_among_the_accepted_ones() -> None:
    for name in SALES_TABLES:
        for column in TABLES[name].columns:
            if column.accepted:
                accepted = ", ".join(f"'{value}'" for value in column.accepted)
                assert_none("tiny", f"select {column.name} from {name} where {column.name} not in ({accepted})")


def test_nothing_changed_before_it_was_created() -> None:
    for name in SALES_TABLES:
        assert_none("tiny", f"select * from {name} where updated_at < created_at")


def test_a_part_alone_equals_the_same_part_after_all_others() -> None:
    scenario = scenario_of("small")
    for family in (documents.FAMILY, customers.FAMILY, reference.EXCHANGE):
        parts = family.parts(scenario)
        backwards = {part.key: list(family.generate(scenario, part)) for part in reversed(parts)}
        for part in parts[:2]:
            assert _equal(backwards[part.key], list(family.generate(scenario, part)))


def test_files_of_a_table_have_different_names() -> None:
    paths = [(chunk.table, chunk.path) for chunk in chunks_of(scenario_of("tiny"))]
    assert len(paths) == len(set(paths))


DIGEST = """
import hashlib
import pyarrow as pa
from tests.python.sales_tables import SEED, chunks_of, scenario_of
digest = hashlib.sha256()
for chunk in chunks_of(scenario_of("tiny")):
    digest.update(f"{chunk.table} {chunk.path}".encode())
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, chunk.rows.schema) as writer:
        writer.write_table(chunk.rows)
    digest.update(sink.getvalue())
print(digest.hexdigest())
"""


def test_another_process_with_other_hashes_generates_the_same() -> None:
    assert len({_printed_with_hash_seed(DIGEST, seed) for seed in ("0", "1")}) == 1


POOLS = """
from generators.sales.identities import IDENTITIES
from generators.sales.people import pool_of
pools = [pool_of(1, code, 40) for code in sorted(IDENTITIES)]
print([(pool.given_names.to_pylist(), pool.family_names.to_pylist(), pool.cities.to_pylist()) for pool in pools])
"""


def test_another_process_with_other_hashes_knows_the_same_names_everywhere() -> None:
    assert len({_printed_with_hash_seed(POOLS, seed) for seed in ("0", "1")}) == 1


def _printed_with_hash_seed(program: str, seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True).stdout


def test_another_seed_gives_another_company() -> None:
    other = load_scenario("tiny", SEED + 1, ("sales",))
    part = documents.FAMILY.parts(other)[0]
    mine = documents.FAMILY.parts(scenario_of("tiny"))[0]
    assert not _equal(list(documents.FAMILY.generate(other, part)), list(documents.FAMILY.generate(scenario_of("tiny"), mine)))


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"countries": 41}, "only 40 countries"),
        ({"customers": 15}, "at least 16"),
        ({"products": 20}, "each needs a product"),
    ],
)
def test_shapes_that_cannot_be_are_refused_while_planning(numbers: dict[str, int], message: str) -> None:
    tiny = scenario_of("tiny")
    sales = tiny.sales.__class__(**{**vars(tiny.sales), **numbers})
    scenario = replace(tiny, sales=sales)
    with pytest.raises(ScenarioError, match=message):
        for family in families(scenario):
            family.parts(scenario)


def _equal(left: list[Chunk], right: list[Chunk]) -> bool:
    return len(left) == len(right) and all(
        (a.table, a.path) == (b.table, b.path) and a.rows.equals(b.rows) for a, b in zip(left, right, strict=True)
    )
