"""Derivative rules, one line an operation; importing this package registers them all."""

from . import arithmetic, exponentials, products, reductions, selections, shapes
from .rules import RULES, Rule, derivative_maps, derivative_of, rule_for

__all__ = [
    "RULES",
    "Rule",
    "arithmetic",
    "derivative_maps",
    "derivative_of",
    "exponentials",
    "products",
    "reductions",
    "rule_for",
    "selections",
    "shapes",
]
