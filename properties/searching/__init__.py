"""Looking for points on which properties fail: drawing them, judging them, making them small, confirming them."""

from .confirming import confirmed
from .drawing import Effort
from .in_stacks import search_stacks
from .outcomes import Counterexample, Outcome
from .searches import ARITHMETICS, search

__all__ = [
    "ARITHMETICS",
    "Counterexample",
    "Effort",
    "Outcome",
    "confirmed",
    "search",
    "search_stacks",
]
