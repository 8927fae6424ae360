"""Every registered layer, loss, linear map and derivative rule against every property that applies to it.

As a survey does: ``backproof check rules`` looks at more points, and the mutants show what few points find.
"""

from dataclasses import replace

import pytest

from backproof.engine.catalogue import registered
from backproof.properties.battery import applicable
from backproof.properties.profiles import surveyed
from backproof.properties.searching import search

ITEMS = [
    pytest.param(subject, prop, id=f"{subject.name}-{prop.name}")
    for subject in registered().values()
    for prop in applicable(subject)
]


@pytest.mark.parametrize(("subject", "prop"), ITEMS)
def test_holds(subject, prop, backproof_report, backproof_effort):
    backproof_report(search(subject, prop, replace(backproof_effort, examples=surveyed(backproof_effort.examples))))
