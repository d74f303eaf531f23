"""How constraints are suggested: numbers of past windows in, bounds and their reasons out."""
