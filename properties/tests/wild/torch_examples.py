"""Functions of torch with backwards of their own, right ones and the same with a mistake, as people write them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch.autograd import Function

from backproof.engine.domains import Interval, Labels, positive
from backproof.engine.options import Real
from backproof.engine.subjects import Subject
from backproof.engine.subjects.of_torch import torch_function


@dataclass(frozen=True)
class Example:
    """A right subject, and the same with a mistake in its backward, which a property finds."""

    right: Subject
    wrong: Subject
    mistake: str
    caught_by: str = "vjp_matches_differences"


def example(right: Any, wrong: Any, signature: str, mistake: str, caught_by: str = "", **declared: Any) -> Example:
    """Two functions under one description."""
    subjects = [torch_function(function, signature, **declared) for function in (right, wrong)]
    return Example(*subjects, mistake, caught_by or "vjp_matches_differences")


class Legendre3(Function):
    """P3(x) = (5 x^3 - 3 x) / 2."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return 0.5 * (5 * x**3 - 3 * x)

    @staticmethod
    def backward(ctx, ct):
        (x,) = ctx.saved_tensors
        return ct * 1.5 * (5 * x**2 - 1)


class Legendre3Sign(Legendre3):
    @staticmethod
    def backward(ctx, ct):
        (x,) = ctx.saved_tensors
        return ct * 1.5 * (5 * x**2 + 1)


class Exp(Function):
    """Saves its output."""

    @staticmethod
    def forward(ctx, x):
        y = x.exp()
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, ct):
        (y,) = ctx.saved_tensors
        return ct * y


class ExpOfOutput(Exp):
    @staticmethod
    def backward(ctx, ct):
        (y,) = ctx.saved_tensors
        return ct * y.exp()


class Relu(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, ct):
        (x,) = ctx.saved_tensors
        dx = ct.clone()
        dx[x < 0] = 0
        return dx


class ReluThatDoublesBelow(Relu):
    @staticmethod
    def backward(ctx, ct):
        (x,) = ctx.saved_tensors
        return torch.where(x > 0, ct, 2 * ct)


class ReluInPlace(Relu):
    @staticmethod
    def backward(ctx, ct):
        (x,) = ctx.saved_tensors
        return ct.mul_((x > 0).to(ct.dtype))


class ReluByMask(Relu):
    @staticmethod
    def backward(ctx, ct):
        (x,) = ctx.saved_tensors
        return ct * (x > 0)


class Affine(Function):
    """A linear layer with a bias, in the style with ``needs_input_grad``."""

    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save_for_backward(x, weight)
        return x.mm(weight.t()) + bias.unsqueeze(0).expand(x.shape[0], -1)

    @staticmethod
    def backward(ctx, ct):
        x, weight = ctx.saved_tensors
        dx = dweight = dbias = None
        if ctx.needs_input_grad[0]:
            dx = ct.mm(weight)
        if ctx.needs_input_grad[1]:
            dweight = ct.t().mm(x)
        if ctx.needs_input_grad[2]:
            dbias = ct.sum(0)
        return dx, dweight, dbias


class AffineMeanBias(Affine):
    @staticmethod
    def backward(ctx, ct):
        x, weight = ctx.saved_tensors
        return ct.mm(weight), ct.t().mm(x), ct.mean(0)


class Square(Function):
    """A product with a square matrix, whose transpose is easily forgotten."""

    @staticmethod
    def forward(ctx, x, weight):
        ctx.save_for_backward(x, weight)
        return x @ weight

    @staticmethod
    def backward(ctx, ct):
        x, weight = ctx.saved_tensors
        return ct @ weight.T, x.T @ ct


class SquareNotTransposed(Square):
    @staticmethod
    def backward(ctx, ct):
        x, weight = ctx.saved_tensors
        return ct @ weight, x.T @ ct


class Scaled(Function):
    """An option by position, as ``apply`` has it, and a forward without a context."""

    @staticmethod
    def forward(x, slope=0.25):
        return torch.where(x > 0, x, slope * x)

    @staticmethod
    def setup_context(ctx, inputs, output):
        x, ctx.slope = inputs
        ctx.save_for_backward(x)

    @staticmethod
    def backward(ctx, ct):
        (x,) = ctx.saved_tensors
        return torch.where(x > 0, ct, ctx.slope * ct), None


class ScaledIgnoringItsOption(Scaled):
    @staticmethod
    def backward(ctx, ct):
        (x,) = ctx.saved_tensors
        return torch.where(x > 0, ct, 0.25 * ct), None


class Centred(Function):
    """x - mean(x), whose mean depends on every entry."""

    @staticmethod
    def forward(ctx, x):
        return x - x.mean(-1, keepdim=True)

    @staticmethod
    def backward(ctx, ct):
        return ct - ct.mean(-1, keepdim=True)


class CentredByConstants(Centred):
    @staticmethod
    def backward(ctx, ct):
        return ct.clone()


class Energy(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return (x * x).sum() / 2

    @staticmethod
    def backward(ctx, ct):
        (x,) = ctx.saved_tensors
        return ct * x


class EnergyWithoutCotangent(Energy):
    @staticmethod
    def backward(ctx, ct):
        (x,) = ctx.saved_tensors
        return x.clone()


class Shifted(Function):
    """x + b, with b broadcast over the rows."""

    @staticmethod
    def forward(ctx, x, b):
        return x + b

    @staticmethod
    def backward(ctx, ct):
        return ct, ct.sum(0)


class ShiftedByOneRow(Shifted):
    @staticmethod
    def backward(ctx, ct):
        return ct, ct[0].clone()


class Norm(Function):
    """Written in place, on buffers and through views."""

    @staticmethod
    def forward(ctx, x):
        total = torch.zeros((), dtype=x.dtype)
        for row in range(x.shape[0]):
            total.add_(x[row].square().sum())
        norm = total.sqrt()
        ctx.save_for_backward(x, norm)
        return norm

    @staticmethod
    def backward(ctx, ct):
        x, norm = ctx.saved_tensors
        dx = torch.empty_like(x)
        for row in range(x.shape[0]):
            dx[row] = x[row]
        return dx.mul_(ct / norm)


class NormWithoutRoot(Norm):
    @staticmethod
    def backward(ctx, ct):
        x, _ = ctx.saved_tensors
        return ct * x


class Spread(Function):
    """Rows taken by integers, and put back where they came from."""

    @staticmethod
    def forward(ctx, table, rows):
        ctx.save_for_backward(rows)
        ctx.shape = table.shape
        return table[rows]

    @staticmethod
    def backward(ctx, ct):
        (rows,) = ctx.saved_tensors
        dtable = torch.zeros(ctx.shape, dtype=ct.dtype)
        return dtable.index_add_(0, rows, ct), None


class SpreadOverwriting(Spread):
    @staticmethod
    def backward(ctx, ct):
        (rows,) = ctx.saved_tensors
        dtable = torch.zeros(ctx.shape, dtype=ct.dtype)
        dtable[rows] = ct
        return dtable, None


class InverseErf(Function):
    """Uses an operation that has no stand-in on extended numbers."""

    @staticmethod
    def forward(ctx, x):
        y = torch.erfinv(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, ct):
        (y,) = ctx.saved_tensors
        return ct * 0.5 * torch.pi**0.5 * torch.exp(y**2)


class InverseErfWithoutHalf(InverseErf):
    @staticmethod
    def backward(ctx, ct):
        (y,) = ctx.saved_tensors
        return ct * torch.pi**0.5 * torch.exp(y**2)


class Tanh(Function):
    """Calls a kernel of torch's own derivatives in its backward: the evidence is of values alone."""

    @staticmethod
    def forward(ctx, x):
        y = torch.tanh(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, ct):
        (y,) = ctx.saved_tensors
        return torch.ops.aten.tanh_backward(ct, y)


class TanhTwice(Tanh):
    @staticmethod
    def backward(ctx, ct):
        (y,) = ctx.saved_tensors
        return 2 * torch.ops.aten.tanh_backward(ct, y)


class RoundedStraight(Function):
    """Rounds, and lets the cotangent through."""

    @staticmethod
    def forward(ctx, x):
        return x.round()

    @staticmethod
    def backward(ctx, ct):
        return ct.clone()


class RoundedHalf(RoundedStraight):
    @staticmethod
    def backward(ctx, ct):
        return ct / 2


class Decided(Function):
    """Branches in Python on what a tensor holds, which nothing can trace."""

    @staticmethod
    def forward(ctx, x):
        ctx.factor = 2.0 if x.sum() > 100 else 3.0
        return ctx.factor * x

    @staticmethod
    def backward(ctx, ct):
        return ctx.factor * ct


class DecidedOnce(Decided):
    @staticmethod
    def backward(ctx, ct):
        return 2.0 * ct


ON_FORMULAE = [
    example(Legendre3, Legendre3Sign, "(n)->(n)", "the sign of a term"),
    example(Exp, ExpOfOutput, "()->()", "the output where the input is meant"),
    example(Relu, ReluThatDoublesBelow, "(n)->(n)", "wrong at x < 0"),
    example(Affine, AffineMeanBias, "(n,i),(o,i),(o)->(n,o)", "a mean over the rows for a sum"),
    example(Square, SquareNotTransposed, "(n,d),(d,d)->(n,d)", "a weight that is not transposed"),
    example(
        Scaled, ScaledIgnoringItsOption, "(n)->(n)", "an option that is ignored", options={"slope": Real(0.05, 0.5)}
    ),
    example(Centred, CentredByConstants, "(n,3)->(n,3)", "a mean that is held constant"),
    example(Energy, EnergyWithoutCotangent, "(n)->()", "a cotangent that is ignored"),
    example(Shifted, ShiftedByOneRow, "(4,d),(d)->(4,d)", "a broadcast that is not summed"),
    example(Norm, NormWithoutRoot, "(2,3)->()", "a factor that is missing", domain={"x": positive}),
    example(RoundedStraight, RoundedHalf, "(n)->(n)", "half of what is let through", derivative_of=lambda x: x),
]
IN_PLACE = example(ReluByMask, ReluInPlace, "(n)->(n)", "the cotangent is written into", "pure")
ON_VALUES = example(Tanh, TanhTwice, "()->()", "a factor of two")
ON_FLOATS = [
    example(Decided, DecidedOnce, "(n)->(n)", "one of two factors"),
    example(InverseErf, InverseErfWithoutHalf, "()->()", "a half that is missing", domain={"x": Interval(-0.9, 0.9)}),
]


def normalized_network():
    """A small network whose layers torch has no kernel for the derivatives of."""
    return torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Softsign(), torch.nn.RMSNorm(3), torch.nn.Linear(3, 1))


MODULES = [
    (torch.nn.Linear(3, 2), "(n,3),(2,3),(2)->(n,2)", "formula", {}),
    (torch.nn.Bilinear(2, 2, 1), "(n,2),(n,2),(1,2,2),(1)->(n,1)", "formula", {}),
    (normalized_network, "(n,2),(3,2),(3),(3),(1,3),(1)->(n,1)", "formula", {}),
    (torch.nn.LayerNorm(3), "(n,3),(3),(3)->(n,3)", "values", {}),
    (torch.nn.BatchNorm1d(2).eval(), "(n,2),(2),(2)->(n,2)", "values", {}),
    (torch.nn.BatchNorm1d(2), "(3,2),(2),(2)->(3,2)", "values", {}),
    (torch.nn.Embedding(3, 2), "(k),(3,2)->(k,2)", "values", {"domain": {"input": Labels(3)}}),
]
