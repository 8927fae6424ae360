"""Products and sums of products: dot, matmul, outer, tensordot, einsum."""

from __future__ import annotations

import numpy as np


def matmul_operator(x, w):
    return x @ w


def matmul_of_vectors(v, w):
    return (v @ w) * (v @ v)


def matmul_in_three_dimensions(t, w):
    return t @ w


def matmul_broadcast_over_a_batch(t):
    return np.matmul(t[:1], t.transpose(0, 2, 1))


def matmul_in_place(m):
    y = m / 4
    y @= m
    return y


def dot_of_matrices(x, w):
    return np.dot(x, w)


def dot_as_a_method_of_the_transpose(x):
    return x.T.dot(x) / len(x)


def dot_of_three_dimensions(t, w):
    return np.dot(t, w)


def dot_with_a_scalar(x, s):
    return np.dot(s, x)


def outer_of_vectors(v, x):
    return np.outer(v, x[0])


def inner_of_matrices(x, p):
    return np.inner(x, p)


def vdot_of_matrices(x, p):
    return np.vdot(x, p)


def tensordot_over_two_axes(t, x):
    return np.tensordot(t, x, axes=([1, 2], [0, 1]))


def tensordot_with_a_number_of_axes(t, w):
    return np.tensordot(t, w, axes=1)


def kron_of_matrices(x, w):
    return np.kron(x[:2, :2], w[:2])


def cross_of_rows(x, w):
    return np.cross(x[:, :3], w[:3])


def einsum_matrix_product(x, w):
    return np.einsum("ij,jk->ik", x, w)


def einsum_with_ellipsis(t, w):
    return np.einsum("...i,ij->...j", t, w)


def einsum_with_a_repeated_index(m):
    return np.einsum("ii->i", m) * np.einsum("ii", m)


def einsum_of_three_operands(x, m):
    return np.einsum("bi,ij,bj->b", x, m, x)


def einsum_with_implicit_output(x, w):
    return np.einsum("ij,jk", x, w)


def einsum_optimized(t, m):
    return np.einsum("bij,jk,bik->b", t, m, t, optimize=True)


def einsum_attention_scores(t):
    return np.einsum("bqd,bkd->bqk", t, t) / np.sqrt(t.shape[-1])


def einsum_sum_of_one_operand(t):
    return np.einsum("ijk->k", t) ** 2


def einsum_outer_without_contraction(v, x):
    return np.einsum("i,jk->ijk", v, x)


def einsum_with_index_lists(x, w):
    return np.einsum(x, [0, 1], w, [1, 2], [0, 2])
