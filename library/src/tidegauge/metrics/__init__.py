"""What Python shows of the metrics in a profile: one file for each metric."""
