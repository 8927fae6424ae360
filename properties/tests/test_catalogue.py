"""Every registered layer, loss, linear map and derivative rule against every property that applies to it.

At two or three points each: ``backproof check`` looks at more, and the mutants show what few points find.
"""

from dataclasses import replace

import pytest

from backproof.engine.catalogue import registered
from backproof.properties.battery import applicable
from backproof.properties.profiles import surveyed
from backproof.properties.searching import search

ROOMS_OF_RULES = ("rules.", "maps.")  # many, and much alike


@pytest.mark.parametrize("subject", registered().values(), ids=lambda subject: subject.name)
def test_holds(subject, backproof_report, backproof_effort):
    points = surveyed(backproof_effort.examples)
    points = surveyed((2 if subject.name.startswith(ROOMS_OF_RULES) else 3) * points)
    for prop in applicable(subject):
        backproof_report(search(subject, prop, replace(backproof_effort, examples=points)))
