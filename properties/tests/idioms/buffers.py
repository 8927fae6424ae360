"""Buffers written in parts, and rows collected in lists and joined."""

from __future__ import annotations

import numpy as np


def zeros_buffer_filled_in_loop(x):
    out = np.zeros(3)
    for i in range(3):
        out[i] = x[i].sum() ** 2
    return out


def zeros_buffer_filled_in_two_loops(x, w):
    out = np.zeros((3, 3))
    for i in range(3):
        for j in range(3):
            out[i, j] = np.dot(x[i], w[:, j])
    return out


def zeros_buffer_summed_in_three_loops(x, w):
    out = np.zeros((x.shape[0], w.shape[1]))
    for i in range(x.shape[0]):
        for j in range(w.shape[1]):
            for k in range(x.shape[1]):
                out[i, j] += x[i, k] * w[k, j]
    return out


def buffer_of_python_floats(x):
    buf = np.empty(3)
    for i in range(3):
        buf[i] = float(x[i, 0]) ** 2
    return buf


def buffer_of_items(x):
    buf = np.zeros(4)
    for j in range(4):
        buf[j] = x[:, j].sum().item()
    return buf


def buffer_shifted_by_a_slice(x):
    out = x.copy()
    out[:, 1:] += x[:, :-1]
    return out


def buffer_of_padded_input(x):
    padded = np.zeros((5, 6))
    padded[1:-1, 1:-1] = x
    return padded[:-2, 1:-1] * padded[1:-1, 2:] + padded[2:, :-2]


def buffer_with_strided_slices(x):
    out = np.zeros((3, 8))
    out[:, ::2] = np.sin(x)
    out[:, 1::2] = np.cos(x)
    return out


def buffer_reversed_slice_assignment(x):
    out = np.empty_like(x)
    out[::-1] = x**2
    return out


def buffer_with_one_more_step(x):
    states = np.zeros((4, 4))
    for k in range(3):
        states[k + 1] = 0.9 * states[k] + np.tanh(x[k])
    return states[1:]


def buffer_masked_assignment(x):
    out = np.zeros(x.shape)
    mask = x > 0
    out[mask] = x[mask] ** 2
    return out


def buffer_masked_row_assignment(x):
    z = np.zeros(4)
    mask = np.array([True, False, True, True])
    z[mask] = x[0][mask]
    return z


def buffer_masked_zeroing(x):
    out = x * 2
    out[x < 0] = 0
    return out


def buffer_masked_scaling_in_place(x):
    out = x.copy()
    out[out < 0] *= 0.01
    return out


def buffer_fancy_assignment(x):
    out = np.zeros((4, 4))
    out[[3, 0, 2]] = x
    return out


def buffer_fancy_pairs_assignment(x):
    out = np.zeros((3, 4))
    out[np.arange(3), [1, 0, 3]] = x[:, 0] * x[:, 1]
    return out


def buffer_fill_of_a_computed_scalar(x):
    out = np.empty((2, 2))
    out.fill(x.max())
    return out


def buffer_np_put(v):
    out = np.zeros(6)
    np.put(out, [0, 2, 4, 5], v)
    return out


def buffer_np_copyto(x):
    out = np.zeros(x.shape)
    np.copyto(out, x)
    out *= out
    return out


def buffer_np_copyto_where(x):
    out = np.full(x.shape, 0.5)
    np.copyto(out, x**2, where=x > 0)
    return out


def buffer_np_putmask(x):
    out = np.zeros(x.shape)
    np.putmask(out, x > 0, np.exp(x))
    return out


def buffer_np_place(x):
    out = np.zeros(x.shape)
    np.place(out, x > 0, x[x > 0])
    return out


def list_of_rows_to_array(x):
    return np.array([row / np.sqrt((row * row).sum()) for row in x])


def list_of_scalars_to_array(x):
    rows = []
    for row in x:
        first = row[0]
        rows.append([first, first * row[1]])
    return np.array(rows)


def list_of_states_stacked(x):
    h, states = np.zeros(4), []
    for row in x:
        h = np.tanh(row + 0.5 * h)
        states.append(h)
    return np.stack(states, axis=1)
