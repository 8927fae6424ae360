"""The tokens of a formula as docstrings write it."""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<number>\d+(?:\.\d+)?(?:e-?\d+)?)"
    r"|(?P<name>[A-Za-z]+\d*'*)"
    r"|(?P<sign>\.\.\.|->|<=|>=|!=|==|\|\||\.T\b|[-+*/@=<>()\[\]{}|^_,;:.~])"
)


class NotAFormula(Exception):
    """A text is code, or prose, or a formula that is not understood."""


class Token(NamedTuple):
    """A name, a number or a sign, and whether a space stood before it."""

    text: str
    kind: str
    spaced: bool


def tokens(text: str) -> list[Token]:
    """The tokens of a text. Raises NotAFormula for a character that no formula has."""
    found: list[Token] = []
    position, spaced = 0, False
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise NotAFormula(f"{text[position]!r} is no part of a formula")
        position, kind = match.end(), match.lastgroup or ""
        if kind == "space":
            spaced = True
            continue
        if match.group() == ".T":
            found += [Token("^", "sign", False), Token("T", "name", False)]
        else:
            found.append(Token(match.group(), kind, spaced))
        spaced = False
    return [_composition(found, place) if token.text == "o" else token for place, token in enumerate(found)]


def _composition(found: list[Token], place: int) -> Token:
    """The letter o between two maps in brackets is composition; elsewhere it is a name."""
    between = 0 < place < len(found) - 1 and found[place - 1].text in ")]" and found[place + 1].text in "(["
    return Token("compose", "sign", True) if between else found[place]
