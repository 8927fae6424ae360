"""What must hold: one file a property, and the tests that pytest collects."""
