"""In-place operators, views written through, swaps, and what assignment means for scalars."""

from __future__ import annotations

import numpy as np


def in_place_operators_on_a_copy(x):
    y = x.copy()
    y += 1
    y *= x
    y -= 0.5
    y /= 3
    return y


def in_place_power(p):
    y = p.copy()
    y **= 1.5
    return y


def in_place_modulo_and_floor_division(p):
    y, z = p.copy(), p.copy()
    y %= 0.3
    z //= 0.3
    return y + z


def in_place_on_slices(x):
    y = np.array(x)
    y[0] += y[1]
    y[:, 1:3] *= 2
    y[1:] -= y[:1]
    return y * y


def in_place_on_an_element(x):
    y = x.copy()
    y[0, 0] += x[1, 1] * 2
    y[2, -1] **= 2
    return y


def in_place_broadcast(x, v):
    y = x * 1.0
    y -= v
    y /= 1 + v**2
    return y


def in_place_fancy_without_repetition(v):
    y = np.zeros(3)
    y[[0, 0, 1, 2]] += v
    return y


def in_place_through_a_row_view(x):
    y = x.copy()
    row = y[1]
    row *= x[0]
    return y


def in_place_through_a_transposed_view(x):
    y = x.copy()
    y.T[0] += 1
    y.T[1:3] *= 2
    return y * x


def in_place_through_a_reshaped_view(x):
    y = x**2
    flat = y.reshape(-1)
    flat[::5] = x[0].sum()
    return y


def in_place_through_a_zero_dimensional_view(x):
    y = x.copy()
    corner = y[0, 0, ...]
    corner *= x[1, 1]
    return y


def in_place_in_a_loop_over_rows(x):
    y = x.copy()
    for row in y:
        row /= np.sqrt(row @ row)
    return y


def rebinding_a_scalar_leaves_the_first(x):
    first = x[0, 0]
    other = first
    other += 1
    return first * other


def rebinding_an_element_leaves_the_array(x):
    y = x.copy()
    corner = y[0, 0]
    corner *= 10
    return y * corner


def aliased_array_sees_the_update(x):
    y = x.copy()
    z = y
    z += x**2
    return y


def parameter_changed_in_a_helper(x):
    def scale(a):
        a *= 3

    y = x**2
    scale(y)
    return y


def swap_of_slices(x):
    y = x.copy()
    y[:, 0], y[:, 1] = x[:, 1] ** 2, x[:, 0].copy()
    return y


def swap_of_rows_by_fancy_indexing(x):
    y = x**2
    y[[0, 2]] = y[[2, 0]]
    return y * x


def overlapping_slices_shifted(v):
    y = v**2
    y[1:] = y[:-1]
    return y


def recurrence_over_its_own_buffer(v):
    y = v.copy()
    for i in range(1, 4):
        y[i] += 0.5 * y[i - 1] ** 2
    return y


def zero_dimensional_result_updated(x):
    loss = np.zeros(())
    for row in x:
        loss += row @ row
    return loss


def zero_dimensional_array_of_a_sum(x):
    total = np.array(x.sum())
    total[...] = total * total
    return total


def zero_dimensional_indexed_by_a_tuple(s):
    return s[()] * np.asarray(s)[()] + s[..., None]


def sum_item_as_a_loss(x):
    loss = 0.0
    loss += (x**2).sum().item()
    loss /= len(x)
    return loss
