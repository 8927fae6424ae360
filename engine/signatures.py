"""Shape contracts in NumPy's gufunc notation, such as ``(n,i),(i,o),(o)->(n,o)``.

A dimension is a name, drawn anew for every point and equal wherever it stands, or a number. ``...`` in
front stands for any leading dimensions, the same wherever it stands. Where every argument is ``()``,
the arguments are of any shapes that broadcast against each other, and the output has the common shape.
The output may be left out (``(n),(k)->``) where it depends on options.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .errors import SpecError

Dimensions = tuple[str | int, ...]
Shape = tuple[int, ...]

_GROUP = re.compile(r"\(([^()]*)\)")
_NAME = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True)
class Signature:
    """A parsed shape contract: the dimensions of each argument, and of the output if it is fixed."""

    text: str
    inputs: tuple[Dimensions, ...]
    output: Dimensions | None

    def __str__(self) -> str:
        return self.text

    @property
    def broadcasts(self) -> bool:
        """Whether the arguments broadcast against each other, as those of ``(),()->()`` do."""
        return all(not dimensions for dimensions in self.inputs)

    @property
    def has_leading(self) -> bool:
        """Whether ``...`` stands anywhere."""
        return any("..." in dimensions for dimensions in self.inputs)

    @property
    def names(self) -> tuple[str, ...]:
        """The named dimensions, in order of appearance."""
        seen = [d for dimensions in self.inputs for d in dimensions if isinstance(d, str) and d != "..."]
        return tuple(dict.fromkeys(seen))

    def output_shape(self, shapes: Sequence[Shape]) -> Shape | None:
        """The output's shape for arguments of the given shapes; None where the signature leaves it open.

        Raises SpecError where an argument's shape contradicts the signature.
        """
        import numpy as np

        sizes, leading = self.bind(shapes)
        if self.output is None:
            return None
        if self.broadcasts and not self.output:
            try:
                return tuple(np.broadcast_shapes(*shapes))
            except ValueError as error:
                raise SpecError(
                    f"arguments of shapes {list(shapes)} do not broadcast against each other, as the signature "
                    f"{self.text!r} says they do. Change an array or the signature."
                ) from error
        return fill(self.output, sizes, leading)

    def bind(self, shapes: Sequence[Shape]) -> tuple[dict[str, int], Shape]:
        """The size of every named dimension, and the leading shape, that the given shapes imply."""
        if len(shapes) != len(self.inputs):
            raise SpecError(
                f"signature {self.text!r} has {len(self.inputs)} arguments, but {len(shapes)} were given. "
                "Write one parenthesised group for each argument."
            )
        sizes: dict[str, int] = {}
        leading: Shape | None = None
        if self.broadcasts:
            return sizes, ()
        for number, (dimensions, shape) in enumerate(zip(self.inputs, shapes, strict=True)):
            core = [d for d in dimensions if d != "..."]
            lead = shape[: len(shape) - len(core)] if "..." in dimensions else ()
            differs = "..." in dimensions and leading not in (None, lead)
            if len(lead) + len(core) != len(shape) or differs:
                raise SpecError(self._contradiction(number, shape))
            leading = lead if "..." in dimensions and leading is None else leading
            for dimension, size in zip(core, shape[len(lead) :], strict=True):
                expected = dimension if isinstance(dimension, int) else sizes.setdefault(dimension, size)
                if expected != size:
                    raise SpecError(self._contradiction(number, shape))
        return sizes, leading or ()

    def _contradiction(self, number: int, shape: Shape) -> str:
        group = ",".join(map(str, self.inputs[number]))
        return (
            f"argument {number} has shape {shape}, but the signature {self.text!r} says ({group}), with sizes equal "
            "wherever a name stands twice. Change the array or the signature."
        )


def fill(dimensions: Dimensions, sizes: Mapping[str, int], leading: Shape = ()) -> Shape:
    """The shape that ``dimensions`` have when names and ``...`` are replaced by what they stand for."""
    shape: list[int] = []
    for dimension in dimensions:
        if dimension == "...":
            shape.extend(leading)
        else:
            shape.append(dimension if isinstance(dimension, int) else sizes[dimension])
    return tuple(shape)


_NOWHERE = "stands in no argument (where sizes are computed, write nothing behind ->)"


def parse(text: str) -> Signature:
    """Parse a signature. Raises SpecError that says what does not parse and how it should read."""
    inputs, arrow, output = text.replace(" ", "").partition("->")
    if not arrow:
        raise SpecError(_malformed(text, "it has no '->'"))
    groups = _groups(text, inputs)
    if not groups:
        raise SpecError(_malformed(text, "it names no argument"))
    results = _groups(text, output) if output else [None]
    if len(results) > 1:
        raise SpecError(_malformed(text, "it has more than one output"))
    known = {d for group in groups for d in group}
    for dimension in results[0] or ():
        if isinstance(dimension, str) and dimension not in known:
            raise SpecError(_malformed(text, f"the output's dimension {dimension!r} {_NOWHERE}"))
    return Signature(text, tuple(groups), results[0])


def _groups(text: str, part: str) -> list[Dimensions]:
    if not re.fullmatch(r"(\([^()]*\))(,\([^()]*\))*", part):
        raise SpecError(_malformed(text, f"{part!r} is not a list of parenthesised groups"))
    return [_dimensions(text, body) for body in _GROUP.findall(part)]


def _dimensions(text: str, body: str) -> Dimensions:
    dimensions: list[str | int] = []
    for position, word in enumerate(body.split(",") if body else ()):
        if word.isascii() and word.isdigit():
            dimensions.append(int(word))
        elif _NAME.fullmatch(word) or (word == "..." and position == 0):
            dimensions.append(word)
        else:
            raise SpecError(_malformed(text, f"{word!r} in ({body}) is neither a name, a number nor a leading '...'"))
    return tuple(dimensions)


def _malformed(text: str, why: str) -> str:
    return (
        f"signature={text!r} does not parse: {why}. "
        "Write NumPy's gufunc notation, one group an argument, such as '(n,i),(i,o),(o)->(n,o)'."
    )
