"""Random stacks of all registered layers against every property, and what is said of a stack that is wrong."""

import subprocess
import sys
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import HealthCheck, given, seed, settings

from backproof.engine.domains import Interval, Labels, Mask
from backproof.engine.extended import arbiter, balls, computing
from backproof.engine.layers import LAYERS
from backproof.engine.losses import LOSSES
from backproof.engine.options import Axes
from backproof.engine.subjects import (
    append,
    empty_stack,
    layer_object,
    layer_subject,
    not_stackable,
    pair,
    penalized,
    pullback,
    stack_subject,
    with_skip,
)
from backproof.properties.battery import applicable
from backproof.properties.chain_rule import chain_rule
from backproof.properties.judgement import Evidence, Mismatch, Setting, Verdict, falsified
from backproof.properties.references.composing import composed
from backproof.properties.references.running import lift
from backproof.properties.searching import Counterexample, Effort, search_stacks
from backproof.properties.vjp_matches_differences import vjp_matches_differences
from backproof.reports.forms.terminal import counterexample_text
from backproof.reports.records.making import outcome_record
from backproof.reports.runs.running import items_for, run_item
from backproof.reports.scripts.script import standalone_script
from backproof.strategies.points import Point
from backproof.strategies.stacks import stacks


def grown(shape, *layers):
    """A stack of layers; "[" and "]" are the ends of branches around which a skip connection leads."""
    stack, begun = empty_stack(shape), []
    for each in layers:
        if each == "[":
            begun.append(stack)
        elif each == "]":
            stack = with_skip(stack, begun.pop())
        else:
            stack = append(stack, each, shape[-1], {})
    return stack


def shown(subject):
    return " -> ".join(stage.shown for stage in subject.stages)


AFFINE, RELU, TANH = (LAYERS[name] for name in ("affine", "relu", "tanh"))
SQUARES = LOSSES["mean_squared_error"]
RESIDUAL = partial(grown, (2, 3), AFFINE, "[", RELU, "[", TANH, "]", "]", SQUARES)
OF_STACKS = applicable(stack_subject(RESIDUAL()))


@pytest.mark.parametrize("prop", OF_STACKS, ids=lambda prop: prop.name)
def test_holds(prop, backproof_report, backproof_effort):
    backproof_report(search_stacks(prop, backproof_effort))


# what stacks are --------------------------------------------------------------------------------------------------


def test_branches_are_shown_in_brackets():
    subject = stack_subject(RESIDUAL())
    assert shown(subject) == "affine -> [relu -> [tanh] + skip] + skip -> mean_squared_error"
    assert subject.name == "stacks.affine-[relu-[tanh]+]+-mean_squared_error"


def test_what_came_into_a_branch_is_added_to_what_comes_out():
    x, w, b, target = np.array([[1.0, -2.0, 0.5]]), np.eye(3), np.array([0.0, 1.0, -1.0]), np.zeros((1, 3))
    came = np.array([[1.0, -1.0, -0.5]])
    inner = np.array([[1.0, 0.0, 0.0]])
    expected = np.mean((came + inner + np.tanh(inner)) ** 2)
    got = grown((1, 3), AFFINE, "[", RELU, "[", TANH, "]", "]", SQUARES).forward(x, w, b, target)
    assert got == pytest.approx(expected, rel=1e-15)


def test_a_skip_connection_that_does_not_fit_is_dropped():
    before = empty_stack((2, 3))
    assert with_skip(before, before) is before
    wider = append(before, AFFINE, 4, {})
    assert with_skip(wider, before) is wider


def test_a_layer_that_does_not_fit_is_dropped():
    stack = append(empty_stack((2, 3)), AFFINE, 4, {})
    assert stack.output == (2, 4)
    assert stack.shapes == ((2, 3), (3, 4), (4,))
    scalar = append(stack, LOSSES["softmax_cross_entropy"], 1, {})
    assert scalar.output == ()
    assert append(scalar, AFFINE, 4, {}) is None


def drawn(strategy, count=120):
    found = []

    @settings(max_examples=10, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def draw(subject):
        found.append(subject)

    for number in range(count // 10):  # as a search does: of many at once Hypothesis makes most from the one before
        seed(number)(draw)()
    return found


def test_brackets_of_drawn_stacks_are_balanced_and_not_too_deep():
    found = drawn(stacks())
    for subject in found:
        depth = 0
        for stage in subject.stages:
            depth += stage.opens
            assert depth <= 3
            depth -= stage.closes
            assert depth >= 0
        assert depth == 0
        assert sum(stage.subject.name in LAYERS for stage in subject.stages) <= 6
    assert sum("]" in subject.name for subject in found) > len(found) / 4


def cube_forward(x):
    return x**3, x


def cube_backward(ct, x):
    return ct * 3 * x**2


CUBE = pair(cube_forward, cube_backward, "(...)->(...)", name="my.cube")


def whitened_forward(x, scale):
    return x * scale[:, None, None], (x, scale)


def whitened_backward(ct, cache):
    x, scale = cache
    return ct * scale[:, None, None], np.sum(ct * x, axis=(0, 2, 3))


WHITENED = pair(whitened_forward, whitened_backward, "(n,c,h,w),(c)->(n,c,h,w)", name="my.whitened")


@pytest.mark.parametrize("required", [CUBE, WHITENED], ids=lambda subject: subject.name)
def test_a_required_layer_is_in_every_stack_and_often_twice(required):
    found = drawn(stacks({**LAYERS, required.name: required}, required=required.name))
    counts = [sum(stage.subject is required for stage in subject.stages) for subject in found]
    assert min(counts) >= 1
    assert sum(count >= 2 for count in counts) > len(counts) / 3


def test_layers_of_ones_own_are_right_in_stacks():
    for subject in (CUBE, WHITENED):
        layers = {**LAYERS, subject.name: subject}
        outcome = search_stacks(chain_rule, Effort(10), layers, required=subject.name)
        assert (outcome.verdict, outcome.evidence) == (Verdict.PASSED, Evidence.FORMULA)


# what is said of wrong ones ---------------------------------------------------------------------------------------


def with_pullback(name, fused):
    return {name: replace(LAYERS[name], fused=fused)}


def doubled_tanh(x):
    y = np.tanh(x)
    return y, lambda ct: 2 * ct * (1 - y**2)


def averaging_affine(x, w, b):
    return x @ w + b, lambda ct: (ct @ w.T, x.T @ ct, ct.mean(axis=0))


def relu_masked_by_its_cotangent(x):
    return np.maximum(x, 0), lambda ct: np.where(ct > 0, ct, 0)


def relu_in_place(x):
    def pull(ct):
        ct *= x > 0
        return ct

    return np.maximum(x, 0), pull


class Keeping:
    """A tanh that keeps its output on itself."""

    def __call__(self, x):
        self.y = np.tanh(x)
        return self.y, lambda ct: ct * (1 - self.y**2)


class HandingOut:
    """A tanh whose pullback returns the same array every time."""

    def __init__(self):
        self.dx = None

    def __call__(self, x):
        y = np.tanh(x)

        def pull(ct):
            if self.dx is None or self.dx.shape != x.shape:
                self.dx = np.zeros_like(x)
            self.dx[...] = ct * (1 - y**2)
            return self.dx

        return y, pull


def is_small(point, largest):
    arrays = [*point.primals, point.cotangent]
    numbers = np.concatenate([array.ravel() for array in arrays])
    return max(a.size for a in arrays) <= largest and bool(
        np.all(np.abs(numbers) <= 2) and np.all(4 * numbers % 1 == 0)
    )


@pytest.mark.parametrize(
    ("planted", "prop", "smallest", "size", "reason"),
    [
        (
            with_pullback("affine", averaging_affine),
            chain_rule,
            "affine -> softmax_cross_entropy",
            2,
            "for b is not J^T",
        ),
        (with_pullback("relu", relu_masked_by_its_cotangent), chain_rule, "relu -> mean_squared_error", 2, "relu: "),
        (
            with_pullback("tanh", Keeping()),
            vjp_matches_differences,
            "tanh -> tanh -> mean_squared_error",
            1,
            "the cotangent for x is not J^T ct",
        ),
        (
            with_pullback("relu", relu_in_place),
            vjp_matches_differences,
            "[relu] + skip -> mean_squared_error",
            1,
            "the cotangent for x is not J^T ct",
        ),
    ],
    ids=["affine", "mask", "context", "in place"],
)
def test_a_wrong_layer_is_found_in_the_smallest_stack(planted, prop, smallest, size, reason):
    layers = {name: LAYERS[name] for name in ("affine", "relu", "tanh")} | planted
    outcome = search_stacks(prop, Effort(30), layers)
    assert outcome.verdict is Verdict.FALSIFIED
    found = outcome.counterexample
    assert shown(found.subject) == smallest
    text = counterexample_text(outcome_record(outcome))
    stack = next(" ".join(line.split()) for line in text.splitlines() if line.startswith("stack "))
    assert stack.partition(" (")[0].replace("*", "") == f"stack {smallest}"
    assert ("*...* is wrong by" in stack) == (prop is chain_rule)  # the other two are right alone
    assert reason in found.judgement.reason
    assert is_small(found.point, size)


@pytest.mark.parametrize(("tanh", "verdict"), [(None, "passed"), (doubled_tanh, "falsified")])
def test_a_stack_is_judged_whole_and_by_its_layers(tanh, verdict):
    layers = LAYERS | (with_pullback("tanh", tanh) if tanh else {})
    stack = grown((2, 3), AFFINE, "[", layers["tanh"], "]", LOSSES["softmax_cross_entropy"])
    subject = stack_subject(penalized(stack, LOSSES["l2_penalty"], 1, {"strength": 0.5}))
    x = np.array([[1.0, -2.0, 0.5], [0.25, 1.5, -1.0]])
    w = np.array([[0.5, -1.0, 2.0], [0.25, 2.0, -1.5], [1.0, 0.75, 0.125]])
    point = Point((x, w, np.array([0.5, -0.25, 1.0]), np.array([0, 2])), {}, np.array(1.0))
    for prop in (vjp_matches_differences, chain_rule):
        assert prop.judge(subject, point, Setting()).verdict.value == verdict


def test_a_stack_that_forgets_a_skip_connection_is_not_the_composition_of_its_layers():
    subject, forgetful = stack_subject(RESIDUAL()), grown((2, 3), AFFINE, RELU, "[", TANH, "]", SQUARES)
    mixed = replace(subject, vjp=lambda *primals: stack_subject(forgetful).vjp(*primals))
    x, w, b = np.array([[1.0, 2.0, 0.5], [0.25, 1.5, 1.0]]), np.eye(3), np.array([1.0, 2.0, 3.0])
    point = Point((x, w, b, np.zeros((2, 3))), {}, np.array(1.0))
    assert chain_rule.judge(subject, point, Setting()).verdict is Verdict.PASSED
    for strength in (Evidence.FORMULA, Evidence.VALUES):
        judgement = chain_rule.judge(mixed, point, Setting(strength=strength))
        assert judgement.verdict is Verdict.FALSIFIED
        assert "the composition of the layers' pullbacks and the stack's own differ" in judgement.reason


class Linear:
    """One object for all calls, as in code where a network holds its layers."""

    def __call__(self, x, w):
        self.x, self.w = x, w
        return x @ w, lambda ct: (ct @ self.w.T, self.x.T @ ct)


def in_float64(array):
    """Out of reach of the twins: this NumPy is known to nobody but the function itself."""
    import numpy

    out = numpy.zeros(array.shape)
    out[...] = array
    return out


class Rounding(Linear):
    """The same, but it is float64 that it computes in on the way back."""

    def __call__(self, x, w):
        output, pull = super().__call__(x, w)
        return output, lambda ct: tuple(map(in_float64, pull(ct)))


def test_an_object_that_stands_twice_in_a_stack_is_named():
    own = pullback(Linear().__call__, "(n,i),(i,o)->(n,o)", name="my.own")
    layers = {"relu": RELU, "tanh": TANH, "my.own": own}
    outcome = search_stacks(chain_rule, Effort(30), layers, required="my.own")
    assert outcome.verdict is Verdict.FALSIFIED
    assert shown(outcome.counterexample.subject) == "my.own -> my.own"
    assert outcome.counterexample.judgement.reason == (
        "layer 1 of 2, my.own: its pullback in the stack is not the one it has alone: something it keeps was "
        "overwritten by a later forward, that of layer 2 of 2, my.own"
    )
    assert is_small(outcome.counterexample.point, 1)


@pytest.mark.parametrize(("kept", "verdict"), [(False, "passed"), (True, "falsified")])
def test_code_that_leaves_extended_precision_is_judged_by_values(kept, verdict):
    rounding = Rounding()
    own = pullback(lambda x, w: (rounding if kept else Rounding())(x, w), "(n,i),(i,o)->(n,o)", name="my.own")
    subject = stack_subject(grown((2, 2), own, "[", TANH, own, "]"))
    x, w, ct = np.array([[0.5, -1.0], [0.25, 2.0]]), np.array([[1.0, 0.5], [-0.25, 0.75]]), np.array([[1.0, 2.0]] * 2)
    judgements = [
        chain_rule.judge(subject, Point((x, w, 2 * w), {}, ct), Setting(strength=strength))
        for strength in (Evidence.FORMULA, Evidence.VALUES)
    ]
    assert verdict in [judgement.verdict.value for judgement in judgements]
    assert judgements[1].verdict.value == verdict
    assert judgements[1].evidence is Evidence.VALUES


def judgement_of(*layers):
    """On x = 1 and -1/2, which all layers that are meant here take."""
    point = Point((np.array([[1.0, -0.5]]),), {}, np.array([[1.0, 2.0]]))
    return chain_rule.judge(stack_subject(grown((1, 2), *layers)), point, Setting())


def test_an_array_that_a_pullback_hands_out_twice_shows_in_a_branch():
    own = pullback(HandingOut().__call__, "(...)->(...)", name="my.own")
    assert judgement_of(own, own).verdict is Verdict.PASSED
    assert judgement_of("[", own, "]").verdict is Verdict.PASSED
    assert judgement_of("[", own, "]", own).verdict is Verdict.FALSIFIED
    assert judgement_of("[", own, "]", own).reason == (
        "layer 2 of 2, my.own: what its pullback returned was overwritten by that of layer 1 of 2, my.own: "
        "it hands out an array that it keeps"
    )


def test_a_pullback_that_works_in_place_shows_in_a_branch():
    own = pullback(relu_in_place, "(...)->(...)", name="my.own")
    assert judgement_of(own, TANH).verdict is Verdict.PASSED
    assert judgement_of("[", own, TANH, "]").verdict is Verdict.PASSED
    assert judgement_of("[", TANH, own, "]").verdict is Verdict.FALSIFIED
    assert judgement_of("[", TANH, own, "]").reason == (
        "layer 2 of 2, my.own: the pullback changed its cotangent in place: whoever else has it is wrong now"
    )


def test_a_layer_that_is_wrong_alone_is_the_guilty_one():
    own = pullback(doubled_tanh, "(...)->(...)", name="my.own")
    assert judgement_of(RELU, "[", own, "]").reason == "layer 2 of 2, my.own: the cotangent for x is not J^T ct"


def test_the_script_of_a_residual_stack_runs(tmp_path):
    """At x = 2 with targets 0 the stack is (2 + (2 + 2)^3)^2 = 4624: that script says so, and the slope 12936."""
    subject = stack_subject(grown((1, 1), "[", "[", RELU, "]", CUBE, "]", SQUARES))
    point = Point((np.array([[2.0]]), np.array([[0.0]])), {}, np.array(1.0))
    judgement = falsified("wrong", mismatch=Mismatch("cotangent for x", (1, 1), ("1",), ("2",)))
    path = tmp_path / "script.py"
    script = standalone_script("chain_rule", Counterexample(subject, point, judgement))
    shown = "print(forward(*primals), differences(0, primals, 1e-6).round().tolist())"
    path.write_text(script.replace("\nsys.exit(", f"\n{shown}\nsys.exit("))
    output = subprocess.run([sys.executable, "-I", str(path)], capture_output=True, text=True, check=False).stdout
    value = (2 + 4**3) ** 2
    slope = 2 * (2 + 4**3) * (1 + 3 * 4**2 * 2)
    assert output.endswith(f"{float(value)} [[{float(slope)}]]\n")


# what can be in a stack -------------------------------------------------------------------------------------------


class Running:
    def __init__(self):
        self.mean = 0.0

    def forward(self, x):
        return x - self.mean

    def backward(self, ct):
        return ct


def unary(signature="(...)->(...)", **declared):
    return pair(cube_forward, cube_backward, signature, **declared)


def chosen(x, axis):
    return np.flip(x, axis), axis


def with_labels(labels, table):
    return table[labels], None


@pytest.mark.parametrize(
    ("subject", "reason"),
    [
        (CUBE, None),
        (unary("()->()"), None),
        (layer_subject(AFFINE), None),
        (layer_subject(SQUARES), None),
        (unary("(n)->"), "its signature leaves the shape of its output open"),
        (unary(domain={"x": Interval(0.0, 1.0)}), "its first argument, x, cannot be any real numbers"),
        (unary(random=True), "it draws random numbers"),
        (unary(reference=lambda x: x**3), "its forward is opaque"),
        (unary(cotangent_map=lambda ct: 2 * ct), "its pullback is declared to be another"),
        (layer_object(Running, "(...)->(...)", state=("mean",)), "it keeps state"),
        (pair(chosen, cube_backward, "(...)->(...)", options={"axis": Axes(0)}), "its option axis depends on shapes"),
        (
            pair(with_labels, cube_backward, "(n),(v,d)->(n,d)", domain={"labels": Labels("v")}),
            "its first argument, labels, has no cotangent",
        ),
        (stack_subject(RESIDUAL()), "it is a stack itself"),
    ],
)
def test_what_cannot_be_in_a_stack_is_left_out_with_a_reason(subject, reason):
    found = not_stackable(subject)
    assert found == reason or (reason and found.startswith(reason))


def test_constants_and_masks_of_layers_have_no_cotangent_in_stacks():
    def gated_forward(x, gate, on):
        return np.where(on, x * gate, 0), (gate, on)

    def gated_backward(ct, cache):
        gate, on = cache
        return np.where(on, ct * gate, 0)

    gated = pair(
        gated_forward, gated_backward, "(...),(...),(...)->(...)", constants=("gate",), domain={"on": Mask()}, name="g"
    )
    subject = stack_subject(grown((2, 3), AFFINE, "[", gated, "]"))
    assert [subject.arguments[i] for i in subject.differentiated] == ["x", "affine1.w", "affine1.b"]
    assert subject.jvp is None
    outcome = search_stacks(chain_rule, Effort(15), {**LAYERS, "g": gated}, required="g")
    assert outcome.verdict is Verdict.PASSED


MINE = """
import numpy as np
from backproof import layer, pullback

class Linear:
    def __call__(self, x, w):
        self.x, self.w = x, w
        return x @ w, lambda ct: (ct @ self.w.T, self.x.T @ ct)

shared = Linear()

def run(x, w):
    return shared(x, w)

linear = pullback(run, "(n,i),(i,o)->(n,o)", name="linear")

@layer("(n,i)->(n)")
def total(x):
    return np.sum(x, axis=1)

@layer("(n)->")
def shapeless(x):
    return x
"""


def test_stacks_with_each_subject_of_a_file_are_searched(tmp_path):
    file = tmp_path / "mine_in_stacks.py"
    file.write_text(MINE)
    items = [item for item in items_for([str(file)], Effort(5), stacks=15) if item.subject.startswith("stacks with ")]
    assert [(item.subject, item.property, item.effort.examples) for item in items] == [
        ("stacks with mine_in_stacks.total", "chain_rule", 15),
        ("stacks with mine_in_stacks.linear", "chain_rule", 15),
    ]
    total, linear = (run_item(item).record for item in items)
    assert (total["subject"], total["verdict"]) == ("stacks with mine_in_stacks.total", "passed")
    assert linear["counterexample"]["layers"] == ["mine_in_stacks.linear", "mine_in_stacks.linear"]
    assert linear["reason"].startswith("layer 1 of 2, mine_in_stacks.linear: its pullback in the stack is not")
    assert not [i for i in items_for([str(file)], Effort(5), stacks=0) if i.subject.startswith("stacks with ")]


@pytest.mark.parametrize("arithmetic", [balls, arbiter], ids=lambda arithmetic: arithmetic.name)
def test_behind_a_saturated_layer_no_layer_is_handed_noise(arithmetic):
    """1 - tanh(x)^2 is 0 to all digits there are: the layer before is handed no cotangent, and not one of 1e-78."""
    subject = stack_subject(grown((1, 1), AFFINE, TANH))
    point = Point((np.ones((1, 1)), np.full((1, 1), 800.0), np.ones(1)), {}, np.ones((1, 1)))
    with computing(arithmetic, 256):
        uses = composed(subject.stages, lift(point)).uses
    assert uses[0].point.cotangent.tolist() == [[0.0]]
    assert uses[1].point.cotangent.tolist() == [[1.0]]
