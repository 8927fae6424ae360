"""From a function of tensors to a program: torch records what it does, and each operation finds its stand-in."""

from __future__ import annotations

import operator
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...errors import NotExtendable
from .program import Expected, Program, Ref, Step
from .table import BY_MEMORY, RESHAPING, SILENT, STORAGE, implementation, lifts_operands

_ARITHMETIC = frozenset(
    getattr(operator, name)
    for name in ("add", "sub", "mul", "floordiv", "mod", "neg", "eq", "ne", "lt", "le", "gt", "ge")
)


def traced(function: Callable[..., Any], shapes: Sequence[tuple[tuple[int, ...], str]], called: str) -> Program:
    """The program of a function of tensors of the given shapes and dtypes.

    Tensors without numbers in them run through the function, so nothing that it does can depend on numbers.
    Raises NotExtendable where it asks for them, or meets an operation that nothing stands for.
    """
    import torch
    from torch.fx.experimental.proxy_tensor import make_fx

    examples = [torch.zeros(shape, dtype=getattr(torch, dtype)) for shape, dtype in shapes]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            recorded = make_fx(function, tracing_mode="fake", _allow_non_fake_inputs=True)(*examples)
    except Exception as error:  # whatever a person's code raises when its tensors have no numbers
        raise NotExtendable(f"torch cannot trace {called}: {_said(error)}") from error
    recorded.graph.eliminate_dead_code()
    return _compiled(recorded)


def _said(error: Exception) -> str:
    name = type(error).__name__
    if "DataDependent" in name or "data-dependent" in str(error):
        return "its Python code asks for the value of a tensor (an if, a float() or an item())"
    return f"{name}: {next(iter(str(error).strip().splitlines()), '')}"


def _compiled(recorded: Any) -> Program:
    inputs: list[str] = []
    constants: dict[str, Any] = {}
    steps: list[Step] = []
    output: Any = None
    for node in recorded.graph.nodes:
        if node.op == "placeholder":
            inputs.append(node.name)
        elif node.op == "get_attr":
            constants[node.name] = operator.attrgetter(node.target)(recorded)
        elif node.op == "output":
            output = _referring(node.args[0])
        else:
            steps.append(_step(node))
    writes = any(step.target is not None for step in steps)
    return Program(tuple(inputs), constants, tuple(steps), output, writes)


def _step(node: Any) -> Step:
    schema = getattr(node.target, "_schema", None)
    if schema is None:
        return _of_python(node)
    space, _, packet = schema.name.partition("::")
    called = f"{space}.{packet}"
    if "_backward" in packet:
        raise NotExtendable(
            f"torch's operation {called} is a derivative in compiled code, of which no formula is there to be run"
        )
    is_in_place = schema.is_mutable and packet.endswith("_")
    is_written = is_in_place and packet not in RESHAPING
    base = packet.removesuffix("_") if is_in_place else packet
    function = implementation(base, schema.overload_name) if space == "aten" else None
    if packet in SILENT:
        function = _nothing
    if function is None:
        raise NotExtendable(f"torch's operation {called} is not known on extended-precision numbers")
    keywords = {key: _referring(value) for key, value in node.kwargs.items() if key not in STORAGE and key != "out"}
    if packet in BY_MEMORY:
        keywords["by_rows"] = node.args[0].meta["val"].is_contiguous()
    value = node.meta.get("val")
    is_real = _dtype_of(value, called).kind == "f" if _is_tensor(value) else False
    arguments = tuple(map(_referring, node.args))
    return Step(
        name=node.name,
        operation=called,
        function=function,
        arguments=arguments,
        keywords=keywords,
        expected=tuple(_expected(part, called) for part in value)
        if isinstance(value, list | tuple)
        else (_expected(value, called),),
        is_tuple=isinstance(value, list | tuple),
        lifts=is_real and lifts_operands(base),
        target=arguments[0] if is_written else _referring(node.kwargs.get("out")),
        is_view=packet in RESHAPING
        or any(one.alias_info is not None and not one.alias_info.is_write for one in schema.returns),
    )


def _of_python(node: Any) -> Step:
    """A Python operator: taking a part of a result, or arithmetic of sizes that depend on the data."""
    called = getattr(node.target, "__name__", str(node.target))
    if node.target is not operator.getitem and node.target not in _ARITHMETIC:
        raise NotExtendable(f"torch's operation {called} is not known on extended-precision numbers")
    return Step(node.name, called, node.target, tuple(map(_referring, node.args)), {}, (None,), False, False)


def _nothing(*_: Any, **__: Any) -> None:
    return None


def _referring(value: Any) -> Any:
    """A nest of arguments with references in place of nodes, and nothing in place of torch's own descriptions."""
    if hasattr(value, "op") and hasattr(value, "graph"):
        return Ref(value.name)
    if isinstance(value, list | tuple):
        return [_referring(part) for part in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if type(value).__module__.startswith("torch"):
        return None
    raise NotExtendable(f"torch traced an argument {value!r}, of which nothing is known on extended numbers")


def _is_tensor(value: Any) -> bool:
    return hasattr(value, "dtype") and hasattr(value, "shape")


def _expected(value: Any, called: str) -> Expected | None:
    if not _is_tensor(value):
        return None
    sizes = tuple(value.shape)
    return Expected(_dtype_of(value, called), sizes if all(type(size) is int for size in sizes) else None)


def _dtype_of(value: Any, called: str) -> np.dtype[Any]:
    """NumPy's dtype; of bfloat16, which it has not, that of the numbers in it."""
    if value.dtype.is_complex:
        raise NotExtendable(f"torch's operation {called} makes complex numbers; only real ones are supported")
    name = str(value.dtype).removeprefix("torch.")
    return np.dtype("float32" if name == "bfloat16" else name)
