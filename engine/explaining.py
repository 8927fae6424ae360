"""The derivative of a function, in operator notation."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .errors import SpecError, listed
from .expressions import Expression, Legend
from .linear import Array
from .subjects import Layer, sample
from .transforms import derivative, is_floating


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


def explain(function: Callable[..., Array], **arguments: Any) -> Explained:
    """Write the derivative of a function of named arrays: ``explain(lambda A, B: A @ B, A=(2, 3), B=(3, 4))``.

    Each argument is an array, or the shape of one.
    """
    legend = Legend()
    values = {name: _sample(value, number) for number, (name, value) in enumerate(arguments.items())}
    expressions = [Expression(v, name, legend) if is_floating(v) else v for name, v in values.items()]
    maps = derivative(function, *expressions)
    explanations = tuple(
        Explanation(name, linear.notation, linear.transpose.notation)
        for name, linear in zip(arguments, maps, strict=True)
        if linear is not None
    )
    used = " ".join(text for e in explanations for text in (e.derivative, e.pullback))
    return Explained(explanations, _reachable(legend.definitions, used))


def _sample(value: Any, number: int) -> Array:
    if isinstance(value, tuple):
        return np.random.default_rng(number).uniform(0.5, 1.5, value)
    return np.asarray(value)


def _reachable(definitions: dict[str, str], text: str) -> dict[str, str]:
    """The definitions that a text needs, and those that these need, in the order in which they were made."""
    needed: dict[str, str] = {}
    for name in reversed(definitions):
        if re.search(rf"\b{name}\b", " ".join([text, *needed.values()])):
            needed[name] = definitions[name]
    return dict(reversed(needed.items()))


def explain_layer(layer: Layer) -> Explained:
    """Write the derivative of a layer, at its options' default values. Raises SpecError if it has none to write."""
    values = dict(zip(layer.arguments, sample(layer.signature, layer.domains), strict=True))
    explained = explain(layer.function, **values)
    if not explained.explanations:
        raise SpecError(
            f"{layer.name} has no differentiable argument among {listed(layer.arguments)}; nothing to explain."
        )
    return explained
