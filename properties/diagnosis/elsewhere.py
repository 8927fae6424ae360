"""Right for something else: another argument's cotangent, another value of an option, an operand transposed."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from backproof.engine.options import Choice, Real
from backproof.strategies.points import Point

from .cases import Case
from .claims import Array, Claim, explains, given
from .jacobians import claimed_jacobian, jacobian
from .runs import NoCase, NotKnown, forward_at, near
from .sayings import Diagnosis

Change = Callable[[Case], Point | None]


def is_swapped(claim: Claim) -> Diagnosis | None:
    """It is the cotangent of another argument of the same shape."""
    for position in claim.subject.differentiated:
        if position != claim.position and explains(
            claim.cases, given(lambda case, i: _right(case, case.point, i), position)
        ):
            other = claim.subject.arguments[position]
            others = [_claimed(case, case.point, position) for case in claim.cases]
            if all(o is not None and near(o, case.right) for o, case in zip(others, claim.cases, strict=True)):
                says = f"the cotangents for {claim.argument} and {other} have changed places"
                return Diagnosis(says, "swapped", claim.argument)
            is_twice = all(o is not None and near(o, case.claimed) for o, case in zip(others, claim.cases, strict=True))
            return claim.says(f"is that for {other}{', which is returned twice' if is_twice else ''}", "swapped")
    return None


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
                return _right(case, replace(case.point, options=options), case.position)

            if explains(claim.cases, fixed):
                return claim.says(
                    f"ignores the option {name}: it is right for {name}={value!r} alone", "option_ignored"
                )
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
                    right = _right(case, point, case.position)
                except NotKnown:
                    continue
                claimed = _claimed(case, point, case.position)
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


def is_right_elsewhere(claim: Claim) -> Diagnosis | None:
    """It is the derivative where an argument is transposed, negated, replaced by the output or by another one."""
    for says, kind, change in _changes(claim):
        if explains(claim.cases, given(_changed, change)):
            return claim.says(says, kind)
    return None


def _changes(claim: Claim) -> Iterator[tuple[str, str, Change]]:
    names = claim.subject.arguments
    floats = [i for i, p in enumerate(claim.cases[0].point.primals) if p.dtype.kind == "f"]
    for i in floats:
        says = (
            f"is right for {names[i]}.T in the place of {names[i]}: {names[i]} is transposed, or is not and should be"
        )
        yield says, "operand_transposed", given(lambda case, i: _with(case, i, _turned(case.point.primals[i])), i)
    for i in floats:
        says = f"is right for the output in the place of {names[i]}"
        yield says, "output_for_input", given(lambda case, i: _with(case, i, case.output), i)
        says = f"is right for -{names[i]} in the place of {names[i]}"
        yield says, "operand_negated", given(lambda case, i: _with(case, i, -case.point.primals[i]), i)
        says = f"is right for abs({names[i]}) in the place of {names[i]}"
        yield says, "operand_absolute", given(lambda case, i: _with(case, i, np.abs(case.point.primals[i])), i)
    for i in floats:
        for j in floats:
            if i != j:
                says = f"is right for {names[j]} in the place of {names[i]}"
                yield says, "wrong_operand", given(lambda case, i, j: _with(case, i, case.point.primals[j]), i, j)
    for i in floats:
        if len(floats) > 1:
            for value in (0.0, 1.0):
                says = f"is right where {names[i]} is {value:g} alone: {names[i]} is left out of it"
                yield (
                    says,
                    "operand_left_out",
                    given(lambda case, i, v: _with(case, i, np.full(case.point.primals[i].shape, v)), i, value),
                )


def _turned(array: Array) -> Array | None:
    return np.swapaxes(array, -1, -2).copy() if array.ndim > 1 else None


def _with(case: Case, position: int, array: Array | None) -> Point | None:
    before = case.point.primals[position]
    if array is None or array.shape != before.shape:
        return None
    primals = tuple(array if i == position else p for i, p in enumerate(case.point.primals))
    return replace(case.point, primals=primals)


def _changed(case: Case, change: Change) -> Array | None:
    point = change(case)
    return None if point is None else _right(case, point, case.position)


def _right(case: Case, point: Point, position: int) -> Array | None:
    """The Jacobian at a changed point; None where there is none of this shape. Raises NotKnown."""
    if point.primals[position].shape != case.primal.shape:
        return None
    try:
        output = forward_at(case.subject, point)
        found, known = jacobian(case.subject, point, position, output)
    except NoCase:
        return None
    if found.shape != case.right.shape:
        return None
    if not known.all():
        raise NotKnown
    return found


def _claimed(case: Case, point: Point, position: int) -> Array | None:
    try:
        return claimed_jacobian(case.subject, point, position, case.output)
    except NoCase:
        return None
