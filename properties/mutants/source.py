"""A function and its source: where it stands in its file, and its code compiled from a changed file.

A changed file is compiled as a whole, so that closures and private names mean what they meant. Of what comes out
only the one code object is taken, to be put into the function that is there: everything that holds the
function goes on working.
"""

from __future__ import annotations

import ast
import linecache
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType, FunctionType

from backproof.engine.errors import SpecError

from .syntax import FUNCTIONS, Function


@dataclass(frozen=True)
class Place:
    """Where a function stands: the number of its node in a walk over the file's tree, and the way to its code."""

    file: str
    number: int
    way: tuple[int, ...]
    free: tuple[str, ...]


def source_of(function: FunctionType) -> str:
    """The text of the file that a function stands in. Raises SpecError where it cannot be had."""
    text = "".join(linecache.getlines(function.__code__.co_filename, function.__globals__))
    if not text:
        raise SpecError(
            f"the source of {function.__qualname__} cannot be read, so that there is nothing to make mistakes in. "
            "Write the function in a file."
        )
    return text


def place_of(function: FunctionType) -> Place:
    """Where a function stands in its file. Raises SpecError where it is not to be found there."""
    code, text = function.__code__, source_of(function)
    compiled = _compiled(text, code.co_filename)
    found = [(way, other) for way, other in _codes(compiled) if _same_place(other, code)]
    node = _number(ast.parse(text), code)
    if not found or node is None:
        raise SpecError(
            f"{function.__qualname__} does not stand in {code.co_filename!r} any more, at line {code.co_firstlineno}. "
            "Import it anew."
        )
    way = next((way for way, other in found if other == code), found[0][0])
    return Place(code.co_filename, node, way, code.co_freevars)


def node_of(tree: ast.Module, place: Place) -> Function:
    """The function at a place of a tree."""
    node = list(ast.walk(tree))[place.number]
    assert isinstance(node, FUNCTIONS)
    return node


def code_of(text: str, place: Place) -> CodeType | None:
    """The code of the function at a place of a changed file; None where it needs other variables than it has."""
    code = _code_at(_compiled(text, place.file), place.way)
    if set(code.co_freevars) < set(place.free):
        tree = ast.parse(text)
        _keep(node_of(tree, place), [name for name in place.free if name not in code.co_freevars])
        code = _code_at(_compiled(tree, place.file), place.way)
    return code if code.co_freevars == place.free else None


def _keep(function: Function, names: list[str]) -> None:
    """Let a function name what it does not use any more, so that its closure still fits."""
    named = ast.Tuple([ast.Name(name, ast.Load()) for name in names], ast.Load())
    if isinstance(function, ast.Lambda):
        function.body = ast.IfExp(ast.Constant(True), function.body, named)
    else:
        function.body.insert(0, ast.If(ast.Constant(False), [ast.Expr(named)], []))
    ast.fix_missing_locations(function)


def _compiled(source: str | ast.Module, file: str) -> CodeType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # mutants are meant to look wrong
        code: CodeType = compile(source, file, "exec", dont_inherit=True)
    return code


def _codes(code: CodeType, way: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], CodeType]]:
    yield way, code
    inner = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    for number, constant in enumerate(inner):
        yield from _codes(constant, (*way, number))


def _code_at(code: CodeType, way: tuple[int, ...]) -> CodeType:
    for number in way:
        code = [constant for constant in code.co_consts if isinstance(constant, CodeType)][number]
    return code


def _same_place(one: CodeType, other: CodeType) -> bool:
    return (one.co_qualname, one.co_firstlineno) == (other.co_qualname, other.co_firstlineno)


def _number(tree: ast.Module, code: CodeType) -> int | None:
    """The number of a code's node in a walk over the tree; of two lambdas in a line, the one with its positions."""
    positions = set(code.co_positions())
    found: list[int] = []
    for number, node in enumerate(ast.walk(tree)):
        if isinstance(node, ast.Lambda) and code.co_name == "<lambda>" and node.lineno == code.co_firstlineno:
            body = node.body
            exactly = (body.lineno, body.end_lineno, body.col_offset, body.end_col_offset) in positions
            found = [number, *found] if exactly else [*found, number]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == code.co_name:
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            if first == code.co_firstlineno:
                found.append(number)
    return found[0] if found else None


def fingerprint(code: CodeType) -> tuple[object, ...]:
    """What a code does, wherever it stands: two with the same fingerprint are the same program."""
    constants = tuple(
        fingerprint(constant) if isinstance(constant, CodeType) else (type(constant).__name__, repr(constant))
        for constant in code.co_consts
    )
    names = (code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    return code.co_code, code.co_exceptiontable, names, constants
