"""docs/guides/from-whylogs.md: whatever it names in place of a call of whylogs is run."""

from __future__ import annotations

import inspect
import re
import uuid
from pathlib import Path

import pandas
import polars
import pytest

import tidegauge as tg
from tests.sample import write_sample
from tidegauge import constraints, samplers
from tidegauge.drift import measures

PAGE = Path(__file__).resolve().parent.parent / "docs/guides/from-whylogs.md"
FACTORIES = [  # of whylogs 1.6.4: all there are
    "column_has_non_zero_types",
    "column_has_zero_count_types",
    "column_is_nullable_boolean",
    "column_is_nullable_datatype",
    "column_is_nullable_fractional",
    "column_is_nullable_integral",
    "column_is_nullable_object",
    "column_is_nullable_string",
    "column_is_probably_unique",
    "condition_count_below",
    "condition_meets",
    "condition_never_meets",
    "count_below_number",
    "distinct_number_in_range",
    "frequent_strings_in_reference_set",
    "greater_than_number",
    "is_in_range",
    "is_non_negative",
    "mean_between_range",
    "n_most_common_items_in_set",
    "no_missing_values",
    "null_percentage_below_number",
    "null_values_below_number",
    "quantile_between_range",
    "smaller_than_number",
    "stddev_between_range",
]


def rows():
    """The rows of all tables, as the spans of code on the left and on the right."""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = re.split(r"(?<!\\)\|", line)[1:-1]
        if len(cells) == 2 and not cells[0].startswith("---"):
            yield tuple(
                [span.replace("\\|", "|") for span in re.findall(r"`([^`]+)`", cell)] for cell in cells
            )


SPANS = [span for _, right in rows() for span in right]

PARAMETERS = {*inspect.signature(tg.log).parameters, *inspect.signature(tg.Logger).parameters}


class Own:
    """A metric of somebody's own."""

    name = "tests.count"
    version = 1
    types = None

    def zero(self):
        return 0

    def update(self, state, column):
        return state + len(column.to_pylist())

    def merge(self, a, b):
        return a + b

    def to_bytes(self, state):
        return state.to_bytes(8, "little")

    def from_bytes(self, data, version):
        return int.from_bytes(data, "little")

    def summary(self, state):
        return {"count": state}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whylogs")
    write_sample(folder)
    return folder


@pytest.fixture
def names(place, monkeypatch):
    """What the page speaks of."""
    monkeypatch.chdir(place)
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "account")
    df = pandas.read_parquet("trips.parquet").assign(paid=True)
    made: list[tg.Logger] = []

    class Logger(tg.Logger):
        def __init__(self, *arguments, **wishes):
            super().__init__(*arguments, **wishes)
            made.append(self)

    monkeypatch.setattr(tg, "Logger", Logger)
    profile = tg.log(df, "trips", conditions={"dear": "fare > 10"})
    days = tg.log(df, "trips", timestamp="pickup", window="1d")
    reference = tg.log(df.iloc[: len(df) // 2], "trips")
    profile.write("new.parquet")
    tg.writers.open_writer("profiles").write(days, id="0" * 32)
    sampling = samplers.Sampling({"bad": samplers.Failing(tg.col("fare") > 0, 10)})
    suite = constraints.Suite([constraints.Range("distance", at_least=0)])

    def keep(profiles: tg.ProfileSet, name: str) -> None:
        """A writer."""

    yield {
        **{name: getattr(constraints, name) for name in constraints.__all__},
        **{name: getattr(samplers, name) for name in ("Sampling", "Failing")},
        "tg": tg,
        "col": tg.col,
        "measures": measures,
        "uuid4": uuid.uuid4,
        "df": df,
        "row": {"fare": 1.5, "payment": "card"},
        "schema": tg.Schema(),
        "profile": profile,
        "other": profile,
        "reference": reference,
        "column": profile["fare"],
        "payment": profile["payment"],
        "counted": profile.conditions,
        "profiles": days,
        "day": days[0],
        "segmented": tg.log(df, "trips", segments=["payment"]),
        "profiler": tg.Profiler("trips"),
        "logger": Logger("trips", writers=keep),
        "keep": keep,
        "own": Own(),
        "to_cents": lambda fare: polars.Series(fare) * 100,
        "report": tg.compare(profile, reference),
        "suite": suite,
        "result": suite.check(profile),
        "sampling": sampling,
    }
    for logger in made:
        logger.close(timeout=1.0)


def test_every_factory_of_constraints_has_its_row():
    named = [span.partition("(")[0] for left, _ in rows() for span in left]
    assert [name for name in FACTORIES if named.count(name) != 1] == []


def test_the_page_has_many_rows():
    assert len(list(rows())) > 100
    assert len(SPANS) > 150


@pytest.mark.parametrize("span", dict.fromkeys(SPANS))
def test_what_stands_in_place_of_a_call_of_whylogs_runs(names, span):
    if re.fullmatch(r"\w+=", span):
        assert span[:-1] in PARAMETERS
        return
    exec(compile(span, span, "exec"), names)  # noqa: S102 - our own page


def test_constraints_of_the_page_judge_the_sample(names):
    for left, right in rows():
        if left and left[0].partition("(")[0] in FACTORIES:
            constraint = eval(right[0], names)  # noqa: S307 - our own page
            outcome = constraints.Suite([constraint]).check(names["profile"]).results[0].outcome
            known = ("passed", "failed", "unknown") if right[0].startswith("Unique") else ("passed", "failed")
            assert outcome in known, (constraint, outcome)
