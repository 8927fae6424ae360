"""How something to verify is brought in: everything becomes one `Subject`."""

from .autograd_function import autograd_function
from .declared import Declarations
from .guessing import guessed
from .jax_function import jax_function
from .layer import Layer, layer, layer_subject, sample
from .linear_operator import linear_operator
from .member import Member, member, not_stackable
from .objects import layer_object
from .pairs import pair, pullback
from .rules import map_subject, rule_subjects
from .stack import Part, Stack, append, empty_stack, penalized, stack_subject, with_skip
from .subject import Options, Pullback, Stage, Subject, checked_vjp, counted, must_repeat, quietly
from .torch_function import torch_function

__all__ = [
    "Declarations",
    "Layer",
    "Member",
    "Options",
    "Part",
    "Pullback",
    "Stack",
    "Stage",
    "Subject",
    "append",
    "autograd_function",
    "checked_vjp",
    "counted",
    "empty_stack",
    "guessed",
    "jax_function",
    "layer",
    "layer_object",
    "layer_subject",
    "linear_operator",
    "map_subject",
    "member",
    "must_repeat",
    "not_stackable",
    "pair",
    "penalized",
    "pullback",
    "quietly",
    "rule_subjects",
    "sample",
    "stack_subject",
    "torch_function",
    "with_skip",
]
