"""What makes a suggested suite see faults: windows that grow, edges, sums, windows that are not full."""

import math
import random
from datetime import UTC, datetime, timedelta

import pytest

import tidegauge as tg
from tidegauge.constraints import RequiredValues, suggest
from tidegauge.constraints.suggestion import absence
from tidegauge.constraints.suggestion.edges import mark_edges
from tidegauge.constraints.suggestion.faults import Fault
from tidegauge.constraints.suggestion.limits import observe
from tidegauge.constraints.suggestion.partial import find_partial
from tidegauge.constraints.suggestion.readings import Key
from tidegauge.constraints.suggestion.relations import pair_tracks
from tidegauge.constraints.suggestion.tracks import Track, make_tracks

START = datetime(2024, 1, 1, tzinfo=UTC)


def log_days(rows_of, days, seed=1, window="1d", first=0):
    rng = random.Random(seed)
    rows = [
        {"at": START + timedelta(days=day, seconds=rng.randrange(86_400)), **row}
        for day in range(first, first + days)
        for row in rows_of(rng, day)
    ]
    return tg.log(rows, timestamp="at", window=window)


def constraints_on(found, column, kind):
    return [each for each in found.suite if column in each.reads and type(each).__name__ == kind]


# Values that must occur


def payments(size, values=("card", "cash", "coin"), weights=(84, 12, 4)):
    return lambda rng, _: [{"by": rng.choices(values, weights)[0]} for _ in range(size)]


def sized_payments(rng, day):
    return payments(60 + 4 * day)(rng, day)


def test_a_rarer_value_must_occur_among_enough():
    found = suggest(log_days(sized_payments, 40))
    by_value = {
        value: each for each in constraints_on(found, "by", "RequiredValues") for value in each.values
    }
    assert by_value["card"].among == 0
    # 4 % of 170 are 7: to see none of so many comes about by chance once in a thousand times.
    assert 120 <= by_value["coin"].among <= 300
    assert f"among {by_value['coin'].among}" in by_value["coin"].reason
    (small,) = log_days(payments(60, ("card", "cash"), (80, 20)), 1, seed=5)
    (large,) = log_days(payments(400, ("card", "cash"), (80, 20)), 1, seed=5)
    assert by_value["coin"].check(context_of(small)).outcome == "passed"
    assert by_value["coin"].check(context_of(large)).outcome == "failed"


def context_of(profile):
    from tidegauge.constraints.context import Context

    return Context(profile)


def test_values_among_too_few_pass_and_say_so():
    constraint = RequiredValues("by", ["coin"], among=3)
    result = constraint.check(context_of(tg.log({"by": ["card", "card"]})))
    assert (result.outcome, result.observed_text) == ("passed", "2, too few to miss any")
    assert constraint.check(context_of(tg.log({"by": ["card"] * 3}))).outcome == "failed"
    assert constraint.check(context_of(tg.log({"by": ["card", "card", "coin"]}))).outcome == "passed"


def share_track(counts, sizes):
    shares = [max(count, 0.5) / size for count, size in zip(counts, sizes, strict=True)]
    errors = [math.sqrt((1.0 - share) / (share * size)) for share, size in zip(shares, sizes, strict=True)]
    return Track(
        Key("by", "share", "coin"),
        tuple(map(math.log, shares)),
        tuple(errors),
        {},
        logarithmic=True,
        sizes=tuple(sizes),
    )


def enough(track, tail=1e-4):
    found = observe(track, [0] * len(track.values)).limits(tail=tail)
    return absence.enough_to_miss(track, found, tail)


def test_absence_is_foretold_at_the_stated_chance():
    rng = random.Random(3)
    misses, tail = 0, 0.02
    for _ in range(60):
        levels = [0.05 * math.exp(rng.gauss(0.0, 0.5)) for _ in range(400)]
        counts = [sum(rng.random() < level for _ in range(100)) for level in levels[:40]]
        among = enough(share_track(counts, [100] * 40), tail)
        if math.isinf(among):
            continue
        size = max(int(among), 100)
        misses += sum((1.0 - level) ** size for level in levels[40:]) / 360
    assert misses / 60 <= tail


def test_absence_takes_more_the_rarer_a_value_is_and_the_more_it_varies():
    rng = random.Random(4)
    sizes = [1000] * 39 + [100]

    def counts(share, varying):
        levels = [share * math.exp(rng.gauss(0.0, varying)) for _ in sizes]
        return [sum(rng.random() < level for _ in range(n)) for level, n in zip(levels, sizes, strict=True)]

    common, rare, wild = counts(0.2, 0.1), counts(0.03, 0.1), counts(0.2, 0.8)
    needed = [enough(share_track(each, sizes), 1e-6) for each in (common, rare, wild)]
    assert needed[0] == 0.0
    assert 500 < needed[1] < 1000
    assert needed[2] > 500


def test_where_a_value_was_missing_it_may_be_missing():
    counts, sizes = [300] * 39 + [0], [1000] * 39 + [47]
    assert enough(share_track(counts, sizes)) > 47
    assert enough(share_track([300] * 39 + [0], [1000] * 40)) == math.inf


def test_what_comes_by_plan_is_taken_for_as_regular_as_it_is():
    # Seven of each hour in every week: by chance alone an hour of 168 would be missing once in a thousand.
    assert enough(share_track([7] * 40, [168] * 40), 1e-6) == 0.0
    rng = random.Random(5)
    scattered = [sum(rng.random() < 7 / 168 for _ in range(168)) for _ in range(40)]
    assert enough(share_track(scattered, [168] * 40), 1e-6) > 0.0


@pytest.mark.parametrize(("values", "is_set"), [((0, 1), True), ((0, 2), False), ((1, 2), False)])
def test_a_flag_is_a_set_however_rarely_it_is_raised(values, is_set):
    usual, rare = values
    found = suggest(
        log_days(
            lambda rng, day: [{"flag": rare if day % 6 == 4 and n < 50 else usual} for n in range(100)], 30
        )
    )
    sets = constraints_on(found, "flag", "ValueSet")
    assert [each.values for each in sets] == ([values] if is_set else [])
    assert all("it is a flag" in each.reason for each in sets)


# Edges


def winds(rng, _):
    return [{"wind": max(rng.gauss(2.0, 3.0), 0.0), "level": rng.gauss(2.0, 3.0)} for _ in range(100)]


def test_an_edge_is_what_windows_come_up_to_again_and_again():
    profiles = list(log_days(winds, 30))
    tracks = mark_edges(make_tracks(profiles, {}), profiles)
    assert tracks[Key("wind", "quantile", 0.05)].edges == (0.0, math.inf)
    assert tracks[Key("level", "quantile", 0.05)].edges == (-math.inf, math.inf)
    assert tracks[Key("wind", "mean")].edges == (-math.inf, math.inf)


def test_few_windows_tell_no_edge():
    profiles = list(log_days(winds, 7))
    assert mark_edges(make_tracks(profiles, {}), profiles) == make_tracks(profiles, {})


def test_lengths_have_an_edge_that_a_stray_text_does_not_cross():
    def months(rng, day):
        names = ["Jan", "Febr", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"]
        return [{"month": names[day // 3]} for _ in range(200)]

    history = log_days(months, 36)
    (bound,) = constraints_on(suggest(history), "month", "MeanLength")
    assert bound.at_least == pytest.approx(0.95 * 3, abs=0.01)
    (cut,) = log_days(lambda rng, _: [{"month": "Ma"}] * 200, 1, first=40)
    (stray,) = log_days(lambda rng, _: [{"month": "Jan"}] * 199 + [{"month": ""}], 1, first=40)
    assert bound.check(context_of(cut)).outcome == "failed"
    assert bound.check(context_of(stray)).outcome == "passed"


# Relations


def sales(rng, day):
    rows = []
    for _ in range(50):
        cash, card = rng.gauss(10 + day, 3), rng.gauss(30 + 2 * day + 5 * math.sin(day), 6)
        rows.append({"cash": cash, "card": card, "total": cash + card, "lonely": rng.gauss(day, 3)})
    return rows


@pytest.fixture(scope="module")
def growing():
    return suggest(log_days(sales, 40))


@pytest.mark.parametrize(("column", "shift"), [("cash", 3), ("card", -6), ("total", 6.7)])
def test_a_sum_goes_on_being_the_sum_of_its_parts(growing, column, shift):
    assert {"cash", "card", "total"} <= set(growing.left_out)
    later = log_days(sales, 20, seed=2, first=40)
    assert [result.outcome for result in growing.suite.check_windows(later)] == ["passed"] * 20

    def moved(rng, day):
        return [row | {column: row[column] + shift} for row in sales(rng, day)]

    spoilt = log_days(moved, 20, seed=2, first=40)
    failed = [each for result in growing.suite.check_windows(spoilt) for each in result.failed]
    assert len(failed) == 20
    assert all(column in each.constraint.reads for each in failed)


def test_one_relation_shows_what_befalls_any_of_its_columns(growing):
    assert len(constraints_on(growing, "total", "Relation")) == 2  # from below and from above


def test_columns_that_rise_alike_are_not_related(growing):
    assert constraints_on(growing, "lonely", "Relation") == []


def test_many_columns_without_relation_are_not_related_by_chance():
    rng = random.Random(6)
    tracks = {
        Key(f"x{number}", "mean"): Track(
            Key(f"x{number}", "mean"),
            tuple(rng.gauss(0, 1) for _ in range(20)),
            (0.0,) * 20,
            {Fault("shift up", f"x{number}"): (2.0,) * 20},
            logarithmic=False,
            spread=1.0,
        )
        for number in range(60)
    }
    assert pair_tracks(tracks, [fault for track in tracks.values() for fault in track.faulted]) == []


def test_factors_are_those_of_the_levels():
    rng = random.Random(7)
    one = [rng.gauss(0, 1) for _ in range(40)]
    two = [a + rng.gauss(0, 1) for a in one]
    values = {"a": one, "b": two, "y": [5.0 + 2.0 * a - 0.25 * b for a, b in zip(one, two, strict=True)]}
    tracks = {
        Key(name, "mean"): Track(
            Key(name, "mean"), tuple(numbers), (0.0,) * 40, {}, logarithmic=False, spread=spread
        )
        for (name, numbers), spread in zip(values.items(), (9.0, 9.0, 1.0), strict=True)
    }
    (track,) = pair_tracks(tracks, [Fault("shift up", "y")])
    assert dict(track.terms) == {"a": 2.0, "b": -0.25}
    assert track.values == pytest.approx([5.0] * 40)


def weeks(first, count, change=lambda row: row):
    times = [START + timedelta(hours=hour) for hour in range(168 * first, 168 * (first + count))]
    rows = [{"at": at, "yearday": at.timetuple().tm_yday, "n": number} for number, at in enumerate(times)]
    return tg.log([change(row) for row in rows], timestamp="at", window="1w")


def test_a_part_of_the_date_is_held_to_the_times():
    found = suggest(weeks(10, 20))
    (held,) = constraints_on(found, "yearday", "PartOfDate")
    assert (held.part, held.of) == ("day of the year", "at")
    assert found.left_out["yearday"] == "its values are the day of the year of at"
    # 2024 has 366 days: the last week has some of the next year.
    assert [held.check(context_of(week)).outcome for week in weeks(30, 24)] == ["passed"] * 24
    for shift in (-2, 2):
        moved = weeks(30, 10, lambda row, by=shift: row | {"yearday": row["yearday"] + by})
        assert [held.check(context_of(week)).outcome for week in moved] == ["failed"] * 10


# Windows at the ends


def hours(first, last):
    times = [START + timedelta(hours=hour) for hour in range(first, last)]
    return list(tg.log({"at": times, "x": list(range(len(times)))}, timestamp="at", window="1w"))


@pytest.mark.parametrize(
    ("first", "last", "partial"),
    [
        (0, 168 * 8, ()),
        (120, 168 * 8, (0,)),
        (0, 168 * 7 + 30, (7,)),
        (120, 168 * 7 + 30, (0, 7)),
        (12, 168 * 8, ()),
    ],
)
def test_windows_that_are_not_full_are_found_at_the_ends(first, last, partial):
    assert find_partial(hours(first, last)) == partial


def test_without_times_or_with_few_windows_none_is_found():
    assert find_partial(hours(120, 168 * 4)) == ()
    assert find_partial([tg.log({"x": [1]})] * 9) == ()


def test_a_window_that_is_not_full_is_not_learnt_from_and_named():
    history = hours(120, 168 * 20)
    found = suggest(tg.ProfileSet(history))
    assert found.windows == 19
    (said,) = found.unused
    assert said.startswith("the window that starts at 2024-01-01 00:00:00+00:00")
    assert said.endswith("is filled in part only")
