"""torch's programs (graphs of ATen operations), evaluated with NumPy."""
