"""Windows of time as people write them: lengths, stretches, and the places whose midnight counts."""

from tidegauge.windows.lengths import When, stretch, window_text

__all__ = ["When", "stretch", "window_text"]
