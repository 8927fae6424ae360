"""What backproof verifies: one thing with a forward and a pullback, and a description of its arguments."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..domains import Domain, is_differentiable
from ..errors import SpecError
from ..linear import Array
from ..options import Option
from ..signatures import Signature
from .randomness import Randomness

Options = Mapping[str, Any]
Pullback = Callable[[Array], Sequence[Array | None]]
Vjp = Callable[..., tuple[Array, Pullback]]


Hvp = Callable[..., Sequence[Array | None]]


@dataclass(frozen=True)
class Subject:
    """Something to verify, from wherever it came.

    ``forward(*primals, **options)`` returns the output. ``vjp(*primals, **options)`` returns the output and
    the pullback, which takes a cotangent to one cotangent an argument, None for arguments without one.
    ``jvp(primals, tangents, **options)`` returns the output's tangent (a None tangent is zero), and
    ``hvp(primals, tangents, ct, **options)`` how the cotangents change along the tangents, as the pushforward of the
    pullback; ``hvp_by_reverse`` computes the same as the pullback of the pushforward.
    ``traced_vjp`` stands beside a hand-derived ``vjp`` that must agree with it.
    """

    name: str
    signature: Signature
    arguments: tuple[str, ...]
    domains: tuple[Domain, ...]
    options: Mapping[str, Option]
    forward: Callable[..., Array]
    vjp: Vjp
    jvp: Callable[..., Array] | None = None
    traced_vjp: Vjp | None = None
    constants: frozenset[int] = frozenset()  # arguments that are not differentiated although they could be
    written_in: Callable[..., Any] | None = None  # the function a person wrote, to be shown
    untraceable: str = ""  # why there is no traced pullback nor pushforward beside a hand-derived one
    stages: tuple[Stage, ...] = ()  # where it is a stack: its layers
    code: tuple[Any, ...] = ()  # the functions that a person wrote, whose names lead to everything they use
    state: tuple[str, ...] = ()  # arguments (or attributes) that the code changes in place
    randomness: Randomness | None = None  # where the generators stood, of a forward that draws random numbers
    reference: Callable[..., Array] | None = None
    derivative_of: Callable[..., Array] | None = None
    cotangent_map: Callable[[Array], Array] | None = None
    at_kink: str = "between"
    accuracy: str = "normwise"
    batch: str = ""  # the dimension of the signature along which whole equals parts
    reduction: str = ""  # what an output without that dimension does to the parts: "sum" or "mean"
    invariants: tuple[Callable[..., Any], ...] = ()  # each returns two things that must be equal
    hvp: Hvp | None = None
    hvp_by_reverse: Hvp | None = None

    def is_differentiated(self, position: int) -> bool:
        """Whether the argument at this position has a cotangent."""
        return is_differentiable(self.domains[position]) and position not in self.constants

    def put_randomness_back(self) -> None:
        """Put the random generators back to where they stood when the subject was made, if it is declared random."""
        if self.randomness is not None:
            self.randomness.put_back()

    @property
    def differentiated(self) -> tuple[int, ...]:
        """The positions of the arguments that have a cotangent."""
        return tuple(i for i in range(len(self.arguments)) if self.is_differentiated(i))


@dataclass(frozen=True)
class Stage:
    """One layer of a stack, and the positions of the stack's arguments that it takes behind the running value.

    One that is added does not take the running value; what it returns is added to it. ``opens`` branches begin
    in front of it, and ``closes`` end behind it: there, what came into the branch is added to what comes out.
    """

    subject: Subject
    takes: tuple[int, ...]
    options: Options
    is_added: bool = False
    opens: int = 0
    closes: int = 0

    @property
    def shown(self) -> str:
        """The layer's name with the brackets around branches, as in ``affine -> [relu -> affine] + skip``."""
        return "[" * self.opens + self.subject.name + "] + skip" * self.closes


def checked_vjp(subject: Subject, primals: Sequence[Array], options: Options) -> tuple[Array, Pullback]:
    """Run a subject on float arrays, and hold what it returns against its description.

    Raises SpecError if the forward fails, if its output contradicts the signature, or if the pullback
    returns another number of cotangents than there are arguments.
    """
    try:
        output, pullback = subject.vjp(*primals, **options)
    except SpecError:
        raise
    except Exception as error:
        shapes = ", ".join(f"{a}{np.shape(p)}" for a, p in zip(subject.arguments, primals, strict=True))
        raise SpecError(
            f"the forward of {subject.name} raised {type(error).__name__}: {error}; it was called with {shapes}"
            f"{f' and {dict(options)}' if options else ''}, which its signature {str(subject.signature)!r} allows. "
            "Narrow the signature or the domain, or mend the forward."
        ) from error
    expected = subject.signature.output_shape([np.shape(p) for p in primals])
    if expected is not None and np.shape(output) != expected:
        raise SpecError(
            f"the forward of {subject.name} returned an output of shape {np.shape(output)}, but its signature "
            f"{str(subject.signature)!r} says {expected} for arguments of shapes {[np.shape(p) for p in primals]}. "
            "Change the signature's right-hand side or the forward."
        )

    return output, lambda ct: counted(subject, pullback(ct))


@contextmanager
def quietly() -> Iterator[None]:
    """A run on floats whose overflows and divisions by zero nobody is to hear of: they are judged, not printed."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


def must_repeat(subject: Subject, primals: Sequence[Array], options: Options) -> None:
    """Raise SpecError where two forwards of the same arrays return different values: something is drawn anew."""
    with quietly():
        outputs: list[Array] = []
        for _ in range(2):
            subject.put_randomness_back()
            try:
                outputs.append(np.asarray(subject.forward(*(p.copy() for p in primals), **options)))
            except Exception:  # whatever it is, it is told elsewhere
                return
    one, two = outputs
    if one.shape != two.shape or not np.array_equal(one, two, equal_nan=one.dtype.kind == "f"):
        raise SpecError(
            f"the forward of {subject.name} returned different values for the same arguments, twice in a row. Declare "
            "random=True if it draws random numbers, or state=(...) for what it keeps and changes."
        )


def counted(subject: Subject, cotangents: Any) -> Sequence[Array | None]:
    """What a pullback returned, if it is one cotangent an argument. Raises SpecError if it is not."""
    if isinstance(cotangents, tuple | list) and len(cotangents) == len(subject.arguments):
        return cotangents
    returned = f"one {type(cotangents).__name__}"
    if isinstance(cotangents, tuple | list):
        nothing = len(cotangents) == 1 and cotangents[0] is None
        returned = (
            "None (has it no return?)" if nothing else f"{len(cotangents)} cotangent{'s' * (len(cotangents) != 1)}"
        )
    raise SpecError(
        f"the pullback of {subject.name} returned {returned}, but there are {len(subject.arguments)} "
        f"arguments ({', '.join(subject.arguments)}). "
        "Return a tuple with one cotangent an argument, None for those that have none."
    )
