"""Where the derivatives of autograd 1.9.1 are wrong: as these subjects have found it, and its source confirms."""

import autograd.numpy as np
import autograd.scipy.linalg as spla
from autograd.scipy import stats

from backproof.engine.domains import Interval, lower_triangular, nonzero

CHI2 = {"domain": {"x": Interval(0.1, 20.0)}}
MASK = np.array([[True, False, True], [False, True, True]])
NONZERO = {"domain": {"x": nonzero}}

# name: function, signature, declarations, and what is the matter
WRONG_VALUES = {
    "repeat_along_a_negative_axis": (
        lambda x: np.repeat(x, 2, axis=-1),
        "(n,m)->",
        {},
        "grad_repeat splits shape[0 : axis + 1], which is empty for -1: repeats are summed along the wrong axis",
    ),
    "tile_the_last_axis": (
        lambda x: np.tile(x, 2),
        "(2,m)->",
        {},
        "grad_tile takes reps for the first axes; NumPy tiles the last ones where reps are fewer than axes",
    ),
    "transpose_by_axes_of_both_signs": (
        lambda x: np.transpose(x, (1, -1, 0)),
        "(n,n,n)->",
        {},
        "grad_transpose inverts a permutation by argsort(axes), which negative axes upset",
    ),
    "chi2_logpdf_of_fractional_df": (
        lambda x: stats.chi2.logpdf(x, 2.5),
        "()->()",
        CHI2,
        "grad_chi2_logpdf is zero unless df % 1 == 0, as if the distribution had whole degrees of freedom only",
    ),
    "chi2_pdf_of_fractional_df": (lambda x: stats.chi2.pdf(x, 2.5), "()->()", CHI2, "as of its logarithm"),
    "solve_with_unit_diagonal": (
        lambda a, b: spla.solve_triangular(a, b, lower=True, unit_diagonal=True),
        "(n,n),(n)->",
        {"domain": {"a": lower_triangular}},
        "grad_solve_triangular takes unit_diagonal in **kwargs, and solves with the diagonal that is there",
    ),
    "sum_where": (lambda x: np.sum(x, where=MASK), "(2,3)->", {}, "grad_np_sum takes where= in **kwargs, unused"),
    "mean_where": (lambda x: np.mean(x, where=MASK), "(2,3)->", {}, "as that of sum"),
    "prod_where": (lambda x: np.prod(x, where=MASK), "(2,3)->", NONZERO, "as that of sum"),
    "var_where": (lambda x: np.var(x, where=MASK), "(2,3)->", {}, "as that of sum"),
    "max_with_initial": (
        lambda x: np.max(x, initial=0.5),
        "(n)->",
        {},
        "grad_chooser divides by the number of entries equal to the maximum: by zero where that is the initial value",
    ),
    "prod_of_zeros": (
        np.prod,
        "(n)->",
        {},
        "grad_np_prod divides the product by each factor: 0/0, where the derivative is the product of the others",
    ),
    "sinc_at_zero": (
        np.sinc,
        "()->()",
        {},
        "(cos(pi x) pi x - sin(pi x)) / (pi x^2) is 0/0, where the derivative is zero",
    ),
    "rfft_scaled_forward": (
        lambda x: np.real(np.fft.rfft(x, norm="forward")),
        "(6)->",
        {},
        "make_rfft_factors knows the norms None and 'ortho' alone",
    ),
}
WRONG_SHAPES = {
    "where_broadcasts": (
        lambda x, y: np.where(y > 0.0, x, y),
        "(1),(n)->",
        {},
        "the VJPs of where do not sum over the axes along which an argument is broadcast",
    ),
    "clip_broadcasts": (
        lambda x: np.clip(x, np.array([-1.0, 0.0]), 2.0),
        "(1)->",
        {},
        "the VJP of clip does not either",
    ),
    "cross_broadcasts": (np.cross, "(3),(n,3)->", {}, "nor do those of cross"),
    "diag_of_a_rectangle": (np.diag, "(2,3)->", {}, "its VJP is diag, which makes a square matrix"),
    "norm_with_keepdims": (
        lambda x: np.linalg.norm(x, axis=0, keepdims=True),
        "(n,m)->",
        NONZERO,
        "norm_vjp takes keepdims in **kwargs, and inserts the axis once more",
    ),
    "norm_over_negative_axes": (
        lambda x: np.linalg.norm(x, axis=(-1, -2)),
        "(n,2,3)->",
        NONZERO,
        "norm_vjp shifts the row axis by one as if both were counted from the front",
    ),
}
RAISES = {
    "gradient_of_three": (
        lambda x: np.gradient(x),
        "(3)->",
        {},
        "grad_gradient joins five parts, which are four entries at least: two and three are too few",
    ),
    "outer_of_a_matrix": (
        np.outer,
        "(n,m),(k)->",
        {},
        "the VJPs of outer are those of vectors; NumPy flattens what it is handed",
    ),
    "einsum_of_a_diagonal": (
        lambda x: np.einsum("ii->i", x),
        "(n,n)->",
        {},
        "grad_einsum asks einsum for an output with one index twice",
    ),
    "det_of_a_singular_matrix": (
        np.linalg.det,
        "(2,2)->",
        {},
        "the VJP of det inverts the matrix; the derivative is that of a polynomial, the adjugate",
    ),
    "roll_two_axes": (
        lambda x: np.roll(x, (1, 2), (0, 1)),
        "(n,m)->",
        {},
        "the VJP of roll writes -shift, and shift may be a tuple",
    ),
}
FINDINGS = WRONG_VALUES | WRONG_SHAPES | RAISES
