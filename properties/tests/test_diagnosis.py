"""Diagnoses: mistakes with a known cause are named, and nothing is said where nothing simple explains everything."""

import json
from dataclasses import replace

import numpy as np
import pytest

from backproof.engine import layer
from backproof.engine.domains import Labels
from backproof.engine.extended import balls, computing, decimals, extended, stripped
from backproof.engine.layers.affine import affine
from backproof.engine.layers.batch_norm import batch_norm
from backproof.engine.layers.conv1d import conv1d
from backproof.engine.layers.tanh import tanh
from backproof.engine.losses.huber import huber
from backproof.engine.options import Real
from backproof.engine.signatures import fill
from backproof.engine.subjects import layer_subject, pair, pullback
from backproof.properties.battery import PROPERTIES
from backproof.properties.diagnosis import choices, diagnose, examination, examine, varying
from backproof.properties.diagnosis.fresh import fresh_points
from backproof.properties.judgement import Setting, Verdict
from backproof.properties.searching import Counterexample, Effort, search, search_stacks
from backproof.properties.tests.misled.known import KNOWN
from backproof.properties.tests.misled.near import (
    NEAR,
    for_one_kind_and_for_large_numbers,
    for_one_stride_and_for_wide_kernels,
)
from backproof.properties.tests.misled.odd import ODD
from backproof.properties.tests.misled.partial import PARTIAL
from backproof.properties.tests.misled.repaired import (
    BILINEAR,
    OBLONG,
    REPAIRED,
    last_axes_of_the_result,
    last_axes_of_three,
)
from backproof.properties.tests.misled.tempting import TEMPTING
from backproof.properties.tests.planting import planted_fused
from backproof.reports.records.making import outcome_record
from backproof.strategies.points import Point

VJP = PROPERTIES["vjp_matches_differences"]


def found_by(subject, name="vjp_matches_differences", examples=30, shrinks=False):
    outcome = search(subject, PROPERTIES[name], Effort(examples, shrinks=shrinks))
    assert outcome.verdict is Verdict.FALSIFIED, outcome.reason
    return outcome.counterexample


def wrong_point_of(subject):
    """A counterexample without a search: the first of a few small points at which the pullback is wrong."""
    signature = subject.signature
    shapes = [fill(dimensions, dict.fromkeys(signature.names, 2), ()) for dimensions in signature.inputs]
    start = Point(tuple(np.zeros(shape) for shape in shapes), {}, np.zeros(()))
    for special in (False, True):
        for point in fresh_points(subject, start, 4, special):
            judgement = VJP.judge(subject, point, Setting())
            if judgement.verdict is Verdict.FALSIFIED:
                return Counterexample(subject, point, judgement)
    return found_by(subject)


@pytest.mark.parametrize("mistake", [*KNOWN, *REPAIRED, *PARTIAL], ids=lambda mistake: mistake.operation.__name__)
def test_a_mistake_that_has_a_name_is_named(mistake):
    if mistake.is_rare:
        found = found_by(mistake.subject, mistake.caught_by, 60, mistake.needs_shrinking)
    else:
        found = wrong_point_of(mistake.subject)
    diagnosis = diagnose(PROPERTIES[mistake.caught_by], found)
    assert diagnosis is not None
    assert diagnosis.kind == mistake.kind, diagnosis.says
    for word in mistake.words:
        assert word in diagnosis.says


@pytest.mark.parametrize(
    ("mistake", "signature", "position"), [(last_axes_of_three, BILINEAR, 2), (last_axes_of_the_result, OBLONG, 1)]
)
def test_what_is_to_stand_in_the_place_of_a_product_of_three_axes_is_right_as_it_is_written(
    mistake, signature, position
):
    subject = pullback(mistake, signature, name=mistake.__name__)
    written = diagnose(VJP, wrong_point_of(subject)).says.split("`")[1]
    source = np.random.default_rng(0)
    x, w, z, ct, moved = (source.uniform(-1, 1, shape) for shape in ((2, 3), (2, 3, 3), (2, 3), (2, 2), (2, 3, 3)))
    direction = moved if position == 1 else moved[0, :2]
    shifted = [array + direction if i == position else array for i, array in enumerate((x, w, z))]
    slope = np.sum(ct * (mistake(*shifted)[0] - mistake(x, w, z)[0]))  # exact: y is linear in each

    def holds(text):
        with_names = {"x": x, "w": w, "z": z, "ct": ct, "einsum": np.einsum, "swapaxes": np.swapaxes, "np": np}
        try:
            return np.isclose(np.sum(direction * eval(text, with_names)), slope)
        except ValueError:
            return False

    assert holds(written)
    assert not holds(written.replace("swapaxes(", "np.transpose(").replace(", -1, -2)", ")"))


@pytest.mark.parametrize("mistake", [*ODD, *NEAR], ids=lambda mistake: mistake.operation.__name__)
def test_nothing_is_said_of_what_nothing_explains(mistake):
    diagnosis = diagnose(VJP, wrong_point_of(mistake.subject))
    assert diagnosis is None, diagnosis.says


UNEXPLAINED = 1.3
ALSO = {
    "both in their own ways": (-1, 2, "the cotangent for a has the wrong sign; also wrong: b"),
    "both alike": (-1, -1, "the cotangent for a has the wrong sign; the same holds for b"),
    "one": (-1, 1, "the cotangent for a has the wrong sign"),
    "the other one explained": (
        UNEXPLAINED,
        -1,
        "of a nothing is known that explains it all; but the cotangent for b has the wrong sign",
    ),
}


@pytest.mark.parametrize("name", ALSO)
def test_of_which_argument_a_sentence_is_and_which_others_are_wrong(name):
    of_a, of_b, says = ALSO[name]

    def product(a, b):
        wobble = 1 + 0.1 * np.sin(7 * a) if of_a == UNEXPLAINED else of_a
        return np.sin(a) * b, lambda ct: (ct * np.cos(a) * b * wobble, of_b * ct * np.sin(a))

    subject = pullback(product, "(n),(n)->(n)", name="product")
    assert diagnose(VJP, wrong_point_of(subject)).says == says


def test_two_that_have_changed_places_are_not_named_twice():
    def product(a, b):
        return np.sin(a) * b, lambda ct: (ct * np.sin(a), ct * np.cos(a) * b)

    found = wrong_point_of(pullback(product, "(n),(n)->(n)", name="product"))
    assert diagnose(VJP, found).says == "the cotangents for a and b have changed places"


def test_the_map_that_is_shown_is_that_of_the_argument_whose_numbers_are():
    def product(a, b):
        return a * b, lambda ct: (ct * b * (1 + 0.1 * np.sin(7 * a)), -ct * a)

    told = examine(VJP, wrong_point_of(pullback(product, "(n),(n)->(n)", name="product")))
    assert told.diagnosis.argument == "b"
    assert told.right_map[0].argument == "a"


def test_an_option_is_blamed_where_nobody_looks_at_other_sizes(monkeypatch):
    """What keeps the sentence from being said of two of NEAR is that larger points are tried."""
    monkeypatch.setattr(choices, "is_right_beyond", lambda *arguments: True)
    for operation in (for_one_stride_and_for_wide_kernels, for_one_kind_and_for_large_numbers):
        mistake = next(each for each in NEAR if each.operation is operation)
        assert "wrong only for" in diagnose(VJP, wrong_point_of(mistake.subject)).says


def keeping(update):
    """``x * gain``, whose cotangent for gain is made of what the call before left, and of what is right."""

    def scaled(x, gain):
        kept = np.zeros_like(gain)

        def pull(ct):
            nonlocal kept
            kept = update(kept, ct * x)
            return ct * gain, kept

        return x * gain, pull

    return pullback(scaled, "(n),(n)->(n)", name="scaled")


def added_in_place(kept, new):
    kept += new
    return kept


@pytest.mark.parametrize("name", ["linear_in_cotangent", "repeatable"])
def test_what_adds_up_from_call_to_call_is_said_to(name):
    diagnosis = diagnose(PROPERTIES[name], found_by(keeping(added_in_place), name, shrinks=True))
    says = "the cotangent for gain adds up from one call to the next: what an earlier call left is still in it"
    assert (diagnosis.kind, diagnosis.says, diagnosis.argument) == ("adds_up", says, "gain")


@pytest.mark.parametrize(
    "update", [lambda kept, new: 0.9 * kept + new, lambda kept, new: kept + 2 * new, lambda kept, new: kept + new**2]
)
def test_what_keeps_something_else_is_not_said_to_add_up(update):
    diagnosis = diagnose(PROPERTIES["repeatable"], found_by(keeping(update), "repeatable"))
    assert diagnosis is None, diagnosis.says


@pytest.mark.parametrize("mistake", TEMPTING, ids=lambda mistake: mistake.operation.__name__)
def test_what_lies_near_and_is_false_is_not_said(mistake):
    diagnosis = diagnose(VJP, found_by(mistake.subject, shrinks=True))
    assert diagnosis is None or mistake.false not in diagnosis.says


def test_an_option_that_does_no_harm_at_one_value_is_not_called_irrelevant():
    def cooled(x, temperature=1.0):
        return np.sin(x / temperature), lambda ct: ct * np.cos(x / temperature)

    subject = pullback(cooled, "(n)->(n)", name="cooled", options={"temperature": Real(0.5, 4.0)})
    assert "option temperature" not in examine(VJP, found_by(subject)).irrelevant


def test_values_at_which_a_forgotten_factor_does_no_harm_are_not_called_irrelevant():
    def scaled(x, gain):
        return x * gain, lambda ct: (ct, ct * x)

    assert (
        "the values of gain" not in examine(VJP, found_by(pullback(scaled, "(n),(n)->(n)", name="scaled"))).irrelevant
    )


def while_small(x):
    factor = 2 if np.all(np.abs(x) < float("50")) else 1
    return np.sin(x), lambda ct: factor * ct * np.cos(x)


def while_in_all_rows(x):
    return np.sin(x), lambda ct: ct * np.cos(x) / max(np.sum(np.any(ct != 0, axis=1)), 1)


@pytest.mark.parametrize(
    ("operation", "name", "what"),
    [(while_small, "the values of x", "MAGNITUDES"), (while_in_all_rows, "the cotangent", "_parts")],
)
def test_what_does_no_harm_for_large_numbers_or_in_few_rows_is_not_called_irrelevant(
    operation, name, what, monkeypatch
):
    subject = pullback(operation, "(n,d)->(n,d)", name=operation.__name__)
    point = Point((np.ones((2, 2)),), {}, np.ones((2, 2)))
    found = Counterexample(subject, point, VJP.judge(subject, point, Setting()))
    assert name not in examine(VJP, found).irrelevant
    monkeypatch.setattr(varying, what, () if what == "MAGNITUDES" else lambda shape: ())
    assert name in examine(VJP, found).irrelevant


LAYERS = {
    "affine": (affine, 1, lambda g: -g, "sign", "the cotangent for w has the wrong sign"),
    "batch_norm": (batch_norm, 0, lambda g: 2 * g, "constant_factor", "the cotangent for x is 2 times too large"),
    "conv1d": (conv1d, 1, lambda g: g[..., ::-1], "flipped", "the cotangent for w is in reverse order"),
    "huber": (huber, 0, lambda g: 0 * g, "zero", "is always zero"),
}


@pytest.mark.parametrize("name", LAYERS)
def test_mistakes_in_layers_of_the_catalogue_are_named(name):
    right, position, mistake, kind, says = LAYERS[name]
    diagnosis = diagnose(VJP, wrong_point_of(layer_subject(planted_fused(right, position, mistake))))
    assert diagnosis.kind == kind
    assert says in diagnosis.says


def test_a_constant_is_told_from_a_size_that_is_equal_to_it_at_the_counterexample():
    def operation(factor):
        return lambda x: (np.sin(x), lambda ct: ct * np.cos(x) * factor(x))

    two, size = (
        diagnose(VJP, found_by(pullback(operation(factor), "(n)->(n)", name="sine"), shrinks=True))
        for factor in (lambda x: 2, lambda x: 1 + len(x))
    )
    assert two.kind == "constant_factor"
    assert size is None or "n" in size.says


def course_forward(x, w, b):
    return x @ w + b, (x, w, b)


def course_backward(dout, cache):
    x, w, _ = cache
    return dout @ w.T, x.T @ dout, dout.mean(axis=0)


def test_an_examination_shows_all_that_there_is_in_numbers_that_are_right():
    subject = pair(course_forward, course_backward, "(n,m),(m,k),(k)->(n,k)", name="course")
    found = found_by(subject, shrinks=True)
    told = examine(VJP, found)
    assert told.diagnosis.argument == "b"
    x, w, _ = found.point.primals
    ct = found.point.cotangent
    expected = {"x": ct @ w.T, "w": x.T @ ct, "b": ct.sum(axis=0)}
    returned = {**expected, "b": ct.mean(axis=0)}
    assert [each.argument for each in told.cotangents] == ["x", "w", "b"]
    for each in told.cotangents:
        assert np.array_equal(np.array(each.expected, dtype=float).reshape(each.shape), expected[each.argument])
        assert np.array_equal(np.array(each.got, dtype=float).reshape(each.shape), returned[each.argument])
    assert [(each.argument, each.pullback) for each in told.right_map] == [("b", "[sum over axis 0]")]
    assert told.steps.what == "the derivative of <ct, y> for b[0]"
    assert len(told.steps.h) == len(told.steps.error) == len(told.steps.claimed) == 13
    assert max(told.steps.error) < 1e-2 < 0.4 < min(told.steps.claimed)
    assert set(told.irrelevant) == {"the values of x", "the values of w", "the values of b", "the cotangent"}
    assert told.guilty is None


def filtered(x, h):
    size = x.shape[-1]
    spectrum = np.fft.rfft(h)

    def pull(ct):
        of_ct = np.fft.rfft(ct)
        return np.fft.irfft(of_ct * spectrum, size), np.fft.irfft(of_ct * np.conj(np.fft.rfft(x)), size)

    return np.fft.irfft(np.fft.rfft(x) * spectrum, size), pull


def test_what_is_zero_to_within_its_error_is_shown_as_zero_and_what_is_small_is_not():
    last = np.array([0.0, 0.0, 1.0])
    point = Point((np.zeros(3), last), {}, last)
    subject = pullback(filtered, "(n),(n)->(n)", name="filtered")
    judgement = VJP.judge(subject, point, Setting(detailed=True))
    told = examine(VJP, Counterexample(subject, point, judgement)).cotangents[0]
    for shown in (judgement.mismatch, told):
        assert (tuple(map(float, shown.expected)), tuple(map(float, shown.got))) == ((1, 0, 0), (0, 1, 0))
        assert {*shown.expected, *shown.got} == {"0", *(each for each in shown.got if float(each) == 1)}
    with computing(balls, 256):
        exact = extended(np.array([2.0**-250]))
        assert float(decimals(exact)[0]) == 2.0**-250
        noise = np.sqrt(extended(np.array([2.0]))) ** 2 - 2
        assert (decimals(noise), balls.decimal(stripped(noise)[0], 5)) == (["0"], "-1.7272e-77")
        assert decimals(1e80 * noise) != ["0"]  # it may be some thousands as well


def test_what_matters_is_not_called_irrelevant():
    def operation(x, gain):
        return gain * np.where(x < 0, -2 * x, x), lambda ct: (ct * gain, ct * np.where(x < 0, -2 * x, x))

    told = examine(VJP, found_by(pullback(operation, "(n),(n)->(n)", name="bent"), shrinks=True))
    assert "the values of x" not in told.irrelevant  # it is right where x is positive
    assert "the cotangent" in told.irrelevant


def test_the_layer_of_a_stack_that_is_wrong_is_named():
    wrong = planted_fused(tanh, 0, lambda g: 3 * g)
    outcome = search_stacks(VJP, Effort(8, shrinks=False), {"affine": affine, "tanh": wrong}, required="tanh")
    found = outcome.counterexample
    told = examine(VJP, found)
    assert found.subject.stages[told.guilty].subject.name.endswith("tanh")
    assert "tanh: the cotangent for x is 3 times too large" in told.diagnosis.says
    assert told.diagnosis.says.startswith(f"layer {told.guilty + 1} of {len(found.subject.stages)}, ")


def writes_into_ct(x):
    def pull(ct):
        ct *= 2
        return ct * x

    return x**2, pull


def returns_float64(x):
    return x**2, lambda ct: 2 * x * ct * np.ones(x.shape)


def narrow(x):
    return np.sin(x), lambda ct: ct * np.cos(x.astype(np.float32)).astype(x.dtype)


@pytest.mark.parametrize(
    ("operation", "name", "kind", "says"),
    [
        (writes_into_ct, "pure", "in_place", "ct = ct.copy()"),
        (returns_float64, "shapes_and_dtypes", "dtype", "float64 where x is float32"),
        (narrow, "accurate_in_dtype", "narrow_dtype", "is float32"),
    ],
)
def test_properties_that_are_not_about_numbers_say_what_to_do(operation, name, kind, says):
    subject = pullback(operation, "(n)->(n)", name=operation.__name__)
    diagnosis = diagnose(PROPERTIES[name], found_by(subject, name, shrinks=True))
    assert diagnosis.kind == kind
    assert says in diagnosis.says


def test_a_wrong_pushforward_is_told_from_a_wrong_pullback():
    @layer("(n)->(n)")
    def cubed(x):
        return x**3

    right = layer_subject(cubed)
    subject = replace(right, jvp=lambda primals, tangents, **options: 2 * right.jvp(primals, tangents, **options))
    diagnosis = diagnose(PROPERTIES["jvp_matches_differences"], found_by(subject, "jvp_matches_differences"))
    assert diagnosis.says == "the pushforward for x is 2 times too large"


def test_code_that_cannot_be_run_again_gives_an_empty_examination_and_no_error():
    def operation(x):
        return x**2, lambda ct: ct * x

    found = found_by(pullback(operation, "(n)->(n)", name="square"), shrinks=True)

    def gone(*arrays, **options):
        raise RuntimeError("the file is gone")

    told = examine(VJP, replace(found, subject=replace(found.subject, forward=gone, vjp=gone)))
    assert (told.diagnosis, told.cotangents, told.steps, told.irrelevant) == (None, (), None, ())


def test_code_that_takes_for_ever_is_not_waited_for(monkeypatch):
    def halved(x):
        return x**2, lambda ct: ct * x

    found = found_by(pullback(halved, "(n,n)->(n,n)", name="halved"), examples=2)
    assert examine(VJP, found).diagnosis.kind == "constant_factor"
    monkeypatch.setattr(examination, "SECONDS", 0.0)
    monkeypatch.setattr(examination, "SECONDS_OF_VARYING", 0.0)
    told = examine(VJP, found)
    assert (told.diagnosis, told.irrelevant) == (None, ())


def test_the_record_is_plain_data():
    def embed(table, words):
        def pull(ct):
            d = np.zeros_like(table)
            d[words] += ct
            return d, None

        return table[words], pull

    subject = pullback(embed, "(v,d),(n)->(n,d)", name="embed", domain={"words": Labels("v")})
    outcome = search(subject, VJP, Effort(60))
    record = outcome_record(outcome)["counterexample"]
    assert json.loads(json.dumps(record)) == record
    assert record["diagnosis"]["kind"] == "last_repeat"
    assert record["cotangents"][0].keys() == {"argument", "shape", "expected", "got"}
    assert record["steps"].keys() == {"what", "h", "error", "claimed"}
    assert record["guilty"] is None
    assert all(each.keys() == {"argument", "derivative", "pullback"} for each in record["right_map"])
