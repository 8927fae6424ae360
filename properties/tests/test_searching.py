"""Searches: the same points whoever runs them, failures that are not forgotten, and how hard to look."""

from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from backproof.engine import layer
from backproof.engine.errors import SpecError
from backproof.engine.subjects import layer_subject, pullback
from backproof.properties.battery import PROPERTIES, left_out
from backproof.properties.judgement import Verdict, falsified, passed
from backproof.properties.profiles import PROFILES
from backproof.properties.searching import Effort, search
from backproof.properties.tests.surveys import survey
from backproof.reports.runs.apart import run_items
from backproof.reports.runs.running import Item
from backproof.strategies.numbers import numbers_of

VJP = PROPERTIES["vjp_matches_differences"]


def test_the_same_seed_gives_the_same_points_alone_and_in_company():
    seen = []

    def judge(subject, point, setting):
        seen.append(point.fingerprint)
        return passed()

    subject = pullback(lambda x, w: (x @ w, lambda ct: (ct @ w.T, x.T @ ct)), "(n,i),(i,o)->(n,o)", name="product")
    watched = replace(VJP, judge=judge)
    runs = []
    for seed in (1, 1, 2):
        seen.clear()
        search(subject, watched, Effort(20, seed))
        runs.append(set(seen))
    first, again, other = runs
    assert first == again
    assert len(first & other) < 10


def test_seeds_that_follow_each_other_share_no_batch():
    seen = {}
    subject = pullback(lambda x, w: (x @ w, lambda ct: (ct @ w.T, x.T @ ct)), "(n,i),(i,o)->(n,o)", name="product")
    for seed in (0, 1, 2, 3):
        points = seen[seed] = set()

        def judge(subject, point, setting, points=points):
            points.add(point.fingerprint)
            return passed()

        search(subject, replace(VJP, judge=judge), Effort(40, seed))
    for one in seen:
        for other in range(one):
            assert len(seen[one] & seen[other]) < 5, (one, other)


def test_right_code_is_surveyed_at_as_many_points_as_asked_and_at_the_same_ones(monkeypatch):
    seen = {"first": [], "second": []}

    def watched(name):
        def judge(subject, point, setting):
            seen[name].append(point)
            return passed()

        return replace(VJP, name=name, judge=judge)

    monkeypatch.setattr("backproof.properties.tests.surveys.applicable", lambda _: [watched(name) for name in seen])
    subject = pullback(lambda x, w: (x @ w, lambda ct: (ct @ w.T, x.T @ ct)), "(n,i),(i,o)->(n,o)", name="product")
    outcomes = [(outcome.property.name, outcome.verdict, outcome.points) for outcome in survey(subject, Effort(30))]
    judged, again = ([point.fingerprint for point in points] for points in seen.values())
    assert judged == again
    assert len(set(judged)) == len(judged)
    assert outcomes == [(name, Verdict.PASSED, len(judged)) for name in seen]
    assert sum(point.cotangent.size > 0 for point in seen["first"]) == 30  # empty ones do not count


def test_points_at_which_nothing_comes_out_are_made_up_for_up_to_as_many_again():
    def judged(forward):
        points = []

        def judge(subject, point, setting):
            points.append(point)
            return passed()

        search(pullback(forward, "(n)->"), replace(VJP, judge=judge), Effort(20))
        return points

    often = judged(lambda x: (x[2:], lambda ct: np.concatenate([[0, 0], ct])[-len(x) :]))
    assert sum(point.cotangent.size > 0 for point in often) == 20
    assert 20 < len(often) < 40
    always = judged(lambda x: (x[:0], lambda ct: 0 * x))
    assert 0 < len(always) <= 40


def test_what_a_survey_saw_fail_is_falsified_or_an_error(monkeypatch):
    monkeypatch.setattr("backproof.properties.tests.surveys.applicable", lambda _: properties)
    subject = pullback(lambda x: (3 * x, lambda ct: 3 * ct), "(n)->(n)", name="tripled")
    judged = []

    def judge(subject, point, setting):
        judged.append(point.fingerprint)
        return falsified("this one alone") if judged[4:5] == [point.fingerprint] else passed()

    properties = [VJP, fails_above(2.0)]
    right, wrong = survey(subject, Effort(40))
    assert right.verdict is Verdict.PASSED
    assert wrong.verdict is Verdict.FALSIFIED
    assert wrong.counterexample.point.primals[0].tolist() == [3.0]
    properties = [replace(VJP, name="picky", judge=judge)]
    with pytest.raises(AssertionError, match="picky fails at"):
        list(survey(subject, Effort(10)))
    properties = [fails_above(float("inf"))]
    numbers = count()
    restless = pullback(lambda x: (x + next(numbers), lambda ct: ct), "(n)->(n)", name="restless")
    with pytest.raises(SpecError, match="twice"):
        list(survey(restless, Effort(4)))


def test_serial_and_parallel_runs_come_to_the_same():
    items = [Item("rules.tanh", name, Effort(5, seed=3)) for name in list(PROPERTIES)[:8]]

    def without_times(processes):
        finished = run_items(items, processes)
        records = {each.item: {k: v for k, v in each.record.items() if k != "seconds"} for each in finished}
        return [records[item] for item in items]

    assert without_times(1) == without_times(2)


def fails_above(threshold):
    """A property of points, so that the meta-test needs no mistake: no number of theirs is above a threshold."""

    def judge(subject, point, setting):
        return falsified("it is above") if np.any(point.primals[0] > threshold) else passed()

    return replace(VJP, judge=judge)


def test_what_failed_is_tried_first_next_time_whatever_became_of_the_property(tmp_path):
    subject = pullback(lambda x: (3 * x, lambda ct: 3 * ct), "(n)->(n)", name="tripled")
    found = search(subject, fails_above(90.0), Effort(200, seed=1, database=tmp_path))
    assert found.verdict is Verdict.FALSIFIED

    def rewritten(subject, point, setting):
        return falsified("too large") if point.primals[0].size and point.primals[0].max() > 90 else passed()

    again = search(subject, replace(VJP, judge=rewritten), Effort(1, seed=2, database=tmp_path))
    assert again.verdict is Verdict.FALSIFIED
    assert np.array_equal(again.counterexample.point.primals[0], found.counterexample.point.primals[0])
    assert search(subject, replace(VJP, judge=rewritten), Effort(1, seed=2)).verdict is Verdict.PASSED


def test_points_lie_at_the_numbers_that_the_code_speaks_of():
    ceiling = 6.125

    def clipped(x, low=-0.0625):
        return np.clip(x, low, ceiling), lambda ct: ct * ((x >= low) & (x <= 1e-4 + ceiling))

    subject = pullback(clipped, "(n)->(n)", name="clipped")
    assert {6.125, 0.0625, 1e-4} <= set(numbers_of(subject))
    values = []

    def judge(subject, point, setting):
        values.extend(point.primals[0].ravel().tolist())
        return passed()

    search(subject, replace(VJP, judge=judge), Effort(400))
    assert {6.125, -0.0625} <= set(values)
    assert any(0 < value < 1e-4 for value in values)


WINDOWS = {
    "too wide": lambda x: x < 7.0,
    "too narrow": lambda x: x < 5.96875,
    "open below": lambda x: (x < 6.0) & (x > 1e-3),
}


@pytest.mark.parametrize("name", WINDOWS)
def test_a_mask_over_the_wrong_window_is_found_at_any_seed(name):
    inside = WINDOWS[name]
    subject = pullback(lambda x: (np.clip(x, 0.0, 6.0), lambda ct: ct * ((x > 0) & inside(x))), "(n)->(n)", name=name)
    subject = replace(subject, code=(*subject.code, inside))
    for seed in range(4):
        assert search(subject, VJP, Effort(25, seed, shrinks=False)).verdict is Verdict.FALSIFIED, seed


def test_profiles_look_harder_and_harder():
    assert PROFILES["dev"] < PROFILES["ci"] < PROFILES["nightly"]


def test_what_does_not_apply_is_listed_with_the_reason():
    plain = layer_subject(layer("(n)->(n)")(lambda x: x))
    assert 'batch="n"' in left_out(plain)["batch_separable"]
    assert left_out(plain)["chain_rule"] == "it is not a stack of layers"
    outcome = search(plain, VJP, Effort(2))
    assert outcome.left_out == left_out(plain)
