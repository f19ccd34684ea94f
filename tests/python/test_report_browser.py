"""What a reader's browser makes of the report and of the dbt docs, with every host out of reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, sync_playwright

from report.__main__ import main
from report.chromium import ALL_DRAWN, ChromiumError, start_chromium
from tests.python.warehouse import Warehouse

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 700}
SERIOUS = ("serious", "critical")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            chromium = start_chromium(playwright)
        except ChromiumError as error:
            pytest.skip(str(error))
        with chromium:
            yield chromium


@dataclass
class Watched:
    """A page, and what it asked for and complained about since it was opened."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def watched(browser: Browser, file: Path, viewport: dict[str, int], scheme: str = "light") -> Watched:
    """Open the file where nothing but files is to be had."""
    context = browser.new_context(
        viewport={"width": viewport["width"], "height": viewport["height"]},
        color_scheme="dark" if scheme == "dark" else "light",
        timezone_id="Pacific/Auckland",  # far from UTC: charts are to show what the marts hold
    )
    page = context.new_page()
    seen = Watched(page)

    def answer(route: Route) -> None:
        seen.requests.append(route.request.url)
        if route.request.url.startswith("file:"):
            route.continue_()
        else:
            route.abort()

    context.route("**/*", answer)
    page.on("console", lambda message: seen.complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.goto(file.as_uri())
    return seen


@pytest.fixture(scope="module")
def report(tiny_warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("report") / "index.html"
    artifacts = tiny_warehouse.folder / "target"
    arguments = ["--warehouse", tiny_warehouse.database, "--lake", tiny_warehouse.lake, "--artifacts", artifacts]
    assert main([*map(str, arguments), "--output", str(output)]) == 0
    return output


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_chart_is_drawn_without_a_request_or_a_complaint(
    viewport: dict[str, int], scheme: str, report: Path, browser: Browser
) -> None:
    seen = watched(browser, report, viewport, scheme)
    seen.page.wait_for_function(ALL_DRAWN)
    assert seen.requests == [report.as_uri()]
    assert not seen.complaints
    charts = seen.page.locator(".chart")
    assert charts.count() >= 20
    marks = charts.evaluate_all(
        "charts => charts.map(chart => chart.querySelectorAll('svg .mark-rect path, svg .mark-line path').length)"
    )
    assert all(marks), [charts.nth(place).get_attribute("aria-label") for place, count in enumerate(marks) if not count]
    assert seen.page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    beyond = charts.evaluate_all("charts => charts.filter(chart => chart.scrollWidth > chart.clientWidth).length")
    assert beyond == 0
    seen.page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(scheme: str, report: Path, browser: Browser) -> None:
    seen = watched(browser, report, DESKTOP, scheme)
    seen.page.wait_for_function(ALL_DRAWN)
    results = Axe().run(seen.page, options={"iframes": False})
    serious = [found for found in results.response["violations"] if found["impact"] in SERIOUS]
    assert not serious, [(found["id"], found["nodes"][0]["html"][:200]) for found in serious]
    seen.page.context.close()


def test_times_are_those_of_the_marts_in_any_time_zone(report: Path, browser: Browser) -> None:
    """A day's chart of a normal day runs from 00:00 to 00:00, also in Auckland."""
    seen = watched(browser, report, DESKTOP)
    seen.page.wait_for_function(ALL_DRAWN)
    day = seen.page.locator("article", has_text="A normal day").locator(".chart").first
    labels = day.locator(".role-axis-label text").all_text_contents()
    assert "00:00" in labels
    assert "12:00" in labels
    seen.page.context.close()


def test_tables_are_sorted_by_keyboard(report: Path, browser: Browser) -> None:
    seen = watched(browser, report, DESKTOP)
    page = seen.page
    table = page.locator("table", has=page.locator("caption", has_text="The source systems"))
    heading = table.locator("th", has_text="rows")

    def rows() -> list[int]:
        place = heading.evaluate("heading => heading.cellIndex + 1")
        texts = table.locator(f"tbody td:nth-child({place})").all_text_contents()
        return [int(text.replace(",", "")) for text in texts]

    before = rows()
    heading.locator("button").focus()
    page.keyboard.press("Enter")
    assert heading.get_attribute("aria-sort") == "ascending"
    assert rows() == sorted(before)
    page.keyboard.press("Space")
    assert heading.get_attribute("aria-sort") == "descending"
    assert rows() == sorted(before, reverse=True)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert heading.get_attribute("aria-sort") is None
    names = table.locator("th[aria-sort=ascending]").all_text_contents()
    assert names == ["tables"]
    page.context.close()


def test_every_table_can_be_sorted_by_every_column(report: Path, browser: Browser) -> None:
    """Values that are not known stay at the end; numbers go by their size, and words by the alphabet."""
    seen = watched(browser, report, DESKTOP)
    seen.page.evaluate("document.querySelectorAll('th button').forEach(button => button.click())")
    unsorted = seen.page.evaluate(
        """() => [...document.querySelectorAll('table')].filter((table) => {
            const place = table.tHead.rows[0].querySelector('[aria-sort]').cellIndex;
            const values = [...table.tBodies[0].rows].map((row) => row.cells[place]);
            const keys = values.map((cell) => 'sort' in cell.dataset
                ? (cell.dataset.sort === '' ? Infinity : Number(cell.dataset.sort)) : cell.textContent);
            return keys.some((key, row) => row && (typeof key === 'number'
                ? keys[row - 1] > key : keys[row - 1].localeCompare(key, 'en', { numeric: true }) > 0));
        }).map((table) => table.caption.textContent)"""
    )
    assert not unsorted
    assert not seen.complaints
    seen.page.context.close()


def test_on_paper_everything_is_shown(report: Path, browser: Browser) -> None:
    seen = watched(browser, report, DESKTOP, "dark")
    seen.page.wait_for_function(ALL_DRAWN)
    seen.page.emulate_media(media="print")
    colour = seen.page.evaluate("getComputedStyle(document.body).color")
    assert colour == "rgb(34, 38, 42)"  # dark ink, whatever the screen is set to
    assert seen.page.locator("nav").is_hidden()
    cut = seen.page.locator(".scroll").evaluate_all(
        "tables => tables.filter(it => it.scrollHeight > it.clientHeight + 1).length"
    )
    assert cut == 0
    seen.page.context.close()


def test_a_request_and_an_error_would_be_seen(tmp_path: Path, browser: Browser) -> None:
    """The negative control of what the other tests watch for."""
    (tmp_path / "bad.html").write_text("<img src='https://example.invalid/pixel.png'><script>nothing.here()</script>")
    seen = watched(browser, tmp_path / "bad.html", DESKTOP)
    assert "https://example.invalid/pixel.png" in seen.requests
    assert any("nothing" in complaint for complaint in seen.complaints)
    seen.page.context.close()


def test_the_dbt_docs_open_offline(tiny_warehouse: Warehouse, browser: Browser) -> None:
    """The page is dbt's own: its templates name icons, and a favicon, that are no files. Nothing else is complained of."""
    tiny_warehouse.dbt("docs", "generate", "--static")
    seen = watched(browser, tiny_warehouse.folder / "target" / "static_index.html", DESKTOP)
    seen.page.get_by_role("heading", name="Where to begin").wait_for()
    assert all(request.startswith("file:") for request in seen.requests)
    known = ("Unsafe attempt to load URL file:", "Failed to load resource: net::ERR_FILE_NOT_FOUND")
    assert not [complaint for complaint in seen.complaints if not complaint.startswith(known)]
    seen.page.context.close()
