"""jax's programs (jaxprs), evaluated with NumPy."""
