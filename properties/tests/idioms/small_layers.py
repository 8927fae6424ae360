"""Whole layers, losses and optimiser steps in a few lines."""

from __future__ import annotations

import numpy as np


def momentum_update(x, p):
    velocity, weight = np.zeros_like(x), x.copy()
    for _ in range(3):
        velocity = 0.9 * velocity - 0.1 * weight * p
        weight += velocity
    return weight


def adam_update(x):
    first, second, weight = 0.0, 0.0, x.copy()
    for k in range(1, 4):
        first = 0.9 * first + 0.1 * weight
        second = 0.999 * second + 0.001 * weight**2
        weight -= 0.1 * (first / (1 - 0.9**k)) / (np.sqrt(second / (1 - 0.999**k)) + 1e-8)
    return weight


def elman_recurrence(x, m):
    h = np.zeros(m.shape[0])
    for row in x:
        h = np.tanh(row + m @ h)
    return h


def gated_recurrence(x, v):
    h = np.zeros(4)
    for row in x:
        z = 1 / (1 + np.exp(-(row + v)))
        h = (1 - z) * h + z * np.tanh(row + z * h)
    return h


def layer_normalisation(x, v):
    centred = x - x.mean(axis=-1, keepdims=True)
    return v * centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5)


def scaled_attention(t):
    scores = t @ t.transpose(0, 2, 1) / np.sqrt(t.shape[-1])
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return (e / e.sum(axis=-1, keepdims=True)) @ t


def binary_cross_entropy_from_logits(x, p):
    return (np.maximum(x, 0) - x * (p / 2) + np.log1p(np.exp(-np.abs(x)))).mean()


def rmsprop_update(x):
    average, weight = np.zeros_like(x), x.copy()
    for _ in range(2):
        gradient = 2 * weight
        average = 0.9 * average + 0.1 * gradient**2
        weight -= 0.01 * gradient / (np.sqrt(average) + 1e-8)
    return weight


def long_short_term_memory_cell(x, m):
    gates = x[:1] @ m[:, [0, 1, 2, 3, 3, 2, 1, 0]]
    i, f, o, g = np.split(gates, 4, axis=1)
    c = 1 / (1 + np.exp(-f)) * x[1:2, :2] + 1 / (1 + np.exp(-i)) * np.tanh(g)
    return 1 / (1 + np.exp(-o)) * np.tanh(c)


def batch_normalisation_with_running_mean(x):
    running = np.zeros(x.shape[1])
    mean, variance = x.mean(axis=0), x.var(axis=0)
    running = 0.9 * running + 0.1 * mean
    return (x - mean) / np.sqrt(variance + 1e-5) + running


def root_mean_square_normalisation(x, v):
    return x / np.sqrt(np.mean(np.square(x), axis=-1, keepdims=True) + 1e-6) * v


def group_normalisation(t):
    groups = t.reshape(2, 3, 2, 2)
    centred = groups - groups.mean(axis=(1, 3), keepdims=True)
    return (centred / np.sqrt(groups.var(axis=(1, 3), keepdims=True) + 1e-5)).reshape(t.shape)


def dense_layer_with_bias(x, w):
    return np.maximum(x @ w + w[0], 0.1 * (x @ w))


def softmax_cross_entropy_with_labels(x):
    labels = np.array([0, 3, 1])
    shifted = x - x.max(axis=1, keepdims=True)
    log_probabilities = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -log_probabilities[np.arange(len(labels)), labels].mean()


def focal_loss(x):
    q = 1 / (1 + np.exp(-x))
    return -((1 - q) ** 2 * np.log(q + 1e-12)).mean()


def cosine_similarity_of_rows(x, v):
    return x @ v / (np.linalg.norm(x, axis=1) * np.linalg.norm(v) + 1e-8)


def pairwise_distances_by_expansion(x):
    squares = (x**2).sum(axis=1)
    return np.maximum(squares[:, None] + squares[None, :] - 2 * x @ x.T, 0.0)


def max_pooling_by_loops(x):
    out = np.zeros((2, 2))
    for i in range(2):
        for j in range(2):
            out[i, j] = np.max(x[i : i + 2, 2 * j : 2 * j + 2])
    return out * x.sum()


def convolution_by_windows_and_tensordot(t):
    windows = np.lib.stride_tricks.sliding_window_view(t, (2, 2), axis=(1, 2))
    return np.tensordot(windows, t[:, :2, :2], axes=([0, 3, 4], [0, 1, 2]))


def embedding_lookup_with_positions(w):
    positions = np.sin(np.arange(3)[:, None] / 10000 ** (np.arange(3) / 3))
    return (w[[1, 3, 1]] + positions) ** 2


def elu_and_selu(x):
    elu = np.where(x > 0, x, 1.6732632423543772 * (np.exp(np.minimum(x, 0)) - 1))
    return 1.0507009873554805 * elu


def softplus_and_mish(x):
    return x * np.tanh(np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0))
