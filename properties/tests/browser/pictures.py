"""Pictures of a report, for the README: its overview and its first counterexample.

``python -m backproof.properties.tests.browser.pictures backproof-report/index.html .github``
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from backproof.properties.tests.browser.conftest import FLAGS, found_chromium

WIDTH, HEIGHT = 1200, 1280


def take(page_file: Path, folder: Path) -> None:
    """Write ``overview.png`` and ``counterexample.png``, 1200 pixels wide, into a folder."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found_chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(page_file.absolute().as_uri())
        page.screenshot(path=folder / "overview.png")
        page.locator("article").first.evaluate("(each) => each.scrollIntoView()")
        page.screenshot(path=folder / "counterexample.png")
        browser.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]), Path(sys.argv[2]))
