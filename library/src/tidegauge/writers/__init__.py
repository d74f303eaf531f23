"""Writers: they deliver profiles to where they are kept, opened by URL; one module for each kind."""

from tidegauge.writers.opening import open_writer
from tidegauge.writers.writer import Writer

__all__ = ["Writer", "open_writer"]
