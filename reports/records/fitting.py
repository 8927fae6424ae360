"""Whether plain data has the form that it should have, and where it does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Check = Callable[[Any, str], None]  # of a value and its place; raises Misfit
_IN_WORDS = {
    str: "a text",
    int: "an integer",
    float: "a number",
    list: "a list",
    dict: "an object",
    bool: "true or false",
}


class Misfit(ValueError):
    """What is wrong with a record, after the place: ``items[3].counterexample.arguments[0]: ...``."""


def fits(record: Any, where: str, checks: Mapping[str, Check]) -> None:
    """Raise Misfit unless a value is an object with these keys, each of which passes its check."""
    of(dict)(record, where)
    for key, check in checks.items():
        place = f"{where}.{key}" if where else key
        if key not in record:
            raise Misfit(f"{place}: it is missing")
        check(record[key], place)


def of(*types: type) -> Check:
    """A value of one of these types; true and false are no numbers."""

    def check(value: Any, where: str) -> None:
        if (isinstance(value, bool) and bool not in types) or not isinstance(value, types):
            words = " or ".join(_IN_WORDS[each] for each in types)
            raise Misfit(f"{where or 'the top'}: it is {_short(value)}, but should be {words}")

    return check


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def maybe(check: Check) -> Check:
    """None, or what passes a check."""
    return lambda value, where: None if value is None else check(value, where)


def list_of(check: Check) -> Check:
    """A list of what passes a check."""

    def each(values: Any, where: str) -> None:
        of(list)(values, where)
        for number, value in enumerate(values):
            check(value, f"{where}[{number}]")

    return each


def table_of(check: Check) -> Check:
    """An object whose values all pass a check."""

    def each(table: Any, where: str) -> None:
        of(dict)(table, where)
        for key, value in table.items():
            check(value, f"{where}.{key}")

    return each


def among(names: Iterable[str]) -> Check:
    """One of these texts."""
    known = list(names)

    def check(value: Any, where: str) -> None:
        if value not in known:
            raise Misfit(f"{where}: it is {_short(value)}, but should be one of {', '.join(known)}")

    return check


def like(pattern: str, words: str) -> Check:
    """A text of which all matches a pattern."""

    def check(value: Any, where: str) -> None:
        if not isinstance(value, str) or re.fullmatch(pattern, value) is None:
            raise Misfit(f"{where}: it is {_short(value)}, but should be {words}")

    return check


def object_of(checks: Mapping[str, Check]) -> Check:
    """An object with these keys."""
    return lambda value, where: fits(value, where, checks)
