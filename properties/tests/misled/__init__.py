"""Mistakes in pullbacks whose cause is known, and others that nothing simple explains."""
