"""Nothing in the dbt project is without words, and no key of its YAML is misspelt: dbt itself would ignore both."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pytest
import yaml
from dbt.jsonschemas.jsonschemas import project_schema, resources_schema
from jsonschema import Draft7Validator, ValidationError  # type: ignore[import-untyped] # it brings no types

from tests.python.warehouse import ROOT, Warehouse

PROJECT = "saltworks"
FOLDERS = ("models", "seeds", "macros", "tests", "analyses")
PROPERTIES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.y*ml"))
IMPLEMENTATION = re.compile(r"(default|duckdb|postgres|spark)__")
MACRO = re.compile(r"{%-?\s*(?:(?:macro|test)\s+(\w+\(.*?\))|materialization\s.*?)\s*-?%}", re.DOTALL)


@pytest.fixture(scope="module")
def resources(tiny_warehouse: Warehouse) -> dict[str, list[dict[str, Any]]]:
    """What dbt found in the project, by kind: models, seeds, sources, tests, unit tests, macros, exposures, analyses."""
    manifest = tiny_warehouse.manifest
    found: dict[str, list[dict[str, Any]]] = {}
    for kind in ("nodes", "sources", "unit_tests", "macros", "exposures", "semantic_models", "metrics"):
        for resource in manifest[kind].values():
            if resource["package_name"] == PROJECT:
                found.setdefault(resource["resource_type"], []).append(resource)
    return found


def undescribed(resources: list[dict[str, Any]]) -> list[str]:
    """The resources without words, and their columns."""
    found = [resource["unique_id"] for resource in resources if not resource["description"].strip()]
    for resource in resources:
        columns = resource.get("columns", {}).values()
        found += [f"{resource['unique_id']}.{column['name']}" for column in columns if not column["description"].strip()]
    return found


def test_missing_words_are_found() -> None:
    columns = {"order_id": {"name": "order_id", "description": " "}}
    assert undescribed([{"unique_id": "model.orders", "description": "", "columns": columns}]) == [
        "model.orders",
        "model.orders.order_id",
    ]


@pytest.mark.parametrize("kind", ["model", "source", "seed", "analysis", "exposure", "unit_test", "semantic_model", "metric"])
def test_everything_is_described(kind: str, resources: dict[str, list[dict[str, Any]]]) -> None:
    assert not undescribed(resources.get(kind, []))


def test_every_measure_and_dimension_is_described(resources: dict[str, list[dict[str, Any]]]) -> None:
    parts = [part for model in resources["semantic_model"] for part in (*model["measures"], *model["dimensions"])]
    assert parts
    assert not [part["name"] for part in parts if not part["description"]]


def test_every_source_system_is_described(resources: dict[str, list[dict[str, Any]]]) -> None:
    assert not [source["source_name"] for source in resources["source"] if not source["source_description"]]


def test_every_singular_test_is_described(resources: dict[str, list[dict[str, Any]]]) -> None:
    """A generic test is named by what it tests; a singular one is a sentence that wants saying."""
    assert not undescribed([test for test in resources["test"] if "test_metadata" not in test])


def test_every_macro_and_its_arguments_are_described(resources: dict[str, list[dict[str, Any]]]) -> None:
    """The implementations for each engine share the words of the macro that is called."""
    called = [macro for macro in resources["macro"] if not IMPLEMENTATION.match(macro["name"])]
    assert not undescribed(called)
    for macro in called:
        described = [argument["name"] for argument in macro["arguments"]]
        assert described == signature(macro["macro_sql"]), macro["name"]
        assert all(argument["description"] for argument in macro["arguments"]), macro["name"]


def signature(sql: str) -> list[str]:
    """The names of the arguments of a macro or generic test; a materialization has none."""
    head = MACRO.search(sql)
    assert head, sql
    if head[1] is None:
        return []
    (macro,) = jinja2.Environment().parse(f"{{% macro {head[1]} %}}{{% endmacro %}}").find_all(jinja2.nodes.Macro)
    return [argument.name for argument in macro.args]


def test_every_column_of_the_warehouse_is_declared(tiny_warehouse: Warehouse) -> None:
    """Without a contract a model may have columns that its YAML does not know; the database has the last word."""
    with duckdb.connect(str(tiny_warehouse.database), read_only=True) as connection:
        rows = connection.execute("select schema_name, table_name, column_name from duckdb_columns() where not internal")
        actual: dict[tuple[str, str], set[str]] = {}
        for schema, relation, column in rows.fetchall():
            actual.setdefault((schema, relation), set()).add(column)
    declared = {
        (node["schema"], node.get("identifier") or node["alias"]): set(node["columns"])
        for kind in ("nodes", "sources")
        for node in tiny_warehouse.manifest[kind].values()
        if node["resource_type"] in ("model", "source", "seed") and node["config"].get("materialized") != "ephemeral"
    }
    assert actual.keys() == declared.keys()
    assert not {
        relation: actual[relation] ^ declared[relation] for relation in actual if actual[relation] != declared[relation]
    }


def test_marts_have_contracts_and_everything_a_group(resources: dict[str, list[dict[str, Any]]]) -> None:
    assert not [model["name"] for model in resources["model"] if not model["config"]["group"]]
    for model in resources["model"]:
        is_mart = model["fqn"][2] in ("marts", "rollups") and "state" not in model["fqn"]
        assert model["config"]["contract"]["enforced"] == is_mart, model["name"]
        assert (model["config"]["access"] == "public") == is_mart, model["name"]
        assert bool(re.match(r"(dim|fct)_", model["name"])) == is_mart, model["name"]


def readers_of_the_answer_key(manifest: dict[str, Any]) -> set[str]:
    """The marts and roll-ups that stem from a table of the source `truth`, through however many models."""
    parents: dict[str, list[str]] = manifest["parent_map"]

    def stems_from_truth(node: str) -> bool:
        return node.startswith(f"source.{PROJECT}.truth.") or any(map(stems_from_truth, parents.get(node, [])))

    marts = [node for node in manifest["nodes"].values() if node["config"].get("contract", {}).get("enforced")]
    return {mart["name"] for mart in marts if stems_from_truth(mart["unique_id"])}


def test_only_scorecards_read_the_answer_key(tiny_warehouse: Warehouse) -> None:
    assert readers_of_the_answer_key(tiny_warehouse.manifest) == {
        "dim_business_events",
        "fct_fault_episodes",
        "fct_promotion_results",
        "fct_row_defects",
        "fct_tag_defects",
    }


def misspelt(schema: dict[str, Any], document: Any) -> list[str]:
    """The keys that dbt does not know, with their places. The schemas are dbt's, which applies them on other engines only."""
    errors = [error for found in Draft7Validator(schema).iter_errors(document) for error in _with_causes(found)]
    unknown = [error for error in errors if error.validator == "additionalProperties"]
    return [f"{'.'.join(map(str, error.absolute_path))}: {error.message}" for error in unknown]


def _with_causes(error: ValidationError) -> Iterator[ValidationError]:
    yield error
    for cause in error.context or ():
        yield from _with_causes(cause)


@pytest.mark.parametrize("path", PROPERTIES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_key_is_misspelt(path: Path) -> None:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    # The schema knows the metrics of later versions only; dbt refuses to parse an unknown key of a metric by itself.
    document.pop("metrics", None)
    assert not misspelt(resources_schema(), document)


@pytest.mark.parametrize("wrong", [{"descripton": "Orders."}, {"type_params": {"mesure": "order_count"}}])
def test_dbt_refuses_a_misspelt_key_of_a_metric(wrong: dict[str, Any]) -> None:
    from dbt.contracts.graph.unparsed import UnparsedMetric  # before dbt.jsonschemas it stumbles over a circle of imports

    metric = {"name": "orders", "label": "Orders", "type": "simple", "type_params": {"measure": "order_count"}}
    validate: Callable[[dict[str, Any]], None] = UnparsedMetric.validate
    validate(metric)
    with pytest.raises(ValidationError):
        validate({**metric, **wrong})


def test_no_key_of_the_project_file_is_misspelt() -> None:
    assert not misspelt(project_schema(), yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "text",
    [
        "modles: []",
        "models: [{name: orders, descripton: Orders.}]",
        "models: [{name: orders, columns: [{name: order_id, data_test: [unique]}]}]",
        "models: [{name: orders, config: {materialised: table}}]",
        "models: [{name: orders, data_tests: [{unique_key: {argments: {columns: [order_id]}}}]}]",
        "sources: [{name: oms, tables: [{name: orders, columns: [{name: order_id, descripton: Key.}]}]}]",
        "seeds: [{name: codes, config: {colum_types: {code: int}}}]",
        "macros: [{name: type_money, arguments: [{name: scale, desciption: Digits.}]}]",
        "data_tests: [{name: assert_totals, descripton: A returned row is wrong.}]",
        "unit_tests: [{name: totals, model: orders, gven: [], expect: {rows: []}}]",
        "groups: [{name: sales, ownr: {name: Sales}}]",
        "exposures: [{name: report, type: dashboard, ownr: {name: Sales}}]",
    ],
)
def test_a_misspelt_key_is_found(text: str) -> None:
    assert misspelt(resources_schema(), yaml.safe_load(text))
