"""Sorting, searching, labels and counts, positions and grids."""

from __future__ import annotations

import numpy as np


def sort_along_an_axis(x):
    return np.sort(x, axis=0) * np.arange(12).reshape(3, 4)


def sort_in_place(v):
    y = v.copy()
    y.sort()
    return y * np.array([1.0, 2.0, 3.0, 4.0])


def sort_descending_by_reversal(x):
    return np.cumsum(np.sort(x, axis=1)[:, ::-1], axis=1)


def argsort_and_its_inverse(v):
    order = v.argsort()
    ranks = np.empty(4, dtype=int)
    ranks[order] = np.arange(4)
    return v * ranks + v[order] ** 2


def partition_for_the_largest(v):
    return np.partition(v, -2)[-2:].sum() ** 2


def argpartition_top_k(x):
    top = np.argpartition(x, -2, axis=1)[:, -2:]
    return np.take_along_axis(x, top, axis=1).sum(axis=1) ** 2


def argsort_top_k_mask(v):
    mask = np.zeros(4)
    mask[np.argsort(-v)[:2]] = 1
    return mask * v


def searchsorted_on_integers(v):
    offsets = np.array([0, 2, 3])
    return v * np.searchsorted(offsets, np.arange(4), side="right")


def searchsorted_in_knots(v):
    knots = np.linspace(-8, 8, 9)
    k = np.searchsorted(knots, v)
    return (v - knots[k - 1]) ** 2


def digitize_into_bins(v):
    return v**2 * np.digitize(v, bins=[-1.0, 0.0, 1.0])


def unique_labels_averaged(x):
    labels = np.array([7, 3, 7])
    return np.array([x[labels == label].mean(axis=0) ** 2 for label in np.unique(labels)])


def unique_inverse_as_rows(x):
    _, inverse = np.unique([5, 5, 9], return_inverse=True)
    return x[inverse] * x


def bincount_of_labels_as_weights(x):
    counts = np.bincount([0, 1, 1, 3], minlength=4)
    return (x**2).sum(axis=0) / np.maximum(counts, 1)


def bincount_with_weights(v):
    return np.bincount([0, 2, 2, 1], weights=v) ** 2


def histogram_with_weights(v):
    totals, _ = np.histogram([0, 2, 2, 1], bins=3, weights=v)
    return totals**2


def isin_as_a_mask(x):
    return x**2 * np.isin(np.arange(4), [0, 3])


def nonzero_of_a_comparison(x):
    rows, columns = np.nonzero(x > 0)
    return (x[rows, columns] * (rows + 1)).sum()


def argwhere_of_a_comparison(x):
    return sum(x[i, j] ** 2 for i, j in np.argwhere(x > 0))


def flatnonzero_of_a_comparison(v):
    return v[np.flatnonzero(np.abs(v) > 1e-3)] ** 2


def where_with_one_argument(x):
    chosen = np.where(x.ravel() < 0)[0]
    return x.ravel()[chosen].sum() * x


def triu_indices_of_pairs(m):
    return m[np.triu_indices(4, k=1)] ** 2


def diag_indices_assigned(m):
    out = m.copy()
    out[np.diag_indices(4)] = np.exp(m.diagonal())
    return out


def ravel_multi_index_as_flat_position(x):
    return x.ravel()[np.ravel_multi_index(([0, 2], [1, 3]), x.shape)] ** 2


def indices_of_a_grid(x):
    rows, columns = np.indices(x.shape)
    return x[rows, (columns + rows) % 4] * x


def meshgrid_of_positions(v):
    a, b = np.meshgrid(v, v[:3], indexing="ij")
    return np.sin(a) * b


def mgrid_as_a_kernel(s):
    i, j = np.mgrid[-1:2, -1:2]
    return np.exp(-(i**2 + j**2) / (2 * s**2))
