"""How something to verify is brought in: everything becomes one `Subject`.

What verifies the functions of other frameworks is loaded when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .declared import Declarations
from .guessing import guessed
from .layer import Layer, layer, layer_subject, sample
from .linear_operator import linear_operator
from .member import Member, member, not_stackable
from .objects import layer_object
from .pairs import pair, pullback
from .rules import definition_subjects, map_subject, rule_subjects
from .stack import Part, Stack, append, empty_stack, penalized, stack_subject, with_skip
from .subject import Hvp, Options, Pullback, Stage, Subject, checked_vjp, counted, must_repeat, quietly

if TYPE_CHECKING:
    from .of_autograd import autograd_function
    from .of_jax import jax_function
    from .of_torch import torch_function

_OF_FRAMEWORKS = {"autograd_function": ".of_autograd", "jax_function": ".of_jax", "torch_function": ".of_torch"}

__all__ = [
    "Declarations",
    "Hvp",
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
    "definition_subjects",
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


def __getattr__(name: str) -> Any:
    if name in _OF_FRAMEWORKS:
        return getattr(import_module(_OF_FRAMEWORKS[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
