"""The derivative of a function, in operator notation.

The derivative of a number with respect to a matrix is ``dX -> tr(G.T @ dX)``, and its transpose takes a cotangent, a
number too, to ``ct * G``. All that is worth reading there is ``G``, the gradient: what the pullback makes of 1, written
as the pullback computes it.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..errors import BackproofError, SpecError, listed
from ..linear import Array, LinearMap
from ..linearization import Linearization, is_floating, linearize
from ..notation import texts, written
from ..notation.brackets import grouped
from ..notation.functionals import functional, is_product, of_number, to_number
from ..notation.naming import core_of
from ..options import first_values
from ..signatures import Shape
from ..subjects import Layer, Subject, quietly, sample
from .expressions import Expression
from .questions import ordered, sampled
from .sizes import LEADING, SIZES, Differ, sizes_of, with_sizes
from .writing import Legend

_FAILS = (BackproofError, TypeError, ValueError, IndexError, AttributeError, NotImplementedError)


@dataclass(frozen=True)
class Explanation:
    """The derivative with respect to one argument, and its transpose, which backpropagation applies to ct."""

    argument: str
    derivative: str
    pullback: str


@dataclass(frozen=True)
class Explained:
    """The explanations for all differentiable arguments, and what the names in them stand for."""

    explanations: tuple[Explanation, ...]
    where: Mapping[str, str]
    of_any_size: bool = False  # whether no number in it comes from the sizes of the arrays that it was written of


def explain(function: Callable[..., Array], **arguments: Any) -> Explained:
    """Write the derivative of a function of named arrays: ``explain(lambda A, B: A @ B, A=(2, 3), B=(3, 4))``.

    Each argument is an array, or the shape of one. A vector is written as a column. Raises SpecError where the
    arguments are none, or not the function's, where it cannot be called with them, or where there is no derivative.
    """
    names = ordered(function, arguments)
    legend = Legend(frozenset(names))
    given = {name: sampled(name, arguments[name], number) for number, name in enumerate(names)}
    values = [Expression(value, name, legend) for name, value in given.items()]
    output, linearization = _linearized(function, values, given)
    maps = linearization.maps()
    gradients = _gradients(linearization, legend) if np.shape(output) == () else [None] * len(values)
    explanations = tuple(
        _explanation(name, linear, gradient, np.size(output), given[name].ndim, legend)
        for name, linear, gradient in zip(names, maps, gradients, strict=True)
        if is_floating(given[name])
    )
    return _renumbered(explanations, legend)


def _explanation(
    name: str, linear: LinearMap | None, gradient: Array | None, outputs: int, rank: int, legend: Legend
) -> Explanation:
    if linear is None:
        return Explanation(name, "[* 0]", "[* 0]")
    forward, backward = linear.spelling()
    if outputs == 1:
        forward, backward = to_number(forward), of_number(backward)
    if gradient is None or (rank and texts.is_constant(core_of(gradient))):
        return Explanation(name, written(forward), written(backward))
    text = legend.definitions.get(gradient.text, gradient.text)
    pullback = f"[* {grouped(text)}]"
    if not rank:
        return Explanation(name, pullback, pullback)
    return Explanation(name, written(forward) if is_product(forward) else functional(text, rank), pullback)


def _gradients(linearization: Linearization, legend: Legend) -> Sequence[Array | None]:
    """What the pullback makes of 1, for each argument; None where its parts cannot be written."""
    try:
        return linearization.apply_transpose(Expression(np.ones(()), "1", legend, constant=True))
    except _FAILS:
        return [None] * len(linearization.primals)


def _linearized(
    function: Callable[..., Array], values: Sequence[Any], given: Mapping[str, Array]
) -> tuple[Array, Linearization]:
    if not any(map(is_floating, given.values())):
        raise SpecError(
            f"there is nothing to differentiate among {listed(given)}: all hold integers or booleans. Give floats, or "
            "shapes as tuples, such as A=(2, 3)."
        )
    shapes = ", ".join(f"{name} {value.shape}" for name, value in given.items())
    try:
        output, linearization = linearize(function, *values)
    except BackproofError:
        raise
    except _FAILS as error:
        raise SpecError(
            f"the function raised {type(error).__name__} for arrays of the shapes {shapes}: {error}. "
            "Give shapes that fit."
        ) from error
    if linearization.root is None:
        raise SpecError(
            f"the function returned {_called(output)} that does not depend on any of {listed(given)}. "
            "Return an array that is computed from them."
        )
    return output, linearization


def _called(output: Any) -> str:
    return f"a {type(output).__name__}" if not hasattr(output, "dtype") else "an array"


def _renumbered(explanations: Sequence[Explanation], legend: Legend) -> Explained:
    """The explanations with the definitions that they need, whose names are counted without gaps."""
    used = " ".join(text for e in explanations for text in (e.derivative, e.pullback))
    reachable = _reachable(legend.definitions, used)
    compact = Legend(legend.taken)
    names: dict[str, str] = {}

    def renamed(text: str) -> str:
        return re.sub(r"\b(mask|t)\d*\b", lambda found: names.get(found[0], found[0]), text)

    for name, text in reachable.items():
        names[name] = compact.name(name.rstrip("0123456789"), renamed(text))
    changed = (Explanation(e.argument, renamed(e.derivative), renamed(e.pullback)) for e in explanations)
    return Explained(tuple(changed), compact.definitions)


def _reachable(definitions: dict[str, str], text: str) -> dict[str, str]:
    """The definitions that a text needs, and those that these need, in the order in which they were made."""
    needed: dict[str, str] = {}
    for name in reversed(definitions):
        if re.search(rf"\b{name}\b", " ".join([text, *needed.values()])):
            needed[name] = definitions[name]
    return dict(reversed(needed.items()))


def explain_layer(layer: Layer) -> Explained:
    """Write the derivative of a layer, at its options' default values. Raises SpecError if it has none to write."""
    if not any(map(is_floating, sample(layer.signature, layer.domains))):
        raise SpecError(
            f"{layer.name} has no differentiable argument among {listed(layer.arguments)}; nothing to explain."
        )
    return _at_any_size(layer, layer)


def explain_subject(subject: Subject, options: Mapping[str, Any] | None = None) -> Explained:
    """Write the derivative of a subject's forward, at its options' first values or at others.

    Raises SpecError as `explain` does.
    """
    values = first_values(subject.options) if options is None else options
    with quietly():
        return _at_any_size(lambda *arrays: subject.forward(*arrays, **copy.deepcopy(dict(values))), subject)


def _at_any_size(function: Callable[..., Array], about: Layer | Subject) -> Explained:
    """The derivative with sizes written as such; where that cannot be, as it is for some small arrays."""

    def at(*how: Any) -> tuple[Explained, list[Shape]]:
        arrays = sample(about.signature, about.domains, *how)
        explained = explain(lambda *given: function(*given), **dict(zip(about.arguments, arrays, strict=True)))
        return explained, [np.shape(array) for array in arrays]

    try:
        (one, shapes), (other, of_others) = (at(*how) for how in zip(SIZES, LEADING, (True, False), strict=True))
        taken = {*about.arguments, *re.findall(r"[A-Za-z_]\w*", _all_texts(one))}
        sizes, others = (sizes_of(about.signature, about.arguments, each, taken) for each in (shapes, of_others))
        merged = _merged(one, other, lambda first, second: with_sizes(first, second, sizes, others))
    except (*_FAILS, Differ):
        return at()[0]
    words = set(re.findall(r"\w+", _all_texts(merged)))
    names = {size.name: size.place for size in sizes if size.name != size.place and size.name in words}
    return replace(merged, where={**names, **merged.where})


def _merged(one: Explained, other: Explained, merge: Callable[[str, str], str]) -> Explained:
    """Of two explanations each text as one."""
    if list(one.where) != list(other.where) or len(one.explanations) != len(other.explanations):
        raise Differ
    explanations = (
        Explanation(e.argument, merge(e.derivative, o.derivative), merge(e.pullback, o.pullback))
        for e, o in zip(one.explanations, other.explanations, strict=True)
    )
    where = {name: merge(text, other.where[name]) for name, text in one.where.items()}
    return Explained(tuple(explanations), where, of_any_size=True)


def _all_texts(explained: Explained) -> str:
    explanations = (text for e in explained.explanations for text in (e.derivative, e.pullback))
    return " ".join([*explanations, *explained.where.values()])
