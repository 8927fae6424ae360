"""A browser to look at pages in; what is tested here needs one, so it is collected where it is asked for."""

import os
import shutil
from pathlib import Path

import pytest

pytest.register_assert_rewrite("backproof.properties.tests.browser.checks")

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the tests alone where they are not selected: they import packages that not everybody has."""
    chosen = config.getoption("markexpr")
    is_out = "not browser" in chosen or chosen == "wild"
    return True if is_out and collection_path.name.startswith("test_") else None


def found_chromium() -> str | None:
    """The path of Chromium: the one that is named, or the first that is installed; None where there is none."""
    named = os.environ.get("BACKPROOF_CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def chromium():
    """A running Chromium. It fails where there is none: what was asked for and not looked at is no pass."""
    from playwright.sync_api import sync_playwright

    path = found_chromium()
    if path is None:
        pytest.fail("there is no Chromium: install Debian's chromium, or name one in BACKPROOF_CHROMIUM", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def look(chromium, tmp_path):
    """A function that opens a page from disk. What the page says in the console, or fetches, fails the test."""
    contexts, complaints = [], []

    def opened(html, width=1200, scheme="light", scripts=True, before=""):
        path = tmp_path / f"{len(contexts)}.html"
        path.write_text(html, encoding="utf-8")
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=scripts
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(2000)
        page.on("console", lambda message: complaints.append(f"console: {message.type}: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: _is_foreign(request.url, path) and complaints.append(request.url))
        if before:
            page.add_init_script(before)
        page.goto(path.as_uri())
        return page

    opened.complaints = complaints
    yield opened
    for context in contexts:
        context.close()
    assert not complaints


def _is_foreign(url: str, path: Path) -> bool:
    return url.partition("#")[0] != path.as_uri()
