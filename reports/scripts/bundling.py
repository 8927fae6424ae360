"""The source of a function with everything of its own that it needs, to stand in a script by itself."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from backproof.engine.subjects import Layer


class NotBundled(Exception):
    """The source of something cannot be had, or would drag too much along."""


def bundle(function: Callable[..., Any], rename: str | None = None) -> list[str]:
    """Source chunks, in an order that runs, that end with the function (under another name if asked).

    Raises NotBundled where the source is not to be had: lambdas, closures, compiled code.
    """
    chunks: dict[str, str] = {}
    _collect(function, chunks, rename or function.__name__)
    return list(chunks.values())


def _collect(function: Any, chunks: dict[str, str], name: str) -> None:
    if not isinstance(function, FunctionType) or function.__closure__ or function.__name__ == "<lambda>":
        raise NotBundled(f"{name} has no source of its own")
    if name in chunks:
        return
    chunks[name] = ""  # it may name itself
    for wanted in dict.fromkeys(_names(function.__code__)):
        if wanted in function.__globals__ and wanted not in chunks:
            _collect_value(wanted, function.__globals__[wanted], chunks)
    source = _plain_source(function, name)
    del chunks[name]
    chunks[name] = source


def _collect_value(name: str, value: Any, chunks: dict[str, str]) -> None:
    if value is np:
        return
    if isinstance(value, ModuleType):
        if value.__name__.startswith("backproof"):
            chunks[name] = f"{name} = None  # spells maps out; nothing here asks it to"
        else:
            chunks[name] = f"import {value.__name__} as {name}"
    elif isinstance(value, Layer):
        _collect(value.function, chunks, name)
    elif isinstance(value, FunctionType):
        _collect(value, chunks, name)
    elif isinstance(value, type):
        _collect_class(name, value, chunks)
    elif isinstance(value, bool | int | float | str | tuple):
        chunks[name] = f"{name} = {value!r}"
    else:
        raise NotBundled(f"{name} is a {type(value).__name__}")


def _collect_class(name: str, value: type, chunks: dict[str, str]) -> None:
    if value.__module__.startswith("backproof.engine.linear"):
        chunks["dataclass"] = "from dataclasses import dataclass"
        chunks[name] = textwrap.dedent(inspect.getsource(value)).strip()
    else:
        raise NotBundled(f"{name} is a class")


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _plain_source(function: FunctionType, name: str) -> str:
    """The function's source without decorators and docstring."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, SyntaxError, TypeError) as error:
        raise NotBundled(str(error)) from error
    definition = tree.body[0]
    if not isinstance(definition, ast.FunctionDef):
        raise NotBundled(f"{name} is not a plain function")
    definition.decorator_list = []
    definition.name = name
    if ast.get_docstring(definition) is not None:
        definition.body = definition.body[1:]
    return ast.unparse(definition)
