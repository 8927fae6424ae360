"""A traced graph made into steps once, and run on extended arrays as often as wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...errors import BackproofError, NotExtendable
from ...extended import ExtendedArray, extended
from .operands import is_extended, shape_of

Dtype = np.dtype[Any]


@dataclass(frozen=True)
class Ref:
    """The value of an earlier step."""

    name: str


@dataclass(frozen=True)
class Expected:
    """What torch says of a result: its dtype, and its shape where that is known beforehand."""

    dtype: Dtype
    shape: tuple[int, ...] | None


@dataclass(frozen=True)
class Step:
    """One operation: what it is called with, what becomes of it, and whether it writes or views."""

    name: str
    operation: str  # as an error names it
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any]
    expected: tuple[Expected | None, ...]
    is_tuple: bool
    lifts: bool
    target: Any = None  # the Ref that is written into
    is_view: bool = False


@dataclass(frozen=True)
class Program:
    """The steps of a graph, the names of its inputs, its tensor constants, and what it returns."""

    inputs: tuple[str, ...]
    constants: Mapping[str, Any]  # tensors, lifted at every run
    steps: tuple[Step, ...]
    output: Any
    writes: bool

    def run(self, arrays: Sequence[Any]) -> Any:
        """What the program returns for extended arrays (and plain ones of integers); they may be written into.

        Raises NotExtendable that names the operation which cannot work on them.
        """
        values: dict[str, Any] = dict(zip(self.inputs, arrays, strict=True))
        for name, tensor in self.constants.items():
            array = tensor.detach().cpu().numpy()
            values[name] = extended(array) if array.dtype.kind == "f" else array.copy()
        for step in self.steps:
            values[step.name] = _performed(step, values, self.writes)
        return looked_up(self.output, values)


def looked_up(value: Any, values: Mapping[str, Any]) -> Any:
    """A nest of arguments with the values in place of the references."""
    if isinstance(value, Ref):
        return values[value.name]
    if isinstance(value, list | tuple):
        return type(value)(looked_up(part, values) for part in value)
    return value


def _performed(step: Step, values: Mapping[str, Any], writes: bool) -> Any:
    arguments = looked_up(step.arguments, values)
    keywords = {key: looked_up(value, values) for key, value in step.keywords.items()}
    if step.lifts:
        arguments = tuple(extended(a) if type(a) is np.ndarray else a for a in arguments)
    try:
        result = step.function(*arguments, **keywords)
    except BackproofError:
        raise
    except (TypeError, NotImplementedError) as error:
        raise NotExtendable(f"torch's operation {step.operation} called like this is not supported: {error}") from error
    if step.is_tuple:
        return tuple(_settled(step, part, expected) for part, expected in zip(result, step.expected, strict=False))
    settled = _settled(step, result, step.expected[0])
    if step.target is not None:
        return _written(looked_up(step.target, values), settled)
    if step.is_view and writes:
        _must_share(step, arguments[0], settled)
    return settled


def _settled(step: Step, result: Any, expected: Expected | None) -> Any:
    """The result as an array of the kind that torch says: extended numbers, or plain integers or booleans.

    Floats that were written down in the code are rounded to torch's dtype, as torch rounds them.
    """
    if expected is None:
        return result
    if expected.dtype.kind == "f":
        array = result if is_extended(result) else extended(np.asarray(result).astype(expected.dtype))
    else:
        whole = result.astype(expected.dtype) if isinstance(result, ExtendedArray) else result
        array = np.asarray(whole).astype(expected.dtype, copy=False)
    if not _fits(shape_of(array), expected.shape, step.target is not None):
        raise NotExtendable(
            f"torch's operation {step.operation} has shape {expected.shape}, and its stand-in {shape_of(array)}."
        )
    return array


def _fits(shape: tuple[int, ...], expected: tuple[int, ...] | None, is_written: bool) -> bool:
    """Whether a result has the shape that torch's has; what is written into an array may be broadcast."""
    if expected is None or shape == expected:
        return True
    return is_written and np.broadcast_shapes(shape, expected) == expected


def _written(target: Any, result: Any) -> Any:
    target[...] = result
    return target


def _must_share(step: Step, operand: Any, result: Any) -> None:
    views = result if isinstance(result, list | tuple) else [result]
    whole = operand[0] if isinstance(operand, list | tuple) else operand
    if not all(np.may_share_memory(np.asarray(view), np.asarray(whole)) for view in views if np.asarray(view).size):
        raise NotExtendable(f"torch's operation {step.operation} is a view that is written through, and here a copy.")
