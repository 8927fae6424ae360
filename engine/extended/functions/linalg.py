"""Linear algebra: each function acts on the last two axes, matrix by matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ...errors import NotExtendable
from ..arithmetic import Objects, active
from ..lifting import each, entered, filled, lifted, to_float
from ..ufunc_methods import reduce
from ..ufuncs import call, matmul
from . import factorizations
from .dispatching import implements
from .reductions import sum_


class SignAndLog(NamedTuple):
    """What slogdet returns."""

    sign: Any
    logabsdet: Any


class OrthogonalTriangular(NamedTuple):
    """What qr returns."""

    Q: Any
    R: Any


class Eigen(NamedTuple):
    """What eigh returns."""

    eigenvalues: Any
    eigenvectors: Any


class SingularValues(NamedTuple):
    """What svd returns."""

    U: Any
    S: Any
    Vh: Any


def _matrix_by_matrix(function: Callable[[Objects], Any], a: Any) -> Any:
    """The function of each matrix of a stack; a tuple of stacks where it returns several arrays."""
    stack = lifted(entered(a))
    if stack.ndim < 2:
        raise np.linalg.LinAlgError(f"{stack.ndim}-dimensional array given; it must be at least two-dimensional")
    if stack.ndim == 2:
        return function(stack)
    results = [function(stack[place]) for place in np.ndindex(stack.shape[:-2])]
    if isinstance(results[0], tuple):
        return tuple(_stacked(list(parts), stack.shape[:-2]) for parts in zip(*results, strict=True))
    return _stacked(results, stack.shape[:-2])


def _stacked(results: list[Any], shape: tuple[int, ...]) -> Objects:
    arrays = [np.asarray(result, dtype=object) for result in results]
    return np.stack(arrays).reshape(shape + arrays[0].shape)


def _square(matrix: Objects) -> Objects:
    if matrix.shape[0] != matrix.shape[1]:
        raise np.linalg.LinAlgError("Last 2 dimensions of the array must be square")
    return matrix


def _identity(n: int) -> Objects:
    identity = filled((n, n), 0)
    identity[np.arange(n), np.arange(n)] = active().lift(1)
    return identity


def _solved(matrix: Objects, right: Objects) -> Objects:
    try:
        return active().solve(_square(matrix), right)
    except ZeroDivisionError as error:
        raise np.linalg.LinAlgError("Singular matrix") from error


@implements(np.linalg.solve)
def solve(a: Any, b: Any) -> Any:
    matrices, right = lifted(entered(a)), lifted(entered(b))
    if right.ndim == 1:
        columns = np.broadcast_to(right[:, None], (*matrices.shape[:-2], right.shape[0], 1))
        return solve(matrices, columns)[..., 0]
    stack = np.broadcast_shapes(matrices.shape[:-2], right.shape[:-2])
    matrices = np.broadcast_to(matrices, stack + matrices.shape[-2:])
    right = np.broadcast_to(right, stack + right.shape[-2:])
    solution = np.empty(right.shape, dtype=object)
    for place in np.ndindex(stack):
        solution[place] = _solved(matrices[place], right[place])
    return solution


@implements(np.linalg.inv)
def inv(a: Any) -> Any:
    return _matrix_by_matrix(lambda matrix: _solved(matrix, _identity(matrix.shape[0])), a)


@implements(np.linalg.det)
def det(a: Any) -> Any:
    return _matrix_by_matrix(lambda matrix: factorizations.determinant(_square(matrix)), a)


@implements(np.linalg.slogdet)
def slogdet(a: Any) -> Any:
    def parts(matrix: Objects) -> tuple[Any, Any]:
        value = np.asarray(factorizations.determinant(_square(matrix)), dtype=object)
        sign = call(np.sign, (value,))
        return sign, active().elementwise[np.log](np.asarray(value * sign, dtype=object))

    return SignAndLog(*_matrix_by_matrix(parts, a))


@implements(np.linalg.cholesky)
def cholesky(a: Any, /, *, upper: bool = False) -> Any:
    factor = _matrix_by_matrix(lambda matrix: factorizations.cholesky(_square(matrix)), a)
    return np.swapaxes(factor, -1, -2) if upper else factor


@implements(np.linalg.qr)
def qr(a: Any, mode: Any = "reduced") -> Any:
    if mode not in ("reduced", "r"):
        raise NotExtendable(f"np.linalg.qr with mode={mode!r} is not supported on extended-precision numbers.")
    q, r = _matrix_by_matrix(factorizations.orthogonal_triangular, a)
    return r if mode == "r" else OrthogonalTriangular(q, r)


@implements(np.linalg.eigh)
def eigh(a: Any, UPLO: str = "L") -> Any:  # noqa: N803  # NumPy's own name
    def decomposed(matrix: Objects) -> tuple[Objects, Objects]:
        return factorizations.symmetric_eigen(_one_triangle(_square(matrix), UPLO))

    return Eigen(*_matrix_by_matrix(decomposed, a))


@implements(np.linalg.eigvalsh)
def eigvalsh(a: Any, UPLO: str = "L") -> Any:  # noqa: N803  # NumPy's own name
    return eigh(a, UPLO)[0]


def _one_triangle(matrix: Objects, which: str) -> Objects:
    """The symmetric matrix that NumPy reads off one triangle."""
    lower = matrix if which.upper() == "L" else matrix.T
    below = np.tri(len(matrix), k=-1, dtype=bool)
    return np.where(below.T, lower.T, lower)


@implements(np.linalg.svd)
def svd(a: Any, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False) -> Any:
    u, s, vt = _matrix_by_matrix(factorizations.singular_values, a)
    if not compute_uv:
        return s
    if full_matrices and u.shape[-2] != vt.shape[-1]:
        raise NotExtendable("np.linalg.svd with full_matrices=True of an oblong matrix is not supported.")
    return SingularValues(u, s, vt)


@implements(np.linalg.svdvals)
def svdvals(x: Any, /) -> Any:
    return svd(x, compute_uv=False)


@implements(np.linalg.norm)
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    numbers = lifted(entered(x))
    ord = to_float(ord).item() if isinstance(ord, np.ndarray) else ord  # noqa: A001  # NumPy's own name
    if axis is None and (ord is None or (numbers.ndim == 2 and ord == "fro")):
        return _root_of_squares(numbers, None, keepdims)
    axes = tuple(range(numbers.ndim)) if axis is None else tuple(np.atleast_1d(np.asarray(axis, dtype=int)).tolist())
    if len(axes) == 1:
        return _vector_norm(numbers, ord, axes[0], keepdims)
    if len(axes) == 2 and ord in (None, "fro"):
        return _root_of_squares(numbers, axes, keepdims)
    if len(axes) == 2 and ord in (1, -1, np.inf, -np.inf):
        summed, left = axes if abs(ord) == 1 else axes[::-1]
        sums = sum_(call(np.absolute, (numbers,)), summed, keepdims=True)
        extremum = reduce(np.maximum if ord > 0 else np.minimum, sums, left, keepdims=True)
        return extremum if keepdims else np.squeeze(extremum, axes)
    if len(axes) == 2 and ord in (2, "nuc") and numbers.ndim == 2:
        values = svd(numbers, compute_uv=False)
        return reduce(np.maximum, values, None) if ord == 2 else sum_(values)
    raise NotExtendable(f"np.linalg.norm with ord={ord!r} over {len(axes)} axes is not supported on extended arrays.")


def _root_of_squares(numbers: Objects, axis: Any, keepdims: bool) -> Objects:
    return active().elementwise[np.sqrt](lifted(sum_(numbers * numbers, axis, keepdims=keepdims)))


def _vector_norm(numbers: Objects, order: Any, axis: int, keepdims: bool) -> Any:
    if order in (None, 2):
        return _root_of_squares(numbers, axis, keepdims)
    sizes = call(np.absolute, (numbers,))
    if order in (np.inf, -np.inf):
        return reduce(np.maximum if order > 0 else np.minimum, sizes, axis, keepdims)
    if order == 1:
        return sum_(sizes, axis, keepdims=keepdims)
    if order == 0:
        return sum_(call(np.not_equal, (numbers, 0)), axis, keepdims=keepdims)
    power = active().elementwise[np.power]
    exponent = lifted(entered(order))
    total = lifted(sum_(power(sizes, np.broadcast_to(exponent, sizes.shape)), axis, keepdims=keepdims))
    return power(total, np.broadcast_to(active().lift(1) / exponent, total.shape))


@implements(np.linalg.vector_norm)
def vector_norm(x: Any, /, *, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Any:
    numbers = lifted(entered(x))
    return norm(numbers.ravel() if axis is None else numbers, ord, -1 if axis is None else axis, keepdims)


@implements(np.linalg.matrix_power)
def matrix_power(a: Any, n: int) -> Any:
    base = inv(a) if n < 0 else lifted(entered(a))
    result = np.broadcast_to(_identity(base.shape[-1]), base.shape)
    for _ in range(abs(n)):
        result = matmul(result, base)
    return result


@implements(np.linalg.multi_dot)
def multi_dot(arrays: Any) -> Any:
    parts = [lifted(entered(array)) for array in arrays]
    result = parts[0]
    for part in parts[1:]:
        result = matmul(result, part)
    return result


@implements(np.linalg.pinv)
def pinv(a: Any, rcond: Any = None, hermitian: bool = False, *, rtol: Any = None) -> Any:
    """Of a matrix of full rank: ``(a^T a)^-1 a^T``, or ``a^T (a a^T)^-1``."""

    def inverse(matrix: Objects) -> Objects:
        if matrix.shape[0] >= matrix.shape[1]:
            return _solved(matmul(matrix.T, matrix), matrix.T)
        return _solved(matmul(matrix, matrix.T), matrix).T

    return _matrix_by_matrix(inverse, a)


@implements(np.linalg.cond)
def cond(x: Any, p: Any = None) -> Any:
    if p is not None and not (isinstance(p, int) and abs(p) == 2):
        return norm(x, p, (-2, -1)) * norm(inv(x), p, (-2, -1))
    values = svd(x, compute_uv=False)
    if p == -2:
        return each(lambda number: number, values[..., -1] / values[..., 0])
    return each(lambda number: number, values[..., 0] / values[..., -1])
