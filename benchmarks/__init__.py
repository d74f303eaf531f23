"""What Tidegauge promises to be fast and accurate, measured beside its peers."""
