"""Every registered layer, loss, linear map and derivative rule against every property that applies to it.

At two points each: ``backproof check`` looks at more, and the mutants show what few points find.
"""

from dataclasses import replace

import pytest

from backproof.engine.catalogue import registered
from backproof.properties.profiles import surveyed
from backproof.properties.tests.surveys import survey


@pytest.mark.parametrize("subject", registered().values(), ids=lambda subject: subject.name)
def test_holds(subject, backproof_report, backproof_effort):
    points = surveyed(2 * surveyed(backproof_effort.examples))
    for outcome in survey(subject, replace(backproof_effort, examples=points)):
        backproof_report(outcome)
