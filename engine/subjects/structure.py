"""Nested arguments: dicts, tuples, lists and dataclasses of arrays, whose leaves are what a subject's arguments are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np

from ..errors import SpecError, listed

Leaves = Sequence[Any]


@dataclass(frozen=True)
class Structure:
    """How arguments are nested: their names, and an example of each.

    Leaves are arrays and floats, named by their way from the argument: ``x``, ``params.W``, ``params.layers.0.b``.
    What else stands in an example (sizes, names, None) stays there as it is.
    """

    arguments: tuple[str, ...]
    examples: tuple[Any, ...]

    @property
    def is_flat(self) -> bool:
        """Whether every argument is itself an array."""
        return all(map(_is_leaf, self.examples))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all leaves."""
        return tuple(name for name, _ in self._named())

    @property
    def leaves(self) -> tuple[np.ndarray[Any, Any], ...]:
        """The example's own arrays; floats in double precision."""
        arrays = [np.asarray(leaf) for _, leaf in self._named()]
        return tuple(a.astype(np.float64) if a.dtype.kind == "f" else a for a in arrays)

    def _named(self) -> Iterator[tuple[str, Any]]:
        for name, example in zip(self.arguments, self.examples, strict=True):
            yield from _leaves_of(example, name)

    def nested(self, leaves: Leaves) -> list[Any]:
        """Arguments like the examples, with other leaves."""
        remaining = iter(leaves)
        return [_filled(example, remaining) for example in self.examples]

    def flattened(self, cotangents: Any) -> Leaves:
        """The leaves of cotangents that are nested as the arguments are; whole arguments may have None.

        They come as one an argument, as a mapping by argument, as one where there is one argument, or flat already.
        Raises SpecError that names the leaf which is missing.
        """
        if self.is_flat:
            return cotangents  # whatever a pullback returned, told apart elsewhere
        count = len(self.arguments)
        if isinstance(cotangents, Mapping) and count > 1:
            parts = [_entry(cotangents, name, name) for name in self.arguments]
        elif isinstance(cotangents, tuple | list) and len(cotangents) == count and not (count == 1 and _is_one(self)):
            parts = list(cotangents)
        elif (
            isinstance(cotangents, tuple | list)
            and len(cotangents) == len(self.names)
            and all(map(_is_leaf, cotangents))
        ):
            return cotangents
        elif count == 1:
            parts = [cotangents]
        else:
            raise SpecError(
                f"the pullback returned {_shown(cotangents)} for the arguments {listed(self.arguments)}. Return one "
                "cotangent an argument, nested as the argument is."
            )
        found: list[Any] = []
        for name, example, part in zip(self.arguments, self.examples, parts, strict=True):
            found += _matched(example, part, name)
        return found


def on_leaves(function: Any, structure: Structure) -> Any:
    """A function of nested arguments as one of their leaves; what is no function is left alone."""
    if structure.is_flat or not callable(function):
        return function
    return lambda *leaves, **options: function(*structure.nested(leaves), **options)


def spellings(name: str) -> tuple[str, ...]:
    """What people call the cotangent for an argument of this name."""
    return name, f"d{name}", f"grad_{name}", f"d_{name}", f"{name}_grad"


def _is_one(structure: Structure) -> bool:
    """Whether the only argument is a sequence of one: then a sequence of one is that argument's cotangent."""
    return isinstance(structure.examples[0], tuple | list) and len(structure.examples[0]) == 1


def _is_leaf(value: Any) -> bool:
    return isinstance(value, float | np.floating) or hasattr(value, "dtype")


def _parts(value: Any) -> list[tuple[str, Any]]:
    """What stands in a container, by the name of its place; nothing in what is none."""
    if isinstance(value, Mapping):
        return [(str(key), part) for key, part in value.items()]
    if is_dataclass(value) and not isinstance(value, type):
        return [(field.name, getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, tuple | list):
        names = getattr(value, "_fields", None) or range(len(value))
        return [(str(name), part) for name, part in zip(names, value, strict=True)]
    return []


def _leaves_of(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if _is_leaf(value):
        yield path, value
    for name, part in _parts(value):
        yield from _leaves_of(part, f"{path}.{name}")


def _filled(example: Any, leaves: Iterator[Any]) -> Any:
    if _is_leaf(example):
        return next(leaves)
    parts = [_filled(part, leaves) for _, part in _parts(example)]
    if isinstance(example, Mapping):
        return type(example)(zip(example, parts, strict=True))  # type: ignore[call-arg]  # mappings are made of pairs
    if is_dataclass(example) and not isinstance(example, type):
        names = [field.name for field in fields(example) if field.init]
        values = dict(zip((field.name for field in fields(example)), parts, strict=True))
        return replace(example, **{name: values[name] for name in names})
    if isinstance(example, tuple | list):
        return type(example)(*parts) if hasattr(example, "_fields") else type(example)(parts)
    return example


def _matched(example: Any, cotangent: Any, path: str) -> list[Any]:
    """The leaves of a cotangent in the order of those of an example."""
    if _is_leaf(example):
        return [cotangent]
    if cotangent is None:
        return [None for _ in _leaves_of(example, path)]
    found: list[Any] = []
    for place, (name, part) in enumerate(_parts(example)):
        if any(True for _ in _leaves_of(part, "")):
            found += _matched(part, _part_of(cotangent, name, place, f"{path}.{name}"), f"{path}.{name}")
    return found


def _part_of(cotangent: Any, name: str, place: int, path: str) -> Any:
    if isinstance(cotangent, Mapping):
        return _entry(cotangent, name, path)
    if isinstance(cotangent, tuple | list) and place < len(cotangent):
        return cotangent[place]
    if not isinstance(cotangent, tuple | list) and hasattr(cotangent, name):
        return getattr(cotangent, name)
    raise SpecError(
        f"the pullback returned {_shown(cotangent)} where the cotangent for {path} should be. Return cotangents that "
        "are nested as the arguments are."
    )


def _entry(cotangents: Mapping[Any, Any], name: str, path: str) -> Any:
    by_name = {str(key): value for key, value in cotangents.items()}
    for key in spellings(name):
        if key in by_name:
            return by_name[key]
    raise SpecError(
        f"the pullback returned cotangents named {listed(by_name)}, and none of them is for {path}. Name each after "
        "what it belongs to, or return None for what has none."
    )


def _shown(value: Any) -> str:
    kind = type(value).__name__
    return f"a {kind} of {len(value)}" if isinstance(value, tuple | list | Mapping) else f"one {kind}"
