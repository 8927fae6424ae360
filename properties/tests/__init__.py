"""The tests that pytest collects; they ship with the package."""
