"""Layer objects as subjects: ``forward`` and ``backward`` methods, parameters and gradients as attributes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Unpack

import numpy as np

from ..errors import SpecError, listed, nearest
from ..linear import Array
from ..options import first_values
from .arguments import Trial
from .declared import Declarations, described
from .pairs import by_argument, hand_written
from .subject import Pullback, Subject


def layer_object(
    factory: Callable[..., Any],
    signature: str | None = None,
    *,
    parameters: Mapping[str, tuple[str, str]] | None = None,
    forward: str = "forward",
    backward: str = "backward",
    gradients: str = "assign",
    **declared: Unpack[Declarations],
) -> Subject:
    """The subject of a layer object: ``factory(**options)`` makes one, anew for every run.

    The arguments are those of its forward method, then its ``parameters``: by name, where the value and where
    its gradient stands, as dotted paths through attributes, dicts and lists (``{"w": ("params.W", "grads.W")}``).
    ``gradients`` says whether a backward assigns them or accumulates into them (``"accumulate"``: they are zero
    before). The backward method returns the cotangents of the forward's arguments. ``state`` names attributes.
    ``like`` has an example of each of the forward's arguments; those of parameters are read off the object.
    Raises SpecError where the declarations do not fit the object.
    """
    if gradients not in ("assign", "accumulate"):
        raise SpecError(f"gradients={gradients!r} should be 'assign' or 'accumulate': what a second backward does.")
    kept = dict(parameters or {})
    first = first_values(declared.get("options", {}))
    kind = factory if isinstance(factory, type) else type(_made(factory, first))
    for method in (forward, backward):
        if not callable(getattr(kind, method, None)):
            known = [name for name in dir(kind) if not name.startswith("_") and callable(getattr(kind, name))]
            raise SpecError(
                f"{kind.__name__} has no method {method!r}; its methods are {listed(known)}.{nearest(method, known)} "
                "Name them with forward= and backward=."
            )
    data = tuple(inspect.signature(getattr(kind, forward)).parameters)[1:]
    declared = {**declared, "name": declared.get("name", kind.__name__)}
    if "like" in declared:
        counted = len(declared["like"])
        made = _made(factory, first)
        declared["like"] = (*declared["like"], *(_read(made, path, "it is made") for path, _ in kept.values()))
    else:
        counted = (signature or "").split("->")[0].count("(") - len(kept)

    def called(given: Sequence[Any], options: Mapping[str, Any]) -> tuple[Any, Array]:
        instance = _made(factory, options)
        for (value_path, _), value in zip(kept.values(), given[counted:], strict=True):
            _assign(instance, value_path, value, must_exist=True)
        return instance, getattr(instance, forward)(*given[:counted])

    about = described(
        factory,
        signature,
        (*data[:counted], *kept),
        declared,
        attributes=True,
        trial=Trial(lambda given, options: called(given, options)[1]),
    )

    def run(primals: Sequence[Array], options: Mapping[str, Any]) -> tuple[Any, Array]:
        return called(about.structure.nested(primals), options)

    def vjp(*primals: Array, **options: Any) -> tuple[Array, Pullback]:
        instance, output = run(primals, options)

        def pull(ct: Array) -> Sequence[Array | None]:
            if gradients == "accumulate":
                for (_, path), value in zip(kept.values(), primals[len(primals) - len(kept) :], strict=True):
                    _assign(instance, path, np.zeros_like(value))
            returned = getattr(instance, backward)(ct)
            parts = tuple(returned) if isinstance(returned, tuple | list) else (returned,)
            of_parameters = [_read(instance, path, "the backward") for _, path in kept.values()]
            return by_argument(about, (*parts, *of_parameters))

        return output, pull

    return hand_written(
        about,
        lambda *primals, **options: run(primals, options)[1],
        vjp,
        getattr(kind, forward),
        getattr(kind, backward),
        factory,
    )


def _made(factory: Callable[..., Any], options: Mapping[str, Any]) -> Any:
    try:
        return factory(**options)
    except TypeError as error:
        name = getattr(factory, "__name__", repr(factory))
        raise SpecError(
            f"{name}({', '.join(f'{key}={value!r}' for key, value in options.items())}) failed: {error}. "
            "The factory is called with the declared options alone: wrap it, as in lambda: Linear(3, 4); parameters= "
            "replaces its arrays."
        ) from error


def _step(holder: Any, name: str) -> Any:
    if isinstance(holder, Mapping):
        return holder[name]
    return holder[int(name)] if isinstance(holder, list) else getattr(holder, name)


def _read(instance: Any, path: str, after: str) -> Any:
    for name in path.split("."):
        try:
            instance = _step(instance, name)
        except (AttributeError, KeyError, IndexError, ValueError) as error:
            raise SpecError(
                f"after {after}, {type(instance).__name__} has no {name!r} (parameters= says {path!r}). "
                "Name the attribute in which it stands then."
            ) from error
    return instance


def _names_used(kind: type) -> list[str]:
    """The attributes that the methods of a class speak of."""
    codes = [
        function.__code__ for base in kind.__mro__ for function in vars(base).values() if hasattr(function, "__code__")
    ]
    return sorted({name for code in codes for name in code.co_names if not name.startswith("_")})


def _assign(instance: Any, path: str, value: Any, must_exist: bool = False) -> None:
    *way, last = path.split(".")
    for name in way:
        try:
            instance = _step(instance, name)
        except (AttributeError, KeyError, IndexError, ValueError) as error:
            raise SpecError(
                f"{type(instance).__name__} has no {name!r}, through which parameters= leads with {path!r}. "
                "Name the way to the array as the object has it after it is made."
            ) from error
    if isinstance(instance, dict):
        instance[last] = value
    elif isinstance(instance, list):
        instance[int(last)] = value
    elif must_exist and not hasattr(instance, last) and last not in _names_used(type(instance)):
        known = [name for name in vars(instance) if not name.startswith("_")] or _names_used(type(instance))
        raise SpecError(
            f"{type(instance).__name__} has no {last!r}, where parameters= puts a value ({path!r}); it has "
            f"{listed(known)}.{nearest(last, known)} Name the attribute that its forward reads."
        )
    else:
        setattr(instance, last, value)
