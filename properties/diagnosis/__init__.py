"""What a mistake looks like, from the counterexample that shows it: in a sentence, and in numbers."""

from .examination import Examination, diagnose, examine
from .sayings import Diagnosis

__all__ = ["Diagnosis", "Examination", "diagnose", "examine"]
