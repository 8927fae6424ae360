"""numpy.linalg: inverses, determinants, factorisations."""

from __future__ import annotations

import numpy as np
from numpy import linalg as la


def inverse(m):
    return np.linalg.inv(m)


def inverse_times_a_vector(m, v):
    return np.linalg.inv(m) @ v


def solve_with_a_vector(m, v):
    return np.linalg.solve(m, v)


def solve_with_a_matrix(m, w):
    return la.solve(m, w)


def solve_of_a_stack(t, m):
    return np.linalg.solve(np.stack([m, m @ m]), t.transpose(0, 2, 1))


def determinant(m):
    return np.linalg.det(m)


def slogdet_unpacked(m):
    sign, logdet = np.linalg.slogdet(m)
    return sign * logdet


def slogdet_by_attribute(m):
    return 0.5 * np.linalg.slogdet(m).logabsdet


def cholesky_factor(m):
    return np.linalg.cholesky(m)


def cholesky_log_determinant(m):
    return 2 * np.log(np.diag(np.linalg.cholesky(m))).sum()


def gaussian_log_density(m, v):
    _, logdet = np.linalg.slogdet(m)
    return -0.5 * (v @ np.linalg.solve(m, v) + logdet + len(v) * np.log(2 * np.pi))


def eigenvalues_by_eigh(m):
    values, _ = np.linalg.eigh(m)
    return values


def eigenvalues_by_eigvalsh(m):
    return np.log(np.linalg.eigvalsh(m)).sum()


def singular_values_only(x):
    return np.linalg.svd(x, compute_uv=False)


def singular_values_unpacked(x):
    _, values, _ = np.linalg.svd(x, full_matrices=False)
    return values.sum()


def svd_rebuilt_with_a_soft_threshold(x):
    u, values, vh = np.linalg.svd(x, full_matrices=False)
    return (u * np.log1p(values)) @ vh


def qr_diagonal(w):
    _, r = np.linalg.qr(w)
    return np.abs(np.diag(r))


def qr_only_r(w):
    return np.log(np.abs(np.linalg.qr(w, mode="r").diagonal())).sum()


def matrix_power_three(m):
    return np.linalg.matrix_power(m, 3)


def matrix_power_negative(m):
    return np.linalg.matrix_power(m, -1)


def pseudo_inverse(w):
    return np.linalg.pinv(w)


def least_squares(w, v):
    return np.linalg.lstsq(w, v, rcond=None)[0]


def normal_equations(w, v):
    return np.linalg.solve(w.T @ w + 1e-3 * np.eye(3), w.T @ v)


def multi_dot_of_three(x, m):
    return np.linalg.multi_dot([x, m, x.T])


def power_iteration(m):
    u = np.ones(4) / 2.0
    for _ in range(5):
        u = m @ u
        u /= np.linalg.norm(u)
    return u @ m @ u


def gram_schmidt(w):
    basis = []
    for column in w.T:
        rest = column - sum((column @ b) * b for b in basis)
        basis.append(rest / np.sqrt(rest @ rest))
    return np.array(basis)


def linalg_error_handled(m):
    try:
        factor = np.linalg.cholesky(m)
    except np.linalg.LinAlgError:
        factor = np.linalg.cholesky(m + 1e-6 * np.eye(4))
    return factor @ np.ones(4)
