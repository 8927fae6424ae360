"""All properties, and which of them apply to a subject."""

from __future__ import annotations

from backproof.engine.subjects import Subject

from .accurate_in_dtype import accurate_in_dtype
from .adjoint_identity import adjoint_identity
from .aliased_operands import aliased_operands
from .batch_separable import batch_separable
from .chain_rule import chain_rule
from .finite_where_differentiable import finite_where_differentiable
from .fused_equals_traced import fused_equals_traced
from .invariants import invariants
from .judgement import Property
from .jvp_matches_differences import jvp_matches_differences
from .layout_independent import layout_independent
from .linear_in_cotangent import linear_in_cotangent
from .linear_in_tangent import linear_in_tangent
from .pure import pure
from .repeatable import repeatable
from .second_order import second_order
from .shapes_and_dtypes import shapes_and_dtypes
from .subgradient_at_kinks import subgradient_at_kinks
from .vjp_matches_differences import vjp_matches_differences

PROPERTIES: dict[str, Property] = {
    each.name: each
    for each in (
        vjp_matches_differences,
        jvp_matches_differences,
        adjoint_identity,
        linear_in_cotangent,
        linear_in_tangent,
        shapes_and_dtypes,
        pure,
        repeatable,
        layout_independent,
        aliased_operands,
        batch_separable,
        accurate_in_dtype,
        subgradient_at_kinks,
        finite_where_differentiable,
        fused_equals_traced,
        second_order,
        chain_rule,
        invariants,
    )
}


def left_out(subject: Subject) -> dict[str, str]:
    """The properties that do not apply to a subject, by name, and why."""
    reasons = {name: each.unless(subject) for name, each in PROPERTIES.items()}
    return {name: reason for name, reason in reasons.items() if reason is not None}


def applicable(subject: Subject) -> list[Property]:
    """The properties that apply to a subject, in the order in which a person would read them."""
    return [each for each in PROPERTIES.values() if each.unless(subject) is None]
