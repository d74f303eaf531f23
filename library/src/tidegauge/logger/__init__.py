"""The logger: profiles made inside a service or a stream consumer, for months, through crashes.

What the host calls only adds to the kernel's collector. A thread of the logger's own (`worker`) takes out
what was gathered (`open_windows`), keeps it on disk (`state_folder`), closes windows and puts them where they
wait (`outbox`), round by round (`rounds`); one thread for each writer delivers them (`delivery`). Samples go
another way, to a folder (`sample_keeping`).
"""

from tidegauge.logger.logger import Logger
from tidegauge.logger.status import LoggerStatus, OpenWindow, SamplesStatus, WriterStatus

__all__ = ["Logger", "LoggerStatus", "OpenWindow", "SamplesStatus", "WriterStatus"]
