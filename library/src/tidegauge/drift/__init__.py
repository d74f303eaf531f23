"""Whether data has changed: evidence, effect and power, from two profiles alone."""
