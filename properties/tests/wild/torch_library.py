"""torch's own functions, where each lives, and on what evidence its derivative stands."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812  # as everybody writes it
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from backproof.engine.domains import (
    Custom,
    Interval,
    Invertible,
    Labels,
    Triangular,
    mask,
    nonzero,
    positive,
    positive_definite,
    symmetric,
    unit_interval,
)
from backproof.engine.options import Real

UNARY, BINARY, VECTORS, ROWS = "()->()", "(),()->()", "(n)->(n)", "(n,c)->(n,c)"
BY_ROW, TWO_ROWS, SQUARE = "(n,c)->(n)", "(n,c),(n,c)->", "(n,n)->(n,n)"

FORMULA, CONSTANTS, VALUES, NATIVE = "formula", "formula up to constants", "values", "native"

BOTH = {"input": unit_interval, "target": unit_interval}

Entry = tuple[str, Any, str, str, dict[str, Any]]


def entry(name: str, function: Any, signature: str, evidence: str = FORMULA, **domain: Any) -> Entry:
    """One function: its name, itself, its signature, its evidence, and where its arguments live."""
    return name, function, signature, evidence, {"domain": domain} if domain else {}


def of_torch(names: str, signature: str, evidence: str = FORMULA, home: Any = torch, **domain: Any) -> list[Entry]:
    """Functions of one home, by name."""
    return [entry(name, getattr(home, name), signature, evidence, **domain) for name in names.split()]


ELEMENTWISE = [
    *of_torch("sin cos exp expm1 atan sinh cosh asinh square neg abs", UNARY),
    *of_torch("sqrt rsqrt log log1p reciprocal lgamma", UNARY, x=positive),
    *of_torch("log2 log10", UNARY, CONSTANTS, x=positive),
    *of_torch("asin acos atanh", UNARY, x=Interval(-1.0, 1.0)),
    *of_torch("tan", UNARY, x=Interval(-1.5, 1.5)),
    *of_torch("erf erfc sinc", UNARY, CONSTANTS),
    *of_torch("tanh sigmoid", UNARY, VALUES),
    *of_torch("logit", UNARY, VALUES, x=unit_interval),
    *of_torch("erfinv", UNARY, NATIVE, x=Interval(-0.9, 0.9)),
    *of_torch("i0", UNARY, NATIVE, x=Interval(-9.0, 9.0)),
    *of_torch("entr", UNARY, home=torch.special, x=positive),
    *of_torch("ndtr log_ndtr erfcx", UNARY, CONSTANTS, home=torch.special, x=Interval(-9.0, 9.0)),
    *of_torch("add sub mul logaddexp maximum minimum fmax fmin", BINARY),
    *of_torch("div atan2 hypot", BINARY, x1=nonzero),
    *of_torch("pow xlogy", BINARY, x0=positive, x1=positive),
    *of_torch("lerp addcmul", "(n),(n),(n)->(n)"),
    entry("addcdiv", torch.addcdiv, "(n),(n),(n)->(n)", x2=nonzero),
    entry("mvlgamma", lambda x: torch.mvlgamma(x + 2, 2), VECTORS, x=positive),
    entry("clamp", lambda x: torch.clamp(x, -1.0, 1.0), VECTORS),
    entry("where", lambda x, y: torch.where(x > y, x * y, y), "(n),(n)->(n)"),
    entry("remainder", lambda x: torch.remainder(x, 0.75), VECTORS),
    entry("masked_fill", lambda x, m: x.masked_fill(m, 0.5) * x, "(n),(n)->(n)", m=mask),
    entry("in place", lambda x: torch.ones_like(x).mul_(x).add_(x.sum()).sin_(), VECTORS),
]

ACTIVATIONS = [
    *of_torch("relu gelu silu mish softplus elu selu hardshrink softshrink tanhshrink", VECTORS, VALUES, F),
    *of_torch("logsigmoid", VECTORS, VALUES, F, x=Interval(-9.0, 9.0)),
    *of_torch("relu6 leaky_relu", VECTORS, VALUES, F, input=Interval(-9.0, 5.9)),
    *of_torch("hardswish", VECTORS, VALUES, F, input=Interval(-2.9, 2.9)),
    *of_torch("softsign", VECTORS, home=F),
    entry("gelu by tanh", lambda x: F.gelu(x, approximate="tanh"), VECTORS, VALUES, x=Interval(-3.0, 3.0)),
    entry("prelu", F.prelu, "(n,c),(c)->(n,c)", VALUES),
    entry("glu", F.glu, "(n,4)->", VALUES),
    entry("softmax", lambda x: torch.softmax(x, -1), ROWS, VALUES),
    entry("log_softmax", lambda x: torch.log_softmax(x, -1), ROWS, VALUES),
    entry("logsumexp", lambda x: torch.logsumexp(x, -1), BY_ROW),
    entry("logcumsumexp", lambda x: torch.logcumsumexp(x, -1), "(n,3)->(n,3)"),
]

LOSSES = [
    *of_torch("mse_loss smooth_l1_loss", "(n),(n)->()", VALUES, F),
    *of_torch("l1_loss binary_cross_entropy_with_logits poisson_nll_loss", "(n),(n)->()", home=F),
    *of_torch("cross_entropy nll_loss", "(n,c),(n)->()", VALUES, F, target=Labels("c")),
    *of_torch("cosine_similarity pairwise_distance", TWO_ROWS, home=F),
    ("huber_loss", F.huber_loss, "(n),(n)->()", VALUES, {"options": {"delta": Real(0.5, 2.0)}}),
    entry("binary_cross_entropy", F.binary_cross_entropy, "(n),(n)->()", VALUES, **BOTH),
    entry("kl_div", lambda x, t: F.kl_div(x, t, reduction="sum"), TWO_ROWS + "()", t=positive),
    entry("triplet", F.triplet_margin_loss, "(n,c),(n,c),(n,c)->()"),
    entry(
        "label smoothing", lambda x, t: F.cross_entropy(x, t, label_smoothing=0.1), "(2,3),(2)->()", VALUES, t=Labels(3)
    ),
    entry("gaussian_nll", F.gaussian_nll_loss, "(2),(2),(2)->()", NATIVE, var=Interval(0.1, 3.0)),
    ("soft_margin", F.soft_margin_loss, "(n),(n)->()", VALUES, {"constants": ("target",)}),
    ("margin_ranking", F.margin_ranking_loss, "(n),(n),(n)->()", FORMULA, {"constants": ("target",)}),
]

LAYERS = [
    entry("layer_norm", lambda x, w, b: F.layer_norm(x, (3,), w, b), "(2,3),(3),(3)->(2,3)", VALUES),
    entry("rms_norm", lambda x, w: F.rms_norm(x, (3,), w), "(n,3),(3)->(n,3)"),
    entry("group_norm", lambda x: F.group_norm(x, 2), "(1,4,2)->(1,4,2)", VALUES),
    entry("batch_norm", lambda x, w: F.batch_norm(x, None, None, w, training=True), "(3,2),(2)->(3,2)", VALUES),
    entry("normalize", F.normalize, ROWS),
    entry("conv1d", F.conv1d, "(1,2,4),(2,2,2),(2)->(1,2,3)", VALUES),
    entry("conv2d", lambda x, w: F.conv2d(x, w, padding=1), "(1,1,2,3),(2,1,2,2)->", VALUES),
    entry("conv_transpose1d", F.conv_transpose1d, "(1,2,3),(2,2,2)->", VALUES),
    entry("max_pool1d", lambda x: F.max_pool1d(x, 2), "(1,2,4)->(1,2,2)", VALUES),
    entry("max_pool2d", lambda x: F.max_pool2d(x, 2), "(1,1,4,2)->", VALUES),
    entry("avg_pool2d", lambda x: F.avg_pool2d(x, 2), "(1,1,4,2)->", VALUES),
    entry("adaptive_avg_pool2d", lambda x: F.adaptive_avg_pool2d(x, 2), "(1,1,3,3)->", VALUES),
    entry("interpolate", lambda x: F.interpolate(x, scale_factor=2, mode="linear"), "(1,1,3)->", VALUES),
    entry("pad", lambda x: F.pad(x, (1, 1)), "(n,c)->"),
    entry("reflected pad", lambda x: F.pad(x, (1, 1), mode="reflect"), "(1,2,3)->", VALUES),
    entry("unfold", lambda x: F.unfold(x, 2), "(1,1,3,3)->"),
    entry("fold", lambda x: F.fold(x, (3, 3), 2), "(1,4,4)->"),
    entry("pixel_shuffle", lambda x: F.pixel_shuffle(x, 2), "(1,4,2,1)->"),
    entry("bilinear", F.bilinear, "(n,2),(n,2),(1,2,2)->(n,1)"),
    entry("embedding", F.embedding, "(k),(n,c)->(k,c)", VALUES, input=Labels("n")),
    entry("attention", F.scaled_dot_product_attention, "(1,2,2),(1,3,2),(1,3,2)->", VALUES, x0=Interval(-3, 3)),
    entry("gru_cell", torch.gru_cell, "(2,2),(2,1),(3,2),(3,1)->(2,1)", VALUES),
]

REDUCTIONS = [
    entry("prod", lambda x: torch.prod(x, 1), BY_ROW),
    entry("cumsum", lambda x: torch.cumsum(x, 1), ROWS),
    entry("cumprod", lambda x: torch.cumprod(x, 1), ROWS),
    entry("std", lambda x: torch.std(x, 1), "(2,3)->(2)"),
    entry("var", lambda x: torch.var(x, 1), "(2,3)->(2)"),
    entry("amax", lambda x: torch.amax(x, 1), "(n,3)->(n)"),
    entry("max", lambda x: torch.max(x, 1).values, "(n,3)->(n)"),
    entry("min", lambda x: torch.min(x, 1).values, "(n,3)->(n)"),
    entry("median", lambda x: torch.median(x, 1).values, "(n,3)->(n)"),
    entry("cummax", lambda x: torch.cummax(x, 1).values, "(n,3)->(n,3)"),
    entry("sort", lambda x: torch.sort(x, 1).values, ROWS),
    entry("topk", lambda x: torch.topk(x, 2).values, "(n,3)->(n,2)"),
    entry("kthvalue", lambda x: torch.kthvalue(x, 2).values, "(n,3)->(n)"),
    entry("quantile", lambda x: torch.quantile(x, 0.25), "(4)->()"),
    entry("norm", lambda x: torch.linalg.vector_norm(x, dim=1), BY_ROW),
    entry("norm of order 3", lambda x: torch.linalg.vector_norm(x, 3, dim=1), BY_ROW),
    entry("norm of order inf", lambda x: torch.linalg.vector_norm(x, torch.inf, dim=1), "(n,3)->(n)"),
    entry("renorm", lambda x: torch.renorm(x, 2, 0, 1.0), ROWS),
    entry("cdist", torch.cdist, "(2,2),(3,2)->(2,3)", VALUES),
    entry("nansum", lambda x: torch.nansum(x, 0), "(n,c)->(c)"),
]

INDEXING = [
    entry("gather", lambda x, i: torch.gather(x, 1, i), "(n,c),(n,k)->(n,k)", i=Labels("c")),
    entry("index_select", lambda x, i: torch.index_select(x, 0, i), "(n,c),(k)->(k,c)", i=Labels("n")),
    entry("integers", lambda x, i: x[i], "(n,c),(k)->(k,c)", i=Labels("n")),
    entry("masked_select", lambda x: x[x > 0.25].sum() * x, VECTORS),
    entry("scatter_add", lambda x, i: torch.zeros(3, dtype=x.dtype).scatter_add(0, i, x), "(n),(n)->(3)", i=Labels(3)),
    entry(
        "scatter_reduce",
        lambda x, i: torch.ones(3, dtype=x.dtype).scatter_reduce(0, i, x, "amax"),
        "(n),(n)->(3)",
        i=Labels(3),
    ),
    entry("index_add", lambda x, y, i: x.index_add(0, i, y, alpha=2), "(n,c),(k,c),(k)->(n,c)", i=Labels("n")),
    entry("roll", lambda x: torch.roll(x, 1, 1) * x, ROWS),
    entry("flip", lambda x: torch.flip(x, (0,)) * x, ROWS),
    entry("repeat", lambda x: x.repeat(2, 1) ** 2, "(n,c)->"),
    entry("tril", lambda x: torch.tril(x) @ x, SQUARE),
    entry("diag", torch.diag, "(n)->(n,n)"),
    entry("cat", lambda x, y: torch.cat([x, y * y], 0), "(n,c),(m,c)->"),
    entry("slices", lambda x: x[1:] * x[:-1], "(4)->(3)", VALUES),
]

LINALG = [
    *of_torch("matmul", "(n,k),(k,m)->(n,m)"),
    *of_torch("kron", "(2,2),(1,3)->(2,6)"),
    *of_torch("trace", "(n,n)->()"),
    entry("einsum", lambda a, b: torch.einsum("ij,kj->ik", a, b), "(n,2),(m,2)->(n,m)"),
    entry("cross", torch.linalg.cross, "(n,3),(n,3)->(n,3)"),
    entry("inv", torch.linalg.inv, SQUARE, x=Invertible()),
    entry("det", torch.linalg.det, "(n,n)->()", x=Invertible()),
    entry("slogdet", lambda x: torch.linalg.slogdet(x)[1], "(n,n)->()", x=Invertible()),
    entry("solve", torch.linalg.solve, "(n,n),(n,2)->(n,2)", x0=Invertible()),
    entry(
        "lu_solve",
        lambda a, b: torch.linalg.lu_solve(*torch.linalg.lu_factor(a), b),
        "(2,2),(2,1)->(2,1)",
        a=Invertible(),
    ),
    entry("cholesky", torch.linalg.cholesky, SQUARE, x=positive_definite),
    entry(
        "solve_triangular",
        lambda a, b: torch.linalg.solve_triangular(a, b, upper=False),
        "(n,n),(n,2)->(n,2)",
        a=Triangular(),
    ),
    entry("eigvalsh", torch.linalg.eigvalsh, "(2,2)->(2)", x=symmetric),
    entry("matrix_power", lambda x: torch.linalg.matrix_power(x, 3), "(2,2)->(2,2)"),
    entry("matrix_norm", torch.linalg.matrix_norm, "(n,m)->()"),
    entry("matrix_exp", torch.linalg.matrix_exp, "(1,1)->(1,1)", NATIVE, x=Interval(-3.0, 3.0)),
]

LIBRARY = [*ELEMENTWISE, *ACTIVATIONS, *LOSSES, *LAYERS, *REDUCTIONS, *INDEXING, *LINALG]

SINGULAR = Custom(lambda shape: hnp.arrays(float, shape, elements=st.sampled_from([0.0, 1.0])))

# What torch gets wrong: the property that shows it, the evidence, and a word of what is reported.
FINDINGS = [
    # The gradient of a determinant is the matrix of cofactors, also at singular matrices: torch returns zeros there.
    (entry("det", torch.linalg.det, "(2,2)->()", FORMULA, x=SINGULAR), "vjp_matches_differences", "not J^T ct"),
    # The cotangent becomes a block of the matrix whose exponential is taken, and a large one swamps the others.
    (entry("matrix_exp", torch.linalg.matrix_exp, "(1,1)->(1,1)", NATIVE), "linear_in_cotangent", "1.09951e+12"),
    # Views are asked for where arrays need not be contiguous.
    (entry("kron", torch.kron, "(2,2),(1,3)->(2,6)", NATIVE), "layout_independent", "view size is not compatible"),
]

# Derivatives that lose half their digits in float64: 1/6 is written as a float32, trigamma's series is cut short.
INEXACT = [
    entry("hardsigmoid", F.hardsigmoid, UNARY, VALUES, input=Interval(-2.0, 2.0)),
    entry("digamma", torch.digamma, UNARY, VALUES, x=Interval(0.5, 9.0)),
]
