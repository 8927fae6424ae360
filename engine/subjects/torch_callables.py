"""What torch lets people call, brought to one form: the names of the arguments, and a function of tensors."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import SpecError, listed
from ..options import first_values
from ..signatures import parse


@dataclass(frozen=True)
class Callee:
    """Something to call with tensors.

    ``running(options)`` is a function of the tensors alone. ``described`` is the function whose parameters the
    options are. ``learned`` are a module's parameters.
    """

    name: str
    arguments: tuple[str, ...] | None
    described: Callable[..., Any]
    written_in: Callable[..., Any] | None
    running: Callable[[Mapping[str, Any]], Callable[..., Any]]
    learned: tuple[Any, ...] = ()


def callee_of(function: Any, signature: str | None, declared: Mapping[str, Any]) -> Callee:
    """The callee that a torch callable is. Raises SpecError where it is none, or its module cannot be made."""
    import torch

    options = dict(declared.get("options", {}))
    name = str(declared.get("name") or getattr(function, "__name__", type(function).__name__))
    like = declared.get("like")
    count = len(like) if like is not None else len(parse(signature).inputs) if signature else 0
    if isinstance(function, type) and issubclass(function, torch.autograd.Function):
        return _of_function(function, name, count, options)
    if isinstance(function, torch.nn.Module):
        learned = len(list(function.parameters())) if like is not None else 0
        return _of_module(lambda **_: function, {}, function, name, count + learned, options)
    if not callable(function):
        raise SpecError(
            f"torch_function was given {function!r}, a {type(function).__name__}. Give it a function of tensors, a "
            "torch.autograd.Function, a torch.nn.Module, or a factory of modules."
        )
    if _takes_options_alone(function, options):
        made_with = {key: option for key, option in options.items() if key in _parameters(function)}
        module = _made(function, made_with, name)
        learned = len(list(module.parameters())) if like is not None else 0
        return _of_module(function, made_with, module, name, count + learned, options)
    return Callee(
        name=name,
        arguments=_names(_parameters(function), options, count),
        described=function if _parameters(function) else _any_options,
        written_in=function if inspect.isfunction(function) else None,
        running=lambda given: lambda *tensors: function(*tensors, **given),
    )


def _any_options(*_: Any, **__: Any) -> None:
    """Stands for a function whose parameters Python cannot see."""


def _parameters(function: Any) -> dict[str, inspect.Parameter]:
    try:
        return dict(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # torch's own functions are compiled
        return {}


def _names(parameters: Mapping[str, inspect.Parameter], options: Mapping[str, Any], count: int) -> tuple[str, ...]:
    """The names of so many array arguments: parameters that are no options, then x0, x1 and so on."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    names = [name for name, parameter in parameters.items() if parameter.kind in kinds and name not in options]
    if not parameters or any(p.kind is p.VAR_POSITIONAL for p in parameters.values()):
        names += [f"x{i}" for i in range(len(names), count)] if count > 1 or names else ["x"]
    return tuple(names[:count])


def _of_function(function: Any, name: str, count: int, options: Mapping[str, Any]) -> Callee:
    """``apply`` takes no keywords: options stand where the forward has them."""
    import torch

    parameters = _parameters(function.forward)
    has_context = function.setup_context == torch.autograd.Function.setup_context
    if has_context:
        parameters.pop(next(iter(parameters), ""), None)

    def running(given: Mapping[str, Any]) -> Callable[..., Any]:
        def run(*tensors: Any) -> Any:
            rest, arguments = list(tensors), []
            for key in parameters:
                if key in given:
                    arguments.append(given[key])
                elif rest:
                    arguments.append(rest.pop(0))
            return function.apply(*arguments, *rest)

        return run

    backward = function.backward if inspect.isfunction(function.backward) else None
    return Callee(name, _names(parameters, options, count), function.forward, backward, running)


def _takes_options_alone(function: Any, options: Mapping[str, Any]) -> bool:
    """Whether it is a factory: a class of modules, or a function that nothing but options need be given to."""
    import torch

    if isinstance(function, type) and issubclass(function, torch.nn.Module):
        return True
    needed = [p for p in _parameters(function).values() if p.default is p.empty and p.name not in options]
    return inspect.isfunction(function) and not needed


def _made(factory: Callable[..., Any], options: Mapping[str, Any], name: str) -> Any:
    import torch

    first = first_values(options)
    try:
        module = factory(**first)
    except TypeError as error:
        raise SpecError(
            f"{name}({', '.join(f'{key}={value!r}' for key, value in first.items())}) failed: {error}. A factory is "
            "called with the declared options alone: wrap it, as in lambda: Linear(3, 4)."
        ) from error
    if isinstance(module, torch.nn.Module):
        return module
    raise SpecError(
        f"{name} takes no tensors, so that it should be a factory of modules, but it returned a "
        f"{type(module).__name__}. Give it parameters, or return a torch.nn.Module."
    )


def _of_module(
    factory: Callable[..., Any],
    made_with: Mapping[str, Any],
    module: Any,
    name: str,
    count: int,
    options: Mapping[str, Any],
) -> Callee:
    import torch

    learned = tuple(key for key, _ in module.named_parameters())
    parameters = _parameters(module.forward)
    data = _names(parameters, options, max(count - len(learned), 0))
    needed = [p for p in parameters.values() if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
    if len(data) + len(learned) != count or len(data) < sum(p.name not in options for p in needed):
        raise SpecError(
            f"the signature of {name} describes {count} arguments, but its module takes {listed(parameters)} and has "
            f"the parameters {listed(learned)}. Write one group for each, parameters last."
        )

    def running(given: Mapping[str, Any]) -> Callable[..., Any]:
        own = _copied(factory(**{key: value for key, value in given.items() if key in made_with}))
        rest = {key: value for key, value in given.items() if key not in made_with}

        def run(*tensors: Any) -> Any:
            real = next((t.dtype for t in tensors if t.is_floating_point()), torch.float64)
            buffers = {
                key: buffer.to(real) if buffer.is_floating_point() else buffer.clone()
                for key, buffer in own.named_buffers()
            }
            buffers = {key: buffer.clone() for key, buffer in buffers.items()}
            state = {**buffers, **dict(zip(learned, tensors[len(data) :], strict=True))}
            return torch.func.functional_call(own, state, tensors[: len(data)], rest)

        return run

    described = _any_options if made_with else module.forward
    values = tuple(parameter.detach().to(torch.float64) for parameter in module.parameters())
    return Callee(name, (*data, *learned), described, type(module).forward, running, values)


def _copied(module: Any) -> Any:
    """A copy, so that what a forward keeps in its module stays out of the one that was handed in."""
    try:
        return copy.deepcopy(module)
    except (RuntimeError, TypeError):  # it holds what cannot be copied
        return module
