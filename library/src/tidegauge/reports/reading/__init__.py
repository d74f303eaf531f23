"""From profiles, comparisons and results of suites to the plain values that reports draw."""
