"""A counterexample judged again, at exactly its point."""
