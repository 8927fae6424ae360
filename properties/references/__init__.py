"""References: differences in extended precision, and how numbers are held against each other."""
