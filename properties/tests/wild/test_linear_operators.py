"""Linear operators of SciPy and PyLops: each adjoint against its operator, on the strongest evidence there is."""

import numpy as np
import pylops
import pytest
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, aslinearoperator

from backproof.engine.options import Choice
from backproof.engine.subjects.linear_operator import linear_operator
from backproof.properties.battery import PROPERTIES
from backproof.properties.judgement import Evidence, Verdict
from backproof.properties.searching import Effort, search

pytestmark = pytest.mark.wild

A = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0]])
B = np.array([[2.0, 0.25], [-1.0, 1.0], [0.1, 4.0]])
SPARSE = sparse.csr_array(np.array([[0.0, 2.0, 0.0, -0.3], [1.5, 0.0, 0.0, 0.0], [0.0, -1.0, 4.0, 0.0]]))
KINDS = Choice(("forward", "backward", "centered"))
TABLE = (np.arange(24.0) % 3.0).reshape(2, 4, 3)  # of two places, four times and three places to spread to
FILTER = np.array([1.0, -0.5, 0.2])

# name: operator, or factory with its signature and options
SCIPY = {
    "dense": (aslinearoperator(A),),
    "array": (A,),
    "csr": (SPARSE,),
    "csr_operator": (aslinearoperator(SPARSE),),
    "product": (aslinearoperator(A) @ aslinearoperator(B),),
    "sum": (aslinearoperator(A) + aslinearoperator(B.T),),
    "difference": (aslinearoperator(A) - aslinearoperator(B.T),),
    "scaled": (0.1 * aslinearoperator(A),),
    "power": (aslinearoperator(A @ B) ** 3,),
    "adjoint": (aslinearoperator(A).H,),
    "transposed": ((aslinearoperator(A) @ aslinearoperator(B)).T,),
    "functions": (LinearOperator((2, 3), matvec=lambda x: A @ x, rmatvec=lambda ct: A.T @ ct),),
    "identity": (aslinearoperator(sparse.identity(4)),),
}
PYLOPS = {
    "FirstDerivative": (
        lambda kind, edge, order: pylops.FirstDerivative(8, 0, 0.5, kind=kind, edge=edge, order=order),
        "(8)->(8)",
        {"kind": KINDS, "edge": Choice((False, True)), "order": Choice((3, 5))},
    ),
    "SecondDerivative": (
        lambda kind, edge: pylops.SecondDerivative(7, sampling=0.1, kind=kind, edge=edge),
        "(7)->(7)",
        {"kind": KINDS, "edge": Choice((False, True))},
    ),
    "FirstDerivative_2d": (lambda axis: pylops.FirstDerivative((4, 5), axis), "(20)->(20)", {"axis": Choice((0, 1))}),
    "Laplacian": (lambda edge: pylops.Laplacian((4, 5), edge=edge), "(4,5)->(20)", {"edge": Choice((False, True))}),
    "Gradient": (pylops.Gradient((4, 3)),),
    "Gradient_forward": (pylops.Gradient((4, 3), kind="forward", edge=True),),
    "FirstDirectionalDerivative": (pylops.FirstDirectionalDerivative((4, 3), np.array([0.6, 0.8])),),
    "Restriction": (pylops.Restriction(6, [0, 3, 4]),),
    "Pad": (lambda n, left: pylops.Pad(n, (left, 2)), "(n)->", {"left": Choice((1, 0, 3))}),
    "Pad_2d": (lambda: pylops.Pad((2, 3), ((1, 0), (0, 2))), "(2,3)->(15)", {}),
    "Flip": (lambda n: pylops.Flip(n), "(n)->(n)", {}),
    "Flip_2d": (lambda n, m, axis: pylops.Flip((n, m), axis), "(n,m)->", {"axis": Choice((0, 1, -1))}),
    "Roll": (lambda n, shift: pylops.Roll(n, shift=shift), "(n)->(n)", {"shift": Choice((1, -2, 5))}),
    "Symmetrize": (lambda n: pylops.Symmetrize(n), "(n)->", {}),
    "Transpose": (lambda n, m: pylops.Transpose((n, m, 2), (2, 0, 1)), "(n,m,2)->", {}),
    "CausalIntegration": (
        lambda kind, first: pylops.CausalIntegration(5, sampling=0.3, kind=kind, removefirst=first),
        "(5)->",
        {"kind": Choice(("full", "half", "trapezoidal")), "first": Choice((False, True))},
    ),
    "Diagonal": (pylops.Diagonal(np.array([1.0, -0.1, 3.0])),),
    "Diagonal_2d": (lambda: pylops.Diagonal(np.array([1.0, -0.1, 3.0]), dims=(2, 3), axis=1), "(2,3)->(6)", {}),
    "MatrixMult": (pylops.MatrixMult(A),),
    "MatrixMult_many": (pylops.MatrixMult(A, otherdims=(2,)),),
    "Smoothing1D": (pylops.Smoothing1D(3, 8),),
    "Smoothing2D": (pylops.Smoothing2D((3, 3), (3, 3)),),
    "Convolve1D": (pylops.signalprocessing.Convolve1D(8, FILTER, offset=1),),
    "Convolve2D": (pylops.signalprocessing.Convolve2D((3, 3), np.outer(FILTER, FILTER), offset=(1, 1)),),
    "Interp_nearest": (pylops.signalprocessing.Interp(6, np.array([0.4, 2.0, 4.6]), kind="nearest")[0],),
    "Interp_linear": (pylops.signalprocessing.Interp(6, np.array([0.4, 2.1, 3.6]), kind="linear")[0],),
    "Interp_sinc": (pylops.signalprocessing.Interp(6, np.array([0.4, 2.1, 3.6]), kind="sinc")[0],),
    "Bilinear": (pylops.signalprocessing.Bilinear(np.array([[0.5, 1.2], [1.7, 0.3]]), (4, 3)),),
    "Spread": (pylops.Spread((2, 4), (3, 4), table=TABLE, engine="numpy"),),
    "Spread_between": (pylops.Spread((2, 4), (3, 4), table=TABLE, dtable=0.25 + 0.0 * TABLE, engine="numpy"),),
    "VStack": (pylops.VStack([pylops.MatrixMult(A), pylops.Identity(3)]),),
    "HStack": (pylops.HStack([pylops.MatrixMult(A), pylops.Identity(2)]),),
    "BlockDiag": (pylops.BlockDiag([pylops.MatrixMult(A), pylops.FirstDerivative(4), pylops.Zero(2, 3)]),),
    "Block": (pylops.Block([[pylops.MatrixMult(A), pylops.Identity(2)], [pylops.Zero(3, 3), pylops.MatrixMult(B)]]),),
    "Kronecker": (pylops.Kronecker(pylops.MatrixMult(A), pylops.FirstDerivative(3)),),
    "Identity": (lambda n: pylops.Identity(n), "(n)->(n)", {}),
    "Identity_padded": (pylops.Identity(5, 3),),
    "Zero": (pylops.Zero(3, 2),),
    "Sum": (lambda n, m, axis: pylops.Sum((n, m), axis), "(n,m)->", {"axis": Choice((0, 1))}),
    "Regression": (pylops.Regression(np.array([0.0, 0.5, 2.0, 3.0]), order=3),),
    "LinearRegression": (pylops.LinearRegression(np.array([0.0, 0.5, 2.0])),),
    "composed": (pylops.MatrixMult(A) @ pylops.Diagonal(np.array([1.0, 0.1, 2.0])),),
    "combined": (2.0 * pylops.FirstDerivative(5) + 0.1 * pylops.Identity(5),),
    "normal_equations": (pylops.FirstDerivative(6, kind="forward").H @ pylops.FirstDerivative(6, kind="forward"),),
    "DCT": (pylops.signalprocessing.DCT(6),),
}
# Sparse matrices are compiled, and so are transforms and convolutions through them: their own numbers are floats.
ON_VALUES = {"csr"}
ON_FLOATS = {"csr_operator", "identity", "Smoothing2D", "Convolve2D", "DCT"}
ALL = {**SCIPY, **PYLOPS}


def subject_of(name):
    operator, signature, options = (*ALL[name], None, {})[:3]
    return linear_operator(operator, signature, options=options, name=name)


def test_there_are_operators_enough():
    assert len(SCIPY) >= 12
    assert len(PYLOPS) >= 40
    assert len(ALL) == len(SCIPY) + len(PYLOPS)


@pytest.mark.parametrize("name", ALL)
def test_the_adjoint_is_the_transpose(name):
    expected = Evidence.VALUES if name in ON_VALUES else Evidence.NATIVE if name in ON_FLOATS else Evidence.FORMULA
    outcome = search(subject_of(name), PROPERTIES["vjp_matches_differences"], Effort(5))
    assert outcome.verdict is Verdict.PASSED, outcome.reason
    assert outcome.evidence is expected, outcome.reason


@pytest.mark.parametrize("name", sorted(set(ALL) - ON_VALUES - ON_FLOATS))
def test_the_two_products_agree_and_the_operator_is_linear(name):
    for prop in ("adjoint_identity", "linear_in_tangent", "linear_in_cotangent"):
        outcome = search(subject_of(name), PROPERTIES[prop], Effort(4))
        assert outcome.verdict is Verdict.PASSED, f"{prop}: {outcome.reason}"


class Backwards(pylops.LinearOperator):
    """A derivative in PyLops's own terms, whose adjoint forgets the sign at the far end."""

    def __init__(self, n):
        super().__init__(dtype=np.float64, shape=(n - 1, n))

    def _matvec(self, x):
        return x[1:] - x[:-1]

    def _rmatvec(self, ct):
        out = np.zeros(self.shape[1], dtype=ct.dtype)
        out[:-1] -= ct
        out[1:-1] += ct[:-1]
        out[-1] -= ct[-1]
        return out


@pytest.mark.parametrize(
    "wrong",
    [
        Backwards(4),
        pylops.MatrixMult(A) @ Backwards(4),
        pylops.VStack([pylops.Identity(4), Backwards(4)]),
        LinearOperator((2, 3), matvec=lambda x: A @ x, rmatvec=lambda ct: B @ ct),
        aslinearoperator(A.T) @ LinearOperator((2, 3), matvec=lambda x: A @ x, rmatvec=lambda ct: B @ ct),
    ],
    ids=["own", "composed", "stacked", "functions", "functions_composed"],
)
def test_a_wrong_adjoint_is_found_in_whatever_it_is_part_of(wrong):
    for prop in ("adjoint_identity", "vjp_matches_differences"):
        outcome = search(linear_operator(wrong), PROPERTIES[prop], Effort(20))
        assert outcome.verdict is Verdict.FALSIFIED, outcome.reason
        assert outcome.counterexample.judgement.evidence is Evidence.FORMULA
