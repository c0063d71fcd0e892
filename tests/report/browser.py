"""A headless Chromium for the tests that look at a page, and all that it complains about."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Dialog, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Nothing of the browser's own may look for the network; as root it has no sandbox.
FLAGS = (
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


def chromium() -> str:
    """Return the path of a Chromium, or ""."""
    return next((found for name in NAMES if (found := shutil.which(name))), "")


@contextmanager
def running() -> Iterator[Browser]:
    """Start the browser, and end it."""
    flags = [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), headless=True, args=flags)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page that was opened: what it said on the console, what it asked for, what it popped up."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def dialog(self, dialog: Dialog) -> None:
        """Note what pops up, and close it."""
        self.said.append(dialog.message)
        dialog.dismiss()


def visit(browser: Browser, file: Path, *, width: int = 1280, scheme: str = "light") -> Visit:
    """Open a file and wait until its script is ready."""
    page = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )
    found = Visit(page)
    page.on("console", lambda message: found.said.append(message.text))
    page.on("pageerror", lambda error: found.said.append(str(error)))
    page.on("dialog", found.dialog)
    page.on("request", lambda request: found.asked.append(request.url))
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    return found
