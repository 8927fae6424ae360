"""Hand-written pullbacks as subjects: an operation that returns its pullback, or a forward and a backward."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Unpack

from ..errors import SpecError, listed
from ..linear import Array
from .arguments import Trial
from .declared import Declarations, Described, described
from .layer import with_tuple
from .randomness import randomness_of
from .structure import spellings
from .subject import Pullback, Subject

_CACHES = frozenset(["cache", "ctx", "context", "saved", "residuals", "memory", "tape", "state", "saved_tensors"])


def pullback(
    operation: Callable[..., tuple[Array, Callable[[Array], Any]]],
    signature: str | None = None,
    **declared: Unpack[Declarations],
) -> Subject:
    """The subject of an operation that returns its output and its pullback.

    ``operation(*arrays, **options)`` returns ``(output, vjp)``; ``vjp(ct)`` returns a tuple (or list, or dict by
    argument name) of cotangents, or one array where there is one. Raises SpecError where the declarations do
    not fit the operation.
    """
    about = described(
        operation, signature, None, declared, trial=Trial(lambda given, options: operation(*given, **options)[0])
    )

    def called(primals: Sequence[Array], options: Mapping[str, Any]) -> Any:
        return operation(*about.structure.nested(primals), **options)

    def vjp(*primals: Array, **options: Any) -> tuple[Array, Pullback]:
        output, pull = with_tuple(called(primals, options))
        return output, lambda ct: by_argument(about, pull(ct))

    return hand_written(about, lambda *primals, **options: called(primals, options)[0], vjp, operation)


def pair(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    signature: str | None = None,
    *,
    cache_first: bool | None = None,
    **declared: Unpack[Declarations],
) -> Subject:
    """The subject of a forward and a backward, such as ``affine_forward`` and ``affine_backward``.

    ``forward(*arrays, **options)`` returns ``(output, cache)``, and ``backward(ct, cache)`` the cotangents; or it
    returns the output alone, and then it is ``backward(ct, *arrays)``. Options that the backward takes by name are
    passed on. Whether the cache stands first is read off the backward's parameter names unless ``cache_first``
    says it. Cotangents are a tuple, a list, a dict by argument name (``dx`` or ``x``), or one array. Raises
    SpecError where the declarations do not fit the functions.
    """
    trial = Trial(lambda given, options: _split(forward(*given, **options))[0])
    about = described(forward, signature, None, declared, trial=trial)
    taken = inspect.signature(backward).parameters
    swapped = _names_a_cache(next(iter(taken), "")) if cache_first is None else cache_first

    def run(primals: Sequence[Array], options: Mapping[str, Any]) -> tuple[Array, tuple[Any, ...], bool]:
        given = about.structure.nested(primals)
        output, cache = _split(forward(*given, **options))
        return output, cache or tuple(given), bool(cache)

    def vjp(*primals: Array, **options: Any) -> tuple[Array, Pullback]:
        output, cache, has_cache = run(primals, options)
        filled = list(taken)[: 1 + len(cache)]
        passed_on = {name: value for name, value in options.items() if name in taken and name not in filled}
        _must_take(backward, 1 + len(cache), passed_on, about.name, has_cache)

        def pull(ct: Array) -> Sequence[Array | None]:
            arguments = (*cache, ct) if has_cache and swapped else (ct, *cache)
            return by_argument(about, backward(*arguments, **passed_on))

        return output, pull

    return hand_written(about, lambda *primals, **options: run(primals, options)[0], vjp, forward, backward)


def _split(result: Any) -> tuple[Any, tuple[Any, ...]]:
    """The output, and what the backward is handed beside the cotangent; nothing where a forward returns no cache."""
    if isinstance(result, tuple) and len(result) >= 2:
        return result[0], result[1:]
    return result, ()


def _names_a_cache(parameter: str) -> bool:
    name = parameter.lower().strip("_")
    return name in _CACHES or name.endswith("cache")


def _must_take(
    backward: Callable[..., Any], count: int, options: Mapping[str, Any], name: str, has_cache: bool
) -> None:
    try:
        inspect.signature(backward).bind(*[None] * count, **options)
    except TypeError as error:
        came = f"{count - 1} further result{'s' * (count > 2)} of the forward" if has_cache else "the arguments"
        raise SpecError(
            f"the backward of {name} should take the cotangent and {came}"
            f"{' and ' + listed(options) if options else ''}, but {error}. "
            "Return the output and one cache from the forward, and give the backward (ct, cache)."
        ) from error


def hand_written(
    about: Described, forward: Callable[..., Array], vjp: Callable[..., Any], *code: Callable[..., Any]
) -> Subject:
    """The subject of a description, a forward, a vjp, and the functions that a person wrote."""
    return Subject(
        name=about.name,
        signature=about.signature,
        arguments=about.arguments,
        domains=about.domains,
        options=about.options,
        forward=forward,
        vjp=vjp,
        constants=about.constants,
        state=about.state,
        written_in=code[min(1, len(code) - 1)] if code else None,
        code=code,
        randomness=randomness_of(*code) if about.is_random else None,
        **about.kept,
    )


def by_argument(about: Described, cotangents: Any) -> Sequence[Array | None]:
    """Cotangents in the order of the arguments, however a pullback returned them; None for those without one."""
    differentiated = [i for i in range(len(about.arguments)) if about.has_cotangent(i)]
    if not about.structure.is_flat:
        cotangents = tuple(about.structure.flattened(cotangents))
    if isinstance(cotangents, Mapping):
        return tuple(_named(cotangents, name, i in differentiated) for i, name in enumerate(about.arguments))
    parts = list(cotangents) if isinstance(cotangents, tuple | list) else [cotangents]
    if len(parts) == len(differentiated) < len(about.arguments):
        result: list[Array | None] = [None] * len(about.arguments)
        for position, part in zip(differentiated, parts, strict=True):
            result[position] = part
        return result
    return parts


def _named(cotangents: Mapping[str, Any], name: str, needed: bool) -> Any:
    for key in spellings(name):
        if key in cotangents:
            return cotangents[key]
    if needed:
        raise SpecError(
            f"the pullback returned cotangents named {listed(cotangents)}, and none of them is {name!r} or 'd{name}'. "
            "Name each cotangent after its argument, or return a tuple."
        )
    return None
