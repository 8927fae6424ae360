"""Arrays and the values of options as plain data, and back: equal, and of the same type."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from backproof.engine.errors import BackproofError

Array = np.ndarray[Any, Any]
Data = dict[str, Any]

MEMORY = ("layout", "strides")  # what a record says of memory, and not of numbers
MOST_BYTES = 2**30  # that an array of a record may reach over
KINDS = "biufcSU"  # of the dtypes that a record can hold


class NotExact(BackproofError, ValueError):
    """A record does not describe an array or a value; the text says what is wrong with it."""


def array_record(array: Array) -> Data:
    """An array exactly: floats in hexadecimal, in C order, and how it lies in memory.

    A layout that is neither C nor F order has its strides (bytes) beside it. Complex numbers are pairs of floats.
    """
    values = [_number(value) for value in array.ravel().tolist()]
    layout = "C" if array.flags.c_contiguous else "F" if array.flags.f_contiguous else "other"
    record = {"dtype": str(array.dtype), "shape": list(array.shape), "values": values, "layout": layout}
    return {**record, "strides": list(array.strides)} if layout == "other" else record


def array_of(record: Mapping[str, Any]) -> Array:
    """The array that a record describes, bit for bit and laid out as it was. Raises NotExact where it is none."""
    try:
        dtype = np.dtype(record["dtype"])
        if dtype.kind not in KINDS:
            raise NotExact(f"dtype is {record['dtype']!r}, but should be one of numbers, such as 'float64'")
        values = [_number_of(value, dtype.kind) for value in record["values"]]
        array = np.array(values, dtype=dtype).reshape(record["shape"])
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        if isinstance(error, NotExact):
            raise
        missing = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise NotExact(f"this is no array of dtype {record.get('dtype')!r}: {missing}") from error
    layout = record.get("layout", "C")
    if layout == "F":
        return np.asfortranarray(array)
    return _strided(array, record.get("strides")) if layout == "other" else array


def _number(value: Any) -> Any:
    if isinstance(value, complex):
        return [value.real.hex(), value.imag.hex()]
    return value.hex() if isinstance(value, float) else value


def _number_of(value: Any, kind: str) -> Any:
    if kind == "f":
        return _float_of(value)
    if kind == "c":
        real, imaginary = value
        return complex(_float_of(real), _float_of(imaginary))
    wanted = {"b": bool, "i": int, "u": int, "S": str, "U": str}[kind]
    if type(value) is not wanted:
        raise NotExact(f"{value!r} is a {type(value).__name__}, but should be of type {wanted.__name__}")
    return value


def _float_of(value: Any) -> float:
    try:
        return float.fromhex(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise NotExact(f"{value!r} is no hexadecimal float such as '0x1.8000000000000p+1'") from error


def _strided(array: Array, strides: Any) -> Array:
    """The same values with these strides; from a buffer that is just large enough, whatever the record says."""
    if (
        not isinstance(strides, Sequence)
        or len(strides) != array.ndim
        or not all(type(step) is int and step % array.itemsize == 0 for step in strides)
    ):
        raise NotExact(f"strides are {strides!r}, but should be {array.ndim} multiples of {array.itemsize} bytes")
    reach = [(size - 1) * step // array.itemsize for size, step in zip(array.shape, strides, strict=True)]
    first, last = -sum(r for r in reach if r < 0), sum(r for r in reach if r > 0)
    if not array.size:
        return array
    if (first + last) * array.itemsize > MOST_BYTES:
        raise NotExact(f"strides {strides!r} reach over more than {MOST_BYTES} bytes")
    buffer = np.zeros(first + last + 1, dtype=array.dtype)
    laid_out = np.lib.stride_tricks.as_strided(buffer[first:], array.shape, strides)
    laid_out[...] = array
    return laid_out


# the values of options -----------------------------------------------------------------------------------------------


def value_record(value: Any) -> Any:
    """The value of an option as plain data. What is none of the kinds that options have stands there as it is shown."""
    if value is None or type(value) in (bool, int, str):
        return value
    for name, kind in _KINDS.items():
        if type(value) is kind:
            parts = _PARTS[name](value)
            return {"shown": repr(value)} if "'shown'" in repr(parts) else {name: parts}
    if isinstance(value, np.ndarray) and value.dtype.kind in KINDS:
        return {"array": array_record(value)}
    if isinstance(value, np.generic) and value.dtype.kind in KINDS:
        return {"scalar": array_record(np.asarray(value))}
    return {"shown": repr(value)}


def value_of(record: Any, among: Sequence[Any] = ()) -> Any:
    """The value that a record describes; one that is only shown is looked for ``among`` those that there are.

    Raises NotExact where there is none.
    """
    if record is None or type(record) in (bool, int, str):
        return record
    if not isinstance(record, Mapping) or len(record) != 1:
        raise NotExact(f"{record!r} is no value of an option")
    (kind, parts), *_ = record.items()
    if kind == "shown":
        found = [value for value in among if _without_address(repr(value)) == _without_address(str(parts))]
        if len(found) != 1:
            raise NotExact(f"the value was {parts}, which cannot be made again from its text")
        return found[0]
    if kind not in _MADE:
        raise NotExact(f"{kind!r} is no kind of value that backproof knows")
    try:
        return _MADE[kind](parts)
    except (TypeError, ValueError) as error:
        raise NotExact(f"{parts!r} is no {kind}: {error}") from error


def _without_address(text: str) -> str:
    """The text of a function or an object without the place in memory, which is another one in every process."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", text)


def literal_record(text: str) -> Any:
    """The record of a value of which only the text is known."""
    try:
        return value_record(ast.literal_eval(text))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return {"shown": text}


def _list(values: Any) -> list[Any]:
    return [value_record(value) for value in values]


def _made(values: Any) -> list[Any]:
    return [value_of(value) for value in values]


_KINDS: dict[str, type] = {
    "float": float,
    "complex": complex,
    "tuple": tuple,
    "list": list,
    "dict": dict,
    "slice": slice,
    "ellipsis": type(...),
}
_PARTS: dict[str, Callable[[Any], Any]] = {
    "float": float.hex,
    "complex": _number,
    "tuple": _list,
    "list": _list,
    "dict": lambda value: [_list(pair) for pair in value.items()],
    "slice": lambda value: _list((value.start, value.stop, value.step)),
    "ellipsis": lambda _: True,
}
_MADE: dict[str, Callable[[Any], Any]] = {
    "float": _float_of,
    "complex": lambda parts: _number_of(parts, "c"),
    "tuple": lambda parts: tuple(_made(parts)),
    "list": _made,
    "dict": lambda parts: dict(map(_made, parts)),
    "slice": lambda parts: slice(*_made(parts)),
    "ellipsis": lambda _: ...,
    "array": array_of,
    "scalar": lambda parts: array_of(parts)[()],
}
