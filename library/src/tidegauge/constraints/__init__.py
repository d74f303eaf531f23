"""Constraints: predicates on a profile, alone or in a suite, in Python or in YAML."""

from tidegauge.constraints.constraint import Constraint, constraint, constraint_types
from tidegauge.constraints.context import CannotJudgeError, Context
from tidegauge.constraints.families.completeness import NullCount, NullRate, PresenceRate
from tidegauge.constraints.families.conditions import ConditionRate
from tidegauge.constraints.families.distribution import Drift, NoDrift
from tidegauge.constraints.families.freshness import Freshness
from tidegauge.constraints.families.presence import (
    ColumnCount,
    ColumnOrder,
    ColumnType,
    ExactColumns,
    RequiredColumns,
    TypeRate,
)
from tidegauge.constraints.families.relations import Correlation, PartOfDate, Relation
from tidegauge.constraints.families.statistics import (
    Kurtosis,
    Max,
    Mean,
    Median,
    Min,
    Quantile,
    Skewness,
    Stddev,
    Sum,
)
from tidegauge.constraints.families.uniqueness import DistinctCount, DistinctRate, Unique
from tidegauge.constraints.families.validity import (
    EmptyStringRate,
    Finite,
    InfiniteRate,
    LengthRange,
    MeanLength,
    NanRate,
    NegativeRate,
    Range,
    TrueRate,
    ZeroRate,
)
from tidegauge.constraints.families.values import RequiredValues, ValueRate, ValueSet
from tidegauge.constraints.families.volume import Records
from tidegauge.constraints.result import ConstraintResult, Outcome
from tidegauge.constraints.suggestion.suggest import Backtest, Caught, FlaggedWindow, Suggestion, suggest
from tidegauge.constraints.suite import Suite
from tidegauge.constraints.suite_result import SuiteResult

__all__ = [
    "Backtest",
    "CannotJudgeError",
    "Caught",
    "ColumnCount",
    "ColumnOrder",
    "ColumnType",
    "ConditionRate",
    "Constraint",
    "ConstraintResult",
    "Context",
    "Correlation",
    "DistinctCount",
    "DistinctRate",
    "Drift",
    "EmptyStringRate",
    "ExactColumns",
    "Finite",
    "FlaggedWindow",
    "Freshness",
    "InfiniteRate",
    "Kurtosis",
    "LengthRange",
    "Max",
    "Mean",
    "MeanLength",
    "Median",
    "Min",
    "NanRate",
    "NegativeRate",
    "NoDrift",
    "NullCount",
    "NullRate",
    "Outcome",
    "PartOfDate",
    "PresenceRate",
    "Quantile",
    "Range",
    "Records",
    "Relation",
    "RequiredColumns",
    "RequiredValues",
    "Skewness",
    "Stddev",
    "Suggestion",
    "Suite",
    "SuiteResult",
    "Sum",
    "TrueRate",
    "TypeRate",
    "Unique",
    "ValueRate",
    "ValueSet",
    "ZeroRate",
    "constraint",
    "constraint_types",
    "suggest",
]
