"""compare(): verdicts, effects, sentences, and what comes in wrong."""

import json
import math
import random

import numpy as np
import pytest

import tidegauge as tg
from tidegauge.drift import measures
from tidegauge.drift.naming import in_words, one_in_words
from tidegauge.errors import ArgumentError, MissingColumnError, MissingMetricError


def normal(n, mean=0.0, sd=1.0, seed=1):
    generator = random.Random(seed)
    return [generator.gauss(mean, sd) for _ in range(n)]


def words(n, weights, seed=1):
    return random.Random(seed).choices([f"w{i}" for i in range(len(weights))], weights, k=n)


def compared(current, reference, **options):
    return tg.compare(tg.log({"x": current}), tg.log({"x": reference}), **options)["x"]


@pytest.mark.parametrize(
    ("current", "reference", "kind", "measure"),
    [
        (normal(3000, 0.5), normal(3000, seed=2), "numeric", "ks"),
        ([1, 2, 3, 9] * 500, [1, 2, 3, 4] * 500, "numeric", "ks"),
        (words(3000, [5, 1, 4]), words(3000, [5, 4, 1], 2), "categorical", "total_variation"),
        ([True] * 700 + [False] * 300, [True] * 500 + [False] * 500, "boolean", "total_variation"),
        (["a" * 30 + str(i) for i in range(900)], [str(i) for i in range(900)], "text", "ks"),
    ],
)
def test_a_change_that_matters_is_drift(current, reference, kind, measure):
    column = compared(current, reference)
    assert (column.verdict, column.kind, column.effect.measure) == ("drift", kind, measure)
    assert column.effect.low > 0
    assert column.effect.low <= column.effect.value <= column.effect.high
    assert column.p_value < 0.001


def test_times_are_compared():
    import datetime as dt

    start = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    hours = [start + dt.timedelta(hours=h) for h in range(1000)]
    column = compared([hour + dt.timedelta(hours=600) for hour in hours], hours)
    assert (column.kind, column.verdict) == ("temporal", "drift")
    assert column.effect.value == pytest.approx(0.6)
    assert "2024" in column.why


def test_the_same_distribution_is_stable():
    column = compared(normal(4000), normal(4000, seed=2))
    assert column.verdict == "stable"
    assert column.main.detectable < 0.1
    assert "would have been seen" in column.why


def test_a_real_change_too_small_to_matter_is_stable():
    column = compared(normal(100_000, 0.1), normal(100_000, seed=2))
    assert column.main.p_value < 1e-6
    assert column.verdict == "stable"
    assert compared(normal(100_000, 0.1), normal(100_000, seed=2), thresholds=0.02).verdict == "drift"


def test_few_values_are_not_enough():
    column = compared(normal(40), normal(4000, seed=2))
    assert column.verdict == "not enough data"
    assert column.main.detectable > 0.1
    assert "40 against 4,000" in column.why


def test_one_row_against_many():
    report = tg.compare(
        tg.log({"x": [3.0], "s": ["a"]}), tg.log({"x": normal(50_000), "s": ["a", "b"] * 25_000})
    )
    assert {column.verdict for column in report.values()} <= {"not enough data", "drift"}
    assert report["s"].verdict == "not enough data"


def test_more_nulls_are_drift_of_their_own():
    reference = [None if i % 20 == 0 else float(i % 97) for i in range(4000)]
    current = [None if i % 10 < 3 else float(i % 97) for i in range(4000)]
    column = compared(current, reference)
    assert column.verdict == "drift"
    assert column.main.aspect == "nulls"
    assert column.effect.value == pytest.approx(0.25)
    assert column.findings[0].verdict == "stable"
    assert "Nulls went from 5 % to 30 %" in column.why


def test_nan_and_infinities_are_told():
    column = compared([*normal(900), *[math.nan] * 60, *[math.inf] * 40], normal(1000, seed=2))
    special = next(finding for finding in column.findings if finding.aspect == "special")
    assert special.verdict == "drift"
    assert "NaN" in column.why
    assert math.isfinite(column.findings[0].effect.value)


def test_values_of_another_type_among_the_rest():
    mixed = [{"x": "n/a" if i % 20 == 0 else i} for i in range(2000)]
    plain = [{"x": i} for i in range(2000)]
    report = tg.compare(tg.log(mixed), tg.log(plain))
    types = next(finding for finding in report["x"].findings if finding.aspect == "types")
    assert types.verdict == "drift"
    assert "string" in report["x"].why
    assert report.schema.retyped == (("x", "integer", "mixed"),)


def test_numbers_against_strings_are_a_change_of_schema_not_drift():
    report = tg.compare(tg.log({"x": ["1", "2"]}), tg.log({"x": [1, 2]}))
    assert report.schema.retyped == (("x", "integer", "string"),)
    assert report["x"].verdict == "not enough data"
    assert report["x"].why == "It was integer and is string: the values cannot be compared."
    assert report.verdict == "not enough data"


def test_whole_numbers_against_fractions_are_compared():
    report = tg.compare(tg.log({"x": [1.0, 2.5] * 500}), tg.log({"x": [1, 2] * 500}))
    assert report.schema.retyped == (("x", "integer", "fractional"),)
    assert report["x"].kind == "numeric"
    assert report["x"].effect.value == pytest.approx(0.5)


def test_constant_columns():
    assert compared([5.0] * 1000, [5.0] * 1000).verdict == "stable"
    changed = compared([6.0] * 1000, [5.0] * 1000)
    assert (changed.verdict, changed.effect.value) == ("drift", 1.0)
    assert compared(["a"] * 1000, ["b"] * 1000).verdict == "drift"


def test_infinite_values_do_no_harm():
    column = compared([math.inf] * 50, [-math.inf] * 50)
    assert column.verdict == "drift"
    assert all(math.isfinite(finding.p_value) for finding in column.findings)


@pytest.mark.parametrize("empty", [{}, {"x": []}])
def test_an_empty_profile_on_either_side_is_not_enough(empty):
    full = tg.log({"x": normal(500)})
    for report in (tg.compare(tg.log(empty), full), tg.compare(full, tg.log(empty))):
        assert report.verdict == "not enough data"
        assert report.why
        repr(report)
    assert tg.compare(tg.log({}), tg.log({})).verdict == "not enough data"


def test_a_column_that_became_null():
    report = tg.compare(tg.log({"x": [None] * 500}), tg.log({"x": normal(500)}))
    assert [finding.aspect for finding in report["x"].findings] == ["nulls"]
    assert report["x"].verdict == "drift"
    assert not report.schema


def test_profiles_without_a_common_column_are_refused():
    with pytest.raises(ArgumentError, match=r"no column in common.*'a'.*'b'"):
        tg.compare(tg.log({"a": [1]}), tg.log({"b": [1]}))


def test_added_and_removed_columns_are_apart_from_drift():
    report = tg.compare(
        tg.log({"x": normal(2000), "new": [1] * 2000}), tg.log({"x": normal(2000, seed=2), "old": [1] * 2000})
    )
    assert report.schema == (("new",), ("old",), ())
    assert report.verdict == "stable"
    assert list(report) == ["x"]
    assert "1 column added" in report.why


def test_identifiers_and_times_of_records_are_not_compared():
    schema = tg.Schema(roles={"id": "id"})
    now = tg.log({"id": list(range(5000, 6000))}, schema=schema)
    then = tg.log({"id": list(range(1000))}, schema=schema)
    column = tg.compare(now, then)["id"]
    assert column.verdict != "drift"
    assert "id" in column.why


def test_what_matters_most_comes_first():
    now = {"same": normal(3000), "much": normal(3000, 2), "some": normal(3000, 0.6)}
    then = {"same": normal(3000, seed=2), "much": normal(3000, seed=3), "some": normal(3000, seed=4)}
    report = tg.compare(tg.log(now), tg.log(then))
    assert list(report) == ["much", "some", "same"]
    assert report.drifted == ("much", "some")


def test_movers_say_which_values():
    column = compared(["a"] * 60 + ["b"] * 40, ["a"] * 20 + ["b"] * 80)
    assert [(mover.value, mover.current, mover.reference) for mover in column.movers] == [
        ("a", 0.6, 0.2),
        ("b", 0.4, 0.8),
    ]


def test_effects_in_units_that_people_know():
    column = compared(normal(20_000, 1.0, 2.0), normal(20_000, seed=2))
    effects = {effect.measure: effect for effect in column.effects}
    assert list(effects) == ["ks", "wasserstein_sd", "median_shift_sd", "spread_ratio"]
    for name, truth in (("median_shift_sd", 1.0), ("spread_ratio", 2.0), ("wasserstein_sd", 1.17)):
        effect = effects[name]
        assert effect.low < truth < effect.high, effect
        assert effect.high - effect.low < 0.2


def test_intervals_hold_what_is_true():
    """The shift of the median, its interval, and the KS distance over repeated samples."""
    held = {"ks": 0, "median_shift_sd": 0, "spread_ratio": 0, "wasserstein_sd": 0}
    truth = {"ks": 0.0987, "median_shift_sd": 0.25, "spread_ratio": 1.0, "wasserstein_sd": 0.25}
    for seed in range(120):
        column = compared(normal(800, 0.25, seed=seed), normal(800, seed=1000 + seed))
        for effect in column.effects:
            held[effect.measure] += effect.low <= truth[effect.measure] <= effect.high
    # 95 % promised: 108 of 120 is three standard errors below.
    assert all(count >= 107 for count in held.values()), held


def test_thresholds_and_measures():
    now, then = normal(3000, 0.3), normal(3000, seed=2)
    assert compared(now, then, thresholds={"ks": 0.5}).verdict == "stable"
    assert compared(now, then, thresholds={"x": 0.5}).verdict == "stable"
    column = compared(now, then, measures="psi", thresholds={"psi": 0.05})
    assert (column.effect.measure, column.effect.matters) == ("psi", 0.05)
    assert column.effect.value == pytest.approx(column.measures["psi"])
    assert compared(now, then, measures={"x": "wasserstein"}, thresholds={"x": 0.1}).verdict == "drift"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"columns": ["y"]}, "'y', which neither profile has"),
        ({"measures": "pis"}, r"'pis'.*'psi'"),
        ({"measures": {"y": "psi"}}, "column 'y'"),
        ({"measures": "wasserstein"}, "thresholds="),
        ({"measures": 3}, "not int"),
        ({"thresholds": {"kss": 0.1}}, r"'kss'.*'ks'"),
        ({"thresholds": 0}, "above 0"),
        ({"thresholds": {"ks": True}}, "above 0"),
        ({"thresholds": {"ks": math.nan}}, "above 0"),
        ({"false_discovery_rate": 5}, "between 0 and 1"),
        ({"columns": 5}, "names of columns, .*not int"),
        ({"columns": [[]]}, "which neither profile has"),
        ({"measures": {"x": []}}, "the measure of 'x' is a name"),
        ({"thresholds": {5: 0.1}}, "neither a column nor a measure"),
        ({"season": "month"}, "'weekday'"),
    ],
)
def test_arguments_that_cannot_be_meant_so(options, message):
    with pytest.raises(ArgumentError, match=message):
        compared(normal(100), normal(100), **options)


def test_numbers_of_numpys_are_numbers():
    column = compared(
        normal(100), normal(100), thresholds=np.float32(0.5), false_discovery_rate=np.float64(0.1)
    )
    assert column.effect.matters == 0.5


def test_a_sentence_is_told_whole_in_a_narrow_terminal():
    current, reference = {f"{name} of trips": normal(2000, 1) for name in "abcdefg"}, normal(2000, seed=2)
    report = tg.compare(tg.log(current), tg.log(dict.fromkeys(current, reference)))
    lines = tg.report(report).text(cells=60).splitlines()
    assert max(map(len, lines)) <= 60
    told = " ".join(line.strip() for line in lines)
    assert report.why in told
    assert all(column.why in told for column in report.values())


def test_nearly_all_is_not_all():
    assert compared(["x"] * 9996 + ["y"] * 4, ["y"] * 10_000).why.startswith("99.9 % of the values moved")


def test_other_things_than_profiles_are_refused():
    profile = tg.log({"x": [1]})
    with pytest.raises(ArgumentError, match=r"not dict.*tidegauge\.log"):
        tg.compare(profile, {"x": [1]})
    with pytest.raises(ArgumentError, match="compare_windows"):
        tg.compare(tg.ProfileSet([profile]), profile)


def test_a_measure_that_does_not_apply():
    with pytest.raises(MissingMetricError, match="'ks' does not apply to column 'x'"):
        compared(["a"] * 50, ["b"] * 50, measures="ks")


def test_a_column_that_was_not_compared():
    report = tg.compare(tg.log({"fare": [1]}), tg.log({"fare": [1]}))
    with pytest.raises(MissingColumnError, match=r"'fair' was not compared.*'fare'"):
        report["fair"]


def test_everything_as_json():
    now = {"x": [*normal(300), math.nan], "c": words(301, [3, 1]), "t": ["long text " * 20] * 301}
    report = tg.compare(tg.log(now), tg.log({key: value[::-1] for key, value in now.items()}))
    plain = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    assert plain["verdict"] == report.verdict
    assert list(plain["columns"]) == list(report)
    assert plain["columns"]["x"]["findings"][0]["effect"]["measure"] == "ks"


def test_comparing_does_not_depend_on_how_a_profile_came_about():
    values, others = normal(6000), normal(6000, 0.4, seed=2)
    whole = tg.compare(tg.log({"x": values}), tg.log({"x": others}))["x"]
    parts = tg.merge(*[tg.log({"x": values[i::8]}) for i in range(8)])
    restored = tg.Profile.from_bytes(parts.to_bytes())
    merged = tg.compare(restored, tg.log({"x": others}))["x"]
    assert merged.verdict == whole.verdict == "drift"
    assert merged.effect.value == pytest.approx(whole.effect.value, abs=0.006)


def test_only_the_columns_asked_for():
    now = tg.log({"x": [1, 2], "y": [1, 2], "z": ["a", "b"]})
    assert set(tg.compare(now, now, columns=["x", "z"])) == {"x", "z"}


def test_columns_without_sketches():
    schema = tg.Schema(metrics={"x": ["moments"], "n": []})
    now = tg.log({"x": normal(500, 3), "n": [None] * 500}, schema=schema)
    then = tg.log({"x": normal(500), "n": [None] * 500}, schema=schema)
    report = tg.compare(now, then)
    assert report["x"].verdict == "not enough data"
    assert "keep neither quantiles" in report["x"].why


def test_many_columns_without_change_are_quiet():
    generator = random.Random(11)
    made = lambda: {f"c{i}": [generator.gauss(0, 1) for _ in range(500)] for i in range(60)}  # noqa: E731
    alarms = sum(bool(tg.compare(tg.log(made()), tg.log(made())).drifted) for _ in range(10))
    assert alarms <= 2


def test_times_of_unlike_zones_and_mixed_columns():
    import datetime as dt

    aware = [dt.datetime(2024, 1, 1, 5, tzinfo=dt.UTC)] * 150
    naive = [dt.datetime(2024, 1, 1) + dt.timedelta(hours=i) for i in range(150)]
    assert compared(aware, naive).verdict == "drift"
    dates = tg.log({"x": [dt.date(2024, 1, 1)] * 150})
    mixed = tg.log([{"x": 1}, {"x": "a"}] * 75)
    for report in (tg.compare(dates, mixed), tg.compare(mixed, dates)):
        assert report["x"].kind == "other"
        assert report["x"].why


def test_moments_that_all_come_later_go_on():
    import datetime as dt

    day = lambda d: [dt.datetime(2024, 1, d, h) for h in range(24)] * 20  # noqa: E731
    column = compared(day(2), day(1))
    assert (column.findings, column.verdict) == ((), "not enough data")
    assert "goes on with time" in column.why
    assert compared(day(1), day(2)).verdict == "drift"
    numbers = tg.Schema(default_metrics=["moments"])
    report = tg.compare(tg.log({"x": [1.0] * 9}, schema=numbers), tg.log({"x": [0.5] * 9}, schema=numbers))
    assert "time" not in report["x"].why


def test_the_timestamp_has_its_role():
    rows = [{"at": f"2024-01-0{day}", "x": 1} for day in (1, 2) for _ in range(300)]
    days = tg.log(rows, timestamp="at", window="1d")
    assert days[0]["at"].role == "timestamp"
    assert tg.compare(days[1], days[0]).drifted == ()


def test_changes_below_what_matters_are_told():
    now = {"x": [None if i % 25 == 0 else i % 89 for i in range(20_000)]}
    report = tg.compare(tg.log(now), tg.log({"x": [i % 89 for i in range(20_000)]}))
    assert report.verdict == "stable"
    assert report["x"].why.startswith("Changed, but by less than matters (0.05). Nulls went from 0 % to 4 %")
    assert report.why == "No change that matters in 1 column."


def test_values_beyond_the_sketches_could_hide_a_change():
    generator = random.Random(4)
    weights = [1 / (k + 5) ** 0.9 for k in range(8000)]
    drawn = generator.choices(range(8000), weights, k=40_000)
    then = [f"v{k}" for k in drawn[:20_000]]
    # A third of the rare values has another name; none of these is listed.
    now = [f"w{k}" if k % 3 == 0 and k > 1000 else f"v{k}" for k in drawn[20_000:]]
    column = compared(now, then)
    assert column.findings[0].aspect == "distribution"
    assert column.findings[0].detectable > 0.1
    assert column.verdict == "not enough data"
    assert column.effect.high > 0.1


def test_booleans_are_compared_by_their_counts():
    schema = tg.Schema(default_metrics=[])
    now = tg.log({"x": [True] * 800 + [False] * 200}, schema=schema)
    then = tg.log({"x": [True] * 500 + [False] * 500}, schema=schema)
    assert tg.compare(now, then)["x"].verdict == "drift"


def test_another_measure_speaks_in_its_own_name():
    now, then = normal(3000, 0.8), normal(3000, seed=2)
    column = compared(now, then, measures="wasserstein", thresholds=0.2)
    assert "; Wasserstein-1 distance 0.8" in column.why
    assert "%" not in column.why
    stable = compared(now, then, measures="wasserstein", thresholds=2)
    assert "would have been seen" not in stable.why


def test_sentences_name_measures_in_words():
    few = ["a"] * 12 + ["b"] * 8
    assert "show a total variation distance of " in compared(few, few).why
    assert "show a Kolmogorov–Smirnov distance of " in compared(normal(20), normal(20, seed=2)).why
    same = normal(4000)
    assert "No change that matters: Kolmogorov–Smirnov distance 0; " in compared(same, same).why


@pytest.mark.parametrize("name", [measure.name for measure in measures.all()])
def test_no_measure_is_an_identifier_in_a_sentence(name):
    words = in_words(name)
    assert "_" not in words
    assert words != name
    assert one_in_words(name).endswith(f" {words}")


def test_a_segment_is_compared_with_the_same_segment_of_a_set():
    def trips(seed, days=20):
        numbers = normal(100 * days, seed=seed)
        return {
            "day": [f"2026-01-{1 + n // 100:02d}" for n in range(100 * days)],
            "city": [("Oslo", None)[n % 2] for n in range(100 * days)],
            "x": [number + 9 * (n % 2) for n, number in enumerate(numbers)],
        }

    windows = tg.log(trips(1), timestamp="day", window="1d", segments=["city"])
    for city in ("Oslo", None):
        current = windows.select({"city": city})[-1]
        report = tg.compare(current, windows[:-3], columns=["x"])
        assert (
            report.to_dict()
            == tg.compare(current, windows[:-3].select({"city": city}), columns=["x"]).to_dict()
        )
        assert report.verdict != "drift"
    one = tg.log(trips(2), segments=["city"])
    assert tg.compare(one.select({"city": None})[0], one, columns=["x"])["x"].effect.value == 0
    stranger = tg.log({"city": ["Rome"] * 100, "x": normal(100, 50)}, segments=["city"]).select(
        {"city": "Rome"}
    )[0]
    assert tg.compare(stranger, one, columns=["x"]).reference.records == one.records
