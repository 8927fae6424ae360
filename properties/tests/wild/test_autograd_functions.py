"""HIPS autograd: the derivatives that it has, of all its functions and both its modes, and those of a person's."""

import sys
from importlib.metadata import version

import autograd.numpy as anp
import numpy as np
import pytest
from autograd.extend import defjvp, defvjp, primitive
from autograd.numpy.numpy_vjps import unbroadcast_f

from backproof.engine.errors import SpecError
from backproof.engine.options import Choice
from backproof.engine.subjects import autograd_arrays
from backproof.engine.subjects.of_autograd import autograd_function
from backproof.properties.battery import PROPERTIES, applicable
from backproof.properties.judgement import Evidence, Verdict
from backproof.properties.searching import Effort, search
from backproof.properties.tests.wild.autograd_arrays import MOVING, PRODUCTS, REDUCING
from backproof.properties.tests.wild.autograd_elementwise import ELEMENTWISE
from backproof.properties.tests.wild.autograd_findings import FINDINGS
from backproof.properties.tests.wild.autograd_linalg import FOURIER, LINALG
from backproof.properties.tests.wild.autograd_special import SPECIAL, STATS

pytestmark = pytest.mark.wild

VJP, JVP = PROPERTIES["vjp_matches_differences"], PROPERTIES["jvp_matches_differences"]
IN_NUMPY = {**ELEMENTWISE, **MOVING, **REDUCING, **PRODUCTS}
ALL = {**IN_NUMPY, **LINALG, **FOURIER, **SPECIAL, **STATS}
# Numbers that are complex on the way, or functions that extended arrays do not know.
NOT_EXTENDED = {"imag", "angle", "real_if_close", "astype", "select", "fftshift", "ifftshift"}
# Pushforwards are judged on formulae alone.
NO_FORMULA = {*NOT_EXTENDED, "sqrtm", "solve_sylvester"}


def subject_of(name, table=ALL):
    function, signature, declared = table[name][:3]
    return autograd_function(function, signature, name=name, **declared)


def judged(subject, prop, examples=5):
    return search(subject, prop, Effort(examples))


def test_the_tables_do_not_shadow_each_other():
    assert len(ALL) == sum(map(len, (ELEMENTWISE, MOVING, REDUCING, PRODUCTS, LINALG, FOURIER, SPECIAL, STATS)))
    assert len(ALL) >= 200


@pytest.mark.parametrize("name", ALL)
def test_reverse_mode(name):
    outcome = judged(subject_of(name), VJP, 4)
    assert outcome.verdict is Verdict.PASSED, outcome.reason
    if name in IN_NUMPY and name not in NOT_EXTENDED:
        assert outcome.evidence in (Evidence.FORMULA, Evidence.CONSTANTS), outcome.reason


@pytest.mark.parametrize("name", sorted(set(ALL) - NO_FORMULA))
def test_forward_mode(name):
    subject = subject_of(name)
    if subject.jvp is None:
        assert any(reason in subject.untraceable for reason in ("has no JVP", "raised", "declared to have none"))
    else:
        outcome = judged(subject, JVP, 3)
        assert outcome.verdict is Verdict.PASSED, outcome.reason


@pytest.mark.parametrize("name", FINDINGS)
def test_what_is_wrong_in_autograd_is_still_found(name):
    outcome = search(subject_of(name, FINDINGS), VJP, Effort(10, shrinks=False))
    mended = f"autograd {version('autograd')} no longer has it: {FINDINGS[name][3]}"
    assert outcome.verdict is Verdict.FALSIFIED, mended


def swish(x, beta=1.0):
    return x / (1.0 + np.exp(-beta * x))


def slope(x, beta):
    half = 1.0 / (1.0 + np.exp(-beta * x))
    return half + beta * x * half * (1.0 - half)


def rows_scaled(x, scale):
    return x * scale


def row_norms(x):
    return np.sqrt(np.sum(x * x, axis=1) + 1.0)


def with_vjps(function, *vjps):
    """A primitive of one's own."""
    made = primitive(function)
    defvjp(made, *vjps)
    return made


# The function, its VJPs, the wrong ones, the signature and declarations, and the number of values of x that show it.
OWN = {
    "swish": (
        swish,
        [lambda ans, x, beta=1.0: lambda g: g * slope(x, beta)],
        [lambda ans, x, beta=1.0: lambda g: g * slope(x, 1.0)],
        "()->()",
        {"options": {"beta": Choice((1.0, 0.3))}},
        1,
    ),
    "rows_scaled": (
        rows_scaled,
        [lambda ans, x, s: unbroadcast_f(x, lambda g: g * s), lambda ans, x, s: unbroadcast_f(s, lambda g: g * x)],
        [lambda ans, x, s: unbroadcast_f(x, lambda g: g * s), lambda ans, x, s: lambda g: g * x],
        "(n,m),(m)->(n,m)",
        {},
        1,
    ),
    "row_norms": (
        row_norms,
        [lambda ans, x: lambda g: (g / ans)[:, None] * x],
        [lambda ans, x: lambda g: (g * ans)[:, None] * x],
        "(n,m)->(n)",
        {},
        1,
    ),
    "sum_not_spread": (
        lambda x, y: np.sum(x) * y,
        [lambda ans, x, y: lambda g: g * y * np.ones_like(x), lambda ans, x, y: lambda g: g * np.sum(x)],
        [lambda ans, x, y: lambda g: g * y, lambda ans, x, y: lambda g: g * np.sum(x)],
        "(n),(1)->(1)",
        {},
        2,
    ),
}


@pytest.mark.parametrize("name", OWN)
def test_a_primitive_of_a_persons_own(name):
    function, right, wrong, signature, declared, size = OWN[name]
    subject = autograd_function(with_vjps(function, *right), signature, name=name, **declared)
    for prop in applicable(subject):
        outcome = judged(subject, prop)
        assert outcome.verdict is Verdict.PASSED, f"{prop.name}: {outcome.reason}"
        assert prop is not VJP or outcome.evidence is Evidence.FORMULA
    subject = autograd_function(with_vjps(function, *wrong), signature, name=f"{name} (wrong)", **declared)
    outcome = search(subject, VJP, Effort(40))
    assert outcome.verdict is Verdict.FALSIFIED, outcome.reason
    assert outcome.counterexample.judgement.evidence is Evidence.FORMULA
    x = outcome.counterexample.point.primals[0]
    assert x.size <= size
    assert np.all(np.abs(x) <= 2)


def test_a_wrong_pushforward_of_ones_own_is_found():
    made = with_vjps(swish, lambda ans, x, beta=1.0: lambda g: g * slope(x, beta))
    defjvp(made, lambda g, ans, x, beta=1.0: g * slope(x, -beta))
    subject = autograd_function(made, "()->()", name="pushed_swish")
    assert judged(subject, VJP).verdict is Verdict.PASSED
    for name in ("jvp_matches_differences", "adjoint_identity"):
        assert judged(subject, PROPERTIES[name], 20).verdict is Verdict.FALSIFIED


def network(params, x):
    hidden = anp.tanh(anp.dot(x, params["w"]) + params["b"])
    return anp.sum(hidden**2, axis=1)


def test_nested_arguments_are_like_an_example():
    subject = autograd_function(network, like=({"w": np.ones((3, 2)), "b": np.ones(2)}, np.ones((4, 3))))
    assert subject.arguments == ("params.w", "params.b", "x")
    for prop in (VJP, JVP):
        outcome = judged(subject, prop)
        assert outcome.verdict is Verdict.PASSED, outcome.reason
        assert outcome.evidence is Evidence.FORMULA


def test_an_output_that_does_not_depend_on_an_argument_has_zero_cotangents():
    subject = autograd_function(lambda x, y: 2.0 * x, "(n),(n)->(n)", name="forgets_y")
    assert judged(subject, VJP).verdict is Verdict.PASSED
    assert judged(autograd_function(lambda x: anp.ones(3), "(n)->(3)", name="constant"), VJP).verdict is Verdict.PASSED


def test_cotangents_of_float32_stay_float32_but_for_means():
    shapes = PROPERTIES["shapes_and_dtypes"]
    assert judged(subject_of("sum"), shapes).verdict is Verdict.PASSED
    assert judged(subject_of("mean"), shapes).verdict is Verdict.FALSIFIED  # g / num_reps, which is an np.int64


def test_forward_mode_of_var_over_several_axes_names_a_module_that_is_not_there():
    subject = autograd_function(lambda x: anp.var(x, axis=(0, 1)), "(n,m)->()", forward_mode=True, name="var")
    with pytest.raises(NameError, match="'np' is not defined"):
        subject.jvp([np.ones((2, 3))], [np.ones((2, 3))])


def test_forward_mode_is_left_out_where_it_is_not_wanted_or_not_there():
    assert autograd_function(anp.tanh, "()->()").jvp is not None
    assert autograd_function(anp.tanh, "()->()", forward_mode=False).jvp is None
    assert "JVP of diff" not in subject_of("diff").untraceable
    assert "autograd has no JVP" in subject_of("cholesky").untraceable or "raised" in subject_of("cholesky").untraceable


def test_arguments_are_named_as_the_function_that_a_primitive_wraps_names_them():
    assert autograd_function(anp.sum, "(n)->()").arguments == ("a",)
    assert len(autograd_function(anp.logaddexp, "(),()->()").arguments) == 2
    assert autograd_function(primitive(swish), "()->()", forward_mode=False).name == "swish"


def test_wrong_input_is_refused():
    with pytest.raises(SpecError, match="describes 2 arguments, but there are 1"):
        autograd_function(network_of_one, "(n),(n)->()")
    with pytest.raises(SpecError, match="'forward' is not a declaration"):
        autograd_function(anp.tanh, "()->()", forward=True)


def network_of_one(x):
    return anp.sum(x)


def test_where_autograd_is_missing_the_remedy_is_said(monkeypatch):
    autograd_arrays.autograd_itself.cache_clear()
    monkeypatch.setitem(sys.modules, "autograd.extend", None)
    with pytest.raises(SpecError, match=r"pip install 'backproof\[autograd\]'"):
        autograd_function(anp.tanh, "()->()")
    autograd_arrays.autograd_itself.cache_clear()
