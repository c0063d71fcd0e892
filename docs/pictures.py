"""Take the pictures of `docs/images` anew: the report of the fixture application, in a headless Chromium.

Run as `python -m docs.pictures FOLDER` on the fixture application.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from tests.report.browser import running, visit

IMAGES = Path(__file__).parent / "images"


def main(tree: Path) -> None:
    """Make the report and take the pictures."""
    with tempfile.TemporaryDirectory() as folder, running() as browser:
        file = Path(folder, "report.html")
        words = ["report", str(tree), "--pack", "websocket-ssot", "--format", "html", "-o", str(file)]
        subprocess.run([sys.executable, "-m", "recanon", *words], check=True)
        for name, width, scheme in (("light", 1280, "light"), ("dark", 1280, "dark"), ("narrow", 390, "light")):
            page = visit(browser, file, width=width, scheme=scheme).page
            page.screenshot(path=IMAGES / f"report-{name}.png")
            page.close()
        page = visit(browser, file).page
        picture(page, "imports")
        page.fill("#q", "interfaces_data")
        page.locator(".place summary").nth(1).click()
        picture(page, "places")


def picture(page: Page, part: str) -> None:
    """Take a picture of a part of the page."""
    page.evaluate("part => document.getElementById(part).scrollIntoView()", part)
    page.wait_for_timeout(100)
    page.screenshot(path=IMAGES / f"report-{part}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
