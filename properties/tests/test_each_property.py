"""Each property alone finds a mistake that no other one finds, or names what the others only detect."""

import struct
from array import array
from dataclasses import replace

import numpy as np
import pytest

from backproof.engine import layer
from backproof.engine.domains import Interval
from backproof.engine.signatures import parse
from backproof.engine.subjects import Subject, layer_subject, pullback
from backproof.properties.battery import PROPERTIES, applicable
from backproof.properties.judgement import Verdict
from backproof.properties.searching import Effort, search


def subject_of(forward, vjp, jvp, signature="(n)->(n)"):
    parsed = parse(signature)
    names = tuple("xyz"[: len(parsed.inputs)])
    domains = layer_subject(layer(signature)(lambda x: x)).domains
    return Subject("planted", parsed, names, domains, {}, forward, vjp, jvp=jvp, code=(forward, vjp, jvp))


def tripled(x):
    return 3 * x


def tripled_vjp(x):
    return 3 * x, lambda ct: (3 * ct,)


def tripled_jvp(primals, tangents):
    return 3 * tangents[0]


# vjp_matches_differences: a formula.
def only_differences_know():
    return pullback(lambda x: (np.sin(x), lambda ct: -ct * np.cos(x)), "(n)->(n)", name="sine")


# jvp_matches_differences: the pushforward alone is wrong; the identity sees it, and cannot say which of the two it is.
def the_pushforward_is_to_blame():
    return subject_of(tripled, tripled_vjp, lambda primals, tangents: 3 * tangents[0] + 1e-6 * np.sum(tangents[0]))


# adjoint_identity: the forward is opaque, and differences of floats do not tell 1e-9.
def passed_through_bytes(x):
    return 3 * np.array(array("d", [float(struct.unpack("d", struct.pack("d", v))[0]) for v in x.ravel()]))


def opaque_to_differences():
    def vjp(x):
        return 3 * x, lambda ct: (3 * (1 + 1e-9) * ct,)

    return subject_of(passed_through_bytes, vjp, tripled_jvp)


# linear_in_cotangent: what is clipped far away from any cotangent of a test.
def clipped_far_away():
    return pullback(lambda x: (3 * x, lambda ct: np.clip(3 * ct, -1e17, 1e17)), "(n)->(n)", name="clipped")


# linear_in_tangent: the same in the pushforward; directions are about one in size.
def pushes_clipped():
    return subject_of(tripled, tripled_vjp, lambda primals, tangents: np.clip(3 * tangents[0], -1e6, 1e6))


# shapes_and_dtypes: float64 for a float32 argument.
def widened():
    return pullback(lambda x: (3 * x, lambda ct: 3 * ct.astype(np.float64)), "(n)->(n)", name="widened", accuracy="any")


# pure: the pullback zeroes its cotangent when it has done with it.
def zeroes_its_cotangent():
    def operation(x):
        def pull(ct):
            result = 3 * ct
            ct[...] = 0
            return result

        return 3 * x, pull

    return pullback(operation, "(n)->(n)", name="zeroing")


# repeatable: one context for all calls.
KEPT = {}


def keeps_its_context_in_the_module():
    def operation(x):
        KEPT["x"] = np.array(x)
        return x * x, lambda ct: 2 * KEPT["x"] * ct

    return pullback(operation, "(n)->(n)", name="kept")


# layout_independent: reads memory in the order in which it lies there.
def reads_raw_memory():
    def operation(x):
        return 3 * x, lambda ct: 3 * ct.ravel(order="K").reshape(ct.shape)

    return pullback(operation, "(n,m)->(n,m)", name="raw")


# aliased_operands: contributions are gathered by the identity of the operand.
def gathers_by_identity():
    def operation(a, b):
        def pull(ct):
            total = {}
            for operand, share in ((a, ct * b), (b, ct * a)):
                total[id(operand)] = total.get(id(operand), 0) + share
            return total[id(a)], total[id(b)]

        return a * b, pull

    return pullback(operation, "(n),(n)->(n)", name="gathered")


# batch_separable: forward and pullback agree with each other, and standardize over the wrong axis.
def leaks_across_the_batch():
    def operation(x):
        return x - x.mean(axis=0), lambda ct: ct - ct.mean(axis=0)

    return pullback(operation, "(n,d)->(n,d)", batch="n", name="centred")


# accurate_in_dtype: float32 inside.
def narrow_inside():
    def operation(x, w):
        return x @ w, lambda ct: ((ct.astype(np.float32) @ w.T.astype(np.float32)).astype(x.dtype), x.T @ ct)

    return pullback(operation, "(n,i),(i,o)->(n,o)", name="narrow")


# subgradient_at_kinks: two slopes added at the kink; the differences see it, and do not say that it is the kink.
def both_slopes_at_the_kink():
    def operation(x):
        return np.abs(x), lambda ct: ct * np.where(x > 0, 1, np.where(x < 0, -1, 3))

    return pullback(operation, "(n)->(n)", name="absolute")


# finite_where_differentiable: inf - inf or inf / inf in the pullback alone.
def overflows_in_the_pullback():
    def operation(x):
        return np.logaddexp(0, x), lambda ct: ct * np.exp(x) / (1 + np.exp(x))

    return pullback(operation, "(n)->(n)", name="softplus")


# second_order: a residual that is detached, so that nothing can differentiate the pullback.
def detaches_a_residual():
    @layer("(n)->(n)")
    def cubed(x):
        """x^3"""
        return x**3

    def fused(x):
        kept = getattr(x, "value", x)
        return x**3, lambda ct: 3 * kept**2 * ct

    return layer_subject(cubed.pullback(fused))


# fused_equals_traced: a tape whose pullback is wrong, beside a hand-derived one that is right and is what is judged.
def is_wrong_on_the_tape_alone():
    def traced(x):
        return 3 * x, lambda ct: (-3 * ct,)

    return replace(subject_of(tripled, tripled_vjp, tripled_jvp), traced_vjp=traced)


# invariants: forward and pullback agree, and the forward is not what it says it is.
def is_no_distribution():
    def operation(x):
        e = np.exp(x)
        p = e / (1 + e.sum(axis=-1, keepdims=True))
        return p, lambda ct: p * (ct - np.sum(ct * p, axis=-1, keepdims=True))

    def sums_to_one(y):
        """each row of the output sums to one"""
        return np.sum(y, axis=-1), np.ones(len(y))

    near = {"x": Interval(-5.0, 5.0)}
    return pullback(operation, "(n,c)->(n,c)", domain=near, invariants=[sums_to_one], name="softmax")


ALONE = {
    "vjp_matches_differences": only_differences_know,
    "linear_in_cotangent": clipped_far_away,
    "linear_in_tangent": pushes_clipped,
    "adjoint_identity": opaque_to_differences,
    "shapes_and_dtypes": widened,
    "pure": zeroes_its_cotangent,
    "repeatable": keeps_its_context_in_the_module,
    "layout_independent": reads_raw_memory,
    "aliased_operands": gathers_by_identity,
    "batch_separable": leaks_across_the_batch,
    "accurate_in_dtype": narrow_inside,
    "finite_where_differentiable": overflows_in_the_pullback,
    "second_order": detaches_a_residual,
    "fused_equals_traced": is_wrong_on_the_tape_alone,
    "invariants": is_no_distribution,
}
NAMED = {
    "jvp_matches_differences": (the_pushforward_is_to_blame, "the pushforward is not J dx"),
    "subgradient_at_kinks": (both_slopes_at_the_kink, "at a kink, the cotangent for x is not between"),
}
IN_STACKS = {"chain_rule"}  # properties/tests/test_stacks.py


@pytest.mark.parametrize("name", ALONE)
def test_finds_what_no_other_property_finds(name):
    subject = ALONE[name]()
    found = {
        prop.name: outcome.reason
        for prop in applicable(subject)
        if (outcome := search(subject, prop, Effort(20, shrinks=False))).verdict is Verdict.FALSIFIED
    }
    assert set(found) == {name}, found


@pytest.mark.parametrize("name", NAMED)
def test_names_what_others_only_detect(name):
    make, says = NAMED[name]
    outcome = search(make(), PROPERTIES[name], Effort(40))
    assert outcome.verdict is Verdict.FALSIFIED
    assert says in outcome.reason


def test_each_order_of_differentiation_is_judged():
    @layer("(n)->(n)")
    def cubed(x):
        """x^3"""
        return x**3

    def without_a_factor(primals, tangents, ct):
        return (3 * ct * primals[0] * tangents[0],)

    right = layer_subject(cubed)
    assert search(right, PROPERTIES["second_order"], Effort(40)).verdict is Verdict.PASSED
    outcome = search(replace(right, hvp_by_reverse=without_a_factor), PROPERTIES["second_order"], Effort(40))
    assert outcome.verdict is Verdict.FALSIFIED
    assert "by forward over reverse is not the transpose of that by reverse over forward" in outcome.reason


def test_no_property_is_without_its_mistake():
    assert {*ALONE, *NAMED, *IN_STACKS} == set(PROPERTIES)
