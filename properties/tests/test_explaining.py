"""What `explain` prints: textbook derivatives word for word, formulae that are true, and errors that help."""

import re

import numpy as np
import pytest

from backproof import explain, layer
from backproof.engine.catalogue import registered
from backproof.engine.domains import Mask
from backproof.engine.errors import SpecError
from backproof.engine.explaining import explain_layer
from backproof.engine.layers import LAYERS
from backproof.engine.losses import LOSSES
from backproof.engine.notation.brackets import bare
from backproof.engine.notation.texts import difference, negative, product, quotient, total, transposed
from backproof.engine.options import Axes, Index, Permutation, first_values
from backproof.engine.subjects import pullback, sample
from backproof.engine.transforms import grads
from backproof.properties.battery import PROPERTIES
from backproof.properties.diagnosis.examination import examine
from backproof.properties.searching import Effort, search

VJP = PROPERTIES["vjp_matches_differences"]

M, V = {"X": (4, 3), "W": (3, 2), "Y": (4, 2)}, {"x": (3,), "A": (3, 2), "y": (2,)}
LEAST_SQUARES = {
    "X": ("[tr(W @ (X @ W - Y).T @ .)]", "[* ((X @ W - Y) @ W.T)]"),
    "W": ("[tr((X @ W - Y).T @ X @ .)]", "[* (X.T @ (X @ W - Y))]"),
    "Y": ("[tr((Y - X @ W).T @ .)]", "[* (Y - X @ W)]"),
}
TRACE = {"A": ("[tr(X.T @ .)]", "[* X]"), "X": ("[tr(A.T @ .)]", "[* A]")}
BILINEAR = {
    "x": ("[y.T @ A.T @ .]", "[* (A @ y)]"),
    "A": ("[x.T @ . @ y]", "[* (x @ y.T)]"),
    "y": ("[x.T @ A @ .]", "[* (A.T @ x)]"),
}
CROSS_ENTROPY = {
    "z": ("[(exp(z - logsumexp(z)) - y).T @ .]", "[* (exp(z - logsumexp(z)) - y)]"),
    "y": ("[-z.T @ .]", "[* -z]"),
}
TEXTBOOK = {
    "y = 3 x": (lambda x: 3 * x, {"x": (2,)}, {"x": ("[* 3]", "[* 3]")}),
    "y = x^2": (lambda x: x**2, {"x": (2,)}, {"x": ("[* (2 * x)]", "[* (2 * x)]")}),
    "y = x / 3 / a": (
        lambda x, a: x / 3 / a,
        {"x": (2,), "a": (2,)},
        {"x": ("[/ (3 * a)]", "[/ (3 * a)]"), "a": ("[* (-x / a / a / 3)]", "[* (-x / a / a / 3)]")},
    ),
    "y = sqrt x": (lambda x: np.sqrt(x), {"x": (2,)}, {"x": ("[/ (2 * sqrt(x))]", "[/ (2 * sqrt(x))]")}),
    "y = sin x": (lambda x: np.sin(x), {"x": (2,)}, {"x": ("[* cos(x)]", "[* cos(x)]")}),
    "W @ x + b, of vectors": (
        lambda W, x, b: W @ x + b,
        {"W": (2, 3), "x": (3,), "b": (2,)},
        {"W": ("[. @ x]", "[. @ x.T]"), "x": ("[W @ .]", "[W.T @ .]"), "b": ("[.]", "[.]")},
    ),
    "x.T @ W @ x, of vectors": (
        lambda x, W: x.T @ W @ x,
        {"x": (3,), "W": (3, 3)},
        {"x": ("[x.T @ W @ .] + [x.T @ W.T @ .]", "[* (W.T @ x + W @ x)]"), "W": ("[x.T @ . @ x]", "[* (x @ x.T)]")},
    ),
    "x.T @ W @ x, of columns": (
        lambda x, W: x.T @ W @ x,
        {"x": (3, 1), "W": (3, 3)},
        {
            "x": ("[x.T @ W @ .] + [x.T @ W.T @ .]", "[W.T @ x @ .] + [W @ x @ .]"),
            "W": ("[x.T @ . @ x]", "[x @ . @ x.T]"),
        },
    ),
    "A @ B @ C": (
        lambda A, B, C: A @ B @ C,
        {"A": (2, 3), "B": (3, 4), "C": (4, 5)},
        {
            "A": ("[. @ B @ C]", "[. @ C.T @ B.T]"),
            "B": ("[A @ . @ C]", "[A.T @ . @ C.T]"),
            "C": ("[A @ B @ .]", "[B.T @ A.T @ .]"),
        },
    ),
    "relu(x @ W)": (
        lambda x, W: np.maximum(x @ W, 0),
        {"x": (2, 3), "W": (3, 4)},
        {"x": ("[* mask] o [. @ W]", "[. @ W.T] o [* mask]"), "W": ("[* mask] o [x @ .]", "[x.T @ .] o [* mask]")},
    ),
    "1/2 ||XW - Y||^2, a sum of squares": (lambda X, W, Y: np.sum((X @ W - Y) ** 2) / 2, M, LEAST_SQUARES),
    "1/2 ||XW - Y||^2, np.square": (lambda X, W, Y: 0.5 * np.sum(np.square(X @ W - Y)), M, LEAST_SQUARES),
    "1/2 ||XW - Y||^2, a norm": (lambda X, W, Y: 0.5 * np.linalg.norm(X @ W - Y) ** 2, M, LEAST_SQUARES),
    "tr(A^T X)": (lambda A, X: np.trace(A.T @ X), {"A": (3, 2), "X": (3, 2)}, TRACE),
    "tr(A^T X), a sum of products": (lambda A, X: np.sum(A * X), {"A": (3, 2), "X": (3, 2)}, TRACE),
    "tr(X^T A X)": (
        lambda X, A: np.trace(X.T @ A @ X),
        {"X": (3, 2), "A": (3, 3)},
        {"X": ("[tr(X.T @ A + X.T @ A.T @ .)]", "[* (A.T @ X + A @ X)]"), "A": ("[tr(X @ X.T @ .)]", "[* (X @ X.T)]")},
    ),
    "x^T A y": (lambda x, A, y: x @ A @ y, V, BILINEAR),
    "x^T A y, with a transpose": (lambda x, A, y: x.T @ A @ y, V, BILINEAR),
    "softmax cross-entropy": (lambda z, y: np.logaddexp.reduce(z) - y @ z, {"z": (3,), "y": (3,)}, CROSS_ENTROPY),
    "sum of phi(X)": (
        lambda X: np.sum(np.tanh(X)),
        {"X": (2, 3)},
        {"X": ("[tr((1 - tanh(X) ** 2).T @ .)]", "[* (1 - tanh(X) ** 2)]")},
    ),
    "sum of X": (lambda X: np.sum(X), {"X": (2, 3)}, {"X": ("[sum over all axes]", "[repeat over all axes]")}),
    "log det A": (
        lambda A: np.linalg.slogdet(A)[1],
        {"A": 2 * np.eye(3)},
        {"A": ("[tr(A^-1 @ .)]", "[* A^-1.T]")},
    ),
    "A^-1": (lambda A: np.linalg.inv(A), {"A": 2 * np.eye(3)}, {"A": ("[-A^-1 @ . @ A^-1]", "[-A^-1.T @ . @ A^-1.T]")}),
    "A^-1 b": (
        lambda A, b: np.linalg.solve(A, b),
        {"A": 2 * np.eye(3), "b": (3,)},
        {"A": ("[-A^-1 @ . @ solve(A, b)]", "[-A^-1.T @ . @ solve(A, b).T]"), "b": ("[A^-1 @ .]", "[A^-1.T @ .]")},
    ),
    "an argument that does not count": (
        lambda x, y: np.exp(x) + 0 * len(y),
        {"x": (2,), "y": (2,)},
        {"x": ("[* exp(x)]", "[* exp(x)]"), "y": ("[* 0]", "[* 0]")},
    ),
}


@pytest.mark.parametrize("case", TEXTBOOK)
def test_derivatives_read_as_in_a_textbook(case):
    function, arguments, expected = TEXTBOOK[case]
    explained = explain(function, **arguments)
    assert {e.argument: (e.derivative, e.pullback) for e in explained.explanations} == expected


def test_arguments_are_told_apart_by_name():
    one = explain(lambda A, B: A @ B, B=(3, 4), A=(2, 3))
    assert [e.argument for e in one.explanations] == ["A", "B"]


def test_names_are_counted_without_gaps():
    where = explain_layer(LOSSES["cosine_embedding"]).where
    names = [name for name in where if name.startswith("t")]
    assert names == [f"t{number}" for number in range(1, len(names) + 1)]


def reducing(function):
    """A reduction as it is written: its result is a column."""

    def reduced(x, axis=None, keepdims=False):
        result = function(x, axis=axis, keepdims=axis is not None)
        return result.T if axis == 0 and not keepdims else result

    return reduced


def test_names_that_are_taken_are_not_given():
    explained = explain(lambda t1, mask: np.maximum(t1 @ mask, 0), t1=(2, 3), mask=(3, 4))
    assert explained.where == {"mask2": "t1 @ mask > 0"}
    assert explained.explanations[1].pullback == "[t1.T @ .] o [* mask2]"


NAMESPACE = {
    "sum": reducing(np.sum),
    "max": reducing(np.max),
    "mean": reducing(np.mean),
    "norm": reducing(np.linalg.norm),
    "logsumexp": reducing(np.logaddexp.reduce),
    "ones": lambda *shape: np.ones(shape),
}
for function in (np.exp, np.log, np.log1p, np.tanh, np.sign, np.abs, np.where, np.arange, np.clip, np.logaddexp):
    NAMESPACE[function.__name__] = function
NAMESPACE |= {"abs": np.abs, "broadcast_to": np.broadcast_to}
MATRICES = {
    "least squares": lambda A, B: np.sum((A @ B - 2) ** 2) / 3,
    "cubes": lambda A, B: np.mean((A * A.T) @ B * B) - 2 * np.sum(A**3 / B),
    "quotients": lambda A, B: np.sum(A / (B - 5) * 3 / (A + B)) / 7,
    "softmax": lambda A, B: -np.sum(B * np.log(np.exp(A) / np.sum(np.exp(A), axis=1, keepdims=True))),
    "means of rows": lambda A, B: np.sum((A - np.mean(A, axis=1, keepdims=True)) ** 2 * B),
    "sums of columns": lambda A, B: np.sum(np.exp(-np.sum(A @ B.T, axis=0)) * np.sum(B, axis=0)),
    "minus a difference": lambda A, B: -np.sum((A - B) * (1 - (A - 2 * B))) - np.trace(A @ B @ A.T),
    "norms": lambda A, B: np.linalg.norm(A @ B) * np.sum(B) + np.sum(np.maximum(A, B)),
    "unfolded": lambda A, B: np.sum(np.tanh(A @ (B - A.T) @ (A * B).T)) / np.linalg.norm(A),
}


def gradient_of(explained, argument, arrays):
    """The gradient that a pullback says, computed from what it says."""
    names = {**NAMESPACE, **arrays}
    for name, text in explained.where.items():
        value = eval(text, names)
        names[name] = value * 1.0 if getattr(value, "dtype", None) == np.bool_ else value
    text = next(e.pullback for e in explained.explanations if e.argument == argument)
    return eval(bare(text.removeprefix("[* ").removesuffix("]")), names)


@pytest.mark.parametrize("case", MATRICES)
def test_gradients_are_what_they_say(case):
    arrays = {name: np.random.default_rng(n).uniform(0.5, 1.5, (3, 3)) for n, name in enumerate("AB")}
    explained = explain(MATRICES[case], **arrays)
    for name, expected in zip(arrays, grads(MATRICES[case], *arrays.values()), strict=True):
        np.testing.assert_allclose(gradient_of(explained, name, arrays), expected, rtol=1e-5)


WRITTEN = sorted(set(LOSSES) - {"ctc", "weighted_cross_entropy"})  # indices of arrays, rows that are no columns


@pytest.mark.parametrize("name", WRITTEN)
def test_gradients_of_losses_are_what_they_say(name):
    loss = LOSSES[name]
    explained = explain_layer(loss)
    assert explained.of_any_size
    arrays = dict(zip(loss.arguments, sample(loss.signature, loss.domains, (4, 6, 5, 8)), strict=True))
    for argument, expected in zip(arrays, grads(loss.function, *arrays.values()), strict=True):
        if expected is not None and arrays[argument].ndim == 2:
            np.testing.assert_allclose(gradient_of(explained, argument, arrays), expected, rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize("layer", [*LAYERS.values(), *LOSSES.values()], ids=lambda layer: layer.name)
def test_all_layers_and_losses_are_explained(layer):
    for explanation in explain_layer(layer).explanations:
        assert explanation.derivative.startswith(("[", "("))
        assert explanation.pullback.startswith(("[", "("))


@pytest.mark.parametrize(
    ("function", "pullback"),
    [
        (lambda x: np.sum(x**2) / (2 * x.shape[0]), "[* (2 * x / (2 * n))]"),
        (lambda x: np.mean(x**2), "[* (2 * x / x.size)]"),
        (lambda x: np.sum(x) * 0.1 / np.sqrt(x.shape[1]), "[repeat over all axes] o [* (0.1 / sqrt(d))]"),
        (lambda x: np.sum(x) / (x.shape[0] - 1), "[repeat over all axes] o [/ (n - 1)]"),
        (lambda x: np.sum(x) / 3 + np.sum(x) / 7, "[repeat over all axes] o [/ 7] + [repeat over all axes] o [/ 3]"),
    ],
)
def test_numbers_that_are_sizes_are_written_as_such(function, pullback):
    explained = explain_layer(layer("(n,d)->()")(lambda x: function(x)))
    assert explained.of_any_size
    assert explained.explanations[0].pullback == pullback
    assert explained.where == {
        name: f"x.shape[{axis}]" for axis, name in enumerate("nd") if re.search(rf"\b{name}\b", pullback)
    }


@pytest.mark.parametrize(
    "function",
    [
        lambda x: np.sum(x) * len(x) ** 3 / 1.7,  # no simple expression in the sizes
        lambda x: np.sum(x[: len(x) // 2]),  # another slice at each size, which is no number of its own
        lambda x: sum(np.sum(np.sin(row) ** k) for k, row in enumerate(x)),  # another formula at each size
        lambda x, keep: np.sum(x * keep[:, None]) / max(keep.sum(), 1),  # a number of entries that the data says
    ],
)
def test_what_is_no_expression_in_the_sizes_is_written_of_small_arrays(function):
    takes = "(n,d),(n)->()" if function.__code__.co_argcount == 2 else "(n,d)->()"
    explained = explain_layer(layer(takes, domain={"keep": Mask()} if "(n)-" in takes else {})(function))
    assert not explained.of_any_size
    assert explained.explanations


def masked_mean(prediction, target, keep):
    error = keep * (prediction - target)
    return np.sum(error**2) / max(keep.sum(), 1), lambda ct: (ct * error, -ct * error)


def test_the_right_map_of_a_counterexample_says_nothing_that_holds_for_other_points_alone():
    def mean(x):
        return np.sum(np.tanh(x)) / len(x), lambda ct: ct * np.ones_like(x)

    def right(function, signature, **domain):
        outcome = search(pullback(function, signature, domain=domain), VJP, Effort(10))
        return examine(VJP, outcome.counterexample).right_map

    (shown,) = right(mean, "(n,d)->()")
    assert shown.pullback == "[* ((1 - tanh(x) ** 2) / n)] where n = x.shape[0]"
    assert right(masked_mean, "(n),(n),(n)->()", keep=Mask()) == ()


RULES = [subject for name, subject in registered().items() if name.startswith("rules.")]


@pytest.mark.parametrize("subject", RULES, ids=lambda subject: subject.name)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_all_rules_are_explained(subject):
    arrays = sample(subject.signature, subject.domains)
    options = first_values(subject.options)
    for name, option in subject.options.items():
        if name not in options:
            by_shape = (
                None if isinstance(option, Axes | Permutation) else 0 if isinstance(option, Index) else arrays[0].shape
            )
            options[name] = by_shape
    explained = explain(
        lambda *given: subject.forward(*given, **options), **dict(zip(subject.arguments, arrays, strict=True))
    )
    assert explained.explanations


WRONG = {
    "no arguments": (lambda: explain(lambda: 3), "given no arguments. Name each"),
    "no function": (lambda: explain(3, x=(2,)), "given a int, but takes a function"),
    "shapes that do not fit": (
        lambda: explain(lambda A, B: A @ B, A=(2, 3), B=(2, 3)),
        r"shapes A \(2, 3\), B \(2, 3\)",
    ),
    "a function that returns nothing": (lambda: explain(lambda x: None, x=(2,)), "returned a NoneType"),
    "a function that returns two": (lambda: explain(lambda x: (x, x), x=(2,)), "returned a tuple"),
    "a function that returns a constant": (
        lambda: explain(lambda x: np.ones(2), x=(2,)),
        "does not depend on any of 'x'",
    ),
    "nothing differentiable": (lambda: explain(lambda n: n + 1, n=np.arange(3)), "nothing to differentiate among 'n'"),
    "an unknown name": (lambda: explain(lambda weight: weight, wieght=(2,)), "Did you mean 'weight'"),
    "a name too few": (lambda: explain(lambda A, B: A @ B, A=(2, 2)), "'B' of the function is not given"),
    "a negative size": (lambda: explain(lambda x: x, x=(-1, 2)), "none of them below 0"),
    "no numbers": (lambda: explain(lambda x: x, x="abc"), "x='abc' is no array of numbers"),
}


@pytest.mark.parametrize("question", WRONG)
def test_wrong_questions_are_answered_with_a_remedy(question):
    ask, message = WRONG[question]
    with pytest.raises(SpecError, match=message):
        ask()


TEXTS = {
    "numbers are gathered": (product("2 * x", "3 * y"), "6 * x * y"),
    "numbers are shortened where they come out even": (quotient("2 * x", "2"), "x"),
    "numbers that do not come out even stay": (quotient("2 * (x - y)", "6"), "2 * (x - y) / 6"),
    "what is above and below is cancelled": (product("t", "(x - y) / t"), "x - y"),
    "a product of matrices is one factor": (product("A @ B", "c"), "(A @ B) * c"),
    "minus a difference is turned round": (negative("a - b"), "b - a"),
    "minus minus": (negative("-x"), "x"),
    "plus minus is minus": (total("a", "-b"), "a - b"),
    "what is subtracted comes last": (total("-a", "b"), "b - a"),
    "minus a sum": (difference("a", "b + c"), "a - (b + c)"),
    "products turn round": (transposed("A @ B.T"), "B @ A.T"),
    "sums of products, too": (transposed("A @ B + C @ D"), "B.T @ A.T + D.T @ C.T"),
    "sums do not": (transposed("x + B.T"), "(x + B.T).T"),
    "twice transposed": (transposed("(x + y).T"), "x + y"),
    "numbers are not transposed": (transposed("2 * A / 6"), "2 * A.T / 6"),
}


@pytest.mark.parametrize("rule", TEXTS)
def test_texts_are_simplified(rule):
    text, expected = TEXTS[rule]
    assert text == expected


def test_vectors_are_columns():
    explained = explain(lambda x, W: np.maximum(x @ W, 0), x=(3,), W=(3, 2))
    assert explained.where == {"mask": "W.T @ x > 0"}
    assert re.fullmatch(r"\[W @ \.\] o \[\* mask\]|\[transpose\].*", explained.explanations[0].pullback)
