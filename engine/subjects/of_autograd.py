"""Functions of HIPS autograd as subjects: whatever VJPs their primitives have, from the package or from a person."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Unpack

import numpy as np

from ..linear import Array
from ..options import first_values
from .arguments import Trial
from .autograd_arrays import Notes, autograd_itself
from .declared import Declarations, Described, described
from .layer import sample
from .pairs import hand_written
from .subject import Pullback, Subject, quietly


def autograd_function(
    function: Callable[..., Array],
    signature: str | None = None,
    *,
    forward_mode: bool | None = None,
    **declared: Unpack[Declarations],
) -> Subject:
    """The subject of a function written with ``autograd.numpy``, or of a ``@primitive`` with its own ``defvjp``.

    ``function(*arrays, **options)`` returns one array. The pullback is autograd's reverse mode, for all arguments at
    once, and the pushforward its forward mode; ``forward_mode=False`` leaves that out, and unless it is said, it is
    left out where autograd has no JVP for something that the function calls at a plain point.

    Raises SpecError where autograd is not installed, or where the declarations do not fit the function.
    """
    autograd, entering = autograd_itself()
    about = _described(function, signature, declared)
    moving = [i for i in range(len(about.arguments)) if about.has_cotangent(i)]

    def of_moving(primals: Sequence[Array], options: Mapping[str, Any], notes: Notes) -> Callable[[Any], Array]:
        """The function of a tuple of all arguments that move; it notes the cotangent of each as it arrives."""

        def run(moved: Any) -> Array:
            arrays = list(primals)
            for place, position in enumerate(moving):
                arrays[position] = entering(moved[place], position, notes)
            return function(*about.structure.nested(arrays), **options)

        return run

    def vjp(*primals: Array, **options: Any) -> tuple[Array, Pullback]:
        notes: Notes = {}
        with _without_a_word():
            pull, output = autograd.make_vjp(of_moving(primals, options, notes))(tuple(primals[i] for i in moving))

        def pullback(ct: Array) -> Sequence[Array | None]:
            notes.clear()
            without = dict(zip(moving, pull(ct), strict=True))  # zeros: for an argument that nothing depends on
            return [notes.get(position, without.get(position)) for position in range(len(primals))]

        return output, pullback

    def jvp(primals: Sequence[Array], tangents: Sequence[Array | None], **options: Any) -> Array:
        at = tuple(primals[i] for i in moving)
        along = tuple(np.zeros_like(primals[i]) if tangents[i] is None else tangents[i] for i in moving)
        with _without_a_word():
            return autograd.make_jvp(of_moving(primals, options, {}))(at)(along)[1]

    def forward(*primals: Array, **options: Any) -> Array:
        return function(*about.structure.nested(primals), **options)

    subject = hand_written(about, forward, vjp, function)
    missing = "forward_mode=False: autograd is declared to have none of it" if forward_mode is False else ""
    if forward_mode is None:
        missing = _no_forward_mode(about, jvp)
    # Autograd's own helpers make float arrays too, so that the names that they use are rebound beside the function's.
    own_helpers = autograd.tracer.primitive
    return replace(subject, jvp=None if missing else jvp, untraceable=missing, code=(function, own_helpers))


def _described(function: Callable[..., Array], signature: str | None, declared: Declarations) -> Described:
    """A description held against the function that a primitive wraps; a ufunc's arguments are x, or x1 and x2."""
    wrapped = getattr(function, "fun", function) if getattr(function, "_is_autograd_primitive", False) else function

    def run(given: Sequence[Array], options: Mapping[str, Any]) -> Array:
        return function(*given, **options)

    try:
        inspect.signature(wrapped)
    except ValueError:
        name = str(declared.get("name") or getattr(function, "__name__", "function"))
        count = len(declared["like"]) if "like" in declared else str(signature).partition("->")[0].count("(")
        names = ["x"] if count == 1 else [f"x{i + 1}" for i in range(count)]
        return described(lambda *_, **__: None, signature, names, {**declared, "name": name}, trial=Trial(run))
    return described(wrapped, signature, None, declared, trial=Trial(run))


def _no_forward_mode(about: Described, jvp: Callable[..., Array]) -> str:
    """Why there is no forward mode, or nothing where there is one: asked once, at a plain point."""
    point = sample(about.signature, about.domains)
    try:
        with quietly():
            jvp(
                point,
                [p if about.has_cotangent(i) else None for i, p in enumerate(point)],
                **first_values(about.options),
            )
    except (NotImplementedError, KeyError) as error:
        return f"autograd has no JVP of something that it calls: {error}"
    except Exception as error:  # a person's code may raise anything outside of its domain
        return (
            f"forward mode raised {type(error).__name__} at a plain point: {str(error).partition(chr(10))[0]}. "
            "Declare forward_mode=True where autograd has it"
        )
    return ""


@contextmanager
def _without_a_word() -> Iterator[None]:
    """Autograd warns of outputs that do not depend on the arguments; their cotangents are zero, and judged."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Output seems independent of input")
        yield
