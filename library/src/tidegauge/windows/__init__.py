"""Windows of time as people write them: lengths, stretches, and the places whose midnight counts."""

from tidegauge.windows.lengths import INTO_THE_DAY, When, microseconds_of, moment_of, stretch, window_text

__all__ = ["INTO_THE_DAY", "When", "microseconds_of", "moment_of", "stretch", "window_text"]
