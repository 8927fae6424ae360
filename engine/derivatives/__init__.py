"""Derivative rules, one line an operation; importing this package registers them all."""

from . import (
    arithmetic,
    calculus,
    choosing,
    contractions,
    exponentials,
    factorizations,
    joining,
    linalg,
    norms,
    order,
    products,
    rearrangements,
    reductions,
    selections,
    shapes,
    special,
    trigonometry,
)
from .definitions import DEFINITIONS, Definition, defined_as
from .rules import RULES, Rule, arranged, derivative_maps, derivative_of, rule_for
from .special import special_rules

__all__ = [
    "DEFINITIONS",
    "RULES",
    "Definition",
    "Rule",
    "arithmetic",
    "arranged",
    "calculus",
    "choosing",
    "contractions",
    "defined_as",
    "derivative_maps",
    "derivative_of",
    "exponentials",
    "factorizations",
    "joining",
    "linalg",
    "norms",
    "order",
    "products",
    "rearrangements",
    "reductions",
    "rule_for",
    "selections",
    "shapes",
    "special",
    "special_rules",
    "trigonometry",
]
