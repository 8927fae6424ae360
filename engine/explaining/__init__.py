"""Functions explained: their derivatives and pullbacks in operator notation, derived by running them on texts."""

from .explanations import Explained, Explanation, explain, explain_layer, explain_subject

__all__ = ["Explained", "Explanation", "explain", "explain_layer", "explain_subject"]
