"""Functions that select by conditions, and those that write into arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import NotExtendable
from .. import rounding
from ..arithmetic import active
from ..lifting import Plain, each, entered, filled, lifted, stores_numbers, stripped
from ..ufuncs import call, truth
from .dispatching import implements


@implements(np.where)
def where(condition: Any, x: Any = None, y: Any = None, /) -> Any:
    mask = truth(entered(condition))
    if x is None or y is None:
        return np.where(mask)
    return _either(mask, entered(x), entered(y))


def _either(mask: Plain, one: Plain, two: Plain) -> Plain:
    whole = one.dtype.kind in "biu" and two.dtype.kind in "biu"
    return np.where(mask, *((one, two) if whole else (lifted(one), lifted(two))))


@implements(np.clip)
def clip(a: Any, a_min: Any = None, a_max: Any = None, out: Any = None, *, min: Any = None, max: Any = None) -> Any:
    low, high = (a_min if min is None else min), (a_max if max is None else max)
    result = entered(a) if low is None else call(np.maximum, (a, low))
    return result if high is None else call(np.minimum, (result, high))


@implements(np.select)
def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    result = lifted(entered(default))
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        result = _either(truth(entered(condition)), lifted(entered(choice)), result)
    return result


@implements(np.choose)
def choose(a: Any, choices: Any, out: Any = None, mode: str = "raise") -> Any:
    parts = np.broadcast_arrays(np.asarray(entered(a)), *(lifted(entered(choice)) for choice in choices))
    indices = parts[0] if mode == "raise" else np.mod(parts[0], len(parts) - 1)
    return np.take_along_axis(np.stack(parts[1:]), indices[None], axis=0)[0]


@implements(np.compress)
def compress(condition: Any, a: Any, axis: int | None = None, out: Any = None) -> Any:
    return np.compress(truth(entered(condition)), entered(a), axis=axis)


@implements(np.extract)
def extract(condition: Any, arr: Any) -> Any:
    return np.compress(truth(entered(condition)).ravel(), entered(arr).ravel())


@implements(np.nonzero)
def nonzero(a: Any) -> Any:
    return np.nonzero(truth(entered(a)))


@implements(np.flatnonzero)
def flatnonzero(a: Any) -> Any:
    return np.flatnonzero(truth(entered(a)))


@implements(np.argwhere)
def argwhere(a: Any) -> Any:
    return np.argwhere(truth(entered(a)))


@implements(np.nan_to_num)
def nan_to_num(x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    numbers, limits = lifted(entered(x)), np.finfo(np.float64)
    is_nan = active().is_nan(numbers)
    is_infinite = active().is_nan(numbers - numbers) & ~is_nan
    above = is_infinite & np.asarray(numbers > 0, dtype=bool)
    for where_, value in (
        (is_nan, nan),
        (above, limits.max if posinf is None else posinf),
        (is_infinite & ~above, limits.min if neginf is None else neginf),
    ):
        numbers = np.where(where_, lifted(entered(value)), numbers)
    return numbers


@implements(np.round, np.around)
def round_(a: Any, decimals: int = 0, out: Any = None) -> Any:
    plain = entered(a)
    if not stores_numbers(plain) and plain.dtype.kind in "biu":
        return np.round(plain, decimals)
    power = active().lift(10 ** abs(int(decimals)))
    numbers, nearest = lifted(plain), rounding.rounded("rint")
    return nearest(numbers * power) / power if decimals >= 0 else nearest(numbers / power) * power


@implements(np.fix)
def fix(x: Any, out: Any = None) -> Any:
    return call(np.trunc, (x,))


@implements(np.real)
def real(val: Any) -> Any:
    return entered(val)


@implements(np.imag)
def imag(val: Any) -> Any:
    return filled(np.shape(entered(val)), 0)


@implements(np.isrealobj)
def isrealobj(x: Any) -> bool:
    return True


@implements(np.iscomplexobj)
def iscomplexobj(x: Any) -> bool:
    return False


@implements(np.isclose)
def isclose(a: Any, b: Any, rtol: Any = 1e-05, atol: Any = 1e-08, equal_nan: bool = False) -> Any:
    one, two = lifted(entered(a)), lifted(entered(b))
    allowed = lifted(entered(atol)) + lifted(entered(rtol)) * each(abs, two)
    return call(np.less_equal, (each(abs, one - two), allowed))


@implements(np.allclose)
def allclose(a: Any, b: Any, rtol: Any = 1e-05, atol: Any = 1e-08, equal_nan: bool = False) -> Any:
    return bool(np.all(isclose(a, b, rtol, atol)))


@implements(np.array_equal)
def array_equal(a1: Any, a2: Any, equal_nan: bool = False) -> Any:
    one, two = entered(a1), entered(a2)
    return one.shape == two.shape and bool(np.all(call(np.equal, (one, two))))


def _writable(target: Any, name: str, *values: Any) -> Plain:
    plain = stripped(target)
    if not stores_numbers(plain) and any(entered(value).dtype.kind in "Of" for value in values):
        raise NotExtendable(f"np.{name} of extended-precision numbers into a float array would round them.")
    return plain


def _fitting(target: Plain, values: Any) -> Plain:
    return lifted(entered(values)) if stores_numbers(target) else entered(values)


@implements(np.put)
def put(a: Any, ind: Any, v: Any, mode: Any = "raise") -> None:
    plain = _writable(a, "put", v)
    plain.put(np.asarray(entered(ind)), _fitting(plain, v), mode=mode)


@implements(np.put_along_axis)
def put_along_axis(arr: Any, indices: Any, values: Any, axis: Any) -> None:
    plain = _writable(arr, "put_along_axis", values)
    np.put_along_axis(plain, np.asarray(entered(indices)), _fitting(plain, values), axis)


@implements(np.putmask)
def putmask(a: Any, mask: Any, values: Any) -> None:
    plain = _writable(a, "putmask", values)
    np.putmask(plain, truth(entered(mask)), _fitting(plain, values))


@implements(np.place)
def place(a: Any, mask: Any, vals: Any) -> None:
    plain = _writable(a, "place", vals)
    np.place(plain, truth(entered(mask)), _fitting(plain, vals))


@implements(np.copyto)
def copyto(dst: Any, src: Any, casting: str = "same_kind", where: Any = True) -> None:
    plain = _writable(dst, "copyto", src)
    np.copyto(plain, _fitting(plain, src), where=True if where is True else truth(entered(where)))
