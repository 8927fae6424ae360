"""A run and its counterexamples as text: terminal, Markdown, SARIF, annotations."""
