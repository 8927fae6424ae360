"""NumPy idioms found in hand-written layers: small functions that the extended arrays must run unmodified."""
