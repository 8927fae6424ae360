"""jax functions: programs are evaluated as jax runs them, mistakes in custom rules are found, jax's own rules hold."""

from __future__ import annotations

import subprocess
import sys

import jax
import numpy as np
import pytest
from jax import numpy as jnp

from backproof.engine.domains import Labels
from backproof.engine.errors import SpecError
from backproof.engine.extended import balls, computing, extended, stores_numbers, stripped, to_float
from backproof.engine.options import Choice, Real
from backproof.engine.programs.jaxprs import evaluate, in_double_precision, primitives_of, traced
from backproof.engine.programs.jaxprs.evaluating import COMPUTING, CONTROL, MOVING
from backproof.engine.subjects.of_jax import jax_function
from backproof.properties.battery import PROPERTIES, applicable
from backproof.properties.judgement import Evidence, Verdict
from backproof.properties.searching import Effort, search
from backproof.properties.tests.wild.jax_examples import NATIVE, UP_TO_CONSTANTS, VALUES, WILD, heads
from backproof.properties.tests.wild.jax_mistakes import PLANTED, wrong_digamma, wrong_eigenvalue
from backproof.properties.tests.wild.jax_primitives import CASES

pytestmark = pytest.mark.wild

VJP = PROPERTIES["vjp_matches_differences"]
JUDGED = [VJP, PROPERTIES["jvp_matches_differences"], PROPERTIES["adjoint_identity"]]
PRIMITIVES = sorted({*MOVING, *COMPUTING, *CONTROL})


def as_extended(array):
    return extended(array) if array.dtype.kind == "f" else array


@pytest.mark.parametrize("name", PRIMITIVES)
def test_a_primitive_is_evaluated_as_jax_runs_it(name):
    for function, *arrays in CASES[name]:
        program = traced(function, [(array.shape, array.dtype.name) for array in arrays], name)
        assert name in set(primitives_of(program))
        with in_double_precision():
            expected = np.asarray(function(*arrays))
        with computing(balls, 128):
            (found,) = evaluate(program, [as_extended(array) for array in arrays])
            found = to_float(found) if stores_numbers(stripped(found)) else found
        assert found.shape == expected.shape
        assert found.dtype == expected.dtype
        np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-13)


# custom derivatives -------------------------------------------------------------------------------------


def named(planted):
    return f"{planted.right.name}-{planted.mistake.replace(' ', '_')}"


@pytest.mark.parametrize("planted", PLANTED, ids=named)
def test_a_right_custom_rule_passes_all_properties(planted):
    for prop in applicable(planted.right):
        outcome = search(planted.right, prop, Effort(2, seed=1))
        assert outcome.verdict is Verdict.PASSED, f"{prop.name}: {outcome.reason}"
        if prop in JUDGED:
            assert outcome.evidence is Evidence.FORMULA


@pytest.mark.parametrize("planted", PLANTED, ids=named)
def test_a_planted_mistake_is_found_on_formula_evidence_and_shrunk(planted):
    outcome = search(planted.wrong, VJP, Effort(25))
    assert outcome.verdict is Verdict.FALSIFIED, planted.mistake
    assert outcome.counterexample.judgement.evidence is Evidence.FORMULA
    values = [value for p in outcome.counterexample.point.primals for value in p.ravel().tolist()]
    assert len(values) <= 8
    assert all(value in (-2, -1, 0, 1, 2) for value in values)


def test_a_custom_jvp_with_a_wrong_tangent_is_found_as_a_pushforward_too():
    pushed = [planted for planted in PLANTED if "custom_jvp" in planted.mistake]
    assert len(pushed) >= 2
    for planted in pushed:
        assert search(planted.wrong, JUDGED[1], Effort(25, shrinks=False)).verdict is Verdict.FALSIFIED


# jax's own rules ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("subject", WILD, ids=lambda subject: subject.name)
def test_jax_differentiates_its_functions_rightly(subject):
    for prop in JUDGED:
        outcome = search(subject, prop, Effort(5, seed=1, shrinks=False))
        assert outcome.verdict is Verdict.PASSED, f"{prop.name}: {outcome.reason}"
        up_to = Evidence.CONSTANTS if subject.name in UP_TO_CONSTANTS else Evidence.FORMULA
        assert outcome.evidence in (Evidence.FORMULA, up_to), outcome.reason


def test_there_are_functions_enough():
    assert len(WILD) >= 90
    assert len(PLANTED) >= 12


# weaker evidence ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("primitive", "subject", "evidence"),
    [
        *((name, subject, Evidence.NATIVE) for name, subject in NATIVE.items()),
        *((name, subject, Evidence.VALUES) for name, subject in VALUES.items()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_primitive_that_is_not_evaluated_is_named_and_weakens_the_evidence(primitive, subject, evidence):
    outcome = search(subject, VJP, Effort(5))
    assert outcome.verdict is Verdict.PASSED, outcome.reason
    assert outcome.evidence is evidence
    assert f"jax's primitive {primitive!r}" in outcome.reason


@pytest.mark.parametrize(("subject", "evidence"), [(wrong_eigenvalue, "native"), (wrong_digamma, "values")])
def test_a_mistake_is_found_on_weaker_evidence_too(subject, evidence):
    outcome = search(subject, VJP, Effort(10, shrinks=False))
    assert outcome.verdict is Verdict.FALSIFIED
    assert outcome.evidence.value == evidence


def test_a_function_that_looks_at_its_values_is_judged_on_native_evidence():
    def looking(x):
        return jnp.sin(x) if x.sum() > 0 else x**3

    outcome = search(jax_function(looking, "(3)->(3)"), VJP, Effort(5))
    assert outcome.verdict is Verdict.PASSED
    assert outcome.evidence is Evidence.NATIVE
    assert "cannot trace looking" in outcome.reason


def test_softmax_in_float32_is_found_in_float64_attention():
    subject = jax_function(heads, "(1,1,1),(2,1,1),(2,1,1)->(1,1,1)")
    outcome = search(subject, PROPERTIES["accurate_in_dtype"], Effort(10, shrinks=False))
    assert outcome.verdict is Verdict.FALSIFIED
    assert "something narrower is inside" in outcome.reason


# the subject ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_native_runs_keep_the_dtype_and_leave_the_configuration_alone(dtype):
    before = jax.config.jax_enable_x64
    subject = jax_function(lambda x, n: jnp.tanh(x)[n], "(4),(2)->(2)", domain={"n": Labels(4)})
    primals, options = (np.ones(4, dtype), np.array([1, 3])), {}
    output, pull = subject.vjp(*primals, **options)
    cotangents = pull(np.ones(2, dtype))
    pushed = subject.jvp(primals, [np.ones(4, dtype), None])
    for array in (subject.forward(*primals), output, cotangents[0], pushed):
        assert type(array) is np.ndarray
        assert array.dtype == dtype
        assert array.flags.writeable
    assert cotangents[1] is None
    assert abs(output[0] - np.tanh(1.0)) < 4 * np.finfo(dtype).eps
    assert jax.config.jax_enable_x64 == before


def test_what_is_kept_for_the_pullback_does_not_change_with_the_callers_arrays():
    subject = jax_function(jnp.square, "(3)->(3)")
    x = np.ones(3)
    _, pull = subject.vjp(x)
    x[:] = 7.0
    np.testing.assert_array_equal(pull(np.ones(3))[0], 2 * np.ones(3))


def test_options_are_numbers_of_the_program_unless_it_looks_at_them():
    def scaled(x, alpha, power):
        return x**power * jnp.exp(alpha)

    def looking(x, alpha):
        return alpha * x**2 if alpha > 1 else x

    real = {"alpha": Real(0.5, 2.0)}
    for function, options in ((scaled, real | {"power": Choice((1, 2, 3))}), (looking, real)):
        subject = jax_function(function, "(2)->(2)", options=options)
        for prop in JUDGED:
            outcome = search(subject, prop, Effort(6))
            assert (outcome.verdict, outcome.evidence) == (Verdict.PASSED, Evidence.FORMULA), outcome.reason


def test_a_custom_vjp_has_no_pushforward_and_says_why():
    subject = PLANTED[0].right
    assert subject.jvp is None
    assert "custom_vjp" in JUDGED[1].unless(subject)
    assert jax_function(jnp.tanh, "(n)->(n)").jvp is not None


def test_the_function_that_a_person_wrote_is_shown():
    def tanh(x):
        return jnp.tanh(x)

    assert jax_function(jax.jit(tanh), "(n)->(n)").written_in is tanh
    assert jax_function(jax.custom_vjp(tanh), "(n)->(n)").name == "tanh"


def test_a_function_of_several_arrays_is_refused():
    with pytest.raises(SpecError, match="pair returned a tuple, but should return one array"):
        jax_function(lambda x: (x, x), "(n)->(n)", name="pair")


def test_jax_is_asked_for_where_it_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "jax", None)
    with pytest.raises(SpecError, match=r"pip install 'backproof\[jax\]'"):
        jax_function(jnp.tanh, "(n)->(n)")


def test_jax_is_not_imported_before_it_is_used():
    code = "import sys, backproof.engine.subjects.of_jax; sys.exit('jax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
