"""Options: a pullback that is right for one of their values, or that does not see them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from backproof.engine.options import Choice, Real

from .cases import Case, claimed_at, right_at
from .claims import Array, Claim, explains
from .runs import NotKnown, near
from .sayings import Diagnosis


def ignores_option(claim: Claim) -> Diagnosis | None:
    """It is right for one value of an option, whatever the option is."""
    for name, option in claim.subject.options.items():
        if len({repr(case.point.options[name]) for case in claim.cases}) < 2:
            continue
        for value in _values(claim, name, option):
            if any(case.is_wrong and repr(case.point.options[name]) == repr(value) for case in claim.cases):
                continue

            def fixed(case: Case, name: str = name, value: Any = value) -> Array | None:
                options: Mapping[str, Any] = {**case.point.options, name: value}
                return right_at(case, replace(case.point, options=options), case.position)

            if explains(claim.cases, fixed):
                return claim.says(f"ignores the option {name}: it is right only for {name}={value!r}", "option_ignored")
    return None


def _values(claim: Claim, name: str, option: object) -> Iterator[Any]:
    if isinstance(option, Choice):
        yield from option.values
        return
    if not isinstance(option, Real):
        return
    for function in claim.subject.code:
        try:
            default = inspect.signature(function).parameters[name].default
        except (KeyError, TypeError, ValueError):
            continue
        if isinstance(default, int | float):
            yield default
    yield from (0.0, 1.0)


def does_not_see_option(claim: Claim) -> Diagnosis | None:
    """It does not change with an option with which the derivative does, and it is right for none of its values."""
    for name, option in claim.subject.options.items():
        changes = same = 0
        for case in claim.cases:
            for value in _others(case, name, option):
                options: Mapping[str, Any] = {**case.point.options, name: value}
                point = replace(case.point, options=options)
                try:
                    right = right_at(case, point, case.position)
                except NotKnown:
                    continue
                claimed = claimed_at(case, point, case.position)
                if right is None or claimed is None or near(right, case.right):
                    continue
                changes += 1
                same += near(claimed, case.claimed)
        if changes >= 3 and same == changes:
            return claim.says(f"does not change with the option {name}, and should", "option_ignored")
    return None


def _others(case: Case, name: str, option: object) -> list[Any]:
    value = case.point.options[name]
    if isinstance(option, Choice):
        return [other for other in option.values if repr(other) != repr(value)]
    if isinstance(option, Real) and np.isfinite([option.low, option.high]).all():
        return [option.low + part * (option.high - option.low) for part in (0.37, 0.83)]
    return []
