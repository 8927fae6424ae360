"""What must hold of a page in a browser; each check takes a function that opens a page, and the page's HTML."""

from axe_playwright_python.sync_playwright import Axe


def shown(page):
    """The subjects that are to be seen in the overview."""
    return page.locator("tr[data-row]:visible > th").all_inner_texts()


def it_filters_by_verdict(look, html):
    page = look(html)
    everything = shown(page)
    assert len(everything) == 3
    page.get_by_role("radio", name="falsified").check()
    assert sorted(shown(page)) == ["network.dense", "stacks"]
    assert page.get_by_role("status").filter(has_text="2 of 3 subjects").is_visible()
    page.get_by_role("radio", name="inconclusive").check()
    assert shown(page) == ["network.leaky"]
    page.get_by_role("radio", name="accepted").check()
    assert shown(page) == ["network.dense"]
    page.get_by_role("button", name="Show all").click()
    assert shown(page) == everything


def it_filters_by_evidence(look, html):
    page = look(html)
    page.get_by_role("radio", name="values", exact=True).check()
    assert shown(page) == ["network.leaky"]
    faint = page.locator("tr[data-row]:visible td.off").count()
    assert faint == page.locator("tr[data-row]:visible td").count() - 2  # the one that fits, and the points
    page.get_by_role("radio", name="falsified").check()
    assert shown(page) == []


def it_searches(look, html):
    page = look(html)
    page.keyboard.press("/")
    page.keyboard.type("LEAKY")
    assert shown(page) == ["network.leaky"]
    page.keyboard.press("Escape")
    assert len(shown(page)) == 3
    page.keyboard.type("einsum not")  # of a reason
    assert shown(page) == ["network.leaky"]
    page.keyboard.type(" nobody")
    assert shown(page) == []


def it_opens_a_subject(look, html):
    page = look(html)
    button = page.get_by_role("button", name="network.leaky")
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    detail = page.locator("tr.detail")
    assert "12 of 20 points decide nothing: np.einsum is not supported" in detail.inner_text()
    assert "? inconclusive" in detail.inner_text()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "false"
    assert detail.count() == 0


def _copies(page):
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), {id: 'pasted'}))")
    page.locator("#pasted").fill("what was copied before")
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+X")
    page.locator("details.script summary").first.click()
    page.get_by_role("button", name="Copy the script").first.click()
    page.get_by_role("status").filter(has_text="Copied").wait_for(state="attached")
    page.locator("#pasted").focus()
    page.keyboard.press("Control+V")
    script = page.locator("code[id^=script-]").first.text_content()
    assert script.startswith('"""')
    assert page.locator("#pasted").input_value() == script


def it_copies_the_script(look, html):
    _copies(look(html))


def it_copies_where_there_is_no_clipboard(look, html):
    _copies(look(html, before="Object.defineProperty(navigator, 'clipboard', {value: undefined})"))


def _is_dark(page):
    channels = page.evaluate("getComputedStyle(document.body).backgroundColor").strip("rgb()").split(",")
    return sum(map(int, channels)) < 3 * 64


def it_is_dark_where_it_should_be(look, html):
    assert _is_dark(look(html, scheme="dark"))
    page = look(html)
    assert not _is_dark(page)
    toggle = page.get_by_role("button", name="Light or dark")
    assert toggle.inner_text() == "Dark"
    toggle.click()
    assert _is_dark(page)
    assert toggle.inner_text() == "Light"
    page.reload()
    assert _is_dark(page)
    toggle.click()
    assert not _is_dark(page)


def the_keyboard_is_enough(look, html):
    page = look(html)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the overview"
    page.keyboard.press("Enter")
    assert page.url.endswith("#overview")
    page.get_by_role("searchbox").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("radio", name="passed").is_checked()
    page.keyboard.press("ArrowRight")
    assert sorted(shown(page)) == ["network.dense", "stacks"]
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        outline, tag = page.evaluate(
            "[getComputedStyle(document.activeElement).outlineStyle, document.activeElement.tagName]"
        )
        seen.add(tag)
        inside = page.evaluate("document.activeElement.matches('input[type=radio]')")
        assert outline != "none" or inside or tag == "BODY", f"no outline around a focused {tag}"
    assert {"A", "BUTTON", "SUMMARY", "DIV"} <= seen


def it_fits_a_phone(look, html):
    for width in (360, 320):
        page = look(html, width=width)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def _violations(page):
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    found = Axe().run(page).response["violations"]
    return [(each["id"], [node["target"] for node in each["nodes"]][:3]) for each in found]


def it_is_accessible(look, html):
    assert _violations(look(html)) == []


def it_is_accessible_in_the_dark(look, html):
    assert _violations(look(html, scheme="dark")) == []


def it_reads_without_scripts(look, html):
    page = look(html, scripts=False)
    assert not page.locator("#controls").is_visible()
    assert not page.locator("#theme").is_visible()
    assert not page.locator("button:visible").count()
    assert page.get_by_role("cell", name="✗").first.is_visible()
    assert "12 of 20 points decide nothing" in page.locator("#inconclusive + div").inner_text()
    page.locator("details.script summary").first.click()
    assert page.locator("code[id^=script-]").first.is_visible()


def links_lead_somewhere(look, html):
    page = look(html)
    lost = page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map((a) => a.hash.slice(1))"
        ".filter((id) => !document.getElementById(id))"
    )
    assert lost == []
    twice = page.evaluate(
        "[...document.querySelectorAll('[id]')].map((e) => e.id).filter((id, i, a) => a.indexOf(id) !== i)"
    )
    assert twice == []
    page.get_by_role("link", name="next →").first.click()
    assert page.url.endswith("#57acc57acc")
    assert page.locator("[id='57acc57acc']").bounding_box()["y"] < 200
    page.locator("[id='57acc57acc']").get_by_role("link", name="← previous").click()
    assert page.url.partition("#")[2] == page.locator("article").first.get_attribute("id")


def numbers_are_marked_where_they_part(look, html):
    page = look(html)
    numbers = page.locator("article").first.locator(".says dd.number")
    assert [each.locator("mark").inner_text() for each in numbers.all()[:2]] == ["4", "2"]
    assert page.locator("[id='57acc57acc'] td.worst").first.inner_text() == "-2.0"
    assert page.locator("[id='57acc57acc'] svg rect.guilty").count() == 1


def markup_stays_text(look, html):
    page = look(html)
    assert page.evaluate("document.scripts.length") == 2
    assert page.evaluate("document.images.length") == 0
    assert page.evaluate("document.querySelectorAll('[onerror], [onclick], [style]').length") == 0
    text = page.locator("body").inner_text()
    assert text.count("<script>alert(1)</script>") > 20
    assert "<img src=x onerror=alert(1)>" in text
    for button in page.locator("tr[data-row] button").all():
        button.click()
    assert page.evaluate("document.scripts.length") == 2


def many_subjects_are_no_burden(look, html):
    assert len(html.encode()) < 1_000_000
    page = look(html)
    page.keyboard.press("/")
    page.keyboard.type("length_007")
    assert shown(page) == ["maps.a_subject_of_some_length_007"]
    page.keyboard.press("Escape")
    page.get_by_role("radio", name="falsified").check()
    assert len(shown(page)) == 5
