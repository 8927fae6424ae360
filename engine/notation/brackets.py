"""Formulae as texts: where they are cut, how tightly they bind, and the parentheses that they need."""

from __future__ import annotations

import re

ATOM = 9  # binds tighter than any operator
SUM, PRODUCT, NEGATIVE = 1, 2, 3
_OPERATORS = {"<": 0, "<=": 0, ">": 0, ">=": 0, "==": 0, "!=": 0, "+": 1, "-": 1, "*": 2, "/": 2, "@": 2, "**": 4}
_NUMBER = re.compile(r"-?\d+(\.\d*)?(e[+-]\d+)?")


def parts(text: str, loosest: int) -> list[str]:
    """A text cut at its operators outside of brackets that bind no tighter than ``loosest``: ``["a", "@", "b"]``."""
    cut, depth = [""], 0
    for word in text.split(" "):
        if depth == 0 and _OPERATORS.get(word, ATOM) <= loosest:
            cut += [word, ""]
        else:
            cut[-1] += f" {word}" if cut[-1] else word
            depth += sum(word.count(bracket) for bracket in "([") - sum(word.count(bracket) for bracket in ")]")
    return cut


def binding(text: str) -> int:
    """How tightly the loosest operator of a text binds."""
    signs = parts(text, ATOM - 1)[1::2]
    return min([_OPERATORS[sign] for sign in signs] + [NEGATIVE if text.startswith("-") else ATOM])


def inside(text: str, tightest: int) -> str:
    """The text, in parentheses where it binds looser than what it is to stand in."""
    return text if binding(text) >= tightest else f"({text})"


def grouped(text: str) -> str:
    """The text, in parentheses unless it is a single name, number, call or attribute, or the negative of one."""
    alone = binding(text.removeprefix("-")) == ATOM
    return text if alone else f"({text})"


def is_number(text: str) -> bool:
    """Whether a text is a number and nothing else."""
    return _NUMBER.fullmatch(text) is not None


def bare(text: str) -> str:
    """The text without parentheses that are around all of it."""
    if not text.startswith("("):
        return text
    depth = 0
    for place, character in enumerate(text):
        depth += (character in "([") - (character in ")]")
        if depth == 0:
            return text[1:-1] if place == len(text) - 1 else text
    return text
