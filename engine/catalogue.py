"""Everything that is registered, as subjects by name."""

from __future__ import annotations

from collections import Counter

from .derivatives import COMPLEX, DEFINITIONS, RULES, special_rules
from .errors import SpecError, listed
from .layers import LAYERS
from .losses import LOSSES
from .maps import VOCABULARY
from .subjects import Subject, definition_subjects, layer_subject, map_subject, rule_subjects


def registered() -> dict[str, Subject]:
    """All layers, losses, linear maps and derivative rules: ``layers.affine``, ``rules.tanh``, ...

    Raises SpecError where two have one name.
    """
    subjects = [
        *(layer_subject(layer, "layers") for layer in LAYERS.values()),
        *(layer_subject(loss, "losses") for loss in LOSSES.values()),
        *(map_subject(entry) for entry in VOCABULARY.values()),
        *(subject for rule in RULES.values() for subject in rule_subjects(rule)),
        *(subject for rule in special_rules() for subject in rule_subjects(rule)),
        *(
            subject
            for definition in [*DEFINITIONS.values(), *COMPLEX.values()]
            for subject in definition_subjects(definition)
        ),
    ]
    names = Counter(subject.name for subject in subjects)
    twice = [name for name, count in names.items() if count > 1]
    if twice:
        raise SpecError(f"{listed(twice)} {'is' if len(twice) == 1 else 'are'} registered twice. Rename one of them.")
    return {subject.name: subject for subject in subjects}
