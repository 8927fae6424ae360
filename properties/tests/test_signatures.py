"""Descriptions of subjects: what they mean, and what is said of those that do not fit."""

import re
from dataclasses import replace

import numpy as np
import pytest

from backproof.engine import SpecError
from backproof.engine.domains import Interval, Labels, Mask, mask, positive, real
from backproof.engine.options import Choice, Real
from backproof.engine.signatures import fill, parse
from backproof.engine.subjects import checked_vjp, layer, layer_subject

REMEDY = r"one group an argument, such as '\(n,i\),\(i,o\),\(o\)->\(n,o\)'\.$"

# A signature, the groups of its arguments, and its output.
GOOD = [
    ("(n,i),(i,o),(o)->(n,o)", (("n", "i"), ("i", "o"), ("o",)), ("n", "o")),
    ("(n)->()", (("n",),), ()),
    ("(),()->()", ((), ()), ()),
    ("(...)->(...)", (("...",),), ("...",)),
    ("(...,n,k_2),(K)->(...,n)", (("...", "n", "k_2"), ("K",)), ("...", "n")),
    ("(3,n),(2)->(n,3)", ((3, "n"), (2,)), ("n", 3)),
    ("(n)->(2)", (("n",),), (2,)),
    ("(n),(k)->", (("n",), ("k",)), None),
    ("(...)->", (("...",),), None),
    (" ( n , i ), (i) -> ( n ) ", (("n", "i"), ("i",)), ("n",)),
]


@pytest.mark.parametrize(("text", "inputs", "output"), GOOD)
def test_parse(text, inputs, output):
    signature = parse(text)
    assert (signature.inputs, signature.output) == (inputs, output)
    assert str(signature) == signature.text == text


def test_what_a_signature_says():
    assert parse("(n,i),(i,3),(...,o)->(n,o)").names == ("n", "i", "o")
    assert [parse(text).broadcasts for text in ("(),()->()", "()->", "(),(n)->()", "(...)->()")] == [1, 1, 0, 0]
    assert [parse(text).has_leading for text in ("(n),(...,n)->(n)", "(n)->(n)", "()->()")] == [1, 0, 0]
    assert fill(("...", "n", 3), {"n": 5}, (2, 7)) == (2, 7, 5, 3)
    assert fill((), {}) == ()


# A malformed signature, and what is wrong with it.
MALFORMED = [
    ("(n),(n)", "it has no '->'"),
    ("", "it has no '->'"),
    ("(n)=>(n)", "it has no '->'"),
    ("->(n)", "'' is not a list of parenthesised groups"),
    ("n,i->(n)", "'n,i' is not a list of parenthesised groups"),
    ("(n)(i)->(n)", r"'\(n\)\(i\)' is not a list"),
    ("(n),->(n)", r"'\(n\),' is not a list"),
    ("(n->(n)", r"'\(n' is not a list"),
    ("((n))->(n)", r"'\(\(n\)\)' is not a list"),
    ("(n)->n", "'n' is not a list"),
    ("(n)->(n)->(n)", r"'\(n\)->\(n\)' is not a list"),
    ("(n)->(n),(n)", "it has more than one output"),
    ("(n)->(k)", "the output's dimension 'k' stands in no argument"),
    ("()->(n)", "the output's dimension 'n' stands in no argument"),
    ("(n)->(...)", r"the output's dimension '\.\.\.' stands in no argument"),
    ("(n,)->(n)", r"'' in \(n,\) is neither a name, a number nor a leading '\.\.\.'"),
    ("(1x)->()", r"'1x' in \(1x\) is neither"),
    ("(-1)->()", r"'-1' in \(-1\) is neither"),
    ("(n?)->()", r"'n\?' in \(n\?\) is neither"),
    ("(n|1)->()", r"'n\|1' in \(n\|1\) is neither"),
    ("(n,...)->()", r"'\.\.\.' in \(n,\.\.\.\) is neither"),
    ("(...,...)->()", r"'\.\.\.' in \(\.\.\.,\.\.\.\) is neither"),
    ("(n)->(n,...)", r"'\.\.\.' in \(n,\.\.\.\) is neither"),
    ("(²)->()", "'²' in .* is neither"),  # a digit to str.isdigit, but no number
]


@pytest.mark.parametrize(("text", "wrong"), MALFORMED)
def test_malformed(text, wrong):
    with pytest.raises(SpecError, match=f"^signature={re.escape(repr(text))} does not parse: {wrong}.*{REMEDY}"):
        parse(text)


# A signature, shapes, the sizes and the leading shape that they imply, and the output's shape.
BINDINGS = [
    ("(n,i),(i,o),(o)->(n,o)", [(2, 3), (3, 4), (4,)], {"n": 2, "i": 3, "o": 4}, (), (2, 4)),
    ("(n,i),(i)->(i,n)", [(0, 1), (1,)], {"n": 0, "i": 1}, (), (1, 0)),
    ("(n,3)->(3)", [(5, 3)], {"n": 5}, (), (3,)),
    ("(n,n)->()", [(2, 2)], {"n": 2}, (), ()),
    ("(n),(k)->", [(2,), (3,)], {"n": 2, "k": 3}, (), None),
    ("(...)->(...)", [(2, 3)], {}, (2, 3), (2, 3)),
    ("(...)->(...)", [()], {}, (), ()),
    ("(...,n)->(...)", [(7, 2, 3)], {"n": 3}, (7, 2), (7, 2)),
    ("(...,n),(...,n,k)->(k,n)", [(7, 3), (7, 3, 4)], {"n": 3, "k": 4}, (7,), (4, 3)),
    ("(n),(...,n)->(...,n)", [(3,), (6, 5, 3)], {"n": 3}, (6, 5), (6, 5, 3)),
    ("(),()->()", [(2, 1), (3,)], {}, (), (2, 3)),
    ("()->()", [()], {}, (), ()),
    ("(),()->", [(2, 1), (3,)], {}, (), None),
]


@pytest.mark.parametrize(("text", "shapes", "sizes", "leading", "output"), BINDINGS)
def test_bind(text, shapes, sizes, leading, output):
    assert parse(text).bind(shapes) == (sizes, leading)
    assert parse(text).output_shape(shapes) == output


# A signature, shapes that contradict it, the argument at fault, and how its group reads.
CONTRADICTIONS = [
    ("(n,i),(i,o)->(n,o)", [(2, 3), (4, 5)], 1, "(i,o)"),
    ("(n,i),(i,o)->(n,o)", [(2, 3), (3,)], 1, "(i,o)"),
    ("(n),(n)->(n)", [(3,), (1,)], 1, "(n)"),
    ("(n,n)->()", [(2, 3)], 0, "(n,n)"),
    ("(n,3)->()", [(3, 4)], 0, "(n,3)"),
    ("(n)->()", [()], 0, "(n)"),
    ("(n)->()", [(2, 2)], 0, "(n)"),
    ("(...,n,k)->()", [(3,)], 0, "(...,n,k)"),
    ("(...,n),(...,n)->(n)", [(2, 3), (4, 3)], 1, "(...,n)"),
    ("(...,n),(...,n)->(n)", [(3,), (2, 3)], 1, "(...,n)"),
    ("(...,n),(...,n)->(n)", [(2, 3), (3,)], 1, "(...,n)"),  # leading dimensions are the same wherever they stand
    ("(),(n)->(n)", [(2,), (3,)], 0, "()"),
]


@pytest.mark.parametrize(("text", "shapes", "number", "group"), CONTRADICTIONS)
def test_shapes_that_contradict(text, shapes, number, group):
    for method in ("bind", "output_shape"):
        with pytest.raises(SpecError, match=r"\. Change the array or the signature\.$") as caught:
            getattr(parse(text), method)(shapes)
        says = f"argument {number} has shape {shapes[number]}, but the signature {text!r} says {group},"
        assert str(caught.value).startswith(says)


def test_wrong_number_of_shapes():
    with pytest.raises(SpecError, match=r"has 2 arguments, but 1 were given\. Write one parenthesised group for each"):
        parse("(n),(n)->(n)").bind([(3,)])


def test_shapes_that_do_not_broadcast():
    with pytest.raises(SpecError, match=r"\(2,\).*\(3,\)"):
        parse("(),()->()").output_shape([(2,), (3,)])


def scaled(x, w, axis=0, strength=1.0):
    """A function with two arguments and two options."""
    return strength * x * w


OPTIONS = {"axis": Choice((0, 1)), "strength": Real(0.0, 2.0)}


def test_layer():
    made = layer("(n),(n)->(n)", domain={"w": positive}, **OPTIONS)(scaled)
    assert (made.name, made.__doc__, made.arguments) == ("scaled", scaled.__doc__, ("x", "w"))
    assert (made.domains, dict(made.options)) == ((real, positive), OPTIONS)
    assert made(2.0, 3.0, strength=5.0) == 30.0
    labelled = layer("(n,c),(n),()->()", domain={"y": Labels("c"), "m": Mask()})(lambda x, y, m: x)
    assert labelled.domains == (Interval(), Labels("c"), mask)
    assert layer_subject(labelled).differentiated == (0,)
    assert layer_subject(made, "layers").name == "layers.scaled"


# A signature, a domain and options that do not fit `scaled`, and what is said of them.
WRONG_LAYERS = [
    (
        "(n),(n)->(n)",
        {},
        {"axsi": Choice((0,))},
        "option 'axsi' .*of scaled.* Did you mean 'axis'. Rename it, or drop it",
    ),
    ("(n),(n)->(n)", {}, {"zzz": Choice((0,))}, r"option 'zzz' .*'x', 'w', 'axis' and 'strength'\. Rename it"),
    ("(n),(n)->(n)", {}, {**OPTIONS, "bias": Real(0, 1)}, "option 'bias'"),
    (
        "(n),(n)->(n)",
        {"v": positive},
        OPTIONS,
        "domain 'v' .*of scaled, which takes 'x' and 'w'.* Rename it, or drop it",
    ),
    ("(n),(n)->(n)", {"axis": positive}, OPTIONS, "domain 'axis' is not a parameter"),
    (
        "(n),(n)->(n)",
        {},
        {"axis": Choice((0,))},
        "2 arguments, but .* takes 3 .*: 'x', 'w' and 'strength'. .*declare options",
    ),
    (
        "(n)->(n)",
        {},
        OPTIONS,
        r"signature='\(n\)->\(n\)' of scaled describes 1 arguments, but the function takes 2 .*Write one",
    ),
    ("(n),(n),(n)->(n)", {}, OPTIONS, "describes 3 arguments, but the function takes 2"),
    ("(n),(n)", {}, OPTIONS, "does not parse"),
]


@pytest.mark.parametrize(("signature", "domain", "options", "message"), WRONG_LAYERS)
def test_layers_that_do_not_fit(signature, domain, options, message):
    with pytest.raises(SpecError, match=message):
        layer(signature, domain=domain, **options)(scaled)


SUBJECT = layer_subject(layer("(n),(n)->(n)", **OPTIONS)(scaled), "layers")
X, W = np.array([1.0, 2.0]), np.array([5.0, 7.0])


def test_checked_vjp():
    output, pull = checked_vjp(SUBJECT, [X, W], {"strength": 2.0})
    np.testing.assert_array_equal(output, 2 * X * W)
    for got, want in zip(pull(X), (2 * W * X, 2 * X * X), strict=True):
        np.testing.assert_array_equal(got, want)
    listed = replace(SUBJECT, vjp=lambda x, w: (x * w, lambda ct: [ct * w, None]))
    assert checked_vjp(listed, [X, W], {})[1](X)[1] is None
    anything = layer_subject(layer("(n),(k)->", **OPTIONS)(scaled))
    assert checked_vjp(anything, [X, W[:1]], {})[0].shape == (2,)


# What a vjp of x and w returns, and what is said of its output.
WRONG_OUTPUTS = [
    (lambda x, w: ((x * w)[:1], None), r"shape \(1,\), but its signature '\(n\),\(n\)->\(n\)' says \(2,\)"),
    (
        lambda x, w: (x @ w, None),
        r"shape \(\), but its signature .* says \(2,\) for arguments of shapes \[\(2,\), \(2,\)\]",
    ),
    (lambda x, w: (np.outer(x, w), None), r"shape \(2, 2\).* Change the signature's right-hand side or the forward\.$"),
]


@pytest.mark.parametrize(("vjp", "message"), WRONG_OUTPUTS)
def test_an_output_that_contradicts_the_signature(vjp, message):
    with pytest.raises(SpecError, match=f"the forward of layers.scaled returned an output of {message}"):
        checked_vjp(replace(SUBJECT, vjp=vjp), [X, W], {})


# What a pullback returns, and how many cotangents that is.
WRONG_COTANGENTS = [
    (lambda ct: (ct,), "returned 1 cotangent"),
    (lambda ct: [ct, ct, ct], "returned 3 cotangents"),
    (lambda ct: (), "returned 0 cotangents"),
    (lambda ct: ct, "returned one ndarray"),  # two entries, which are not two cotangents
    (lambda ct: None, "returned one NoneType"),
]


@pytest.mark.parametrize(("pull", "message"), WRONG_COTANGENTS)
def test_a_wrong_number_of_cotangents(pull, message):
    _, pullback = checked_vjp(replace(SUBJECT, vjp=lambda x, w: (x * w, pull)), [X, W], {})
    with pytest.raises(SpecError, match=rf"layers.scaled {message}.*2 arguments \(x, w\)\. Return a tuple with one"):
        pullback(X)


def test_a_single_argument_needs_no_tuple():
    doubled = layer("(n)->(n)")(lambda x: 2 * x).pullback(lambda x: (2 * x, lambda ct: 2 * ct))
    np.testing.assert_array_equal(checked_vjp(layer_subject(doubled), [X], {})[1](W)[0], 2 * W)


@pytest.mark.parametrize("options", [{}, {"axis": 1}])
def test_a_forward_that_raises(options):
    def refuse(x, w, **given):
        raise KeyError("no such thing")

    given = r" and \{'axis': 1\}" if options else ""
    message = (
        r"forward of layers\.scaled raised KeyError: 'no such thing'; it was called with x\(2,\), w\(2,\)"
        rf"{given}, which its signature '\(n\),\(n\)->\(n\)' allows\. Narrow the signature or the domain, or mend"
    )
    with pytest.raises(SpecError, match=message) as caught:
        checked_vjp(replace(SUBJECT, vjp=refuse), [X, W], options)
    assert isinstance(caught.value.__cause__, KeyError)


def test_a_spec_error_of_the_forward_itself_is_passed_on():
    def refuse(x, w):
        raise SpecError("as it is")

    with pytest.raises(SpecError, match=r"^as it is$"):
        checked_vjp(replace(SUBJECT, vjp=refuse), [X, W], {})
