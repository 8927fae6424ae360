"""From a function to its mutants: one mistake each, as a person would have written it."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any

from .operators import OPERATORS
from .scope import Scope, scope_of
from .source import Place, code_of, fingerprint, node_of, place_of, source_of
from .syntax import Function, mutable
from .targets import Target


@dataclass(frozen=True)
class Mutant:
    """A function with one mistake: which, the lines that it changes, and the whole file with it."""

    function: str
    operator: str
    line: int  # the first that is changed
    before: tuple[str, ...]
    after: tuple[str, ...]
    place: Place
    text: str

    @property
    def code(self) -> CodeType:
        """The code to put into the function."""
        code = code_of(self.text, self.place)
        assert code is not None
        return code


def mutants_of(target: Target, operators: Collection[str] = OPERATORS) -> list[Mutant]:
    """The mutants of a function that are other programs than it, and than each other, by the operators named."""
    function = target.function
    place, text = place_of(function), source_of(function)
    tree = ast.parse(text)
    node = node_of(tree, place)
    scope = scope_of(node, target.numpy, target.options, target.is_rule, target.returns)
    original = code_of(text, place)
    assert original is not None
    seen = {fingerprint(original)}
    mutants: list[Mutant] = []
    for name, old, new in _replacements(node, scope, target.is_main, operators):
        changed = _replaced(text, node, old, new, place)
        code = code_of(changed, place) if changed is not None else None
        if changed is None or code is None or fingerprint(code) in seen:
            continue
        seen.add(fingerprint(code))
        line, before, after = _changed_lines(text, changed)
        mutants.append(Mutant(target.name, name, line, before, after, place, changed))
    return sorted(mutants, key=lambda mutant: mutant.line)


def _replacements(
    node: Function, scope: Scope, is_main: bool, operators: Collection[str]
) -> Iterator[tuple[str, ast.AST, ast.AST]]:
    nodes = list(mutable(node))
    for operator in OPERATORS.values():
        if operator.name not in operators:
            continue
        if operator.name == "wrong_array" and not is_main:
            continue  # what a helper is given are shapes and flags as well
        for old in nodes:
            yield from ((operator.name, old, new) for new in operator.rewrite(old, scope))


def _replaced(text: str, function: ast.AST, old: ast.AST, new: ast.AST, place: Place) -> str | None:
    """The file with one piece of it replaced, in parentheses only where it needs them; None if it cannot be."""
    intended = ast.dump(_put(function, old, new))
    written = ast.unparse(ast.fix_missing_locations(new))
    for piece in (written, f"({written})"):
        changed = _spliced(text, old, piece)
        try:
            if ast.dump(node_of(ast.parse(changed), place)) == intended:
                return changed
        except (SyntaxError, AssertionError, IndexError):
            continue
    return None


def _put(node: Any, old: ast.AST, new: ast.AST) -> Any:
    """A tree with one node replaced by another; the tree itself stays what it was."""
    if node is old:
        return new
    if isinstance(node, list):
        return [_put(part, old, new) for part in node]
    if isinstance(node, ast.AST):
        return type(node)(**{name: _put(value, old, new) for name, value in ast.iter_fields(node)})
    return node


def _spliced(text: str, old: ast.AST, piece: str) -> str:
    """The text with the piece in the place of a node; columns count bytes."""
    lines = [line.encode() for line in text.splitlines(keepends=True)]
    first, last = old.lineno - 1, old.end_lineno - 1  # type: ignore[attr-defined]
    head, tail = lines[first][: old.col_offset], lines[last][old.end_col_offset :]  # type: ignore[attr-defined]
    return b"".join([*lines[:first], head, piece.encode(), tail, *lines[last + 1 :]]).decode()


def _changed_lines(text: str, changed: str) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    one, other = text.splitlines(), changed.splitlines()
    first = next(i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    last = next(i for i, (a, b) in enumerate(zip(one[::-1], other[::-1], strict=False)) if a != b)
    before, after = one[first : max(first, len(one) - last)], other[first : max(first, len(other) - last)]
    return first + 1, tuple(map(str.strip, before)), tuple(map(str.strip, after))


def diff_of(mutant: Mutant, file: str) -> list[str]:
    """The lines that a mutant changes, as a unified diff without context."""
    header = [f"--- {file}:{mutant.line}", f"+++ {mutant.operator}"]
    lines = difflib.unified_diff(mutant.before, mutant.after, n=0, lineterm="")
    return header + [line for line in lines if not line.startswith(("---", "+++", "@@"))]
