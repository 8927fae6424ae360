"""Layers and losses: plain NumPy functions with a signature, and perhaps a hand-derived pullback."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, get_args

import numpy as np

from ..domains import Domain, Labels, Mask, is_differentiable, real
from ..errors import BackproofError, SpecError, listed, nearest
from ..linear import Array, LinearMap
from ..linearization import linearize
from ..options import Option
from ..signatures import Signature, fill, parse
from ..tape import deepest, record_joint, taken_from
from ..transforms import derivative, jvp, vjp
from .curvature import curvature
from .requirements import must_be_one_of, must_be_separable, must_take_known_names
from .subject import Pullback, Subject

Fused = Callable[..., tuple[Array, Callable[[Array], Any]]]


@dataclass(frozen=True)
class Layer:
    """A NumPy function that is verified as soon as it is written, and called like the function itself."""

    function: Callable[..., Array]
    signature: Signature
    arguments: tuple[str, ...]
    domains: tuple[Domain, ...]
    options: Mapping[str, Option]
    fused: Fused | None = None
    batch: str = ""
    reduction: str = ""
    invariants: tuple[Callable[..., Any], ...] = ()

    @property
    def name(self) -> str:
        """The function's name."""
        return self.function.__name__

    @property
    def __doc__(self) -> str | None:  # type: ignore[override]  # each layer has the documentation of its function
        return self.function.__doc__

    def __call__(self, *arrays: Array, **options: Any) -> Array:
        """Call the function; on traced arrays a hand-derived pullback, if there is one, is what is recorded.

        It computes the cotangents of all arguments. Where most of that would be thrown away, because most of what
        could be differentiated is constant, the function is recorded step by step instead.
        """
        if len(arrays) != len(self.arguments):
            arrays, options = self._sorted(arrays, options)
        if self.fused is not None:
            tape = deepest(arrays)
            if tape is not None:
                values, parents = taken_from(tape, arrays)
                if -1 not in parents or not self._is_mostly_constant(values, parents):
                    return record_joint(tape, values, parents, options, self._run_fused, self._maps)
        return self.function(*arrays, **options)

    def _is_mostly_constant(self, values: Sequence[Array], parents: Sequence[int]) -> bool:
        traced = constant = 0
        for value, parent, counts in zip(values, parents, self._have_cotangents, strict=True):
            if parent >= 0:
                traced += value.size
            elif counts:
                constant += value.size if isinstance(value, np.ndarray) else np.size(value)
        return constant > traced

    @cached_property
    def _have_cotangents(self) -> tuple[bool, ...]:
        return tuple(map(is_differentiable, self.domains))

    def _run_fused(self, *arrays: Array, **options: Any) -> tuple[Array, Pullback]:
        assert self.fused is not None
        return with_tuple(self.fused(*arrays, **options))

    def _sorted(self, arrays: Sequence[Array], options: Mapping[str, Any]) -> tuple[tuple[Array, ...], dict[str, Any]]:
        """Arguments by position and options by keyword, however they were passed."""
        bound = inspect.signature(self.function).bind(*arrays, **options)
        bound.apply_defaults()
        given = dict(bound.arguments)
        return tuple(given.pop(name) for name in self.arguments), given

    def pullback(self, fused: Fused) -> Layer:
        """Add a hand-derived pullback: ``fused(*arrays, **options)`` returns the output and ``ct -> cotangents``."""
        return replace(self, fused=fused)

    def invariant(self, function: Callable[..., Any]) -> Layer:
        """Declare an invariant: a function that takes by name what it speaks of, and returns two equal things.

        The names are those of the arguments, ``y``, ``ct``, ``dx`` for the cotangent of x, and the options.
        Raises SpecError for another name.
        """
        must_take_known_names(function, self.name, self.arguments, self.options)
        return replace(self, invariants=(*self.invariants, function))

    def _maps(self, values: Sequence[Array], options: Mapping[str, Any]) -> Sequence[LinearMap | None]:
        return derivative(lambda *arrays: self.function(*arrays, **options), *values)


def layer(
    signature: str, *, domain: Mapping[str, Domain] | None = None, batch: str = "", **declared: Option | str
) -> Callable[[Callable[..., Array]], Layer]:
    """Make a NumPy function a layer: ``@layer("(n,i),(i,o),(o)->(n,o)", batch="n")``.

    ``domain`` says by argument name where an argument lives (any real numbers unless it says otherwise);
    ``batch`` names the dimension along which whole equals parts, and ``reduction="sum"`` or ``"mean"`` what an
    output without it does to the parts. Every other keyword declares an option of the function by what it may
    be (``reduction=Choice(("mean", "sum"))`` too). Raises SpecError where signature, domain, batch or options do
    not fit the function.
    """
    parsed = parse(signature)
    reduction = declared.pop("reduction") if isinstance(declared.get("reduction"), str) else ""
    options: dict[str, Any] = declared

    def decorate(function: Callable[..., Array]) -> Layer:
        parameters = inspect.signature(function).parameters
        arguments = tuple(name for name in parameters if name not in options)
        _must_be_known("option", options, function, parameters)
        _must_be_known("domain", domain or {}, function, arguments)
        must_be_one_of("option", options, get_args(Option))
        must_be_one_of("domain", domain or {}, get_args(Domain))
        if len(arguments) != len(parsed.inputs):
            raise SpecError(
                f"signature={signature!r} of {function.__name__} describes {len(parsed.inputs)} arguments, but the "
                f"function takes {len(arguments)} besides its declared options: {listed(arguments)}. "
                "Write one group an argument, and declare options by keyword: "
                f"layer({signature!r}, {arguments[-1] if arguments else 'axis'}=Real(0.0, 1.0))."
            )
        must_be_separable(function.__name__, parsed, batch, str(reduction), options)
        domains = tuple((domain or {}).get(argument, real) for argument in arguments)
        return Layer(function, parsed, arguments, domains, options, batch=batch, reduction=str(reduction))

    return decorate


def _must_be_known(
    what: str, given: Mapping[str, Any], function: Callable[..., Any], known: Sequence[str] | Mapping[str, Any]
) -> None:
    for name in given:
        if name not in known:
            raise SpecError(
                f"{what} {name!r} is not a parameter of {function.__name__}, which takes {listed(known)}."
                f"{nearest(name, known)} Rename it, or drop it from the decorator."
            )


def with_tuple(result: Any) -> tuple[Array, Pullback]:
    """A pullback that returns one array for a single argument, made to return a tuple like all others (or a dict).

    Raises SpecError where the result is not an output and a function.
    """
    if type(result) is not tuple or len(result) != 2 or not callable(result[1]):
        raise SpecError(
            f"a function given to .pullback returned {type(result).__name__}, but should return two things: the "
            "output, and the pullback, a function of the cotangent. Write: return y, lambda ct: (...)."
        )
    output, pullback = result

    def tupled(ct: Array) -> Any:
        cotangents = pullback(ct)
        if isinstance(cotangents, tuple | Mapping):
            return cotangents
        return tuple(cotangents) if isinstance(cotangents, list) else (cotangents,)

    return output, tupled


def layer_subject(layer: Layer, room: str = "") -> Subject:
    """The subject that a layer is; its fused pullback is judged if it has one, beside the traced one.

    ``room`` stands before the layer's name in the subject's, as in ``layers.affine``.
    """

    def bound(options: Mapping[str, Any]) -> Callable[..., Array]:
        return lambda *arrays: layer.function(*arrays, **options)

    def traced(*primals: Array, **options: Any) -> tuple[Array, Pullback]:
        return vjp(bound(options), *primals)

    def fused(*primals: Array, **options: Any) -> tuple[Array, Pullback]:
        assert layer.fused is not None
        return with_tuple(layer.fused(*primals, **options))

    def push(primals: Sequence[Array], tangents: Sequence[Array | None], **options: Any) -> Array:
        return jvp(bound(options), primals, tangents)[1]

    curved = curvature(lambda options: lambda *arrays: layer(*arrays, **options))
    untraceable = _why_not_traceable(layer) if layer.fused else ""
    return Subject(
        name=f"{room}.{layer.name}" if room else layer.name,
        signature=layer.signature,
        arguments=layer.arguments,
        domains=layer.domains,
        options=layer.options,
        forward=layer.function,
        vjp=fused if layer.fused else traced,
        jvp=None if untraceable else push,
        traced_vjp=traced if layer.fused and not untraceable else None,
        untraceable=untraceable,
        written_in=layer.fused or layer.function,
        code=tuple(filter(None, (layer.function, layer.fused))),
        batch=layer.batch,
        reduction=layer.reduction,
        invariants=layer.invariants,
        hvp=None if untraceable else curved["hvp"],
        hvp_by_reverse=None if untraceable else curved["hvp_by_reverse"],
    )


def _why_not_traceable(layer: Layer) -> str:
    """Why the tape cannot record a layer's forward, or nothing where it can: asked once, at a plain point."""
    try:
        linearize(layer.function, *sample(layer.signature, layer.domains))
    except (BackproofError, TypeError, ValueError, IndexError, AttributeError) as error:
        return f"the tape cannot record its forward: {str(error).splitlines()[0]}"
    return ""


def sample(
    signature: Signature,
    domains: Sequence[Domain],
    named: Sequence[int] = (2, 3, 4, 5, 7, 11, 13),
    leading: tuple[int, ...] = (2, 3),
    first: bool = True,
) -> list[Array]:
    """Plain arrays that fit a signature: small, all sizes different, floats between 1/2 and 3/2.

    Labels are the first, and masks nowhere true; unless labels of all kinds, and true entries, are wanted too.
    """
    sizes = dict(zip(signature.names, named, strict=False))
    arrays: list[Array] = []
    for number, (dimensions, domain) in enumerate(zip(signature.inputs, domains, strict=True)):
        shape = fill(dimensions, sizes, leading)
        if isinstance(domain, Labels | Mask):
            kinds = 2 if isinstance(domain, Mask) else sizes.get(str(domain.dimension), domain.dimension)
            drawn = np.arange(math.prod(shape)).reshape(shape) % (1 if first else int(kinds))
            arrays.append(drawn.astype(bool if isinstance(domain, Mask) else int))
        else:
            arrays.append(np.random.default_rng(number).uniform(0.5, 1.5, shape))
    return arrays
