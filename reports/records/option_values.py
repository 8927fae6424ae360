"""The values of options as plain data, and back: equal, and of the same type."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .exactly import KINDS, NotExact, array_of, array_record, number_of, number_record


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
    "complex": number_record,
    "tuple": _list,
    "list": _list,
    "dict": lambda value: [_list(pair) for pair in value.items()],
    "slice": lambda value: _list((value.start, value.stop, value.step)),
    "ellipsis": lambda _: True,
}
_MADE: dict[str, Callable[[Any], Any]] = {
    "float": lambda text: number_of(text, "f"),
    "complex": lambda parts: number_of(parts, "c"),
    "tuple": lambda parts: tuple(_made(parts)),
    "list": _made,
    "dict": lambda parts: dict(map(_made, parts)),
    "slice": lambda parts: slice(*_made(parts)),
    "ellipsis": lambda _: ...,
    "array": array_of,
    "scalar": lambda parts: array_of(parts)[()],
}
