"""Mutation testing of hand-written derivatives: the mistakes people make, made on purpose, and which are found."""

from ..processes import Stopped, run_limited
from .equivalent import Equivalent, listed_equivalents, read_equivalents
from .killing import Fate, Verdict, mutated, settled
from .operator import Operator
from .operators import OPERATORS
from .rewriting import Mutant, diff_of, mutants_of
from .targets import Target, targets_of

__all__ = [
    "OPERATORS",
    "Equivalent",
    "Fate",
    "Mutant",
    "Operator",
    "Stopped",
    "Target",
    "Verdict",
    "diff_of",
    "listed_equivalents",
    "mutants_of",
    "mutated",
    "read_equivalents",
    "run_limited",
    "settled",
    "targets_of",
]
