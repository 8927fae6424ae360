"""A mutation operator: one mistake, said in one sentence."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .scope import Scope

Rewrite = Callable[[ast.AST, Scope], Iterator[ast.AST]]


@dataclass(frozen=True)
class Operator:
    """``rewrite(node, scope)`` yields what a person might have written instead of a node; it changes none.

    ``told_by`` is the property that tells such a mutant as a rule, and is asked first.
    """

    name: str
    sentence: str
    rewrite: Rewrite
    told_by: str = "vjp_matches_differences"


def mistake(sentence: str, told_by: str = "vjp_matches_differences") -> Callable[[Rewrite], Operator]:
    """Make a rewriting function an `Operator`; its name is the function's."""
    return lambda rewrite: Operator(rewrite.__name__, sentence, rewrite, told_by)


def number(value: float) -> ast.expr:
    """A number as it is written."""
    return ast.Constant(value) if value >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-value))


def value_of(node: ast.AST) -> float | None:
    """The number that a node writes; None where it writes none."""
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
    return None


def numpy_function(scope: Scope, name: str) -> ast.expr:
    """A function of NumPy, as this module calls it."""
    return ast.Attribute(ast.Name(scope.numpy, ast.Load()), name, ast.Load())
