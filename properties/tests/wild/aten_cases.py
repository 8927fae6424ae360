"""What each operation of the table is called with when it is held against torch: float64 arrays and plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Case:
    """Arguments of one operation, and which of its outputs mean something (None: all)."""

    arguments: tuple[Any, ...]
    keywords: dict[str, Any] = field(default_factory=dict)
    outputs: tuple[int, ...] | None = None


_source = np.random.default_rng(20240607)


def real(*shape: int) -> np.ndarray:
    """Numbers of both signs, none of them near another or near 0."""
    size = int(np.prod(shape))
    return (_source.permutation(np.arange(size) - size / 2 + 0.25) * (2.0 / max(size, 1)) + 0.017).reshape(shape)


def unit(*shape: int) -> np.ndarray:
    """Numbers between 0 and 1."""
    return _source.uniform(0.05, 0.95, shape)


def case(*arguments: Any, outputs: tuple[int, ...] | None = None, **keywords: Any) -> Case:
    """A case by its arguments."""
    return Case(arguments, keywords, outputs)


def whole(*values: Any) -> np.ndarray:
    """Integers."""
    return np.array(values)


def spd(n: int) -> np.ndarray:
    """A symmetric, positive definite matrix."""
    a = real(n, n)
    return a @ a.T + n * np.eye(n)


X, Y, POSITIVE, UNIT, MATRIX = real(2, 3), real(2, 3), unit(2, 3) + 0.3, unit(2, 3), real(3, 3) + 2 * np.eye(3)
MASK = np.array([[True, False, True], [False, False, True]])
LOWER = np.tril(MATRIX)
ZEROS = np.array([-1.5, 0.0, 2.0])

_UNARY = [
    "neg",
    "abs",
    "sign",
    "sgn",
    "reciprocal",
    "square",
    "exp",
    "exp2",
    "expm1",
    "sin",
    "cos",
    "tan",
    "atan",
    "sinh",
    "cosh",
    "tanh",
    "asinh",
    "deg2rad",
    "rad2deg",
    "sigmoid",
    "erf",
    "erfc",
    "special_erfcx",
    "special_log_ndtr",
    "floor",
    "ceil",
    "trunc",
    "frac",
    "sinc",
    "isnan",
    "isinf",
    "isfinite",
    "signbit",
    "logical_not",
    "relu",
    "silu",
    "mish",
    "hardswish",
    "hardsigmoid",
    "log_sigmoid_forward",
    "alias",
    "detach",
    "t",
    "zeros_like",
    "ones_like",
    "zero",
    "clone",
    "lift_fresh_copy",
    "_to_copy",
    "max",
    "min",
    "median",
    "cummax",
    "cummin",
    "nonzero",
    "count_nonzero",
    "leaky_relu",
    "elu",
    "celu",
    "gelu",
    "softplus",
    "hardtanh",
    "hardshrink",
    "softshrink",
    "sum",
    "mean",
    "prod",
    "var",
    "std",
    "var_mean",
    "std_mean",
    "nansum",
    "any",
    "all",
    "linalg_vector_norm",
    "argmax",
    "argmin",
    "sort",
    "argsort",
    "amax",
    "amin",
    "aminmax",
    "squeeze",
    "tril",
    "triu",
    "diag_embed",
    "round",
    "nan_to_num",
]
_POSITIVE = ["sqrt", "rsqrt", "log", "log2", "log10", "log1p", "lgamma", "digamma", "special_entr", "acosh"]
_BINARY = [
    "add",
    "sub",
    "subtract",
    "rsub",
    "mul",
    "div",
    "floor_divide",
    "remainder",
    "fmod",
    "atan2",
    "hypot",
    "logaddexp",
    "logaddexp2",
    "maximum",
    "minimum",
    "fmax",
    "fmin",
    "heaviside",
    "copysign",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "logical_and",
    "logical_or",
    "logical_xor",
    "max.other",
    "min.other",
    "dist",
    "mse_loss",
    "smooth_l1_loss",
    "huber_loss",
]

CASES: dict[str, list[Case]] = {
    **{name: [case(X), case(real(2, 1, 2))] for name in _UNARY},
    **{name: [case(POSITIVE + 0.8)] for name in _POSITIVE},
    **{name: [case(X, Y)] for name in _BINARY},
}


def also(name: str, *cases: Case) -> None:
    """Add cases of one operation."""
    CASES[name] = [*CASES.get(name, []), *cases]


for _name in ("t", "count_nonzero"):
    CASES[_name] = [case(X)]
for _name in ("cummax", "cummin"):
    CASES[_name] = [case(X, 1), case(np.array([1.0, 1.0, 0.0, 2.0]), 0)]
for _name in ("asin", "acos", "atanh", "logit"):
    also(_name, case(UNIT))
CASES["log_sigmoid_forward"] = [case(X, outputs=(0,))]
CASES["max"], CASES["min"] = [case(X)], [case(X)]
for _name in ("add", "sub"):
    also(_name, case(X, Y, alpha=3), case(X, 2), case(whole(1, 2), whole(3, 4)), case(X, whole(1, 2, 3)))
also("rsub", case(X, 2.5))
also("mul", case(X, 0.1), case(MASK, X))
also("div", case(X, 2), case(X, Y, rounding_mode="floor"), case(X, Y, rounding_mode="trunc"), case(whole(1), whole(3)))
also("pow", case(X, 3), case(X, -2), case(POSITIVE, Y), case(2, X), case(POSITIVE, 0.5))
also("logit", case(UNIT, 0.2))
also("mvlgamma", case(POSITIVE + 3, 3))
also("xlogy", case(UNIT, POSITIVE), case(np.array([0.0, 1.0]), np.array([0.0, 2.0])))
also("special_xlog1py", case(UNIT, POSITIVE))
also("ldexp", case(X, whole(1, 2, -1)))
also("clamp", case(X, -0.4, 0.3), case(X, None, 0.2), case(X, min=Y), case(X, 0.1))
also("clamp_min", case(X, 0.1), case(X, Y))
also("clamp_max", case(X, 0.1), case(X, Y))
also("round", case(X * 10, decimals=1))
also("lerp", case(X, Y, 0.3), case(X, Y, UNIT))
also("addcmul", case(X, Y, UNIT, value=2))
also("addcdiv", case(X, Y, POSITIVE, value=2))
also("nan_to_num", case(np.array([np.nan, np.inf, -np.inf, 1.0]), 2.0, 3.0, 4.0))
also("sum", case(X, [1], True), case(X, [0, 1]), case(whole(1, 2)))
also("where", case(MASK, X, Y))
for _name in ("bitwise_and", "bitwise_or", "bitwise_xor"):
    also(_name, case(MASK, ~MASK), case(whole(6, 3), whole(3, 5)))
also("bitwise_not", case(MASK), case(whole(6, 3)))
also("leaky_relu", case(X, 0.2))
also("elu", case(X, 2.0), case(X, 1.5, 1.1))
also("celu", case(X, 2.0))
also("gelu", case(X, approximate="tanh"))
also("softplus", case(X, 2.0), case(30 * X, 1.0, 20.0))
also("hardtanh", case(X, -0.3, 0.2))
also("hardshrink", case(X, 0.3))
also("softshrink", case(X, 0.3))
also("threshold", case(X, 0.1, 0.5))
also("_prelu_kernel", case(X, unit(1, 3)))
also("glu", case(real(2, 4)), case(real(4, 2), 0))
also("_softmax", case(X, 1, False), case(X, 0, False))
also("_log_softmax", case(X, 1, False))
also("_safe_softmax", case(X, 1), case(np.where(MASK[:1], X, -np.inf), 1), case(np.full((1, 2), -np.inf), 1))
also("native_layer_norm", case(X, [3], real(3), real(3), 1e-5), case(X, [2, 3], None, None, 1e-5))
also("native_group_norm", case(real(2, 4, 3), real(4), real(4), 2, 4, 3, 2, 1e-5))
_batch = (real(3, 2, 2), real(2), real(2), real(2), unit(2))
also("native_batch_norm", case(*_batch, True, 0.1, 1e-5), case(*_batch, False, 0.1, 1e-5, outputs=(0,)))
also("_native_batch_norm_legit", case(*_batch, True, 0.1, 1e-5))
also("_native_batch_norm_legit.no_stats", case(*_batch[:3], True, 0.1, 1e-5))
_q = (real(1, 2, 3, 4), real(1, 2, 3, 4), real(1, 2, 3, 4))
also(
    "_scaled_dot_product_flash_attention_for_cpu",
    case(*_q),
    case(*_q, 0.0, True),
    case(*_q, attn_mask=real(3, 3), scale=0.3),
)
also("soft_margin_loss", case(X, np.sign(Y), 1))
for _name in ("mse_loss", "smooth_l1_loss", "huber_loss"):
    also(_name, case(X, Y, 0), case(X, Y, 2))
also("smooth_l1_loss", case(X, Y, 1, 0.3))
also("huber_loss", case(X, Y, 1, 0.3))
also("binary_cross_entropy", case(UNIT, unit(2, 3)), case(UNIT, unit(2, 3), POSITIVE, 2))
also("binary_cross_entropy_with_logits", case(X, UNIT), case(X, UNIT, POSITIVE, unit(3), 0))
_labels = whole(0, 2)
also("nll_loss_forward", *(case(X, _labels, None, reduction, -100) for reduction in range(3)))
also("nll_loss_forward", case(X, _labels, unit(3), 1, -100), case(X, _labels, None, 1, 2))
also("nll_loss2d_forward", case(real(1, 3, 1, 2), whole([[0, 2]]), None, 1, -100))
also("multi_margin_loss", case(X, _labels), case(X, _labels, 2, 0.5, unit(3), 2))
_image, _kernel = real(2, 4, 5, 4), real(6, 2, 3, 2)
also("convolution", case(real(1, 2, 5), real(3, 2, 3), real(3), [1], [0], [1], False, [0], 1))
also("convolution", case(_image, _kernel, None, [2, 1], [1, 0], [1, 2], False, [0, 0], 2))
also("convolution", case(real(1, 4, 3, 3), real(4, 2, 2, 3), real(4), [2, 1], [1, 0], [1, 2], True, [1, 0], 2))
also("im2col", case(real(1, 2, 4, 3), [2, 2], [1, 1], [1, 0], [2, 1]))
also("col2im", case(real(1, 8, 6), [4, 3], [2, 2], [1, 1], [0, 0], [1, 1]))
also("avg_pool2d", case(_image, [2, 2]), case(_image, [3, 2], [1, 2], [1, 0], False, False), case(_image, [2], [1]))
also("max_pool2d_with_indices", case(_image, [2, 2]), case(_image, [3, 2], [1, 2], [1, 1], [1, 1]))
also("_adaptive_avg_pool2d", case(_image, [2, 3]))
also("upsample_nearest1d", case(real(1, 2, 3), [6], 2.0), case(real(1, 2, 3), [5], None))
also("upsample_nearest2d", case(_image, [7, 8], None, None))
also("upsample_linear1d", case(real(1, 2, 3), [6], False, 2.0), case(real(1, 2, 3), [5], True, None))
also("upsample_bilinear2d", case(_image, [7, 8], False, None, None))
for _name in ("mean", "amax", "amin", "any", "all", "logsumexp", "nansum"):
    also(_name, case(X, [1]), case(X, [0, 1], True))
also("prod", case(X, 1), case(X, 0, True))
also("var", case(X, [1], correction=0, keepdim=True))
also("std", case(X, [1], correction=1))
also("var_mean", case(X, [1], correction=0, keepdim=True))
also("std_mean", case(X, [0], correction=1))
for _name in ("cumsum", "cumprod", "logcumsumexp"):
    also(_name, case(X, 1), case(X, 0))
also("linalg_vector_norm", *(case(X, order, [1]) for order in (0, 1, 2, 3.5, np.inf, -np.inf)))
also("norm", case(X, 3, [1], True), case(X))
also("dist", case(X, Y, 1))
also("_cdist_forward", case(X, real(4, 3), 2.0, 2), case(X, real(4, 3), 1.0, None))
also("_pdist_forward", case(real(4, 3), 2.0))
also("trace", case(MATRIX))
also("aminmax", case(X, dim=1))
for _name in ("max.dim", "min.dim"):
    also(_name, case(X, 1), case(X, 0, True))
for _name in ("argmax", "argmin"):
    also(_name, case(X, 1), case(X, 0, True))
for _name in ("sort", "argsort"):
    also(_name, case(X, 0), case(X, 1, True))
    also(f"{_name}.stable", case(X, stable=True, dim=1, descending=True))
also("topk", case(X, 2), case(X, 1, 0, False))
also("kthvalue", case(X, 2), case(X, 1, 0, True))
also("median.dim", case(real(2, 4), 1), case(X, 0, True))
also("mm", case(X, MATRIX))
also("bmm", case(real(2, 3, 4), real(2, 4, 2)))
also("mv", case(X, real(3)))
also("matmul", case(real(2, 3, 4), real(4, 2)), case(real(3), real(3)))
also("dot", case(real(3), real(3)))
also("vdot", case(real(3), real(3)))
also("addmm", case(real(3), X, MATRIX), case(real(2, 3), X, MATRIX, beta=2, alpha=0.5))
also("addmv", case(real(2), X, real(3), beta=2))
also("baddbmm", case(real(2, 3, 2), real(2, 3, 4), real(2, 4, 2), alpha=2))
also("addbmm", case(real(3, 2), real(2, 3, 4), real(2, 4, 2), alpha=2))
also("addr", case(real(2, 3), real(2), real(3), alpha=2, beta=3))
also("linear", case(X, MATRIX, real(3)), case(X, MATRIX))
also("_trilinear", case(real(2, 3), real(4, 3, 5), real(2, 5), [1, 3], [0], [1, 2], [2, 3]))
also("linalg_cross", case(X, Y), case(real(3, 2), real(3, 2), dim=0))
also("sym_size", case(X, 1))
also("view", case(X, [3, -1]))
also("_unsafe_view", case(X, [6]))
also("reshape", case(X, [3, 2]))
also("permute", case(real(2, 3, 4), [2, 0, 1]))
also("transpose", case(real(2, 3, 4), 0, -1))
also("squeeze", case(real(1, 2, 1), 0), case(real(1, 2, 1), [0, 2]))
also("unsqueeze", case(X, 1), case(X, -1))
also("expand", case(real(2, 1), [3, -1, 4]))
also("select", case(X, 1, 2), case(real(3), 0, -1))
also("slice", case(X, 1, 1, 9223372036854775807), case(X, 0, -1), case(X, 1, 0, 3, 2))
also("diagonal", case(MATRIX), case(real(2, 3, 4), 1, 1, 2), case(real(2, 3, 4), -1, 0, 2))
also("split", case(real(5, 2), 2), case(real(2, 5), 3, 1))
also("unsafe_split", case(real(5, 2), 2))
also("split_with_sizes", case(real(5, 2), [1, 4]))
also("unsafe_split_with_sizes", case(real(2, 5), [2, 3], 1))
also("unbind", case(X, 1))
also("unfold", case(real(2, 5), 1, 3, 2), case(real(5, 2), 0, 2, 1))
also("cat", case([X, Y], 1), case([np.zeros(0), X]))
also("stack", case([X, Y], 1))
also("flip", case(X, [0, 1]))
also("roll", case(X, [1], [1]), case(X, [2]), case(X, [1, 1], [0, 1]))
also("rot90", case(X, 3, [0, 1]))
also("repeat", case(X, [2, 1, 2]))
also("constant_pad_nd", case(X, [1, 2, 0, 1], 0.5), case(X, [-1, 1]))
also("reflection_pad1d", case(real(1, 2, 3), [1, 2]))
also("reflection_pad2d", case(_image, [1, 0, 2, 1]))
also("replication_pad1d", case(real(1, 2, 3), [1, 2]))
also("replication_pad2d", case(_image, [1, 0, 2, 1]))
also("tril", case(MATRIX, -1))
also("triu", case(real(2, 3, 3), 1))
also("diag_embed", case(X, 1), case(X, -1, 0, 2))
also("slice_scatter", case(X, real(2, 2), 1, 1, 3))
also("select_scatter", case(X, real(3), 0, 1))
also("pixel_shuffle", case(real(1, 8, 2, 3), 2))
also("pixel_unshuffle", case(real(1, 2, 4, 6), 2))
_rows, _by_row = whole(1, 0, 1), whole([0, 2], [1, 1])
also("index", case(X, [_rows]), case(X, [None, whole(2, 0)]), case(X, [whole([0], [1]), whole(0, 2)]), case(X, [MASK]))
also("index_put", case(X, [whole(1, 0)], Y), case(X, [_rows], real(3, 3), True), case(X, [MASK], np.array(2.0)))
also("index_select", case(X, 1, whole(0, 0, 2)))
also("index_add", case(X, 0, _rows, real(3, 3), alpha=2), case(X, 1, whole(0, 0), real(2, 2)))
also("index_copy", case(X, 1, whole(2, 0), real(2, 2)))
also("index_fill", case(X, 1, whole(2, 0), 3.0))
also("gather", case(X, 1, _by_row), case(X, 0, whole([0, 1])))
also("scatter", case(X, 1, whole([0, 2], [1, 0]), Y), case(X, 0, whole([1, 0]), 2.5))
also("scatter_add", case(X, 1, _by_row, Y))
also("scatter_reduce", *(case(X, 1, _by_row, Y, how) for how in ("sum", "prod", "amax", "amin")))
also("masked_fill", case(X, MASK, 0.5), case(X, MASK, np.array(0.25)))
also("masked_scatter", case(X, MASK, Y))
also("masked_select", case(X, MASK))
also("take", case(X, whole([0, 5], [2, 2])))
also("put", case(X, whole(0, 5), real(2)), case(X, whole(0, 0), real(2), True))
also("embedding", case(X, whole([0, 1], [1, 1])))
also("searchsorted", case(np.sort(real(4)), X), case(np.sort(real(4)), X, right=True))
also("bucketize", case(X, np.sort(real(4))))
for _name in ("zeros", "ones", "empty"):
    also(_name, case([2, 3]))
CASES["empty"] = [case([0, 3])]
also("empty_strided", case([0, 2], [2, 1]))
also("empty_like", case(np.zeros((0, 2))))
also("new_empty", case(X, [0, 2]))
also("new_empty_strided", case(X, [0, 2], [2, 1]))
also("full", case([2, 3], 0.1))
also("full_like", case(X, 0.1))
also("new_zeros", case(X, [2, 2]))
also("new_ones", case(X, [2, 2]))
also("new_full", case(X, [2, 2], 0.1))
also("scalar_tensor", case(0.5))
also("eye", case(3), case(2, 3))
also("arange", case(4), case(1, 6, 2), case(0.5, 2, 0.25), case(3, 0, -1))
also("linspace", case(0.5, 2.0, 4), case(1.0, 2.0, 1))
also("fill", case(X, 2.5), case(X, np.array(0.5)))
also("copy", case(X, Y), case(X, real(3)))
also("linalg_inv_ex", case(MATRIX), case(np.stack([MATRIX, spd(3)])))
also("_linalg_det", case(MATRIX))
also("_linalg_slogdet", case(-MATRIX))
also("_linalg_solve_ex", case(MATRIX, real(3, 2)), case(MATRIX, real(3)))
also("_linalg_solve_ex", case(MATRIX, real(2, 3), left=False))
also("linalg_lu_factor_ex", case(MATRIX), case(np.stack([MATRIX, spd(3)[::-1].copy()])))
_lu, _pivots = np.array([[2.0, 1.0, 3.0], [0.5, 1.5, -1.0], [0.25, -0.5, 4.0]]), np.array([2, 3, 3], dtype=np.int32)
also(
    "linalg_lu_solve",
    *(case(_lu, _pivots, real(3, 3), left=a, adjoint=b) for a in (True, False) for b in (True, False)),
)
also("linalg_solve_triangular", case(LOWER, X.T.copy(), upper=False), case(LOWER.T.copy(), X, upper=True, left=False))
also("linalg_solve_triangular", case(LOWER, X.T.copy(), upper=False, unitriangular=True))
also("lu_unpack", case(_lu, _pivots))
also("renorm", case(X, 2, 0, 0.5), case(X, 1, 1, 0.5))
also("linalg_cholesky_ex", case(spd(3)), case(spd(2), upper=True))
also("cholesky_solve", case(real(3, 2), LOWER), case(real(3, 2), LOWER.T.copy(), True))
also("_linalg_eigh", case(spd(3), outputs=(0,)))
also("_linalg_svd", case(real(3, 2), False, outputs=(1,)))
also("linalg_qr", case(real(3, 2)))
also("linalg_pinv", case(real(3, 2)))
