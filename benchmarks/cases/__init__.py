"""One small file a benchmark: `run(quick)` measures and returns figures."""
