"""Readers: they fetch profiles from where writers put them, one file a member, by URL."""

from tidegauge.readers.reading import DamagedFileWarning, read

__all__ = ["DamagedFileWarning", "read"]
