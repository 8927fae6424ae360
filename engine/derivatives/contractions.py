"""Sums of products over any axes: einsum, tensordot, and what is written with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import primitives
from ..linear import Array, LinearMap
from ..maps import conjugated, convolve_sequence, einsum_at
from ..options import Choice
from .definitions import defined_as, in_a_list
from .rules import derivative_of

Two = tuple[LinearMap, LinearMap]


@derivative_of(
    primitives.einsum,
    "(n,n),(n,n)->",
    options={"subscripts": Choice(("ij,jk->ik", "ij,ij->", "ii,jk->kj", "ij,kk->i", "ij,jk->i", "ij,ik->kij"))},
)
def einsum(y: Array, *operands: Array, subscripts: str) -> tuple[LinearMap, ...]:
    """``d(sum abc) = sum da bc + sum a db c + ...``: sums of products, with the change of one operand in its place"""
    return tuple(einsum_at(operands, subscripts, place, a.shape) for place, a in enumerate(operands))


def _behind_subscripts(function: Any, *arrays: Array, subscripts: str) -> Array:
    return function(subscripts, *arrays)


@defined_as(
    np.einsum,
    "(n,n),(n,n),(n,1)->",
    call=_behind_subscripts,
    options={"subscripts": Choice(("ij,jk,ka", "...j,jk,...a->...k", "ij,i...,ia->...", "ii,jj,jk->ij"))},
)
def einsum_(subscripts: str, *operands: Array, optimize: Any = False) -> Array:
    """sums of products, with a letter for every axis: ``y_ik = sum_j a_ij b_jk``"""
    arrays = [a if hasattr(a, "dtype") else np.asarray(a) for a in operands]
    letters, output = _explicit(subscripts, [a.ndim for a in arrays])
    sizes = {
        one: n for a, part in zip(arrays, letters, strict=True) for one, n in zip(part, a.shape, strict=True) if n != 1
    }
    for number, (a, part) in enumerate(zip(arrays, letters, strict=True)):
        kept = [one not in sizes or n != 1 for one, n in zip(part, a.shape, strict=True)]
        arrays[number] = np.reshape(a, [n for n, stays in zip(a.shape, kept, strict=True) if stays])
        letters[number] = "".join(one for one, stays in zip(part, kept, strict=True) if stays)
    return primitives.einsum(*arrays, subscripts=f"{','.join(letters)}->{output}")


def _explicit(subscripts: str, ranks: Sequence[int]) -> tuple[list[str], str]:
    """The letters of each operand and of the output: ``...`` spelled out, and what is meant where no ``->`` stands."""
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    parts = inputs.split(",")
    free = [one for one in "ZYXWVUTSRQPONMLKJIHGFEDCBA" if one not in subscripts]
    hidden = [
        rank - len(part.replace("...", "")) if "..." in part else 0 for part, rank in zip(parts, ranks, strict=True)
    ]
    common = "".join(free[: max(hidden)])
    parts = [part.replace("...", common[len(common) - count :]) for part, count in zip(parts, hidden, strict=True)]
    if not arrow:
        named = "".join(parts)
        output = "..." + "".join(sorted(one for one in set(named) if named.count(one) == 1 and one not in common))
    return parts, output.replace("...", common)


@defined_as(np.tensordot, "(n,m,k),(m,k,n)->", options={"axes": Choice((2, ([1, 2], [0, 1]), ([0], [2]), 0))})
def tensordot(a: Array, b: Array, axes: Any = 2) -> Array:
    """``y_ij = sum_k a_ik b_kj``, with any axes for i, j and k"""
    if isinstance(axes, int | np.integer):
        axes = (list(range(a.ndim - axes, a.ndim)), list(range(axes)))
    pairs = [np.atleast_1d(np.asarray(part, dtype=int)).tolist() for part in axes]
    alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    one, two = list(alphabet[: a.ndim]), list(alphabet[a.ndim : a.ndim + b.ndim])
    for left, right in zip(*pairs, strict=True):
        two[right] = one[left]
    kept = [letter for letter in one if letter not in two] + [letter for letter in two if letter not in one]
    return primitives.einsum(a, b, subscripts=f"{''.join(one)},{''.join(two)}->{''.join(kept)}")


@defined_as(np.inner, "(n),(n)->()", "(m,n),(k,n)->(m,k)", "(),(n)->")
def inner(a: Array, b: Array) -> Array:
    """``y_ij = sum_k a_ik b_jk``, last axis times last axis; a product with a number"""
    if 0 in (np.ndim(a), np.ndim(b)):
        return np.multiply(a, b)
    return np.tensordot(a, b, ([np.ndim(a) - 1], [np.ndim(b) - 1]))


@defined_as(np.kron, "(m,n),(k,l)->", "(m),(k,l)->")
def kron(a: Array, b: Array) -> Array:
    """``a_ij B`` for each i and j: every element of a times the whole of b"""
    rank = max(a.ndim, b.ndim)
    one, two = (np.reshape(x, (1,) * (rank - x.ndim) + x.shape) for x in (a, b))
    left = np.reshape(one, [size for n in one.shape for size in (n, 1)])
    right = np.reshape(two, [size for n in two.shape for size in (1, n)])
    return np.reshape(left * right, [n * k for n, k in zip(one.shape, two.shape, strict=True)])


@defined_as(np.linalg.multi_dot, "(m,k),(k,l),(l,n)->", call=in_a_list)
def multi_dot(arrays: Sequence[Array]) -> Array:
    """the product ``A B C`` of several matrices"""
    product = arrays[0]
    for array in arrays[1:]:
        product = np.matmul(product, array)
    return product


@derivative_of(np.convolve, "(n),(k)->", options={"mode": Choice(("full", "same", "valid"))})
def convolve(y: Array, a: Array, v: Array, mode: Any = "full") -> Two:
    """``d(a * v) = da * v + a * dv``, where ``*`` is the convolution, and ``a * dv = dv * a``"""
    return convolve_sequence(v, a.shape[0], mode), convolve_sequence(a, v.shape[0], mode)


@defined_as(np.correlate, "(4),(3)->", options={"mode": Choice(("full", "same", "valid"))})
def correlate(a: Array, v: Array, mode: Any = "valid") -> Array:
    """convolution with v read backwards: ``y_k = sum_i a_(i+k) conj(v_i)``"""
    v = conjugated(v)
    if v.shape[0] > a.shape[0]:
        return np.convolve(v, a[::-1], mode)[::-1]
    return np.convolve(a, v[::-1], mode)
