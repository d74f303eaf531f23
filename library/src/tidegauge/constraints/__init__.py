"""Constraints: predicates on a profile, alone or in a suite, in Python or in YAML."""

from tidegauge.constraints.constraint import Constraint, constraint, constraint_types
from tidegauge.constraints.context import CannotJudgeError, Context
from tidegauge.constraints.families.completeness import NullCount, NullRate, PresenceRate
from tidegauge.constraints.families.validity import Range
from tidegauge.constraints.result import ConstraintResult, Outcome
from tidegauge.constraints.suite import Suite
from tidegauge.constraints.suite_result import SuiteResult

__all__ = [
    "CannotJudgeError",
    "Constraint",
    "ConstraintResult",
    "Context",
    "NullCount",
    "NullRate",
    "Outcome",
    "PresenceRate",
    "Range",
    "Suite",
    "SuiteResult",
    "constraint",
    "constraint_types",
]
