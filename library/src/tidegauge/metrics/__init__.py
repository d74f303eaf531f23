"""What Python shows of the metrics in a profile: one file a metric."""
