"""The picture of the report that the README shows. Needs Chromium, and the report of a `make demo`.

Writes docs/images/report.png: the fault that the page tells of, as a reader sees it.
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
WIDTH, HEIGHT = 1240, 710  # pixels: the README's first screen has room for its words as well
FIRST = "A fault, from its onset to the logbook"  # the heading at the top


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
            heading = page.get_by_role("heading", name=FIRST)
            heading.evaluate("heading => window.scrollTo({ top: heading.offsetTop - 24, behavior: 'instant' })")
            page.screenshot(path=PICTURE)
    except ChromiumError as error:
        return fail(str(error), 1)
    print(f"the picture is in {PICTURE} ({PICTURE.stat().st_size // 1000} KB)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
