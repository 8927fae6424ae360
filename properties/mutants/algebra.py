"""Mistakes in signs, factors, terms, exponents, sizes and comparisons."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .operator import mistake, number, value_of
from .scope import Scope

_SMALL = 1e-3  # a constant that is added and is smaller than this is there to keep something from being zero
_BOUNDARY: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Lt: ast.LtE, ast.LtE: ast.Lt}
_SIDE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Gt: ast.Lt,
    ast.Lt: ast.Gt,
    ast.GtE: ast.LtE,
    ast.LtE: ast.GtE,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}


@mistake("The small number that keeps a divisor from zero is left out.")
def ignore_eps(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            for kept, added in ((left, right), (right, left)):
                small = value_of(added)
                if (small is not None and 0 < small < _SMALL) or "eps" in ast.unparse(added).lower().split(".")[-1]:
                    yield kept


@mistake("A sign is wrong.")
def flip_sign(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=operand) if value_of(node) is None:
            yield operand
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            yield ast.BinOp(left, ast.Add(), right)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield ast.BinOp(left, ast.Sub(), right)
        case ast.AugAssign(target=target, op=ast.Add(), value=value):
            yield ast.AugAssign(target, ast.Sub(), value)
        case ast.AugAssign(target=target, op=ast.Sub(), value=value):
            yield ast.AugAssign(target, ast.Add(), value)


@mistake("A factor is forgotten.")
def drop_factor(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    match node:
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            yield from (left, right)


@mistake("A factor 2 too many.")
def double_factor(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    match node:
        case ast.BinOp(left=ast.BinOp(op=ast.Mult()), op=ast.Mult()):
            return  # the product inside of it is doubled
        case ast.BinOp(op=ast.Mult()):
            yield ast.BinOp(number(2), ast.Mult(), node)


@mistake("A division is forgotten.")
def drop_division(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    match node:
        case ast.BinOp(left=left, op=ast.Div()):
            yield left


@mistake("A product stands where a quotient should.")
def invert_division(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    match node:
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            yield ast.BinOp(left, ast.Mult(), right)


@mistake("A term is forgotten.")
def drop_term(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from (left, right)
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            yield from (left, ast.UnaryOp(ast.USub(), right))


@mistake("The operands of a difference, a quotient or a power are in the wrong order.")
def swap_operands(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    match node:
        case ast.BinOp(left=left, op=ast.Sub() | ast.Div() | ast.Pow() as operator, right=right):
            yield ast.BinOp(right, operator, left)


@mistake("n stands where n - 1 should, or the other way round.")
def wrong_size(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    match node:
        case ast.BinOp(left=left, op=ast.Sub(), right=ast.Constant(value=1)):
            yield left
        case (
            ast.Subscript(value=ast.Attribute(attr="shape"), slice=ast.Constant(), ctx=ast.Load())
            | ast.Attribute(attr="size", ctx=ast.Load())
            | ast.Call(func=ast.Name(id="len"))
        ):
            assert isinstance(node, ast.expr)
            yield ast.BinOp(node, ast.Sub(), number(1))


@mistake("An exponent is one too small or too large.")
def wrong_exponent(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    match node:
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            exponent = value_of(right)
            if exponent is None:
                return
            yield left if exponent == 2 else ast.BinOp(left, ast.Pow(), number(exponent - 1))
            yield ast.BinOp(left, ast.Pow(), number(exponent + 1))


def _compared(node: ast.AST, instead: dict[type[ast.cmpop], type[ast.cmpop]]) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(left=left, ops=[operator], comparators=comparators) if type(operator) in instead:
            yield ast.Compare(left, [instead[type(operator)]()], comparators)


@mistake("A boundary belongs to the other side.")
def move_boundary(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    yield from _compared(node, _BOUNDARY)


@mistake("A comparison looks to the wrong side.")
def wrong_side(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    yield from _compared(node, _SIDE)


@mistake("A number is off by one.")
def wrong_number(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    value = value_of(node)
    if value is not None:
        yield number(value + 1)
