"""The tape: plain NumPy code, recorded through NumPy's own dispatch, and played back as linear maps.

A `Tracer` looks like an array. Every function it meets is applied to the value it carries, and written on
the tape together with its rule's linear maps; no wrapped namespace is needed, and the value may itself be
a tracer (for derivatives of derivatives) or an array of extended-precision numbers.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from functools import cache
from typing import Any, NamedTuple, NoReturn

import numpy as np

from .derivatives import DEFINITIONS, RULES, Definition, arranged, derivative_maps, rule_for
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
    parents: Sequence[int]  # one an argument; -1 where the argument is a constant
    joint_pull: Pull | None = None  # a hand-derived pullback for all arguments at once
    operation: Callable[..., Any] | None = None  # what was called, to be named or called again
    values: Sequence[Any] = ()  # what it was called with
    keywords: Mapping[str, Any] | None = None


class Tape:
    """The operations recorded at one depth of differentiation, in order; the inputs come first."""

    __slots__ = ("depth", "nodes")

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.nodes: list[Node | None] = []


def record(function: Callable[..., Any], arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    """Apply a function to arguments of which some are tracers, and write it on the deepest tape among them."""
    rule = RULES.get(function)
    if rule is None:
        if function in _NO_DERIVATIVE:
            return function(*_constant(arguments), **_constant(dict(keywords)))
        definition = DEFINITIONS.get(function)
        if definition is not None:
            return _defined(definition, arguments, keywords)
        rule = rule_for(function)
    if keywords or len(arguments) > rule.arrays:
        arguments, keywords = arranged(rule, arguments, keywords)
    tape = deepest(arguments)
    if tape is None:
        raise MissingDerivative(
            f"np.{function.__name__} was handed a traced array where its derivative rule knows none: in a list, or as "
            "an option. Pass arrays one by one, or as NumPy values (numpy.floor, comparisons) that are constants."
        )
    values, parents = taken_from(tape, arguments)
    output = function(*values, **keywords)
    maps = lambda: derivative_maps(rule, output, values, keywords, parents)  # noqa: E731
    return written(tape, output, Node(maps, parents, None, function, values, keywords))


def taken_from(tape: Tape, arguments: tuple[Any, ...]) -> tuple[list[Any], list[int]]:
    """The values of a call on this tape, and where they stand on it; -1 for what is a constant to it."""
    values, parents = [], []
    for argument in arguments:
        if type(argument) is Tracer and argument.tape is tape:
            values.append(argument.value)
            parents.append(argument.index)
        else:
            values.append(argument)
            parents.append(-1)
    return values, parents


def _defined(definition: Definition, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    if not keywords and len(arguments) in _counts_of_arguments(definition.define):
        return definition.define(*arguments)
    try:
        call = inspect.signature(definition.define).bind(*arguments, **keywords)
    except TypeError as error:
        raise MissingDerivative(
            f"np.{definition.function.__name__} called like this cannot be traced: {error}. Call it without, and "
            "do that part by itself."
        ) from error
    return definition.define(*call.args, **call.kwargs)


@cache
def _counts_of_arguments(function: Callable[..., Any]) -> range:
    """How many arguments a function takes by position."""
    positional = [p for p in inspect.signature(function).parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    return range(sum(p.default is p.empty for p in positional), len(positional) + 1)


def _constant(value: Any) -> Any:
    """What a function that has no derivative is handed: the values behind all tracers of the deepest tape, or plain."""
    if type(value) is Tracer:
        return value.value
    if type(value) in (list, tuple):
        return type(value)(map(_constant, value))
    return {key: _constant(part) for key, part in value.items()} if type(value) is dict else value


def record_joint(
    tape: Tape,
    values: Sequence[Any],
    parents: Sequence[int],
    options: Mapping[str, Any],
    run: Callable[..., tuple[Array, Pull]],
    maps: Callable[[Sequence[Array], Mapping[str, Any]], Sequence[LinearMap | None]],
) -> Any:
    """Record one operation with a hand-derived pullback for all its arguments, as `taken_from` a tape.

    ``run(*values, **options)`` returns the output and the pullback; ``maps(values, options)`` the derivative for each
    argument, used only where a pushforward is asked for.
    """
    output, pull = run(*values, **options)
    return written(tape, output, Node(lambda: maps(values, options), parents, pull))


def written(tape: Tape, output: Array, node: Node | None) -> Tracer:
    """Write a node (None for an input) on the tape, and give the tracer that stands for its output."""
    tape.nodes.append(node)
    return Tracer(output, tape, len(tape.nodes) - 1)


def deepest(arguments: tuple[Any, ...]) -> Tape | None:
    """The tape of the innermost differentiation among the arguments; None where none is traced."""
    deepest: Tape | None = None
    for argument in arguments:
        if type(argument) is Tracer:
            tape = argument.tape
            if tape is not deepest and (deepest is None or tape.depth > deepest.depth):
                deepest = tape
    return deepest


class recording:  # noqa: N801  # used as a function is: with recording() as tape
    """A new tape, deeper than every tape that is being recorded."""

    __slots__ = ("token",)

    def __enter__(self) -> Tape:
        depth = _depth.get() + 1
        self.token = _depth.set(depth)
        return Tape(depth)

    def __exit__(self, *_: object) -> None:
        _depth.reset(self.token)


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
