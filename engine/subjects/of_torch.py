"""Functions of torch as subjects: plain ones, `torch.autograd.Function`s, and modules with their parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Unpack

import numpy as np

from ..errors import NotExtendable, SpecError
from ..linear import Array
from ..programs.aten import differentiating as torchs
from ..programs.aten.tracing import traced
from .arguments import Trial
from .declared import Declarations, described
from .pairs import hand_written
from .structure import on_leaves
from .subject import Pullback, Subject
from .torch_callables import callee_of


def torch_function(
    function: Callable[..., Any], signature: str | None = None, **declared: Unpack[Declarations]
) -> Subject:
    """The subject of a torch callable: its forward, and the pullback that ``torch.autograd`` makes of it.

    ``function`` takes tensors and returns one: a plain function, a subclass of `torch.autograd.Function` (its
    ``apply`` is called, options by position), a `torch.nn.Module`, or a factory of modules (a module class, or a
    function of options alone). A module's parameters are arguments behind those of its forward, named as in
    ``named_parameters()``; buffers and the mode stay as they are, and the module itself is never changed. Integer
    and boolean arguments have no cotangent. A gradient that torch does not know (None) is zero.

    On extended arrays the function, and its own backward with it, is traced for each shape and evaluated operation
    by operation; where torch's compiled code is the derivative, or a value is asked for by Python code, the evidence
    is weaker, and says why. ``reference`` and ``derivative_of`` are functions of NumPy arrays: such as the
    ``forward`` of another subject. There is no pushforward. Raises SpecError where torch is not installed or the
    declarations do not fit the function.
    """
    try:
        import torch
    except ImportError as error:
        raise SpecError(
            f"torch_function needs torch, which cannot be imported ({error}). Remedy: pip install 'backproof[torch]'"
        ) from error

    callee = callee_of(function, signature, declared)
    declared = {**declared, "name": callee.name}
    if "like" in declared:
        declared["like"] = (*declared["like"], *callee.learned)

    def tried(given: Sequence[Any], options: Mapping[str, Any]) -> Any:
        return torchs.one_tensor(callee.running(options)(*given), callee.name)

    trial = Trial(tried, lambda array: torchs.tensor_of(array, False))
    about = described(callee.described, signature, callee.arguments, declared, trial=trial)
    programs: dict[Any, Any] = {}

    def bound(options: Mapping[str, Any]) -> Callable[..., Any]:
        run = on_leaves(callee.running(options), about.structure)
        return lambda *tensors: torchs.one_tensor(run(*tensors), about.name)

    def on_floats(primals: Sequence[Array], options: Mapping[str, Any]) -> tuple[list[Any], Any]:
        tensors = [
            torchs.tensor_of(p, np.asarray(p).dtype.kind == "f" and about.has_cotangent(i))
            for i, p in enumerate(primals)
        ]
        with torch.enable_grad(), torchs.randomness(about.is_random):
            output = bound(options)(*tensors)
        for tensor, primal in zip(tensors, primals, strict=True):
            torchs.put_back(tensor, primal)
        return tensors, output

    def program(kind: str, arrays: Sequence[Any], options: Mapping[str, Any]) -> Any:
        kinds = tuple(map(torchs.kind_of, arrays))
        key = (kind, kinds, repr(sorted(options.items())))
        if key not in programs:
            if len(programs) >= torchs.MOST_PROGRAMS:
                programs.clear()
            run = bound(options)
            try:
                if kind == "forward":
                    programs[key] = traced(run, kinds, about.name)
                else:
                    wanted = [about.has_cotangent(i) and dtype == "float64" for i, (_, dtype) in enumerate(kinds[:-1])]
                    programs[key] = torchs.pullback_program(run, kinds, wanted, about.name)
            except NotExtendable as error:
                programs[key] = error
        if isinstance(programs[key], NotExtendable):
            raise NotExtendable(str(programs[key]))
        return programs[key]

    def forward(*primals: Array, **options: Any) -> Array:
        if not torchs.meets_extended(*primals):
            return torchs.array_of(on_floats(primals, options)[1])
        return program("forward", primals, torchs.plain(options)).run([torchs.for_a_program(p) for p in primals])

    def extended_pullback(primals: Sequence[Array], options: Mapping[str, Any]) -> Pullback:
        kept = [torchs.for_a_program(p) for p in primals]

        def pull(ct: Array) -> Sequence[Array | None]:
            arrays = [*(p.copy() for p in kept), torchs.for_a_program(ct)]
            parts = iter(program("pullback", arrays, torchs.plain(options)).run(arrays))
            return [
                next(parts) if about.has_cotangent(i) and array.dtype.kind == "f" else None
                for i, array in enumerate(kept)
            ]

        return pull

    def vjp(*primals: Array, **options: Any) -> tuple[Array, Pullback]:
        if torchs.meets_extended(*primals):
            return forward(*primals, **options), extended_pullback(primals, options)
        tensors, output = on_floats(primals, options)

        def pull(ct: Array) -> Sequence[Array | None]:
            if torchs.meets_extended(ct):
                return extended_pullback(primals, options)(ct)
            given = torchs.tensor_of(ct, False)
            found = torchs.gradients(output, tensors, given)
            torchs.put_back(given, ct)
            return [None if part is None else torchs.array_of(part) for part in found]

        return torchs.array_of(output), pull

    return replace(
        hand_written(about, forward, vjp),
        written_in=callee.written_in,
        untraceable="of torch's functions only the pullback is verified",
    )
