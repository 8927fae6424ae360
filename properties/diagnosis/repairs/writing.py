"""What stands in a recorded pullback, before and after an edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from backproof.engine.notation.brackets import ATOM, binding

from ..spelling import bracketed, spelled
from .programs import NOTHING, Edge, Edit, Program

LONGEST = 60  # characters
MOST_LEFT_OUT = 3  # dots in the place of what is computed, beyond which nobody can read it
DEPTHS = (4, 3, 2, 1)
UNSEEN = ("reshape",)  # of einsum and its like
TRANSPOSES = ("transpose", "swapaxes", "matrix_transpose")


@dataclass(frozen=True)
class Sheet:
    """What stands in a program with an edit; ``.T`` is written where it is of a matrix in all of the ``programs``."""

    program: Program
    programs: Sequence[Program]
    edit: Edit

    def node(self, index: int, depth: int) -> str:
        """What a node computes, with its operands to a certain depth."""
        program = self.program
        if index in program.names:
            return program.names[index]
        if depth == 0:
            return "..."
        node = program.call(index)
        operation = self.edit.operations.get(index, node.operation)
        name = getattr(operation, "__name__", "").removeprefix("backproof_")
        operands = [self._operand((index, k), depth - 1) for k in range(len(node.values))]
        if index in self.edit.skipped or name in UNSEEN:
            return operands[0]
        if name in TRANSPOSES:
            if _is_plain_transpose(program, index):
                return self._transposed(operands[0], (index, 0))
            return f"{name}({operands[0]}, ...)"
        name = "conj" if name == "conjugate" else name
        return spelled(name, operands, {**(node.keywords or {}), **self.edit.keywords.get(index, {})})

    def _operand(self, edge: Edge, depth: int) -> str:
        if edge in self.edit.sizes:
            return self.edit.sizes[edge].name
        source = self.edit.sources.get(edge, edge)
        index, k = source
        parent = self.program.parent(source)
        constant = self.program.call(index).values[k]
        text = self.node(parent, depth) if parent >= 0 else _constant(self.program, constant)
        tag = self.edit.tags.get(edge)
        return self._transposed(text, source) if tag == "T" else f"conj({text})" if tag == "conj" else text

    def _transposed(self, text: str, edge: Edge) -> str:
        """With the last two axes changed; of an array with more of them, ``.T`` would be something else."""
        if any(np.ndim(program.operand(edge)) > 2 for program in self.programs):
            start, end = "swapaxes(", ", -1, -2)"
            is_turned = text.startswith(start) and text.endswith(end) and text.count(start) == 1
            return text[len(start) : -len(end)] if is_turned else f"{start}{text}{end}"
        if text.endswith(".T") and binding(text) == ATOM:
            return text[:-2]
        return f"{bracketed(text)}.T"


def change(programs: Sequence[Program], edit: Edit) -> str:
    """What is right, and what stands there; empty where it has no name that is the same at all points.

    A number that is another one elsewhere is the value of an option, or a size: nobody wrote it.
    """
    program = programs[0]
    places = tuple(_seen(program, index) for index in edit.places)
    for shown in (places[-1:], places):
        for depth in DEPTHS:
            texts = {_before_and_after(each, programs, edit, shown, depth) for each in programs}
            before, after = texts.pop()
            is_said = not texts and before != after and _is_short(before) and _is_short(after)
            if is_said and _shows_all(program, edit, shown, depth):
                return f"{after} in the place of {before}"
    return ""


def _before_and_after(
    program: Program, programs: Sequence[Program], edit: Edit, shown: tuple[int, ...], depth: int
) -> tuple[str, str]:
    sheets = (Sheet(program, programs, each) for each in (NOTHING, edit))
    before, after = (" and ".join(f"`{sheet.node(index, depth)}`" for index in shown) for sheet in sheets)
    return before, after


def _seen(program: Program, index: int) -> int:
    """The node itself, or what uses it where nobody wrote it, or where it is but a transpose."""
    while program.name(index) in (*UNSEEN, *TRANSPOSES):
        users = [user for user in program.reached() if index in program.call(user).parents]
        if not users:
            return index
        index = users[0]
    return index


def _is_short(text: str) -> bool:
    parts = text.split("` and `")
    return "``" not in text and all(len(p) <= LONGEST and p.count("...") <= MOST_LEFT_OUT for p in parts)


def _shows_all(program: Program, edit: Edit, shown: tuple[int, ...], depth: int) -> bool:
    """Whether all that is changed stands in what is shown."""
    return len(shown) == len(edit.places) or {_seen(program, i) for i in edit.places} <= _within(
        program, shown[0], depth
    )


def _within(program: Program, index: int, depth: int) -> set[int]:
    if depth == 0 or index in program.names:
        return set()
    return {index}.union(*(_within(program, p, depth - 1) for p in program.call(index).parents if p >= 0))


def _is_plain_transpose(program: Program, index: int) -> bool:
    """Whether the last two axes change places, and nothing else."""
    node = program.call(index)
    operand = np.asarray(program.operand((index, 0)))
    if operand.ndim < 2:
        return True
    result = node.operation(operand, *node.values[1:], **(node.keywords or {})) if node.operation else operand
    return np.array_equal(result, np.swapaxes(operand, -1, -2))


def _constant(program: Program, value: Any) -> str:
    """A number, or the argument that a constant array is."""
    if isinstance(value, int | float | complex | np.number):
        return repr(value) if isinstance(value, complex) else f"{value:.4g}"
    point, subject = program.case.point, program.case.subject
    for array, name in zip(point.primals, subject.arguments, strict=True):
        if np.ndim(array) and array.dtype.kind == "f" and np.size(array) > 1:
            for each, text in ((array, name), (array.T, f"{name}.T")):
                if np.array_equal(value, each):
                    return text
    return "..."
