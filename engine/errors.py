"""What can be wrong with a question, as opposed to wrong with a gradient."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class BackproofError(Exception):
    """Base of every error that backproof raises on purpose."""


class SpecError(BackproofError, ValueError):
    """The description of a subject does not fit the subject.

    A wrong description is never a falsified verdict: the command line answers it with exit code 2.
    """


class MissingDerivative(BackproofError, TypeError):
    """A function met a tracer, and no rule says what its derivative is."""


class NotExtendable(BackproofError, TypeError):
    """A function met extended-precision numbers that it cannot work on.

    Raised instead of falling back to float64, which would cost the evidence without a word.
    """


def listed(names: Iterable[object]) -> str:
    """Write a collection of names as ``'a', 'b' and 'c'`` for an error message."""
    words = [repr(str(name)) for name in names]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else "none"


def nearest(word: str, candidates: Iterable[object]) -> str:
    """Suggest the candidate closest to ``word``: ``" Did you mean 'axis'?"``, or nothing."""
    close = get_close_matches(word, [str(candidate) for candidate in candidates], n=1)
    return f" Did you mean {close[0]!r}?" if close else ""
