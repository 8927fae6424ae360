"""All properties, and which of them apply to a subject."""

from __future__ import annotations

from backproof.engine.subjects import Subject

from .accurate_in_dtype import accurate_in_dtype
from .adjoint_identity import adjoint_identity
from .chain_rule import chain_rule
from .fused_equals_traced import fused_equals_traced
from .judgement import Property
from .jvp_matches_differences import jvp_matches_differences
from .linear_in_cotangent import linear_in_cotangent
from .linear_in_tangent import linear_in_tangent
from .shapes_and_dtypes import shapes_and_dtypes
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
        accurate_in_dtype,
        fused_equals_traced,
        chain_rule,
    )
}


def applicable(subject: Subject) -> list[Property]:
    """The properties that apply to a subject, in the order in which a person would read them."""
    return [each for each in PROPERTIES.values() if each.unless(subject) is None]
