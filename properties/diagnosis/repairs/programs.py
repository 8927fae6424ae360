"""Pullbacks as the tape records them, played again with one thing in them changed.

Arguments and cotangent are traced together, so that what a pullback keeps of the forward is known by name too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from backproof.engine.errors import BackproofError
from backproof.engine.subjects import counted, quietly
from backproof.engine.tape import Node, Tracer, recording, written

from ..cases import Case
from ..filling import generic
from ..quantities import Quantity
from ..runs import Array, near, options_of

MOST_NODES = 120
Edge = tuple[int, int]  # a node of the tape, and which of its operands

TAGS: Mapping[str, Callable[[Any], Any]] = {"T": lambda array: np.swapaxes(array, -1, -2), "conj": np.conjugate}
FAILS = (BackproofError, TypeError, ValueError, IndexError, AttributeError, ArithmeticError, NotImplementedError)


@dataclass(frozen=True)
class Edit:
    """What is changed: operands transposed, conjugated, taken from elsewhere; operations, keywords; calls left out.

    ``sizes`` are what numbers are exchanged for.
    """

    tags: Mapping[Edge, str] = field(default_factory=dict)
    sources: Mapping[Edge, Edge] = field(default_factory=dict)
    keywords: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    skipped: frozenset[int] = frozenset()
    operations: Mapping[int, Callable[..., Any]] = field(default_factory=dict)
    sizes: Mapping[Edge, Quantity] = field(default_factory=dict)

    @property
    def places(self) -> tuple[int, ...]:
        """The nodes that are changed, in order."""
        edges = {index for index, _ in (*self.tags, *self.sources, *self.sizes)}
        return tuple(sorted(edges | {*self.keywords, *self.operations, *self.skipped}))


NOTHING = Edit()


@dataclass(frozen=True)
class Program:
    """What a pullback does at a case to make the cotangent for one argument."""

    case: Case
    nodes: Sequence[Node | None]
    inputs: Mapping[int, Array]
    ct: int
    roots: Mapping[int, int]  # where the cotangents for the arguments stand, by position
    names: Mapping[int, str]

    @property
    def root(self) -> int:
        """Where the cotangent for the case's argument stands."""
        return self.roots[self.case.position]

    def pulled(self, ct: Array, edit: Edit = NOTHING, position: int | None = None) -> Array:
        """What comes of a cotangent of the output."""
        root = self.root if position is None else self.roots[position]
        return np.asarray(self._value(root, {**self.inputs, self.ct: ct}, edit))

    def operand(self, edge: Edge) -> Any:
        """What a node was called with."""
        return self._operand(edge, {**self.inputs, self.ct: _generic_ct(self.case)}, NOTHING)

    def parent(self, edge: Edge) -> int:
        """The node that an operand comes from; -1 for a constant."""
        index, k = edge
        parents = self.call(index).parents
        return parents[k] if k < len(parents) else -1

    def name(self, index: int) -> str:
        """What a node's operation is called."""
        return getattr(self.call(index).operation, "__name__", "")

    def edges(self) -> Iterator[Edge]:
        """All operands of all nodes on which the result depends, those first that change with the cotangent."""
        downstream = self.downstream()
        for index in sorted(self.reached(), key=lambda index: index not in downstream):
            yield from ((index, k) for k in range(len(self.call(index).values)))

    def call(self, index: int) -> Node:
        """A node that is no input."""
        node = self.nodes[index]
        assert node is not None
        return node

    def reached(self) -> tuple[int, ...]:
        """The nodes on which the result depends, inputs left out, in order."""
        found, waiting = set[int](), [self.root]
        while waiting:
            index = waiting.pop()
            node = self.nodes[index]
            if index not in found and node is not None:
                found.add(index)
                waiting += [parent for parent in node.parents if parent >= 0]
        return tuple(sorted(found))

    def downstream(self) -> frozenset[int]:
        """The nodes whose values change with the cotangent, and the cotangent."""
        found = {self.ct}
        for index, node in enumerate(self.nodes):
            if node is not None and not found.isdisjoint(node.parents):
                found.add(index)
        return frozenset(found)

    def _value(self, index: int, known: dict[int, Any], edit: Edit) -> Any:
        if index not in known:
            node = self.call(index)
            assert node.operation is not None
            if index in edit.skipped:
                known[index] = self._operand((index, 0), known, edit)
            else:
                operands = [self._operand((index, k), known, edit) for k in range(len(node.values))]
                keywords = {**(node.keywords or {}), **edit.keywords.get(index, {})}
                known[index] = edit.operations.get(index, node.operation)(*operands, **keywords)
        return known[index]

    def _operand(self, edge: Edge, known: dict[int, Any], edit: Edit) -> Any:
        if edge in edit.sizes:
            return edit.sizes[edge].at(self.case)
        index, k = edit.sources.get(edge, edge)
        parent = self.parent((index, k))
        value = self._value(parent, known, edit) if parent >= 0 else self.call(index).values[k]
        return TAGS[edit.tags[edge]](value) if edge in edit.tags else value


def programs_of(cases: Sequence[Case]) -> tuple[Program, ...]:
    """The pullback at every case, where it is the same operations in the same order at all of them; else nothing."""
    for with_primals in (True, False):
        found = [program for case in cases if (program := _program(case, with_primals)) is not None]
        if len(found) == len(cases) and len({_shape_of(program) for program in found}) == 1:
            return tuple(found)
    return ()


def _shape_of(program: Program) -> tuple[Any, ...]:
    calls = (None if node is None else (node.operation, tuple(node.parents)) for node in program.nodes)
    return (program.root, *calls)


def _program(case: Case, with_primals: bool) -> Program | None:
    subject, point = case.subject, case.point
    try:
        with quietly(), recording() as tape:
            floats = [with_primals and p.dtype.kind == "f" for p in point.primals]
            traced = [written(tape, p, None) if f else p for p, f in zip(point.primals, floats, strict=True)]
            subject.put_randomness_back()
            output, pull = subject.vjp(*traced, **options_of(point))
            ct = written(tape, _generic_ct(case), None)
            results = counted(subject, pull(ct))
        roots = {i: g.index for i, g in enumerate(results) if type(g) is Tracer and g.tape is tape}
        if case.position not in roots or len(tape.nodes) > MOST_NODES:
            return None
        named = {t.index: name for t, name in zip(traced, subject.arguments, strict=True) if type(t) is Tracer}
        if type(output) is Tracer and output.index not in named:
            named[output.index] = "y"
        inputs = {t.index: t.value for t in traced if type(t) is Tracer}
        program = Program(case, tape.nodes, inputs, ct.index, roots, {**named, ct.index: "ct"})
        return program if _plays(program) else None
    except FAILS:
        return None


def _plays(program: Program) -> bool:
    if any(program.call(index).operation is None for index in program.reached()):
        return False
    ct = _generic_ct(program.case)
    return near(np.asarray(program.pulled(ct)), np.tensordot(ct, program.case.claimed, axes=ct.ndim))


def _generic_ct(case: Case) -> Array:
    return generic(case.output.shape, np.random.default_rng(0))
