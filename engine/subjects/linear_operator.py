"""Linear operators as subjects: ``matvec`` and its adjoint ``rmatvec``, or a matrix and its transpose."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Unpack

import numpy as np

from ..errors import SpecError, listed
from ..linear import Array
from ..options import first_values
from ..signatures import fill
from .declared import Declarations, Described, described
from .pairs import by_argument, hand_written
from .subject import Pullback, Subject

SAMPLE_SIZE = 4  # of the first named dimension where a factory is tried; each further one is larger by one
_OPERATORS = "Pass what has matvec, rmatvec and shape, a 2-d array, a sparse matrix, or a factory of operators."


def linear_operator(operator: Any, signature: str | None = None, **declared: Unpack[Declarations]) -> Subject:
    """The subject of a linear operator: forward and pushforward are its ``matvec``, the pullback is its ``rmatvec``.

    ``operator`` has ``matvec``, ``rmatvec`` and ``shape``, as those of SciPy and PyLops have, or it is a dense or
    sparse matrix: then ``A @ x`` and ``A.T @ x``. The signature follows from the shape: ``"(5)->(7)"`` for 7 rows
    and 5 columns.

    A factory makes operators anew at every run: it is called with the sizes of the signature's named dimensions, in
    order, and with the declared options by name: ``linear_operator(lambda n: Roll(n), "(n)->(n)")``, or with nothing
    behind the arrow where the output's size is computed. An argument of several dimensions, as in ``"(n,m)->"``, is
    handed to ``matvec`` flat.

    Raises SpecError where something is neither an operator nor a factory of them, where it has no ``rmatvec``, where
    it is complex, and where its shape contradicts the signature.
    """
    is_made = isinstance(operator, type) or (callable(operator) and not hasattr(operator, "shape"))
    called = declared.pop("name", "")
    if is_made:
        if signature is None:
            raise SpecError(
                f"{_named(operator)} is a factory of operators, and its signature is missing. Write one, such as "
                "'(n)->(n)': the factory is called with the size n."
            )
        about = described(operator, signature, ("x",), {**declared, "name": called or _named(operator)})
        sizes = {name: SAMPLE_SIZE + i for i, name in enumerate(about.signature.names)}
        sample = _first_made(operator, sizes, first_values(about.options))
    else:
        sample = _operator(operator)
        text = signature or f"({sample.shape[1]})->({sample.shape[0]})"
        if isinstance(sample, _Matrix) and hasattr(operator, "toarray") and "reference" not in declared:
            declared["reference"] = lambda x: operator.toarray() @ x.reshape(-1)  # sparse products are compiled
        about = described(lambda x: x, text, ("x",), {**declared, "name": called or _named(operator)})
        if about.signature.names:
            raise SpecError(
                f"signature={text!r} of {about.name} names sizes that are drawn anew, but the operator is there "
                f"already, with {sample.shape[1]} columns. Drop the signature, or pass a factory of operators."
            )
        sizes = {}
    _must_have_columns(sample, math.prod(fill(about.signature.inputs[0], sizes)), about)
    _must_be_real_and_have_an_adjoint(sample, about.name)

    def at(x: Array, options: Mapping[str, Any]) -> Any:
        if not is_made:
            return sample
        shape = tuple(int(size) for size in np.shape(x))
        made = _operator(operator(*about.signature.bind([shape])[0].values(), **options))
        _must_have_columns(made, math.prod(shape), about)
        return made

    def forward(x: Array, **options: Any) -> Array:
        return at(x, options).matvec(x.reshape(-1))

    def vjp(x: Array, **options: Any) -> tuple[Array, Pullback]:
        made, shape = at(x, options), x.shape
        output = made.matvec(x.reshape(-1))

        def pull(ct: Array) -> Sequence[Array | None]:
            pulled = made.rmatvec(ct)
            return by_argument(about, pulled if len(shape) == 1 else pulled.reshape(shape))

        return output, pull

    def jvp(primals: Sequence[Array], tangents: Sequence[Array | None], **options: Any) -> Array:
        (x,), (dx,) = primals, tangents
        return at(x, options).matvec((np.zeros_like(x) if dx is None else dx).reshape(-1))

    code = (sample.matvec, sample.rmatvec, *((operator,) if is_made else ()))
    return replace(hand_written(about, forward, vjp, *code), jvp=jvp)


@dataclass(frozen=True)
class _Matrix:
    """A dense or sparse matrix as an operator."""

    matrix: Any

    @property
    def shape(self) -> tuple[int, int]:
        rows, columns = self.matrix.shape
        return int(rows), int(columns)

    def matvec(self, x: Array) -> Array:
        return self.matrix @ x

    def rmatvec(self, ct: Array) -> Array:
        return self.matrix.T @ ct


def _named(operator: Any) -> str:
    """A factory's own name, if it has one, or the operator's class."""
    return str(getattr(operator, "__name__", type(operator).__name__)).strip("<>")


def _operator(given: Any) -> Any:
    """Something with ``matvec``, ``rmatvec`` and ``shape``, made of a matrix if it is one."""
    shape = getattr(given, "shape", None)
    if shape is None or len(shape) != 2:
        raise SpecError(
            f"the operator is a {_named(given)} {'without a shape' if shape is None else f'of shape {tuple(shape)}'}, "
            f"but should have a shape of two numbers, rows and columns. {_OPERATORS}"
        )
    missing = [name for name in ("matvec", "rmatvec") if not callable(getattr(given, name, None))]
    if len(missing) == 2 and hasattr(given, "__matmul__") and hasattr(given, "T"):
        return _Matrix(given)
    if missing:
        raise SpecError(
            f"the operator, a {_named(given)}, has no {listed(missing)}; its forward is matvec, and the pullback that "
            f"is verified is rmatvec, the product with its transpose. {_OPERATORS}"
        )
    return given


def _first_made(factory: Any, sizes: Mapping[str, int], options: Mapping[str, Any]) -> Any:
    try:
        made = factory(*sizes.values(), **options)
    except TypeError as error:
        given = [*map(str, sizes.values()), *(f"{name}={value!r}" for name, value in options.items())]
        raise SpecError(
            f"{_named(factory)}({', '.join(given)}) failed: {error}. The factory is called with the sizes of the "
            f"signature's named dimensions ({listed(sizes)}) and the declared options: wrap it in a lambda that takes "
            "these."
        ) from error
    return _operator(made)


def _must_have_columns(operator: Any, columns: int, about: Described) -> None:
    if operator.shape[1] != columns:
        raise SpecError(
            f"{about.name} has {operator.shape[1]} columns, but its signature {str(about.signature)!r} gives x "
            f"{columns} numbers. Change the signature, or what the factory makes of the sizes."
        )


def _must_be_real_and_have_an_adjoint(operator: Any, called: str) -> None:
    """Raise SpecError for complex operators, and for those whose ``rmatvec`` is not implemented; asked at zero."""
    kinds = [np.dtype(dtype).kind for dtype in [getattr(operator, "dtype", None)] if dtype is not None]
    try:
        kinds += [np.asarray(operator.rmatvec(np.zeros(int(operator.shape[0])))).dtype.kind]
    except NotImplementedError as error:
        raise SpecError(
            f"the rmatvec of {called} is not implemented{f': {error}' if str(error) else ''}. Give the operator its "
            "adjoint, such as LinearOperator(shape, matvec=..., rmatvec=...)."
        ) from error
    except Exception:  # a person's code may raise anything; it is told where the pullback is judged
        pass
    if "c" in kinds:
        raise SpecError(
            f"{called} is complex, and only real operators can be verified. Pass its real form, such as the operator "
            "from (real part, imaginary part) to (real part, imaginary part), whose adjoint is a transpose."
        )
