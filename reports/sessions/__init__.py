"""The pytest plugin: options, suites, and one report of a session."""
