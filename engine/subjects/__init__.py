"""How something to verify is brought in: everything becomes one `Subject`."""

from .layer import Layer, layer, layer_subject, sample
from .rules import map_subject, rule_subjects
from .stack import Part, Stack, append, empty_stack, penalized, stack_subject
from .subject import Options, Pullback, Stage, Subject, checked_vjp, counted

__all__ = [
    "Layer",
    "Options",
    "Part",
    "Pullback",
    "Stack",
    "Stage",
    "Subject",
    "append",
    "checked_vjp",
    "counted",
    "empty_stack",
    "layer",
    "layer_subject",
    "map_subject",
    "penalized",
    "rule_subjects",
    "sample",
    "stack_subject",
]
