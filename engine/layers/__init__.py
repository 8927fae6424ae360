"""Layers, one file each: a file that is dropped in here is registered and verified."""

from ..subjects.collecting import layers_in

LAYERS = layers_in(__name__, __path__)
