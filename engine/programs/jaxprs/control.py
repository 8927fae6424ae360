"""jax's calls, conditions and loops. Each is handed what evaluates a program, then its inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from ...extended import stripped

Evaluate = Callable[[Any, Sequence[Any]], list[Any]]


def _closed(program: Any) -> Any:
    """A program with its constants: calls that have none hold a bare jaxpr."""
    return program if hasattr(program, "consts") else SimpleNamespace(jaxpr=program, consts=())


def _call(evaluate: Evaluate, *inputs: Any, **params: Any) -> list[Any]:
    """The program inside: a custom derivative does not change what a call returns."""
    program = next(params[name] for name in ("jaxpr", "call_jaxpr", "fun_jaxpr") if name in params)
    return evaluate(_closed(program), inputs)


def _cond(evaluate: Evaluate, index: Any, *inputs: Any, branches: Any, **_: Any) -> list[Any]:
    return evaluate(branches[min(max(int(index), 0), len(branches) - 1)], inputs)


def _while(
    evaluate: Evaluate,
    *inputs: Any,
    cond_jaxpr: Any,
    cond_nconsts: int,
    body_jaxpr: Any,
    body_nconsts: int,
    **_: Any,
) -> list[Any]:
    asked, used = inputs[:cond_nconsts], inputs[cond_nconsts : cond_nconsts + body_nconsts]
    state = list(inputs[cond_nconsts + body_nconsts :])
    while bool(evaluate(cond_jaxpr, (*asked, *state))[0]):
        state = evaluate(body_jaxpr, (*used, *state))
    return state


def _scan(
    evaluate: Evaluate,
    *inputs: Any,
    jaxpr: Any,
    length: int,
    reverse: bool,
    num_consts: int,
    num_carry: int,
    **_: Any,
) -> list[Any]:
    """A program run over the first axis of what is scanned, from its end if reversed; outputs keep their places."""
    constants, state = inputs[:num_consts], list(inputs[num_consts : num_consts + num_carry])
    scanned = inputs[num_consts + num_carry :]
    collected: list[list[Any]] = [[] for _ in jaxpr.out_avals[num_carry:]]
    for step in range(length)[:: -1 if reverse else 1]:
        results = evaluate(jaxpr, (*constants, *state, *(part[step] for part in scanned)))
        state = results[:num_carry]
        for parts, part in zip(collected, results[num_carry:], strict=True):
            parts.append(stripped(part))
    avals = jaxpr.out_avals[num_carry:]
    return [*state, *(_stacked(parts, aval, reverse) for parts, aval in zip(collected, avals, strict=True))]


def _stacked(parts: list[Any], aval: Any, reverse: bool) -> Any:
    if not parts:
        return np.zeros((0, *aval.shape), dtype=aval.dtype)
    return np.stack(parts[::-1] if reverse else parts)


def _linear_solve(evaluate: Evaluate, *inputs: Any, const_lengths: Any, jaxprs: Any, **_: Any) -> list[Any]:
    """By the program that is given for solving; the products that define the system are not needed for it."""
    first = const_lengths.matvec + const_lengths.vecmat
    behind = first + const_lengths.solve + const_lengths.transpose_solve
    return evaluate(jaxprs.solve, (*inputs[first : first + const_lengths.solve], *inputs[behind:]))


CONTROL: Mapping[str, Any] = {
    "jit": _call,
    "remat2": _call,
    "custom_jvp_call": _call,
    "custom_vjp_call": _call,
    "cond": _cond,
    "while": _while,
    "scan": _scan,
    "custom_linear_solve": _linear_solve,
}
