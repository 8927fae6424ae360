"""How something to verify is brought in: everything becomes one `Subject`."""

from .layer import Layer, layer, layer_subject
from .rules import map_subject, rule_subjects
from .subject import Options, Pullback, Subject, checked_vjp

__all__ = [
    "Layer",
    "Options",
    "Pullback",
    "Subject",
    "checked_vjp",
    "layer",
    "layer_subject",
    "map_subject",
    "rule_subjects",
]
