"""Arrays as plain data, and back: bit for bit, and laid out as they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    values = [number_record(value) for value in array.ravel().tolist()]
    layout = "C" if array.flags.c_contiguous else "F" if array.flags.f_contiguous else "other"
    record = {"dtype": str(array.dtype), "shape": list(array.shape), "values": values, "layout": layout}
    return {**record, "strides": list(array.strides)} if layout == "other" else record


def array_of(record: Mapping[str, Any]) -> Array:
    """The array that a record describes, bit for bit and laid out as it was. Raises NotExact where it is none."""
    try:
        dtype = np.dtype(record["dtype"])
        if dtype.kind not in KINDS:
            raise NotExact(f"dtype is {record['dtype']!r}, but should be one of numbers, such as 'float64'")
        values = [number_of(value, dtype.kind) for value in record["values"]]
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


def number_record(value: Any) -> Any:
    """A number exactly: a float in hexadecimal, a complex one as two of them."""
    if isinstance(value, complex):
        return [value.real.hex(), value.imag.hex()]
    return value.hex() if isinstance(value, float) else value


def number_of(value: Any, kind: str) -> Any:
    """The number that a record describes, of a kind of dtype. Raises NotExact where it is none."""
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


def plain(value: Any) -> Any:
    """The same as plain data that JSON holds: numbers of NumPy's as Python's, None for a float that is not finite."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value
