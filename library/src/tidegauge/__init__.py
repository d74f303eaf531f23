"""Tidegauge: small, mergeable profiles of your data, made where the data is.

>>> import tidegauge as tg
>>> profile = tg.log({"fare": [5.0, 7.5, None]}, "taxi")
>>> profile["fare"].null_rate
0.3333333333333333
"""

from tidegauge import errors
from tidegauge._kernel import FORMAT_VERSION, __version__
from tidegauge.column import ColumnProfile
from tidegauge.io import merge, read
from tidegauge.log import log
from tidegauge.profile import Profile, Window
from tidegauge.profile_set import ProfileSet
from tidegauge.profiler import Profiler
from tidegauge.reports import Report, report
from tidegauge.schema import Schema

__all__ = [
    "FORMAT_VERSION",
    "ColumnProfile",
    "Profile",
    "ProfileSet",
    "Profiler",
    "Report",
    "Schema",
    "Window",
    "__version__",
    "errors",
    "log",
    "merge",
    "read",
    "report",
]
