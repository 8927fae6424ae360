"""Autograd's functions of whole arrays: those that move elements, sum them, choose among them and multiply them."""

import autograd.numpy as np

from backproof.engine.domains import nonzero
from backproof.engine.options import Axes, Choice, Index, Permutation, Reshaping, flag

ANY = "(...,n)->"
VECTOR = "(n)->"
MATRIX = "(n,m)->"
AXIS = {"axis": Choice((0, 1, -1))}
OVER = {"axis": Axes(), "keepdims": flag}
ONE_AXIS = {"axis": Choice((None, 0, -1)), "keepdims": flag}


def weighted(parts):
    """Different multiples of the parts of a split, one behind the other."""
    return np.concatenate([(i + 1.0) * np.ravel(part) for i, part in enumerate(parts)])


def joined(name, **keywords):
    return lambda x, y: getattr(np, name)((x, 2.0 * y), **keywords)


def getitem(x, where):
    return x[where]


def add_dots(x, y):
    return np.dot(x, y) + np.dot(2.0 * x, y)


def rows_by_index(x):
    return np.stack([x[0] * x[-1], x[0], np.sin(x[-1])])


def loop(x):
    total = 0.0
    for i in range(len(x)):
        total = total + x[i] * x[i] * (i + 1.0)
    return total


def nested(x, y):
    return np.array([[x[0, 0], y[0]], [np.exp(y[-1]), x[-1, -1] * y[0]]])


def selected(x, y):
    return np.select([x > 1.0, y > 0.5], [x * y, np.sin(y)], 2.0)


# name: function, signature, declarations
MOVING = {
    "reshape": (lambda x, shape: np.reshape(x, shape), ANY, {"options": {"shape": Reshaping()}}),
    "reshape_fortran": (lambda x: np.reshape(x, (-1,), order="F"), MATRIX, {}),
    "ravel": (np.ravel, ANY, {"options": {"order": Choice(("C", "F"))}}),
    "roll": (np.roll, MATRIX, {"options": {"shift": Choice((1, -2, 5)), "axis": Choice((None, 0, 1, -1))}}),
    "array_split": (lambda x: weighted(np.array_split(x, 3)), "(n,2)->", {}),
    "split": (lambda x, axis: weighted(np.split(x, 2, axis)), "(4,2)->", {"options": AXIS}),
    "split_at": (lambda x: weighted(np.split(x, [1, 3])), "(5)->", {}),
    "vsplit": (lambda x: weighted(np.vsplit(x, 2)), "(4,n)->", {}),
    "hsplit": (lambda x: weighted(np.hsplit(x, 2)), "(n,4)->", {}),
    "dsplit": (lambda x: weighted(np.dsplit(x, 2)), "(n,2,4)->", {}),
    "expand_dims": (np.expand_dims, ANY, {"options": {"axis": Choice((0, -1, 1))}}),
    "squeeze": (np.squeeze, "(n,1)->", {"options": {"axis": Choice((None, 1, -1))}}),
    "diag_of_vector": (np.diag, VECTOR, {"options": {"k": Choice((0, 1, -2))}}),
    "diag_of_square": (np.diag, "(n,n)->", {"options": {"k": Choice((0, 1, -1))}}),
    "flipud": (np.flipud, MATRIX, {}),
    "fliplr": (np.fliplr, MATRIX, {}),
    "rot90": (np.rot90, MATRIX, {"options": {"k": Choice((1, 0, 2, 3, -1))}}),
    "triu": (np.triu, MATRIX, {"options": {"k": Choice((0, 1, -1))}}),
    "tril": (np.tril, MATRIX, {"options": {"k": Choice((0, 1, -1))}}),
    "swapaxes": (lambda x: np.swapaxes(x, 0, -1), "(n,2,m)->", {}),
    "moveaxis": (lambda x: np.moveaxis(x, 0, -1), "(n,2,m)->", {}),
    "rollaxis": (np.rollaxis, "(n,2,m)->", {"options": {"axis": Choice((0, 1, 2)), "start": Choice((0, 1, 3))}}),
    "transpose": (np.transpose, "(n,2,m)->", {"options": {"axes": Permutation()}}),
    "diff": (np.diff, "(n,4)->", {"options": {"n": Choice((1, 2, 0)), "axis": Choice((-1, 1))}}),
    "gradient": (lambda x, axis: np.gradient(x, axis=axis), "(4,5)->", {"options": AXIS}),
    "repeat": (np.repeat, MATRIX, {"options": {"repeats": Choice((2, 1, 3)), "axis": Choice((None, 0, 1))}}),
    "tile": (np.tile, MATRIX, {"options": {"reps": Choice(((2, 1), (1, 3), (2, 2, 1)))}}),
    "broadcast_to": (lambda x: np.broadcast_to(x, (x.shape[0], 3)), "(n,1)->", {}),
    "diagonal": (lambda x: np.diagonal(x, 0, -1, -2), "(n,n)->", {}),
    "make_diagonal": (lambda x: np.make_diagonal(x, 0, -1, -2), "(n,m)->", {}),
    "getitem": (getitem, ANY, {"options": {"where": Index()}}),
    "pad": (lambda x: np.pad(x, ((1, 2), (0, 1)), "constant"), MATRIX, {}),
    "pad_all_sides": (lambda x: np.pad(x, 1, "constant"), MATRIX, {}),
    "fftshift": (np.fft.fftshift, MATRIX, {}),
    "ifftshift": (np.fft.ifftshift, MATRIX, {"options": {"axes": Choice((None, 0, 1))}}),
    "concatenate": (lambda x, y, axis: np.concatenate((x, 2.0 * y), axis), "(n,m),(n,m)->", {"options": AXIS}),
    "stack": (lambda x, y, axis: np.stack((x, 2.0 * y), axis), "(n,m),(n,m)->", {"options": AXIS}),
    "vstack": (joined("vstack"), "(n),(n)->", {}),
    "hstack": (joined("hstack"), "(n,k),(n,m)->", {}),
    "column_stack": (joined("column_stack"), "(n),(n)->", {}),
    "append": (lambda x, y: np.append(x, y), "(n,m),(k)->", {}),
    "atleast_1d": (np.atleast_1d, "()->", {}),
    "atleast_2d": (np.atleast_2d, VECTOR, {}),
    "atleast_3d": (np.atleast_3d, MATRIX, {}),
    "array": (nested, "(n,m),(k)->", {}),
    "indexing": (rows_by_index, VECTOR, {}),
    "full": (lambda x: np.full((2, 3), x[0]), "(1)->", {}),
    "select": (selected, "(n),(n)->", {}),
    "linspace": (lambda x, y, num: np.linspace(x[0], y[0], num), "(1),(1)->", {"options": {"num": Choice((4, 1, 2))}}),
}
REDUCING = {
    "sum": (np.sum, ANY, {"options": OVER}),
    "mean": (np.mean, ANY, {"options": OVER}),
    "prod": (np.prod, ANY, {"options": ONE_AXIS, "domain": {"a": nonzero}}),
    "var": (np.var, ANY, {"options": {**ONE_AXIS, "ddof": Choice((0, 1))}}),
    "var_over_axes": (np.var, ANY, {"options": OVER, "forward_mode": False}),
    "std": (np.std, ANY, {"options": OVER, "at_kink": "any"}),
    "max": (np.max, ANY, {"options": OVER}),
    "min": (np.min, ANY, {"options": ONE_AXIS}),
    "amax": (np.amax, ANY, {"options": ONE_AXIS}),
    "amin": (np.amin, ANY, {"options": ONE_AXIS}),
    "cumsum": (np.cumsum, "(n,2,m)->", {"options": {"axis": Choice((None, 0, 1, 2, -1))}}),
    "trace": (np.trace, MATRIX, {"options": {"offset": Choice((0, 1, -1))}}),
    "sort": (np.sort, VECTOR, {}),
    "partition": (lambda x: np.partition(x, 2), "(5)->", {}),
    "loop": (loop, VECTOR, {}),
    "trace_of_stacks": (np.trace, "(n,m,2)->", {}),
    "mean_of_two_axes": (lambda x: np.mean(x, axis=(0, -1)), "(2,n,3)->", {}),
}
PRODUCTS = {
    "inner": (np.inner, "(n,i),(m,i)->", {}),
    "inner_of_vectors": (np.inner, "(n),(n)->", {}),
    "outer": (np.outer, "(n),(m)->", {}),
    "dot": (np.dot, "(n,i),(i,m)->", {}),
    "dot_of_vectors": (np.dot, "(n),(n)->", {}),
    "dot_matrix_vector": (np.dot, "(n,i),(i)->", {}),
    "dot_vector_matrix": (np.dot, "(i),(i,m)->", {}),
    "dot_of_stacks": (np.dot, "(2,n,i),(3,i,m)->", {}),
    "dot_with_scalar": (np.dot, "(),(n,m)->", {}),
    "add_dots": (add_dots, "(n,i),(i,m)->", {}),
    "matmul": (np.matmul, "(n,i),(i,m)->", {}),
    "matmul_of_stacks": (np.matmul, "(2,n,i),(1,i,m)->", {}),
    "matmul_stack_vector": (np.matmul, "(2,n,i),(i)->", {}),
    "matmul_vector_stack": (np.matmul, "(i),(2,i,m)->", {}),
    "matmul_of_vectors": (np.matmul, "(i),(i)->", {}),
    "operator_matmul": (lambda x, w: x @ w @ w.T, "(n,i),(i,m)->", {}),
    "tensordot": (np.tensordot, "(n,2,3),(2,3,m)->", {}),
    "tensordot_one": (lambda x, y: np.tensordot(x, y, 1), "(n,i),(i,m)->", {}),
    "tensordot_axes": (lambda x, y: np.tensordot(x, y, ((2, 0), (0, 1))), "(2,n,i),(i,2)->", {}),
    "kron": (np.kron, "(n,m),(k,2)->", {}),
    "kron_of_vectors": (np.kron, "(n),(m)->", {}),
    "kron_of_stacks": (np.kron, "(2,m,k),(n,m)->", {}),
    "cross": (np.cross, "(n,3),(n,3)->", {}),
    "cross_axis": (lambda a, b: np.cross(a, b, axis=0), "(3,n),(3,n)->", {}),
    "cross_axes": (lambda a, b: np.cross(a, b, axisa=0, axisb=1, axisc=0), "(3,n),(n,3)->", {}),
    "inner_of_stacks": (np.inner, "(2,n,i),(3,i)->", {}),
    "tensordot_none": (lambda x, y: np.tensordot(x, y, 0), "(n,i),(m)->", {}),
    "tensordot_negative_axes": (lambda x, y: np.tensordot(x, y, ([-1], [-2])), "(n,i),(2,i,m)->", {}),
    "einsum": (lambda x, y: np.einsum("ij,jk->ik", x, y), "(n,i),(i,m)->", {}),
    "einsum_batched": (lambda x, y: np.einsum("...ij,...jk->...ki", x, y), "(2,n,i),(2,i,m)->", {}),
    "einsum_broadcast": (lambda x, y: np.einsum("...ij,...jk->...ik", x, y), "(2,n,i),(i,m)->", {}),
    "einsum_implicit": (lambda x, y: np.einsum("ij,jk", x, y), "(n,i),(i,m)->", {}),
    "einsum_same_twice": (lambda x: np.einsum("ij,ij->i", x, x), "(n,i)->", {}),
    "einsum_to_a_scalar": (lambda x, y: np.einsum("ij,ij->", x, y), "(n,m),(n,m)->", {}),
    "einsum_summed_out": (lambda x: np.einsum("ijk->j", x), "(n,m,2)->", {}),
    "einsum_three": (lambda x, y, z: np.einsum("i,ij,j->", x, y, z), "(n),(n,m),(m)->", {}),
}
