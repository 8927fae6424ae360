"""The graph of a forward, as the tape records it, whose edges may count for more or less than once."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from backproof.engine.errors import BackproofError
from backproof.engine.linearization import Linearization, linearize
from backproof.engine.subjects import quietly

from .cases import Case
from .filling import generic
from .runs import Array, largest, near

MOST_NODES = 60
DRAWS = 2  # generic cotangents, for which two linear maps that differ are not alike
Edge = tuple[int, int]  # a node of the tape, and which of its operands
Weights = Mapping[Edge, float]  # of the edges that do not count once


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

    def makes(self, jacobian: Array, weights: Weights) -> bool:
        """Whether cotangents are pulled back as by a Jacobian, where some edges count for more or less than once."""
        source = np.random.default_rng(0)
        for _ in range(DRAWS):
            ct = generic(self.case.output.shape, source)
            scale = largest(self.case.right) * largest(ct)
            if not near(self._pulled(ct, weights), np.tensordot(ct, jacobian, axes=ct.ndim), scale):
                return False
        return True

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
            return graph if graph.makes(case.right, {}) else None
    except (BackproofError, TypeError, ValueError, IndexError, AttributeError, NotImplementedError, AssertionError):
        return None
