"""The picture of the report that the README shows. Needs Chromium, and the report of a `make demo`.

Writes docs/images/report.png: a normal day of a plant and a fault, as a reader sees them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from generators.terminal import fail
from report.chromium import ALL_DRAWN, ChromiumError, start_chromium

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "target" / "report" / "index.html"
PICTURE = ROOT / "docs" / "images" / "report.png"
WIDTH, HEIGHT = 1240, 1150  # pixels
SHOWN = "the-plants"  # the section


def main(arguments: list[str]) -> int:
    """Take the picture of the page that is named, or of target/report/index.html; returns the exit code."""
    page_file = Path(arguments[0]).resolve() if arguments else PAGE
    if not page_file.is_file():
        return fail(f"there is no report in {page_file}: run `make report` first", 1)
    try:
        with sync_playwright() as playwright, start_chromium(playwright) as browser:
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            page.goto(page_file.as_uri())
            page.wait_for_function(ALL_DRAWN)
            page.locator(f"#{SHOWN}").evaluate("element => element.scrollIntoView({ behavior: 'instant' })")
            page.screenshot(path=PICTURE)
    except ChromiumError as error:
        return fail(str(error), 1)
    print(f"the picture is in {PICTURE} ({PICTURE.stat().st_size // 1000} KB)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
