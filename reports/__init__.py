"""What was found: records, counterexamples, pages, the pytest plugin and the command line."""
