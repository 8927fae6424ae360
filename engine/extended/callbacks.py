"""NumPy functions that call a person's function, which is handed extended arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from .array import wrap
from .functions.dispatching import implements
from .lifting import entered, filled, lifted
from .ufuncs import truth


@implements(np.piecewise)
def piecewise(x: Any, condlist: Any, funclist: Any, *args: Any, **kw: Any) -> Any:
    numbers = lifted(entered(x))
    conditions = [truth(entered(condition)) for condition in condlist]
    if len(funclist) == len(conditions) + 1:
        conditions.append(~np.logical_or.reduce(conditions))
    result = filled(numbers.shape, 0)
    for condition, function in zip(conditions, funclist, strict=True):
        value = function(wrap(numbers[condition]), *args, **kw) if callable(function) else function
        result[condition] = lifted(entered(value))
    return result


@implements(np.apply_along_axis)
def apply_along_axis(func1d: Any, axis: int, arr: Any, *args: Any, **kwargs: Any) -> Any:
    rows = np.moveaxis(lifted(entered(arr)), axis, -1)
    results = [lifted(entered(func1d(wrap(rows[place]), *args, **kwargs))) for place in np.ndindex(rows.shape[:-1])]
    stacked = np.stack(results).reshape(rows.shape[:-1] + results[0].shape)
    inner = results[0].ndim
    return np.moveaxis(
        stacked, range(stacked.ndim - inner, stacked.ndim), range(axis % rows.ndim, axis % rows.ndim + inner)
    )
