"""What the page is made of: numbers side by side, tables, heat, the stack, error against step, and its size."""

import base64
import copy
import hashlib
import json
import math
import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from backproof.properties.tests.browser import samples
from backproof.reports.pages.arrays import FOLDED, MOST, table, table_of
from backproof.reports.pages.counterexamples import MOST_IN_FULL, view
from backproof.reports.pages.diagram import diagram, stages_of
from backproof.reports.pages.digits import difference, heat, relative_error, said
from backproof.reports.pages.page import page
from backproof.reports.pages.steps import plot
from backproof.reports.records.making import array_record


class Reader(HTMLParser):
    """The elements and the text of a page, and whether every element that is opened is closed."""

    EMPTY = ("meta", "input", "path", "rect", "circle", "polyline", "br")

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.texts = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"{tag} is closed where something else is open: {self.getpos()}"

    def handle_data(self, data):
        self.texts.append(data)

    def of(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture(scope="module")
def told():
    return page(samples.told())


@pytest.mark.parametrize(
    ("expected", "got", "same", "rest"),
    [
        ("0.41997", "0.23840", "0.", ("41997", "2384")),
        ("1.25000", "1.25001", "1.25", ("", "001")),
        ("12.5", "1.25", "", ("12.5", "1.25")),
        ("-1.5", "1.5", "", ("-1.5", "1.5")),
        ("1.5e-3", "1.5e-2", "", ("1.5e-3", "1.5e-2")),
        ("2.0", "nan", "", ("2.0", "nan")),
        ("0", "0.0", "0", ("", "")),
    ],
)
def test_numbers_are_marked_from_where_they_part(expected, got, same, rest):
    found = difference(expected, got, Decimal(1))
    assert (found.same, (found.expected, found.got)) == (same, rest)


@pytest.mark.parametrize(
    ("expected", "got", "largest", "error"),
    [
        ("2.0", "1.0", 2, 0.5),
        ("-4", "-3", 4, 0.25),
        ("0", "0.5", 2, 0.25),  # relative to the largest
        ("0", "1e-3", 0, math.inf),
        ("1.0", "nan", 1, math.inf),
        ("nan", "nan", 1, 0),
        ("1e400", "2e400", 1, 1),
    ],
)
def test_relative_errors(expected, got, largest, error):
    assert float(relative_error(expected, got, Decimal(largest))) == error


@pytest.mark.parametrize(
    ("error", "words", "level"),
    [
        ("0", "=", 0),
        ("9e-31", "=", 0),
        ("2e-16", "2e-16", 1),
        ("3.21e-13", "3e-13", 2),
        ("1e-7", "1e-7", 3),
        ("0.0014", "0.0014", 4),
        ("0.4323", "0.43", 5),
        ("1.96", "2.0", 6),
        ("5e11", "5e11", 6),
        ("Infinity", "∞", 6),
    ],
)
def test_errors_are_said_and_heated_on_a_logarithmic_scale(error, words, level):
    assert (said(Decimal(error)), heat(Decimal(error))) == (words, level)


def test_an_array_of_three_axes_is_shown_slice_by_slice():
    array = np.arange(12.0).reshape(2, 3, 2)
    shown = table_of(array_record(array), 11)
    assert [grid.title for grid in shown.grids] == ["[0, :, :]", "[1, :, :]"]
    assert [[shown.texts[place] for place in row] for row in shown.grids[1].rows] == [
        ["6.0", "7.0"],
        ["8.0", "9.0"],
        ["10.0", "11.0"],
    ]


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0, 3), (2, 0, 3), (1, 2, 1, 2)])
def test_every_entry_of_an_array_is_shown_once(shape):
    size = math.prod(shape)
    shown = table(shape, [str(place) for place in range(size)])
    assert [place for grid in shown.grids for row in grid.rows for place in row] == list(range(size))
    assert (shown.cut, shown.is_folded) == (0, False)


def test_a_large_array_is_folded_and_cut():
    shown = table((50, 50), ["0"] * 2500)
    assert shown.is_folded
    assert shown.cut == 2500 - MOST
    assert not table((FOLDED,), ["0"] * FOLDED).is_folded


def test_floats_are_shown_to_their_own_precision():
    shown = table_of(array_record(np.array([0.1, 1e-45], dtype=np.float32)))
    assert shown.texts == ("0.1", "1e-45")


def test_a_stack_is_drawn_with_its_branches_and_the_guilty_layer():
    layers = ["layers.affine", "[layers.gate", "[layers.relu] + skip", "layers.affine] + skip"]
    stages = stages_of(layers, [("affine1.w", "(3, 3)"), ("affine1.b", "(3,)"), ("affine4.w", "(3, 2)")], 1)
    assert [stage.name for stage in stages] == ["layers.affine", "layers.gate", "layers.relu", "layers.affine"]
    assert [(stage.opens, stage.closes) for stage in stages] == [(0, 0), (1, 0), (1, 1), (0, 1)]
    assert [stage.takes for stage in stages] == ["w (3, 3), b (3,)", "", "", "w (3, 2)"]
    read = Reader(diagram(stages, "x (1, 3)", "output (1, 2)"))
    assert [attrs["class"] for attrs in read.of("rect")] == ["box", "box guilty", "box", "box"]
    assert len(read.of("circle")) == 2
    skips = [attrs["d"] for attrs in read.of("path") if attrs["class"] == "wire skip"]
    starts, lanes = zip(*(map(float, re.match(r"M\S+ (\S+)H(\S+?)q", skip).groups()) for skip in skips), strict=True)
    assert starts[1] < starts[0]  # the inner branch ends first; the outer one begins higher up
    assert lanes[1] > lanes[0]  # and runs farther out


def test_two_branches_that_begin_together_do_not_coincide():
    read = Reader(diagram(stages_of(["[[a", "b] + skip] + skip"], [], None), "x", "y"))
    skips = [attrs["d"] for attrs in read.of("path") if attrs["class"] == "wire skip"]
    assert len({re.match(r"M\S+ (\S+)H(\S+?)q", skip).groups() for skip in skips}) == 2


def test_error_against_step_is_drawn_where_it_belongs():
    steps = {"what": "along x", "h": [1e-1, 1e-3, 1e-5], "error": [1e-2, 1e-6, 1e-4], "claimed": [0.5, 0.5, 0.5]}
    shown = plot(steps)
    right, wrong = (
        [tuple(map(float, spot.split(","))) for spot in attrs["points"].split()]
        for attrs in Reader(shown.svg).of("polyline")
    )
    assert [x for x, _ in right] == sorted(x for x, _ in right)
    assert right[1][1] == max(y for _, y in right)  # the least error is lowest: y points down
    assert len({y for _, y in wrong}) == 1
    assert wrong[0][1] < min(y for _, y in right)
    assert "within 1e-06 of what was expected" in shown.says
    assert "a V" in shown.says
    assert "never come nearer than 0.5" in shown.says
    assert shown.rows[0] == ("1e-05", "1.0e-04", "5.0e-01")


def test_error_against_step_of_a_linear_map_is_no_v():
    says = plot({"what": "", "h": [1e-1, 1e-3], "error": [0.0, 0.0], "claimed": [0.5, 0.5]}).says
    assert says.startswith("They come to what was expected.")


def test_differences_that_cannot_tell_are_said_to_be_such():
    says = plot({"what": "", "h": [1e-1, 1e-3], "error": [1e-2, 1e-6], "claimed": [1e-2, 2e-6]}).says
    assert "cannot tell the two apart" in says
    assert "never" not in says


@pytest.mark.parametrize(
    "steps",
    [None, {}, {"h": [], "error": [], "claimed": []}, {"h": [0.1, 0.01], "error": [None, 1], "claimed": [1, 1]}],
)
def test_nothing_is_plotted_of_nothing(steps):
    assert plot(steps) is None


def test_the_page_is_well_formed(told):
    for text in (told, page(samples.plain()), page(samples.nasty())):
        assert Reader(text).open == []


def test_the_page_says_everything_that_a_record_can(told):
    text = " ".join(" ".join(Reader(told).texts).split())
    for words in (
        "✗ 2 falsified , 1 without a verdict",
        "network.slow: second_order: its 600 s were over before the first point",
        "it passes now: take it out",
        "shard 2/4",
        "≈ Accepted until 2031-05-01: a course's exercise, mended in week 5",
        "What it looks like dx is (1 - y) / (1 - y^2) times what it should be: a square is missing.",
        "[. @ w.T] o [* (1 - y^2)]",
        "float32 , shape (2, 2, 3), Fortran order",
        "option mode 'same'",
        "x 4 of 6 wrong",
        "w right",
        "b 1 of 1 wrong",
        "Central differences in float64 (along x)",
        "The value of b; the dtype of w.",
        "Found with shapes (7, 3) (3, 17) (17,), then shapes (7, 3) (3, 1) (1,), then shapes (1, 1) (1, 1) (1,).",
        "Found with 6 layers of shapes (7, 3), then 4 layers of shapes (4, 3).",
        "backproof check network.py::dense",
        "12 of 20 points decide nothing: np.einsum is not supported",
        "layers.affine → [layers.gate → [layers.relu] + skip → layers.affine] + skip . Marked: the layer that is wrong",
    ):
        assert words.replace(" ", "") in text.replace(" ", ""), words


def test_a_record_without_the_newer_fields_is_shown():
    record = samples.plain()
    newer = ("diagnosis", "right_map", "cotangents", "guilty", "steps", "irrelevant", "target", "path")
    for item in record["items"]:
        item.pop("accepted", None)
        for name in newer:
            (item["counterexample"] or {}).pop(name, None)
    for name in ("shard", "missing", "stale"):
        record.pop(name, None)
    text = page(record)
    assert "What it looks like" not in text
    assert "Error against step size" not in text
    assert "The smallest stack" not in text


def test_what_users_supply_stays_text():
    text = page(samples.nasty())
    read = Reader(text)
    assert len(read.of("script")) == 2
    assert not read.of("img")
    allowed = {"href", "class", "id", "aria-label", "aria-hidden", "aria-labelledby", "role", "tabindex", "type"}
    allowed |= {"name", "value", "hidden", "for", "scope", "title", "placeholder", "autocomplete", "checked", "open"}
    allowed |= {"charset", "http-equiv", "content", "lang", "colspan"}
    shapes = {"svg", "path", "rect", "circle", "polyline", "text"}
    for tag, attrs in read.elements:
        names = {name for name in attrs if not name.startswith("data-")}
        assert tag in shapes or names <= allowed, (tag, attrs)
        assert "javascript:" not in attrs.get("href", "")
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)[1]
    assert samples.BREAKING in json.dumps(json.loads(data)).encode().decode("unicode_escape")


def test_the_policy_lets_nothing_run_but_the_pages_own(told):
    policy = next(attrs["content"] for attrs in Reader(told).of("meta") if "http-equiv" in attrs)
    assert policy.startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        inline = re.search(rf"<{tag}>(.*?)</{tag}>", told, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}';" in policy
    assert not re.search(r'\s(style|on\w+)="', re.sub(r"<script.*?</script>", "", told, flags=re.DOTALL))


def test_a_large_run_is_a_small_page():
    text = page(samples.large())
    assert text.count("<tr data-row=") == 500
    assert len(text.encode()) < 1_000_000


def test_of_very_many_counterexamples_the_first_are_told_in_full():
    record = samples.plain()
    first = next(item for item in record["items"] if item["counterexample"])
    record["items"] = []
    for number in range(400):
        item = copy.deepcopy(first) | {"subject": f"models.layer{number // 8}", "property": f"property_{number % 8}"}
        item["counterexample"] |= {"id": f"{number:010x}", "subject": item["subject"]}
        record["items"].append(item)
    text = page(record)
    read = Reader(text)
    assert len(read.of("article")) == MOST_IN_FULL
    ids = {attrs["id"] for _, attrs in read.elements if "id" in attrs}
    assert {f"{number:010x}" for number in range(400)} <= ids
    assert {f"{number:010x}" for number in range(4)} | {f"{number:010x}" for number in range(8, 12)} <= {
        attrs["id"] for attrs in read.of("article")
    }
    assert len(text.encode()) < 1_000_000


def test_known_failures_come_last_and_are_not_counted():
    record = samples.plain()
    failing = [item for item in record["items"] if item["counterexample"]]
    failing[0]["accepted"] = {"reason": "upstream", "until": "2031-01-01"}
    text = page(record)
    assert "1 falsified" in text
    articles = [attrs["id"] for attrs in Reader(text).of("article")]
    assert articles == [item["counterexample"]["id"] for item in reversed(failing)]


def test_the_page_points_to_the_file_where_the_pullback_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = next(item for item in samples.plain()["items"] if item["counterexample"])["counterexample"]
    report = Path("out/report")
    assert view(found | {"written": {"file": "my layers/a#b.py", "line": 3}}, report).source == (
        "./../../my%20layers/a%23b.py"
    )
    assert view(found | {"written": {"file": "/usr/lib/a.py", "line": 3}}, report).source == ""
    assert view(found | {"written": None}, report).source == ""
    assert view(found, report).replay == f"backproof replay {found['id']} --report out/report"
    assert view(found, None).replay == f"backproof replay {found['id']}"


def test_a_run_without_searches_is_no_success():
    record = samples.plain() | {"items": [], "errors": ["the forward of f raised"]}
    text = page(record)
    assert "Nothing judged" in text
    assert "Nothing falsified" not in text
    assert "the forward of f raised" in text


@pytest.mark.parametrize("what", ["missing", "errors", "inconclusive", "nothing"])
def test_only_a_run_that_was_whole_is_praised(what):
    record = samples.plain()
    record["items"] = [item for item in record["items"] if not item["counterexample"]]
    if what == "missing":
        record["missing"] = [{"subject": "f", "property": "pure", "reason": "the process died"}]
    if what == "errors":
        record["errors"] = ["the forward of f raised"]
    if what == "inconclusive":
        record["items"][0] |= {"verdict": "inconclusive", "reason": "12 points decide nothing"}
    assert ("✓ Nothing falsified" in page(record)) == (what == "nothing")
