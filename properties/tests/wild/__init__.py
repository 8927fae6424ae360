"""Code that nobody here wrote, as the package index has it: each runs against its package's own derivatives."""
