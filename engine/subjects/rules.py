"""Derivative rules and linear maps as subjects, so that the engine's own parts are verified one by one."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..derivatives import Definition, Rule, derivative_maps
from ..domains import is_differentiable, real
from ..linear import Array, LinearMap
from ..maps import MapEntry, conjugated, is_complex, of_pair, pair_of
from ..signatures import parse
from ..transforms import jvp as pushed
from ..transforms import vjp as pulled
from .curvature import curvature
from .subject import Pullback, Subject


def rule_subjects(rule: Rule) -> tuple[Subject, ...]:
    """One subject for each signature that the rule is verified on."""
    return tuple(_rule_subject(rule, signature, name) for signature, name in _named(rule))


def _named(entry: Rule | Definition) -> Iterator[tuple[str, str]]:
    """Each signature that an entry is verified on, and what the subject on it is called."""
    several = len(entry.signatures) > 1
    for signature in entry.signatures:
        yield signature, f"rules.{entry.name}{' ' + signature if several else ''}"


def _rule_subject(rule: Rule, signature: str, name: str) -> Subject:
    parsed = parse(signature)
    names = rule.arguments(len(parsed.inputs))
    domains = tuple(rule.domain.get(argument, real) for argument in names)

    def maps(output: Array, primals: Sequence[Array], options: dict[str, Any]) -> list[LinearMap | None]:
        derived = derivative_maps(rule, output, primals, options)
        return [linear if is_differentiable(domain) else None for linear, domain in zip(derived, domains, strict=True)]

    def vjp(*primals: Array, **options: Any) -> tuple[Array, Pullback]:
        output = rule.function(*primals, **options)
        derived = maps(output, primals, options)
        return output, lambda ct: tuple(None if linear is None else linear.apply_transpose(ct) for linear in derived)

    def jvp(primals: Sequence[Array], tangents: Sequence[Array | None], **options: Any) -> Array:
        output = rule.function(*primals, **options)
        pushed = [
            linear.apply(tangent)
            for linear, tangent in zip(maps(output, primals, options), tangents, strict=True)
            if linear is not None and tangent is not None
        ]
        return sum(pushed[1:], start=pushed[0]) if pushed else np.zeros_like(output)

    return Subject(
        name=name,
        signature=parsed,
        arguments=names,
        domains=domains,
        options=rule.options,
        forward=rule.function,
        vjp=vjp,
        jvp=jvp,
        **curvature(lambda options: lambda *arrays: rule.function(*arrays, **options)),
        written_in=rule.derive,
    )


def definition_subjects(definition: Definition) -> tuple[Subject, ...]:
    """One subject for each signature that a definition is verified on: NumPy's function, as the tape records it."""
    return tuple(_definition_subject(definition, signature, name) for signature, name in _named(definition))


def _definition_subject(definition: Definition, signature: str, name: str) -> Subject:
    parsed = parse(signature)
    names = tuple("abcdefgh"[: len(parsed.inputs)])

    def forward(*primals: Array, **options: Any) -> Array:
        return definition.call(definition.function, *primals, **options)

    return Subject(
        name=name,
        signature=parsed,
        arguments=names,
        domains=tuple(definition.domain.get(argument, real) for argument in names),
        options=definition.options,
        forward=forward,
        vjp=lambda *primals, **options: pulled(lambda *arrays: forward(*arrays, **options), *primals),
        jvp=lambda primals, tangents, **options: pushed(lambda *arrays: forward(*arrays, **options), primals, tangents)[
            1
        ],
        **curvature(lambda options: lambda *arrays: forward(*arrays, **options)),
        written_in=forward,
    )


def map_subject(entry: MapEntry) -> Subject:
    """A linear map applied to its last argument; the parameters before it are constants.

    Complex arrays are pairs of real ones: ``Re(ct dz)`` is the inner product of the pairs of ``conj(ct)`` and ``dz``.
    """
    parsed = parse(entry.signature + "->")
    count = len(parsed.inputs)
    parameters = tuple(inspect.signature(entry.construct).parameters)
    names = (*(name for name in parameters if name not in entry.options), "dx")

    of_complex = entry.of_complex

    def argument(array: Array) -> Array:
        return of_pair(array) if of_complex else array

    def built(parameters: Sequence[Array], options: dict[str, Any]) -> LinearMap:
        return entry.construct(*parameters, **options)

    def forward(*primals: Array, **options: Any) -> Array:
        return pair_of(built(primals[:-1], options).apply(argument(primals[-1])))

    def vjp(*primals: Array, **options: Any) -> tuple[Array, Pullback]:
        linear = built(primals[:-1], options)
        output = linear.apply(argument(primals[-1]))

        def pull(ct: Array) -> tuple[Array | None, ...]:
            pulled = linear.apply_transpose(conjugated(of_pair(ct)) if is_complex(output) else ct)
            return (*[None] * (count - 1), pair_of(conjugated(pulled)) if of_complex else pulled)

        return pair_of(output), pull

    def jvp(primals: Sequence[Array], tangents: Sequence[Array | None], **options: Any) -> Array:
        return pair_of(built(primals[:-1], options).apply(argument(tangents[-1])))

    return Subject(
        name=f"maps.{entry.name}",
        signature=parsed,
        arguments=names,
        domains=tuple(entry.domain.get(name, real) for name in names),
        options=entry.options,
        forward=forward,
        vjp=vjp,
        jvp=jvp,
        constants=frozenset(range(count - 1)),
        written_in=entry.construct,
    )
