"""Writers: they deliver profiles to where they are kept, one file a member, opened by URL."""

from tidegauge.writers.opening import open_writer
from tidegauge.writers.writer import Writer

__all__ = ["Writer", "open_writer"]
