"""The report is one file that needs nothing else, and its numbers are those of the marts."""

from __future__ import annotations

import ast
import json
import re
import shutil
from contextlib import suppress
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest

from generators.engine.lake import read_manifest
from generators.engine.run_record import read_run_record
from generators.engine.storage import storage
from report.__main__ import main
from report.dbt_artifacts import DbtRun, read_dbt_run
from report.page import render
from report.sections import generated
from report.warehouse import QUERIES, open_warehouse
from tests.python.engines import marts
from tests.python.warehouse import Warehouse

SECTIONS = ["what-was-generated", "how-real-is-it", "the-company", "the-plants", "data-quality", "how-the-pieces-fit"]
LARGEST = 3_000_000  # bytes
# Attributes by which a browser loads something; a link that a reader may follow loads nothing.
LOADING = {"src", "srcset", "poster", "data", "action", "formaction", "background", "ping"}


class Page(HTMLParser):
    """What the tests read of a page: its elements, the tables by their captions, and the numbers by their names."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.specifications: list[dict[str, Any]] = []
        self.numbers: dict[str, str] = {}
        self.html, self.text = html, ""
        self._open: list[str] = []
        self._rows: list[list[str]] = []
        self._name = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in ("meta", "link", "br"):
            return
        self._open.append(tag)
        if tag == "caption":
            self._rows = []
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        within = self._open[-1] if self._open else ""
        if within == "script":
            if self.elements[-1][1].get("type") == "application/json":
                self.specifications.append(json.loads(data))
        elif within == "caption":
            self.tables[data.strip()] = self._rows
        elif within in ("td", "button"):
            self._rows[-1][-1] += data
        elif within == "dt":
            self._name = data
        elif within == "dd":
            self.numbers[self._name] = data
        if within not in ("script", "style"):
            self.text += data

    def column(self, caption: str, title: str, by: str = "") -> dict[str, str]:
        """The values of a column of the table, by those of another one, or of the first."""
        head, *rows = self.tables[caption]
        place, key = head.index(title), head.index(by) if by else 0
        return {row[key]: row[place] for row in rows}


@pytest.fixture(scope="module")
def html(tiny_warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> str:
    output = tmp_path_factory.mktemp("report") / "deep" / "index.html"
    artifacts = tiny_warehouse.folder / "target"
    arguments = ["--warehouse", tiny_warehouse.database, "--lake", tiny_warehouse.lake, "--artifacts", artifacts]
    assert main([*map(str, arguments), "--output", str(output)]) == 0
    return output.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def ask(warehouse: Warehouse, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(warehouse.database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_the_page_is_one_small_file_that_loads_nothing(html: str, page: Page) -> None:
    assert len(html.encode()) < LARGEST
    assert html.count("<script>") == 2
    for tag, attributes in page.elements:
        assert not LOADING & attributes.keys(), (tag, attributes)
        assert tag not in ("iframe", "object", "embed", "base", "image")
        if "href" in attributes:
            assert re.match(r"#|data:,$", attributes["href"] or ""), (tag, attributes)
    style = html[html.index("<style>") : html.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    policy = next(attributes["content"] for _, attributes in page.elements if "http-equiv" in attributes)
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert not re.search(r"https?:|unsafe-eval|\*", policy)


def test_every_section_and_figure_of_a_whole_warehouse_is_there(html: str, page: Page) -> None:
    sections = [attributes["id"] for tag, attributes in page.elements if tag == "section"]
    assert sections == SECTIONS
    contents = [attributes["href"] for tag, attributes in page.elements if tag == "a" and attributes.get("class") != "skip"]
    assert contents == [f"#{section}" for section in SECTIONS]
    assert "Not on this page" not in page.text
    absent = re.findall(r'class="absent">\s*<h3>(.*?)</h3>', html)
    assert absent == ["A fault, from its onset to the logbook"]  # tiny has two faults; people notice both first
    assert len(page.specifications) >= 20


def test_every_chart_and_table_says_what_it_is(page: Page) -> None:
    charts = [attributes for _, attributes in page.elements if attributes.get("class") == "chart"]
    assert len(charts) == len(page.specifications)
    assert all(len(attributes["aria-label"] or "") > 30 for attributes in charts)
    tables = sum(tag == "table" for tag, _ in page.elements)
    assert tables == len(page.tables) > 10
    headings = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h\d", tag)]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(deeper <= higher + 1 for higher, deeper in pairwise(headings))


def test_the_same_warehouse_gives_the_same_page(html: str, tiny_warehouse: Warehouse) -> None:
    with open_warehouse(tiny_warehouse.database) as warehouse:
        again = render(warehouse, read_manifest(storage(tiny_warehouse.lake)), None, DbtRun())
    once = Page(html).specifications
    assert Page(again).specifications == once


def test_numbers_of_the_company_are_those_of_its_marts(page: Page, tiny_warehouse: Warehouse) -> None:
    ((orders, customers, revenue),) = ask(
        tiny_warehouse,
        """
        select
            (select count(*) from sales.fct_orders),
            (select count(*) from sales.dim_customers),
            (select sum(net_amount_eur) from sales.fct_orders where not is_cancelled)
        """,
    )
    assert page.numbers["orders"] == f"{orders:,}"
    assert page.numbers["customers"] == f"{customers:,}"
    by_market = page.column("Revenue by market, the whole time", "net revenue in euros")
    assert sum(int(text.replace(",", "")) for text in by_market.values()) == pytest.approx(float(revenue), abs=len(by_market))


def test_the_charts_hold_the_sums_of_the_marts(page: Page, tiny_warehouse: Warehouse) -> None:
    ((revenue, receivables, orders),) = ask(
        tiny_warehouse,
        """
        select
            (select sum(net_amount_eur) from sales.fct_revenue_by_day),
            (select sum(open_amount_eur) from sales.fct_receivables_aging where open_amount <> 0),
            (select count(*) from sales.fct_orders)
        """,
    )

    def drawn(value: str) -> float:
        datasets = (rows for chart in page.specifications for rows in chart["datasets"].values())
        return float(sum(row[value] for rows in datasets for row in rows if value in row))

    assert drawn("net_eur") == pytest.approx(float(revenue), rel=1e-9)
    assert drawn("open_eur") == pytest.approx(float(receivables), rel=1e-4)
    week = sum(
        row["orders"]
        for chart in page.specifications
        for rows in chart["datasets"].values()
        for row in rows
        if "weekday" in row
    )
    assert week == orders


def test_numbers_of_the_plants_are_those_of_their_marts(page: Page, tiny_warehouse: Warehouse) -> None:
    ((tags, readings, unhealthy),) = ask(
        tiny_warehouse,
        """
        select
            (select count(*) from chemical.dim_tags),
            (select sum(reading_count) from chemical.fct_readings_by_hour),
            (select count(*) from chemical.fct_tag_health where verdict <> 'healthy')
        """,
    )
    assert page.numbers["tags"] == f"{tags:,}"
    assert page.numbers["readings"] == f"{readings:,}"
    verdicts = page.column("Days of tags by verdict", "tag-days")
    assert sum(int(text.replace(",", "")) for verdict, text in verdicts.items() if verdict != "healthy") == unhealthy


def test_the_scorecard_has_every_fact_and_its_verdict(page: Page, tiny_warehouse: Warehouse) -> None:
    caption = "Published facts and what this company measures"
    verdicts, measured = (page.column(caption, title, by="fact") for title in ("verdict", "measured"))
    facts = ask(
        tiny_warehouse,
        "select replace(fact_id, '_', ' '), is_inside, measured_value, unit from sales.fct_realism_scorecard",
    )
    assert verdicts == {fact: "inside" if is_inside else "outside" for fact, is_inside, *_ in facts}
    for fact, _, value, unit in facts:
        number, _, written = measured[fact].partition(" ")
        assert written == ("%" if unit == "share" else unit)
        assert float(number.replace(",", "")) == pytest.approx(float(value) * (100 if unit == "share" else 1), rel=1e-3)


def test_the_lake_is_told_by_its_manifest(page: Page, tiny_warehouse: Warehouse) -> None:
    manifest = read_manifest(storage(tiny_warehouse.lake))
    assert page.numbers["preset"] == "tiny"
    assert page.numbers["seed"] == "1"
    assert page.numbers["rows"] == f"{sum(entry.rows for entry in manifest.tables.values()):,}"


def test_the_generation_is_told_by_its_record(page: Page, tiny_warehouse: Warehouse) -> None:
    record = read_run_record(storage(tiny_warehouse.lake))
    assert record is not None
    assert f"<dt>seconds</dt><dd>{record.seconds:,.1f}</dd>" in page.html
    assert generated.seconds_of(replace(record, kept_parts=1)) == ("seconds, last run", f"{record.seconds:,.1f}")


def test_every_campaign_is_marked_in_its_market(page: Page, tiny_warehouse: Warehouse) -> None:
    ((campaigns, first, end),) = ask(
        tiny_warehouse,
        """
        select
            count(distinct (market_code, promotion_type, starts_on)),
            (select cast(min(order_date) as timestamp) from sales.fct_revenue_by_day),
            (select cast(max(order_date) + 1 as timestamp) from sales.fct_revenue_by_day)
        from sales.dim_promotions
        where promotion_type in ('seasonal_sale', 'black_week')
            and starts_on <= (select max(order_date) from sales.fct_revenue_by_day)
            and ends_on >= (select min(order_date) from sales.fct_revenue_by_day)
        """,
    )
    marked = [row for chart in page.specifications for rows in chart["datasets"].values() for row in rows if "campaign" in row]
    assert len(marked) == campaigns > 0
    assert all(first.isoformat() <= row["begins"] < row["ends"] <= end.isoformat() for row in marked)


def test_every_recession_is_marked_in_the_markets_of_its_region(page: Page, tiny_warehouse: Warehouse) -> None:
    ((recessions,),) = ask(
        tiny_warehouse,
        """
        select count(distinct (countries.market_name, events.event_id))
        from raw_truth.business_events as events
        inner join sales.dim_countries as countries on events.scope_value = countries.region_name
        where events.event_type = 'recession'
        """,
    )
    rows = (row for chart in page.specifications for rows in chart["datasets"].values() for row in rows)
    assert sum(row.keys() == {"begins", "ends"} for row in rows) == recessions > 0


@pytest.mark.parametrize(("command", "seconds"), [("build", 68.4), ("docs generate", 0.0)])
def test_seconds_are_those_of_a_build(command: str, seconds: float, tmp_path: Path) -> None:
    results = {"args": {"which": command}, "elapsed_time": 68.4, "results": [{}, {}]}
    (tmp_path / "run_results.json").write_text(json.dumps(results))
    run = read_dbt_run(tmp_path)
    assert (run.seconds, run.sources_by_mart) == (seconds, {})


def test_marts_are_counted_and_traced_to_their_sources(page: Page, tiny_warehouse: Warehouse) -> None:
    head, *rows = page.tables["Marts, their rows and their sources"]
    marts = {row[head.index("mart")]: row for row in rows}
    ((minutes,),) = ask(tiny_warehouse, "select count(*) from chemical.fct_readings_by_minute")
    assert marts["fct_readings_by_minute"][head.index("rows")] == f"{minutes:,}"
    assert marts["fct_payments"][head.index("stems from")].split(", ")[-1] == "fin"
    assert "historian" in marts["fct_readings_by_hour"][head.index("stems from")]
    assert all(row[head.index("what it holds")].startswith("One row per") for row in rows)


def test_every_defect_of_readings_is_counted(page: Page, tiny_warehouse: Warehouse) -> None:
    caption = "Defects of readings, injected and found"
    injected, named = (page.column(caption, title) for title in ("injected", "found by this name"))
    kinds = ask(tiny_warehouse, "select replace(defect_kind, '_', ' '), count(*) from raw_truth.defects group by all")
    assert injected == {kind: str(count) for kind, count in kinds}
    assert 0 < sum(map(int, named.values())) <= sum(map(int, injected.values()))


def test_what_was_spoilt_is_found(hostile_warehouse: Warehouse) -> None:
    with open_warehouse(hostile_warehouse.database) as warehouse:
        rows = warehouse.rows("sales_dirt").to_dicts()
    found = {(row["table_name"], row["defect"]): (row["injected"], row["found"]) for row in rows}
    assert len(found) == len(rows)
    counted = {kind: (injected, seen) for kind, (injected, seen) in found.items() if seen is not None}
    assert len(counted) == 14
    assert all(injected == seen > 0 for injected, seen in counted.values()), counted
    ((injected, seen),) = ask(
        hostile_warehouse,
        """
        select
            (select count(*) from staging.stg_truth__injected_defects),
            (select sum(row_count - case rejection_reason when 'duplicate' then 1 else 0 end)
             from quarantine.quarantine_oms__order_lines)
        """,
    )
    assert sum(row["injected"] for row in rows) == injected
    assert sum(seen for (table, _), (_, seen) in counted.items() if table == "oms.order_lines") == seen


@pytest.mark.parametrize(
    ("gone", "kept", "missing"), [("sales", "chemical", "the-company"), ("chemical", "sales", "the-plants")]
)
def test_a_warehouse_of_one_domain_says_so(
    gone: str, kept: str, missing: str, tiny_warehouse: Warehouse, tmp_path: Path
) -> None:
    database = tmp_path / "warehouse.duckdb"
    shutil.copy(tiny_warehouse.database, database)
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"drop schema {gone} cascade")
    output = tmp_path / "index.html"
    assert main(["--warehouse", str(database), "--lake", str(tiny_warehouse.lake), "--output", str(output)]) == 0
    html = output.read_text(encoding="utf-8")
    body = html[html.index(f'<section id="{missing}"') :]
    body = body[: body.index("</section>")]
    assert "Not on this page: this warehouse has no" in body
    assert "<article" not in body
    assert f"{kept}." not in Page(html).text.replace("Not on this page", "")


def test_an_empty_warehouse_still_gives_a_page(tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    with open_warehouse(tmp_path / "empty.duckdb") as warehouse:
        page = Page(render(warehouse, None, None, DbtRun()))
    assert page.text.count("Not on this page") == len(SECTIONS)
    assert not page.specifications


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--warehouse", "{tmp}/none.duckdb"], "there is no warehouse in"),
        (["--warehouse", "{tmp}/text.duckdb"], "cannot read the warehouse"),
        (["--lake", "{tmp}"], "there is no lake in"),
        (["--output", "{tmp}/text.duckdb/page.html"], "cannot write"),
    ],
)
def test_bad_paths_are_named(
    arguments: list[str], said: str, tiny_warehouse: Warehouse, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text.duckdb").write_text("this is not a database, whatever its name may say" * 100)
    given = [argument.format(tmp=tmp_path) for argument in arguments]
    usual = [
        "--warehouse",
        str(tiny_warehouse.database),
        "--lake",
        str(tiny_warehouse.lake),
        "--output",
        str(tmp_path / "page.html"),
    ]
    assert main([*usual, *given]) == 1
    error = capsys.readouterr().err
    assert said in error
    assert given[1] in error


def test_every_query_is_used() -> None:
    sections = Path(QUERIES).parent / "sections"
    code = "".join(path.read_text(encoding="utf-8") for path in sections.glob("*.py"))
    assert not [query.stem for query in QUERIES.glob("*.sql") if f'"{query.stem}"' not in code]


def relations_of(sql: str) -> set[str]:
    """The relations that a query reads, as DuckDB understands it. Raises what DuckDB raises at what is no query."""
    with duckdb.connect() as connection:
        names = connection.get_table_names(re.sub(r"\$\w+", "null", sql), qualified=True)
    return {name.split(" ")[0] for name in names}


def relations_in_code(code: str) -> set[str]:
    """The relations that queries in the texts of a Python module read."""
    found = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            with suppress(duckdb.Error):
                found |= relations_of(node.value)
    return {name for name in found if "." in name}


def test_what_a_query_reads_is_found() -> None:
    sql = 'with days as (select 1 as day) select * from sales.fct_orders as o, days join staging."stg" on o.day = $day'
    assert relations_of(sql) == {"sales.fct_orders", "staging.stg"}
    assert relations_in_code(f"QUERY = {sql!r}\nWORDS = 'from house to house'") == {"sales.fct_orders", "staging.stg"}


def test_every_number_comes_from_the_marts(tiny_warehouse: Warehouse) -> None:
    """But for what the run says of itself: manifest, record and dbt's artifacts, and the catalogue of the warehouse."""
    in_queries = set().union(*(relations_of(query.read_text(encoding="utf-8")) for query in QUERIES.glob("*.sql")))
    in_code = set().union(*(relations_in_code(path.read_text(encoding="utf-8")) for path in QUERIES.parent.rglob("*.py")))
    assert "sales.fct_realism_scorecard" in in_code
    assert not (in_queries | in_code) - {f"{schema}.{name}" for schema, name in marts(tiny_warehouse)}
    exposure = tiny_warehouse.manifest["exposures"]["exposure.saltworks.report"]
    assert {node.split(".")[2] for node in exposure["depends_on"]["nodes"]} == {name.split(".")[1] for name in in_queries}
