"""Readers: they fetch profiles from where writers put them, by URL; one module for each kind."""

from tidegauge.readers.reading import DamagedFileWarning, read

__all__ = ["DamagedFileWarning", "read"]
