"""Linear operators: right adjoints pass on formulae, planted mistakes in them are found and made small."""

from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, aslinearoperator

from backproof.engine.errors import SpecError
from backproof.engine.options import Choice
from backproof.engine.subjects.linear_operator import linear_operator
from backproof.properties.battery import PROPERTIES, applicable
from backproof.properties.judgement import Evidence, Verdict
from backproof.properties.searching import Effort, search
from backproof.properties.tests.surveys import survey

WEIGHTS = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]])


@dataclass
class Operator:
    """An operator of two functions, as people write them."""

    shape: tuple
    matvec: object
    rmatvec: object


def differences(n):
    def adjoint(ct):
        out = np.zeros(n, ct.dtype)
        out[:-1] -= ct
        out[1:] += ct
        return out

    return Operator((n - 1, n), lambda x: x[1:] - x[:-1], adjoint)


def padding(n, left=2, right=1):
    return Operator((n + left + right, n), lambda x: np.pad(x, (left, right)), lambda ct: ct[left : left + n])


def circular(n, taps=(0.5, 1.0, -2.0)):
    def matvec(x):
        return sum(tap * np.roll(x, k) for k, tap in enumerate(taps))

    return Operator((n, n), matvec, lambda ct: sum(tap * np.roll(ct, -k) for k, tap in enumerate(taps)))


def picking(n):
    where = np.arange(n)[::2]

    def adjoint(ct):
        out = np.zeros(n, ct.dtype)
        out[where] = ct
        return out

    return Operator((len(where), n), lambda x: x[where], adjoint)


def cumulative(n, scale=1.0):
    return Operator((n, n), lambda x: scale * np.cumsum(x), lambda ct: scale * np.cumsum(ct[::-1])[::-1])


class Diagonal(LinearOperator):
    def __init__(self, entries):
        super().__init__(np.float64, (len(entries), len(entries)))
        self.entries = entries

    def _matvec(self, x):
        return self.entries * x

    def _rmatvec(self, ct):
        return self.entries * ct


def grid_sums(n, m):
    def matvec(x):
        return x.reshape(n, m).sum(axis=0)

    return Operator((m, n * m), matvec, lambda ct: np.tile(ct, n))


RIGHT = {
    "dense": linear_operator(WEIGHTS),
    "differences": linear_operator(differences(5)),
    "padding": linear_operator(padding, "(n)->"),
    "circular": linear_operator(circular, "(n)->(n)"),
    "picking": linear_operator(picking, "(n)->"),
    "cumulative": linear_operator(cumulative, "(n)->(n)", options={"scale": Choice((1.0, 0.1))}),
    "diagonal": linear_operator(Diagonal(np.array([1.0, -0.3, 2.0]))),
    "composed": linear_operator(
        Diagonal(np.array([1.0, 0.1])) @ LinearOperator((2, 3), WEIGHTS.dot, rmatvec=WEIGHTS.T.dot)
    ),
    "grid_sums": linear_operator(grid_sums, "(n,m)->(m)"),
}
ON_FORMULAE = ("vjp_matches_differences", "jvp_matches_differences", "adjoint_identity", "linear_in_tangent")


@pytest.mark.parametrize("name", RIGHT)
def test_right_operators_pass(name):
    for outcome in survey(RIGHT[name], Effort(6)):
        assert outcome.verdict is Verdict.PASSED, f"{outcome.property.name}: {outcome.reason}"
        assert outcome.evidence is Evidence.FORMULA or outcome.property.name not in ON_FORMULAE


def not_transposed(n):
    matrix = np.arange(1.0, n * n + 1).reshape(n, n)
    return Operator((n, n), lambda x: matrix @ x, lambda ct: matrix @ ct)


def wrong_at_the_boundary(n):
    def adjoint(ct):
        out = np.zeros(n, ct.dtype)
        out[: n - 1] -= ct
        out[1 : n - 1] += ct[:-1]
        return out

    return replace(differences(n), rmatvec=adjoint)


def weights_on_the_wrong_side(n):
    weights = np.linspace(0.5, 2.0, n)
    return Operator((n, n), lambda x: weights * np.flip(x), lambda ct: np.flip(ct) * weights)


def off_by_one_pad(n):
    return replace(padding(n), rmatvec=lambda ct: ct[1 : n + 1])


def missing_factor(n):
    return replace(cumulative(n), matvec=lambda x: 0.5 * np.cumsum(x))


def rolled_the_same_way(n):
    return replace(circular(n), rmatvec=circular(n).matvec)


def overwrites(n):
    def adjoint(ct):
        ct *= 3.0
        return ct

    return Operator((n, n), lambda x: 3.0 * x, adjoint)


def adds_repeats_once(n):
    where = np.array([0, 0]) if n else np.zeros(2, int)

    def adjoint(ct):
        out = np.zeros(n, ct.dtype)
        out[where] += ct
        return out

    return Operator((2, n), lambda x: x[where], adjoint)


def affine(n):
    return Operator((n, n), lambda x: 2.0 * x + 1.0, lambda ct: 2.0 * ct)


def nonlinear(n):
    return Operator((n, n), lambda x: np.abs(x), lambda ct: ct)


# The operator, the size of x at its smallest counterexample, and the property that finds the mistake.
WRONG = {
    not_transposed: (2, "adjoint_identity"),
    wrong_at_the_boundary: (2, "adjoint_identity"),
    weights_on_the_wrong_side: (2, "vjp_matches_differences"),
    off_by_one_pad: (1, "adjoint_identity"),
    missing_factor: (1, "adjoint_identity"),
    rolled_the_same_way: (3, "adjoint_identity"),
    overwrites: (1, "pure"),
    adds_repeats_once: (1, "vjp_matches_differences"),
    affine: (1, "linear_in_tangent"),
    nonlinear: (1, "vjp_matches_differences"),
}


@pytest.mark.parametrize("factory", WRONG, ids=lambda factory: factory.__name__)
def test_wrong_adjoints_are_found_and_made_small(factory):
    size, caught_by = WRONG[factory]
    outcome = search(linear_operator(factory, "(n)->"), PROPERTIES[caught_by], Effort(30))
    assert outcome.verdict is Verdict.FALSIFIED, outcome.reason
    (x,) = outcome.counterexample.point.primals
    assert x.shape == (size,)
    assert np.array_equal(x, np.round(x))
    assert np.all(np.abs(x) <= 2)


def test_an_affine_operator_is_accused_by_each_property_of_pushforwards():
    for name in ("linear_in_tangent", "jvp_matches_differences", "adjoint_identity"):
        outcome = search(linear_operator(affine, "(n)->(n)"), PROPERTIES[name], Effort(10, shrinks=False))
        assert outcome.verdict is Verdict.FALSIFIED, name


def test_an_adjoint_that_returns_its_own_buffer_is_found():
    buffer = np.zeros(3)

    def adjoint(ct):
        np.multiply(ct, 2.0, out=buffer)
        return buffer

    subject = linear_operator(Operator((3, 3), lambda x: 2.0 * x, adjoint))
    found = [
        prop.name for prop in applicable(subject) if search(subject, prop, Effort(10)).verdict is Verdict.FALSIFIED
    ]
    assert "linear_in_cotangent" in found


def test_sparse_matrices_are_judged_on_values_and_opaque_operators_on_floats():
    matrix = sparse.csr_array(WEIGHTS)
    for operator, evidence in ((matrix, Evidence.VALUES), (aslinearoperator(matrix), Evidence.NATIVE)):
        outcome = search(linear_operator(operator), PROPERTIES["vjp_matches_differences"], Effort(6))
        assert outcome.verdict is Verdict.PASSED, outcome.reason
        assert outcome.evidence is evidence
        wrong = LinearOperator((2, 3), operator.dot, rmatvec=lambda ct, own=operator: 2.0 * (own.T @ ct))
        outcome = search(linear_operator(wrong), PROPERTIES["vjp_matches_differences"], Effort(6))
        assert outcome.verdict is Verdict.FALSIFIED, outcome.reason


def test_names_and_signatures_follow_from_the_operator():
    dense, made = linear_operator(WEIGHTS), linear_operator(circular, "(n)->(n)")
    assert (dense.name, str(dense.signature), dense.arguments) == ("ndarray", "(3)->(2)", ("x",))
    assert (made.name, str(made.signature)) == ("circular", "(n)->(n)")
    assert linear_operator(Diagonal(np.ones(2)), name="scaling").name == "scaling"
    assert linear_operator(WEIGHTS.T, "(1,2)->(3)").forward(np.ones((1, 2))).shape == (3,)


def test_options_are_handed_to_the_factory():
    subject = linear_operator(cumulative, "(n)->(n)", options={"scale": Choice((2.0,))})
    assert np.array_equal(subject.forward(np.ones(2), scale=2.0), [2.0, 4.0])
    assert np.array_equal(subject.jvp([np.ones(2)], [None], scale=2.0), [0.0, 0.0])


@pytest.mark.parametrize(
    ("operator", "declared", "message"),
    [
        (3.0, {}, "without a shape"),
        (np.ones(3), {}, "of shape \\(3,\\), but should have a shape of two numbers"),
        (SimpleNamespace(shape=(2, 2), matvec=np.sum), {}, "has no 'rmatvec'"),
        (SimpleNamespace(matvec=np.sum, rmatvec=np.sum), {}, "without a shape"),
        (LinearOperator((2, 2), lambda x: x), {}, "rmatvec of .* is not implemented"),
        (np.eye(2) * 1j, {}, "is complex, and only real operators"),
        (Operator((2, 2), lambda x: 1j * x, lambda ct: 1j * ct), {}, "is complex, and only real operators"),
        (WEIGHTS, {"signature": "(n)->"}, "names sizes that are drawn anew"),
        (circular, {}, "its signature is missing"),
        (circular, {"signature": "(n,m)->"}, "has 4 columns, but its signature '\\(n,m\\)->' gives x 20 numbers"),
        (lambda: circular(3), {"signature": "(n)->(n)"}, "failed: .* The factory is called with the sizes"),
        (lambda n: None, {"signature": "(n)->(n)"}, "the operator is a NoneType without a shape"),
        (circular, {"signature": "(n)->(n)", "options": {"scale": Choice((1.0,))}}, "is not a parameter of circular"),
        (WEIGHTS, {"options": {"scale": Choice((1.0,))}}, "is not a parameter of ndarray"),
        (circular, {"signature": "(n)->(n)", "parallel": True}, "is not a declaration"),
    ],
)
def test_wrong_input_is_refused_with_the_remedy(operator, declared, message):
    with pytest.raises(SpecError, match=message):
        linear_operator(operator, **declared)


def test_an_operator_of_other_sizes_than_the_signature_says_is_refused_where_it_runs():
    subject = linear_operator(lambda n: circular(2 * n if n > 4 else n), "(n)->(n)")
    with pytest.raises(SpecError, match="has 10 columns, but its signature"):
        subject.forward(np.ones(5))
