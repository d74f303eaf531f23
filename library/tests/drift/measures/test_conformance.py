"""What every measure must hold to; a new one is tested here without being named."""

from __future__ import annotations

import itertools
import math

import pytest

import tidegauge as tg
from tidegauge.drift import measures
from tidegauge.errors import ArgumentError, MissingMetricError

every = pytest.mark.parametrize("measure", measures.all(), ids=lambda measure: measure.name)


def column(values) -> tg.ColumnProfile:
    return tg.log({"x": values})["x"]


def applying(measure, case):
    """The columns of a case, where the measure is for them."""
    name, now, then = case
    columns = column(now), column(then)
    if not measure.applies(*columns):
        assert measure.kind == "ordered", f"{measure.name} must take {name}"
        assert columns[0].values is None or columns[0].type == "mixed"
        pytest.skip("not for this kind of column")
    return columns


@every
def test_it_says_what_it_is(measure):
    texts = (measure.title, measure.formula, measure.unit, measure.source, type(measure).__doc__)
    assert all(text and text == text.strip() for text in texts[:-1])
    assert ">>>" in texts[-1]
    assert any(str(year) in measure.source for year in range(1900, 2027))
    assert measure.name == type(measure).__module__.rpartition(".")[2]
    assert measure.kind in {"ordered", "both"}
    assert measure.bounds[0] == 0
    assert measure.bounds[0] < measure.bounds[1]
    assert isinstance(measure.symmetric, bool)


@every
def test_it_is_a_finite_number_within_its_bounds(measure, case):
    now, then = applying(measure, case)
    for one, other in ((now, then), (then, now)):
        value = measure.compute(one, other)
        assert type(value) is float
        assert measure.bounds[0] <= value <= measure.bounds[1]
        assert math.isfinite(value)


@every
def test_a_column_is_at_no_distance_from_itself(measure, case):
    for one in applying(measure, case):
        assert measure.compute(one, one) == pytest.approx(0, abs=1e-9)


@every
def test_it_sees_a_great_change(measure):
    numbers = column(range(1000)), column(range(5000, 6000))
    assert measure.compute(*numbers) > 0.4
    if measure.kind == "both":
        assert measure.compute(column(["a"] * 50), column(["b"] * 50)) > 0.4


@every
def test_more_change_is_farther(measure):
    reference = column(range(1000))
    values = [measure.compute(column(range(shift, 1000 + shift)), reference) for shift in (0, 50, 200, 900)]
    assert values == sorted(values)
    assert len(set(values)) == 4


@every
def test_symmetry_is_as_claimed(measure, case):
    name, now, then = case
    if measure.kind == "both" and column(now).values is not None and name != "mixed types":
        pytest.skip("bins are those of the reference")
    now, then = applying(measure, case)
    there, back = measure.compute(now, then), measure.compute(then, now)
    if measure.symmetric:
        assert there == pytest.approx(back, rel=1e-12, abs=1e-12)


@every
def test_a_measure_without_symmetry_really_has_none(measure):
    now, then = column(["a"] * 9 + ["b"]), column(["a"] * 5 + ["b"] * 5)
    if measure.kind == "both":
        same = measure.compute(now, then) == pytest.approx(measure.compute(then, now))
        assert same == measure.symmetric


@every
def test_exact_sketches_leave_no_doubt(measure, case):
    now, then = applying(measure, case)
    value = measure.compute(now, then)
    assert measure.interval(now, then) == (value, value)


@every
def test_the_order_of_merging_does_not_matter(measure, case):
    applying(measure, case)
    _, now, then = case
    reference = column(then)
    parts = [tg.log({"x": now[at::3]}) for at in range(3) if now[at::3]]
    merged = [tg.merge(order)["x"] for order in itertools.permutations(parts)]
    values = [measure.compute(one, reference) for one in merged]
    assert values == pytest.approx([measure.compute(column(now), reference)] * len(values), rel=1e-12)
    assert [measure.compute(reference, one) for one in merged] == pytest.approx(
        [measure.compute(reference, column(now))] * len(values), rel=1e-12
    )


@every
def test_it_is_the_same_after_a_file(measure, case):
    now, then = applying(measure, case)
    back = [tg.Profile.from_bytes(tg.log({"x": values}).to_bytes())["x"] for values in case[1:]]
    assert measure.compute(*back) == measure.compute(now, then)


@every
def test_nulls_and_values_that_are_not_finite_do_not_count(measure):
    numbers = [float(i % 7) for i in range(200)], [float(i % 5) for i in range(300)]
    clean = measure.compute(column(numbers[0]), column(numbers[1]))
    dirt = [None, math.nan, math.inf, -math.inf]
    assert measure.compute(column(numbers[0] + dirt), column(numbers[1])) == clean
    assert measure.compute(column(numbers[0]), column(dirt + numbers[1])) == clean


@every
def test_integers_and_floats_of_the_same_values_are_one(measure):
    whole = [i % 7 for i in range(200)], [i % 5 for i in range(300)]
    parts = tuple([float(value) for value in values] for values in whole)
    expected = measure.compute(column(whole[0]), column(whole[1]))
    assert measure.compute(column(parts[0]), column(whole[1])) == expected
    assert measure.compute(column(whole[0]), column(parts[1])) == expected


@every
def test_unknown_unit_of_order_does_not_change_what_only_ranks_decide(measure):
    now, then = [i % 90 for i in range(300)], [i % 70 for i in range(200)]
    plain = measure.compute(column(now), column(then))
    shifted = measure.compute(column([x + 1000 for x in now]), column([x + 1000 for x in then]))
    assert shifted == pytest.approx(plain, rel=1e-12)
    cubed = measure.compute(column([x**3 for x in now]), column([x**3 for x in then]))
    if measure.name in {"wasserstein", "energy"}:
        assert cubed > plain
    else:
        assert cubed == plain


@every
def test_names_of_values_do_not_matter(measure):
    now, then = ["a"] * 5 + ["b"] * 3 + ["c"], ["a"] * 2 + ["b"] * 2 + ["d"] * 4
    if measure.kind == "both":
        other = [[chr(219 - ord(value)) for value in side] for side in (now, then)]
        assert measure.compute(column(now), column(then)) == measure.compute(*map(column, other))


@every
@pytest.mark.parametrize("nothing", [[], [None, None]], ids=["no records", "all null"])
def test_an_empty_side_is_an_error_that_says_so(measure, nothing):
    full, empty = column([1.0, 2.0]), column(nothing)
    for now, then, side in ((empty, full, "current"), (full, empty, "reference"), (empty, empty, "current")):
        assert not measure.applies(now, then)
        with pytest.raises(ArgumentError, match=f"'x' of the {side} profile is empty .* at least one value"):
            measure.compute(now, then)
        with pytest.raises(ArgumentError, match="empty"):
            measure.interval(now, then)


@every
def test_nothing_finite_is_an_error_that_says_so(measure):
    with pytest.raises(ArgumentError, match="reference profile has no finite values"):
        measure.compute(column([1.0]), column([math.nan, math.inf]))


@every
def test_other_things_than_before_are_an_error_that_says_so(measure):
    now, then = column([1.0, 2.0]), column(["a", "b"])
    assert not measure.applies(now, then)
    with pytest.raises(
        ArgumentError, match="holds numbers now and strings in the reference: a change of type"
    ):
        measure.compute(now, then)


@every
def test_what_the_schema_left_out_is_named(measure):
    schema = tg.Schema(metrics={"x": ["cardinality"]})
    bare = tg.log({"x": [1, 2]}, schema=schema)["x"]
    assert not measure.applies(bare, column([1, 2]))
    with pytest.raises(MissingMetricError, match="'x' of the current profile has no quantiles"):
        measure.compute(bare, column([1, 2]))


@every
def test_text_without_what_is_needed(measure):
    text = column(["a", "b"])
    bare = tg.log({"x": ["a"]}, schema=tg.Schema(metrics={"x": ["cardinality"]}))["x"]
    if measure.kind == "ordered":
        with pytest.raises(ArgumentError, match="holds strings: this measure is for numbers and times"):
            measure.compute(text, text)
    else:
        with pytest.raises(MissingMetricError, match="has no frequent_items"):
            measure.compute(text, bare)


@every
def test_what_is_no_column_is_an_error_that_says_so(measure):
    with pytest.raises(ArgumentError, match=r"columns of profiles.* the reference one is of type list"):
        measure.compute(column([1]), [1])


@every
def test_numbers_at_the_ends_of_doubles(measure):
    top = 1.7e308
    for now, then in (([-top, 0.0, top], [-top, top]), ([-top, top], [-top, top]), ([5e-324], [0.0])):
        value = measure.compute(column(now), column(then))
        assert value >= 0
        assert measure.bounds[0] <= value <= measure.bounds[1]


@every
def test_compute_all_gives_the_same(measure, case):
    _, now, then = case
    columns = column(now), column(then)
    found = measures.compute_all(*columns)
    assert (measure.name in found) == measure.applies(*columns)
    if measure.name in found:
        assert found[measure.name] == measure.compute(*columns)
