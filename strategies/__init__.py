"""Where to look: Hypothesis strategies for shapes, values, options, points and stacks."""
