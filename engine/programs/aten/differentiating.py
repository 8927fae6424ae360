"""Functions of tensors, run with torch's own derivatives: on floats, and as programs on extended arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from ...errors import SpecError
from ...extended import ExtendedArray, to_float
from .operands import is_extended, numbers, shape_of
from .program import Program
from .tracing import traced

Function = Callable[..., Any]  # of the tensors alone

MOST_PROGRAMS = 256  # kept by one subject


def tensor_of(array: Any, is_differentiated: bool) -> Any:
    """A tensor with a copy of an array's numbers."""
    import torch

    plain = np.array(array, dtype=np.asarray(array).dtype.newbyteorder("="))
    return torch.from_numpy(plain).requires_grad_(is_differentiated)


def array_of(tensor: Any) -> Any:
    """An array with a copy of a tensor's numbers."""
    dense = tensor.detach().to_dense() if tensor.is_sparse else tensor.detach()
    return np.array(dense.numpy(force=True))


def gradients(output: Any, tensors: Sequence[Any], ct: Any) -> list[Any]:
    """One gradient for each tensor that wants one, None for the others.

    What torch knows no gradient of has a zero one: that is what it adds to in the rest of a graph, whether the
    output does not depend on the tensor or a backward returned None.
    """
    import torch

    wanted = [tensor for tensor in tensors if tensor.requires_grad]
    if output.requires_grad and wanted:
        found = torch.autograd.grad(output, wanted, ct, retain_graph=True, allow_unused=True)
    else:
        found = (None,) * len(wanted)
    parts = iter(torch.zeros_like(t) if g is None else g for t, g in zip(wanted, found, strict=True))
    return [next(parts) if tensor.requires_grad else None for tensor in tensors]


def one_tensor(output: Any, called: str) -> Any:
    """The output, if it is one tensor. Raises SpecError if it is not."""
    import torch

    if isinstance(output, torch.Tensor):
        return output
    raise SpecError(
        f"{called} returned a {type(output).__name__}, but should return one tensor. "
        f"Wrap it: torch_function(lambda *arrays: {called}(*arrays)[0], ...)."
    )


def put_back(tensor: Any, array: Any) -> None:
    """Write into an array what became of the tensor made from it, if something wrote into that tensor."""
    if tensor._version and array.flags.writeable:
        array[...] = tensor.detach().numpy()


@contextmanager
def randomness(is_declared: bool) -> Iterator[None]:
    """Where a function is declared to draw random numbers: the same ones in every run, and nobody else's."""
    import torch

    if not is_declared:
        yield
        return
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def plain(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options as Python's floats again, which is what torch takes."""
    return {key: to_float(value).item() if is_extended(value) else value for key, value in options.items()}


def pullback_program(
    function: Function, kinds: Sequence[tuple[tuple[int, ...], str]], differentiated: Sequence[bool], called: str
) -> Program:
    """What the function does and torch then does with a cotangent, as a program of the arguments and the cotangent."""
    import torch

    def pulled(*given: Any) -> list[Any]:
        tensors = [
            tensor.detach().requires_grad_() if wanted else tensor
            for tensor, wanted in zip(given[:-1], differentiated, strict=True)
        ]
        with torch.enable_grad():
            found = gradients(function(*tensors), tensors, given[-1])
        return [part for part in found if part is not None]

    return traced(pulled, kinds, called)


def kind_of(array: Any) -> tuple[tuple[int, ...], str]:
    """The shape and dtype of the tensor that stands for an array while a function is traced."""
    dtype = array.dtype
    return shape_of(array), "float64" if dtype.kind == "f" else str(dtype)


def for_a_program(array: Any) -> Any:
    """A copy of an argument: extended numbers, or a plain array of integers or booleans."""
    if array.dtype.kind == "f":
        return numbers(array).copy()
    return np.array(np.asarray(array))


def meets_extended(*arrays: Any) -> bool:
    """Whether any of the arrays holds extended numbers, or is a mask or count made of them."""
    return any(isinstance(array, ExtendedArray) or is_extended(array) for array in arrays)
