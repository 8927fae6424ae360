"""Terms: what reaches the output along one path, and not along another.

The forward is recorded on the tape, and the cotangent pulled back with one edge of the graph cut (or taken with the
wrong sign, or twice). If that is what is claimed, entry by entry, the edge is named by what is computed there.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from .claims import FEWEST, Claim
from .graphs import Edge, Graph, Weights, graph_of
from .sayings import Diagnosis
from .spelling import spelled

LONGEST = 60  # characters of what is computed somewhere
MOST_JOINS = 14  # of which two are cut at once

SAYS = {
    0.0: ("leaves out the path through", "missing_term"),
    -1.0: ("has the wrong sign on the path through", "term_sign"),
    2.0: ("counts twice the path through", "term_twice"),
    0.5: ("counts only half of the path through", "term_half"),
}


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
    yield from (each for each in some if graph.makes(graph.case.claimed, each))
    if weight == 0.0:
        joins = [edge for edge in edges if _is_join(graph, edge)][-MOST_JOINS:]
        for one, other in itertools.combinations(joins, 2):
            if graph.makes(graph.case.claimed, {one: 0.0, other: 0.0}):
                yield {one: 0.0, other: 0.0}


def _holds(graphs: list[Graph | None], weights: Weights) -> bool:
    with np.errstate(all="ignore"):
        fits = all(g is not None and g.makes(g.case.claimed, weights) for g in graphs)
    return fits and sum(g is not None and g.case.is_wrong for g in graphs) >= FEWEST


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
    return spelled(name, operands, node.keywords if name == "einsum" else None)
