"""Terms: what reaches the output along one path, and not along another.

The forward is recorded on the tape, and the cotangent pulled back with one edge of the graph cut (or taken with the
wrong sign, or twice). If that is what is claimed, entry by entry, the edge is named by what is computed there.
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from backproof.engine.errors import BackproofError
from backproof.engine.notation.brackets import ATOM, binding
from backproof.engine.subjects import quietly
from backproof.engine.transforms import Linearization, linearize

from .cases import Case
from .claims import Array, Claim, explains
from .runs import basis, near
from .sayings import Diagnosis

MOST_NODES = 60
LONGEST = 60  # characters of what is computed somewhere
MOST_JOINS = 14  # of which two are cut at once
Edge = tuple[int, int]  # a node of the tape, and which of its operands
Weights = Mapping[Edge, float]  # of the edges that do not count once

SAYS = {
    0.0: ("leaves out the path through", "missing_term"),
    -1.0: ("has the wrong sign on the path through", "term_sign"),
    2.0: ("counts twice the path through", "term_twice"),
    0.5: ("counts only half of the path through", "term_half"),
}


@dataclass(frozen=True)
class Graph:
    """What a forward computes at a case."""

    case: Case
    linearization: Linearization

    def edges(self) -> Iterator[Edge]:
        """The edges through which the argument reaches the output."""
        nodes = self.linearization.tape.nodes
        source = self.linearization.inputs[self.case.position]
        reached = {source}
        for index, node in enumerate(nodes):
            for operand, parent in enumerate(node.parents if node else ()):
                if parent >= 0 and parent in reached:
                    reached.add(index)
                    yield index, operand

    def jacobian(self, weights: Weights) -> Array:
        """The Jacobian for the argument, where some edges count for more or less than once."""
        rows = [self._pulled(ct, weights) for ct in basis(self.case.output.shape)]
        return np.array(rows).reshape(self.case.right.shape)

    def _pulled(self, ct: Array, weights: Weights) -> Array:
        found = self.linearization
        flow: dict[int, Array] = {} if found.root is None else {found.root: ct}
        for index in range(found.root or 0, -1, -1):
            node = found.tape.nodes[index]
            if node is None or index not in flow:
                continue
            if node.joint_pull is not None:
                pulled = list(node.joint_pull(flow[index]))
            else:
                pulled = [
                    m.apply_transpose(flow[index]) if m is not None and p >= 0 else None
                    for m, p in zip(node.maps(), node.parents, strict=False)
                ]
            for operand, (parent, cotangent) in enumerate(zip(node.parents, pulled, strict=False)):
                if parent >= 0 and cotangent is not None:
                    flow[parent] = flow.get(parent, 0.0) + weights.get((index, operand), 1.0) * cotangent
        source = found.inputs[self.case.position]
        return np.broadcast_to(flow.get(-1 if source is None else source, np.zeros(())), self.case.primal.shape)


def graph_of(case: Case) -> Graph | None:
    """The graph of a forward that the tape can record, and whose derivative on it is right; else None."""
    subject, point = case.subject, case.point
    try:
        with quietly():
            options = copy.deepcopy(dict(point.options))
            subject.put_randomness_back()
            function = subject.derivative_of or subject.forward
            _, found = linearize(lambda *p: function(*p, **options), *(p.copy() for p in point.primals))
            if found.root is None or len(found.tape.nodes) > MOST_NODES:
                return None
            graph = Graph(case, found)
            return graph if near(graph.jacobian({}), case.right) else None
    except (BackproofError, TypeError, ValueError, IndexError, AttributeError, NotImplementedError, AssertionError):
        return None


def is_another_sum_of_terms(claim: Claim) -> Diagnosis | None:
    """One path is missing, has the wrong sign, or counts twice; or two paths are missing."""
    if claim.subject.stages:
        return None
    graphs = [graph_of(case) for case in claim.cases]
    first = next((g for g in graphs if g is not None and g.case.is_wrong), None)
    if first is None or any(g is None for g in graphs):
        return None
    for weight, (says, kind) in SAYS.items():
        found = [each for each in _tried(first, weight) if _holds(graphs, each)]
        named = [(text, each) for each in found if (text := _named(first, each))]
        if named:
            text, _ = min(named, key=lambda each: _rank(first, each[1]))
            return claim.says(f"{says} {text}", kind)
    return None


def _rank(graph: Graph, weights: Weights) -> tuple[int, bool, int]:
    """The fewest edges first, then those at which paths meet, then those nearest to the output."""
    return len(weights), not all(_is_join(graph, edge) for edge in weights), -sum(index for index, _ in weights)


def _tried(graph: Graph, weight: float) -> Iterator[Weights]:
    edges = list(graph.edges())
    some = [{edge: weight} for edge in edges]
    yield from (each for each in some if near(graph.jacobian(each), graph.case.claimed))
    if weight == 0.0:
        joins = [edge for edge in edges if _is_join(graph, edge)][-MOST_JOINS:]
        for one, other in itertools.combinations(joins, 2):
            if near(graph.jacobian({one: 0.0, other: 0.0}), graph.case.claimed):
                yield {one: 0.0, other: 0.0}


def _holds(graphs: list[Graph | None], weights: Weights) -> bool:
    with np.errstate(all="ignore"):
        by_case = {id(g.case): g.jacobian(weights) for g in graphs if g is not None}
    return explains([g.case for g in graphs if g is not None], lambda case: by_case[id(case)])


def _is_join(graph: Graph, edge: Edge) -> bool:
    """Whether several paths from the argument meet in the node."""
    index, _ = edge
    return sum(other[0] == index for other in graph.edges()) > 1


def _named(graph: Graph, weights: Weights) -> str:
    names = [_text(graph, edge) for edge in weights]
    return " and ".join(names) if all(names) else ""


def _text(graph: Graph, edge: Edge) -> str:
    """What is computed at an edge: its operand, in the operation."""
    index, operand = edge
    node = graph.linearization.tape.nodes[index]
    if node is None:
        return ""
    for depth in (3, 2, 1):
        whole, part = _written(graph, index, depth), _written(graph, node.parents[operand], depth - 1 or 1)
        if max(len(whole), len(part)) <= LONGEST:
            break
    same = [p for p in node.parents if p >= 0 and _written(graph, p, 2) == _written(graph, node.parents[operand], 2)]
    which = f"the {ORDINALS[operand]} " if len(same) > 1 and operand < len(ORDINALS) else ""
    return f"{which}`{part}` in `{whole}`" if whole and part else ""


ORDINALS = ("first", "second", "third")
SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "true_divide": "/", "matmul": "@", "power": "**"}


def _written(graph: Graph, index: int, depth: int) -> str:
    """The operation of a node, with its operands to a certain depth."""
    found = graph.linearization
    if index in found.inputs:
        return graph.case.subject.arguments[found.inputs.index(index)]
    node = found.tape.nodes[index]
    name = getattr(node.operation, "__name__", "") if node is not None else ""
    if node is None or not name:
        return ""
    if depth == 0:
        return "..."
    operands = [_written(graph, p, depth - 1) if p >= 0 else "..." for p in node.parents]
    if name in SIGNS and len(operands) == 2:
        shown = [f"({text})" if binding(text) < ATOM else text for text in operands]
        return f" {SIGNS[name]} ".join(shown)
    if name == "getitem":
        return f"{operands[0]}[...]" if binding(operands[0]) == ATOM else f"({operands[0]})[...]"
    return f"{name}({', '.join(operands)})"
