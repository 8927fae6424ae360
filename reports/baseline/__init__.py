"""The baseline: known failures that are accepted for a while."""
