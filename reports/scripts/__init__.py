"""Standalone scripts of counterexamples."""
