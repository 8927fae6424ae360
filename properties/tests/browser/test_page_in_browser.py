"""The page in Chromium: every check holds, and each of them notices a page that is broken for it."""

import base64
import hashlib
import re
from functools import cache

import pytest

from backproof.properties.tests.browser import checks, samples
from backproof.reports.pages.derivations import derivations_page
from backproof.reports.pages.page import page

pytestmark = pytest.mark.browser


@cache
def html_of(sample):
    return page(getattr(samples, sample)())


HOLDS = [
    *((check, "told") for check in (
        checks.it_filters_by_verdict,
        checks.it_filters_by_evidence,
        checks.it_searches,
        checks.it_opens_a_subject,
        checks.it_copies_the_script,
        checks.it_copies_where_there_is_no_clipboard,
        checks.it_is_dark_where_it_should_be,
        checks.the_keyboard_is_enough,
        checks.it_fits_a_phone,
        checks.it_is_accessible,
        checks.it_is_accessible_in_the_dark,
        checks.it_reads_without_scripts,
        checks.links_lead_somewhere,
        checks.numbers_are_marked_where_they_part,
    )),
    (checks.markup_stays_text, "nasty"),
    (checks.it_fits_a_phone, "nasty"),
    (checks.it_is_accessible, "nasty"),
    (checks.many_subjects_are_no_burden, "large"),
    (checks.it_fits_a_phone, "large"),
    (checks.it_is_accessible, "plain"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "sample"), HOLDS, ids=lambda each: getattr(each, "__name__", each))
def test_it_holds(look, check, sample):
    check(look, html_of(sample))


def planted(html, old, new):
    """The page with something else in place of one of its parts, everywhere, and a policy that lets it run."""
    assert old in html, f"nothing to plant: {old!r}"
    html = html.replace(old, new)
    style, script = (
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in (re.search(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)[1] for tag in ("style", "script"))
    )
    policy = f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'"
    return re.sub(r'(?<=Policy" content=")[^"]*', policy, html)


PLANTS = [
    (checks.it_filters_by_verdict, "told", "search[STATE] === verdict", "search[STATE] >= verdict"),
    (checks.it_filters_by_verdict, "told", "form.reset();", ""),
    (checks.it_filters_by_evidence, "told", "search[EVIDENCE] === evidence", "search[EVIDENCE] !== evidence"),
    (checks.it_filters_by_evidence, "told", "!found.has(", "found.has("),
    (checks.it_searches, "told", "words.every(", "words.some("),
    (checks.it_searches, "told", '.toLowerCase().split', ".split"),
    (checks.it_searches, "told", 'event.key === "/"', 'event.key === "s"'),
    (checks.it_opens_a_subject, "told", 'search[SAID] || ""]', '""]'),
    (checks.it_opens_a_subject, "told", "String(explain(entry))", "String(!explain(entry))"),
    (checks.it_copies_the_script, "told", "await navigator.clipboard.writeText(text)", "await 0"),
    (checks.it_copies_where_there_is_no_clipboard, "told", "area.select();", ""),
    (checks.it_is_dark_where_it_should_be, "told", "color-scheme: light dark;", "color-scheme: light;"),
    (checks.it_is_dark_where_it_should_be, "told", '[data-theme="dark"]', '[data-theme="night"]'),
    (checks.it_is_dark_where_it_should_be, "told", "remembered.set(root", "remembered.get(root"),
    (checks.the_keyboard_is_enough, "told", 'class="skip"', "hidden"),
    (checks.the_keyboard_is_enough, "told", "outline: 2px solid", "outline: 0 none"),
    (checks.it_fits_a_phone, "told", ".grid { overflow: auto; ", ".grid { "),
    (checks.it_fits_a_phone, "told", "overflow-wrap: anywhere", "white-space: nowrap"),
    (checks.it_is_accessible, "told", "--dim: light-dark(#59616d", "--dim: light-dark(#b0b6c0"),
    (checks.it_is_accessible, "told", 'aria-label="Light or dark"', 'aria-label="" role="image"'),
    (checks.it_is_accessible_in_the_dark, "told", "#a3acb9", "#505050"),
    (checks.it_reads_without_scripts, "told", 'data-needs-script hidden', "data-needs-script"),
    (checks.links_lead_somewhere, "told", 'id="evidence"', 'id="proof"'),
    (checks.links_lead_somewhere, "told", 'id="overview"', 'id="top"'),
    (checks.numbers_are_marked_where_they_part, "told", "<mark>", "<b>"),
    (checks.markup_stays_text, "nasty", "&lt;img src=x onerror=alert(1)&gt;", "<img src=x>"),
    (checks.markup_stays_text, "nasty", "\\u003cscript\\u003ealert(1)", "<script>alert(1)"),
    (checks.many_subjects_are_no_burden, "large", "</body>", f"<!--{' ' * 400_000}--></body>"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("check", "sample", "old", "new"),
    PLANTS,
    ids=[f"{plant[0].__name__}-{number}" for number, plant in enumerate(PLANTS)],
)
def test_it_is_noticed(look, check, sample, old, new):
    from playwright.sync_api import Error

    noticed = False
    try:
        check(look, planted(html_of(sample), old, new))
    except (AssertionError, Error):
        noticed = True
    noticed = noticed or bool(look.complaints)
    look.complaints.clear()
    assert noticed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</body>", "<img src='https://example.org/a.png'></body>"),
        ("</body>", "<script>alert(1)</script></body>"),
        ("</body>", "<p onclick='alert(1)' style='color: red'></p></body>"),
        ('"use strict";', '"use strict"; console.log("here");'),
        ('"use strict";', '"use strict"; nobody();'),
    ],
    ids=["fetch", "script", "handler", "console", "error"],
)
def test_what_a_page_must_not_do_is_noticed(look, old, new):
    html = html_of("plain").replace(old, new)
    look(html if old == "</body>" else planted(html_of("plain"), old, new)).wait_for_timeout(50)
    assert look.complaints
    look.complaints.clear()


def test_derivations_are_accessible_and_fit_a_phone(look):
    record = samples.plain()
    record["items"] = [item | {"subject": "layers.affine"} for item in record["items"][-2:]]
    html = derivations_page(record)
    checks.it_is_accessible(look, html)
    checks.it_is_accessible_in_the_dark(look, html)
    checks.it_fits_a_phone(look, html)
