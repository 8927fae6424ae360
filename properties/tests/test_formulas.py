"""Formulas of docstrings as MathML."""

import inspect
import re
from xml.etree import ElementTree

import pytest

from backproof.engine.catalogue import registered
from backproof.reports.pages.formulas import formula, prose

RENDERED = {
    "x": "<mi>x</mi>",
    "dA": '<mrow><mi mathvariant="normal">d</mi><mi>A</mi></mrow>',
    "eps": "<mi>ε</mi>",
    "dmu": '<mrow><mi mathvariant="normal">d</mi><mi>μ</mi></mrow>',
    "x1": "<msub><mi>x</mi><mn>1</mn></msub>",
    "a_ij": "<msub><mi>a</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub>",
    "A^-T": "<msup><mi>A</mi><mrow><mo>−</mo><mi>T</mi></mrow></msup>",
    "x.T": "<msup><mi>x</mi><mi>T</mi></msup>",
    "s_j^2": "<msubsup><mi>s</mi><mi>j</mi><mn>2</mn></msubsup>",
    "h'": "<msup><mi>h</mi><mo>′</mo></msup>",
    "dc'": '<mrow><mi mathvariant="normal">d</mi><msup><mi>c</mi><mo>′</mo></msup></mrow>',
    "o * t": "<mrow><mi>o</mi><mo>⊙</mo><mi>t</mi></mrow>",
    "sqrt(x)": "<msqrt><mi>x</mi></msqrt>",
    "(a) / (b)": "<mfrac><mi>a</mi><mi>b</mi></mfrac>",
    "s * z": "<mrow><mi>s</mi><mo>⊙</mo><mi>z</mi></mrow>",
    "a < b": "<mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow>",
    "<a, b>": '<mrow><mo fence="true">⟨</mo><mrow><mi>a</mi><mo>,</mo><mi>b</mi></mrow><mo fence="true">⟩</mo></mrow>',
    "||x||": '<mrow><mo fence="true">‖</mo><mi>x</mi><mo fence="true">‖</mo></mrow>',
    "sum_i x_i": "<mrow><munder><mo>∑</mo><mi>i</mi></munder>"
    '<mspace width="0.17em"></mspace><msub><mi>x</mi><mi>i</mi></msub></mrow>',
}


@pytest.mark.parametrize("text", RENDERED)
def test_renders(text):
    assert formula(text) == f"<math>{RENDERED[text]}</math>"


def test_a_stroke_stays_a_stroke_in_a_script():
    assert "mfrac" not in formula("e^(-x / 2)")
    assert "mfrac" in formula("e^(-x) / 2")


@pytest.mark.parametrize("text", ["axis", "part_of", "np.exp(x", "(1", "x_", "a ∂ b", '"full"', "1 / "])
def test_what_is_no_formula_is_code(text):
    shown = formula(text)
    assert shown.startswith("<code>")
    assert shown.endswith("</code>")


def test_signs_are_escaped():
    assert "<script>" not in formula("<script>") + formula("<script>'") + prose("<script>``<script>``")


def test_o_between_maps_is_composition():
    assert "<mo>∘</mo>" in formula("[x.T @ .] o [* mask]")


def test_prose_keeps_its_words_and_escapes_them():
    shown = prose("if x < 1, ``A^T`` and `np.dot(a, b)` of <b>")
    assert shown == (
        "if x &lt; 1, <math><msup><mi>A</mi><mi>T</mi></msup></math> and <code>np.dot(a, b)</code> of &lt;b&gt;"
    )


def docstrings():
    for subject in registered().values():
        for function in (subject.written_in, *subject.code):
            yield subject.name, inspect.getdoc(function) or ""


def test_every_equation_of_the_catalogue_is_rendered():
    equations = [(name, text) for name, doc in docstrings() for text in re.findall(r"``([^`]*=[^`]*)``", doc)]
    assert len(equations) > 50
    assert [(name, text) for name, text in equations if "<code>" in formula(text)] == []
    for name, text in equations:
        assert ElementTree.fromstring(formula(text)).tag == "math", name
