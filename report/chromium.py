"""Chromium, as the distribution installs it: what the report is looked at with, by tests and for its picture."""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ALL_DRAWN = "() => [...document.querySelectorAll('.chart')].every((chart) => chart.classList.contains('drawn'))"


class ChromiumError(Exception):
    """There is no Chromium; the message says how to get one."""


def start_chromium(playwright: Playwright) -> Browser:
    """A headless Chromium. Raises ChromiumError when none is installed."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise ChromiumError("there is no Chromium on this machine: `apt-get install chromium`, or the like of your system")
    # As root, as in containers, Chromium starts without its sandbox only; pages are our own.
    return playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
