"""The tape: plain NumPy code, recorded through NumPy's own dispatch, and played back as linear maps.

A `Tracer` looks like an array. Every function it meets is applied to the value it carries, and written on
the tape together with its rule's linear maps; no wrapped namespace is needed, and the value may itself be
a tracer (for derivatives of derivatives) or an array of extended-precision numbers.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple, NoReturn

import numpy as np

from .derivatives import DEFINITIONS, Definition, arranged, derivative_maps, rule_for
from .errors import MissingDerivative
from .linear import Array, LinearMap
from .primitives import sign_of_real
from .surface import COMPARISONS, UFUNC_METHODS, array_surface

_NO_DERIVATIVE: frozenset[Callable[..., Any]] = frozenset(
    [
        *COMPARISONS.values(),
        *(np.logical_and, np.logical_or, np.logical_not, np.invert),
        *(np.isnan, np.isinf, np.isfinite, sign_of_real, np.signbit, np.floor, np.ceil, np.rint, np.trunc, np.fix),
        *(np.floor_divide, np.round, np.around, np.logical_xor),
        *(np.argmax, np.argmin, np.argsort, np.argpartition, np.any, np.all, np.nonzero, np.flatnonzero),
        *(np.argwhere, np.count_nonzero, np.searchsorted, np.digitize, np.lexsort),
        *(np.isclose, np.allclose, np.array_equal, np.isrealobj, np.iscomplexobj, np.nanargmax, np.nanargmin),
        *(np.shape, np.ndim, np.size, np.zeros_like, np.ones_like, np.empty_like, np.result_type, np.can_cast),
    ]
)

_depth: ContextVar[int] = ContextVar("backproof_tape_depth", default=0)

Pull = Callable[[Array], Sequence[Array | None]]


class Node(NamedTuple):
    """One recorded operation: its maps when asked for, and where its operands stand on the tape."""

    maps: Callable[[], Sequence[LinearMap | None]]
    parents: tuple[int, ...]  # one an argument; -1 where the argument is a constant
    joint_pull: Pull | None = None  # a hand-derived pullback for all arguments at once


class Tape:
    """The operations recorded at one depth of differentiation, in order; the inputs come first."""

    __slots__ = ("depth", "nodes")

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.nodes: list[Node | None] = []


def record(function: Callable[..., Any], arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    """Apply a function to arguments of which some are tracers, and write it on the deepest tape among them."""
    if function in _NO_DERIVATIVE:
        return function(*_constant(arguments), **_constant(dict(keywords)))
    definition = DEFINITIONS.get(function)
    if definition is not None:
        return _defined(definition, arguments, keywords)
    rule = rule_for(function)
    arguments, keywords = arranged(rule, arguments, keywords)
    if not any(type(argument) is Tracer for argument in arguments):
        raise MissingDerivative(
            f"np.{function.__name__} was handed a traced array where its derivative rule knows none: in a list, or as "
            "an option. Pass arrays one by one, or as NumPy values (numpy.floor, comparisons) that are constants."
        )
    tape = _deepest(arguments)
    values = [a.value if type(a) is Tracer and a.tape is tape else a for a in arguments]
    output = function(*values, **keywords)
    parents = tuple([a.index if type(a) is Tracer and a.tape is tape else -1 for a in arguments])
    return written(tape, output, Node(lambda: derivative_maps(rule, output, values, keywords), parents))


def _defined(definition: Definition, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    try:
        call = inspect.signature(definition.define).bind(*arguments, **keywords)
    except TypeError as error:
        raise MissingDerivative(
            f"np.{definition.function.__name__} called like this cannot be traced: {error}. Call it without, and "
            "do that part by itself."
        ) from error
    return definition.define(*call.args, **call.kwargs)


def _constant(value: Any) -> Any:
    """What a function that has no derivative is handed: the values behind all tracers of the deepest tape, or plain."""
    if type(value) is Tracer:
        return value.value
    if type(value) in (list, tuple):
        return type(value)(map(_constant, value))
    return {key: _constant(part) for key, part in value.items()} if type(value) is dict else value


def record_joint(
    arguments: tuple[Any, ...],
    run: Callable[..., tuple[Array, Pull]],
    maps: Callable[..., Sequence[LinearMap | None]],
) -> Any:
    """Record one operation with a hand-derived pullback for all its arguments.

    ``run(*values)`` returns the output and the pullback; ``maps(*values)`` the derivative for each argument,
    used only where a pushforward is asked for.
    """
    tape = _deepest(arguments)
    values = [a.value if type(a) is Tracer and a.tape is tape else a for a in arguments]
    output, pull = run(*values)
    parents = tuple([a.index if type(a) is Tracer and a.tape is tape else -1 for a in arguments])
    return written(tape, output, Node(lambda: maps(*values), parents, pull))


def written(tape: Tape, output: Array, node: Node | None) -> Tracer:
    """Write a node (None for an input) on the tape, and give the tracer that stands for its output."""
    tape.nodes.append(node)
    return Tracer(output, tape, len(tape.nodes) - 1)


def _deepest(arguments: tuple[Any, ...]) -> Tape:
    deepest: Tape | None = None
    for argument in arguments:
        if type(argument) is Tracer and (deepest is None or argument.tape.depth > deepest.depth):
            deepest = argument.tape
    assert deepest is not None, "called only where some argument is a tracer"
    return deepest


@contextmanager
def recording() -> Iterator[Tape]:
    """A new tape, deeper than every tape that is being recorded."""
    depth = _depth.get() + 1
    token = _depth.set(depth)
    try:
        yield Tape(depth)
    finally:
        _depth.reset(token)


@array_surface(record)
class Tracer:
    """An array whose history is on a tape."""

    __slots__ = ("index", "tape", "value")

    def __init__(self, value: Array, tape: Tape, index: int) -> None:
        self.value = value
        self.tape = tape
        self.index = index

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape if hasattr(self.value, "shape") else ()

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return int(self.value.size)

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.value.dtype

    def __len__(self) -> int:
        return len(self.value)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __repr__(self) -> str:
        return f"Tracer({self.value!r})"

    @staticmethod
    def record(function: Callable[..., Any], arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
        return record(function, arguments, keywords)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
        if method == "__call__" and not keywords:
            return record(ufunc, inputs, keywords)
        given = {key: value for key, value in keywords.items() if value is not np._NoValue and value is not None}
        spelled = UFUNC_METHODS.get((ufunc, method))
        if spelled is not None and method != "__call__" and "out" not in given:
            axis = keywords.get("axis", 0)
            return record(spelled, inputs[:1], {**given, "axis": inputs[1] if len(inputs) > 1 else axis})
        if method == "outer" and not given:
            one, two = inputs
            return ufunc(np.reshape(one, (*np.shape(one), *[1] * np.ndim(two))), two)
        how = f".{method}" if method != "__call__" else f" with {', '.join(f'{key}=' for key in keywords)}"
        raise MissingDerivative(
            f"np.{ufunc.__name__}{how} cannot be traced. Call np.{ufunc.__name__} on arrays alone, "
            "and assign what it returns."
        )

    def __array_function__(
        self, function: Callable[..., Any], types: Any, arguments: tuple[Any, ...], keywords: Mapping[str, Any]
    ) -> Any:
        return record(function, arguments, {k: v for k, v in keywords.items() if v is not np._NoValue})

    def __setitem__(self, index: Any, value: Any) -> NoReturn:
        raise MissingDerivative(
            "a traced array cannot be assigned to in place. Build the array with np.where, or by an expression."
        )

    def __array__(self, *arguments: Any, **keywords: Any) -> NoReturn:
        raise MissingDerivative(
            "a traced array was about to become a plain float array (np.asarray, float, or assignment into a buffer), "
            "which would drop its derivative. Compute with the array itself."
        )

    __float__ = __int__ = __index__ = __array__
