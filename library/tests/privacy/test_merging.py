"""Profiles that were made private in different ways merge to the stricter, and say so."""

from __future__ import annotations

import random
from itertools import product

import pytest

import tidegauge as tg

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))

WAYS = {
    "kept": tg.Privacy(),
    "key": tg.Privacy(key=KEY),
    "other key": tg.Privacy(key=OTHER),
    "off": tg.Privacy(items="off"),
    "cut at 3": tg.Privacy(min_count=3, cardinality="kept", numbers="kept"),
    "cut at 5": tg.Privacy(min_count=5, cardinality="kept", numbers="kept"),
    "moments": tg.Privacy(items="kept", cardinality="kept", numbers="moments"),
    "rounded": tg.Privacy(round_to=10),
}


def profile_of(way: str, seed: int = 1) -> tg.Profile:
    rng = random.Random(seed)
    data = {"n": [min(40, int(rng.expovariate(0.2))) for _ in range(200)]}
    data["t"] = [f"t{n}" for n in data["n"]]
    return tg.log(data, schema=tg.Schema(default_privacy=WAYS[way]))


def counts_of(*seeds: int) -> dict[int, int]:
    counts: dict[int, int] = {}
    for seed in seeds:
        rng = random.Random(seed)
        for _ in range(200):
            value = min(40, int(rng.expovariate(0.2)))
            counts[value] = counts.get(value, 0) + 1
    return counts


@pytest.mark.parametrize(("one", "other"), list(product(WAYS, WAYS)))
def test_the_stricter_holds(one, other):
    a, b = profile_of(one, 1), profile_of(other, 2)
    merged = a.merge(b)
    assert [column.privacy for column in merged] == [column.privacy for column in b.merge(a)]
    for column in merged:
        mine, theirs = a[column.name], b[column.name]
        assert set(column.metrics) <= set(mine.metrics) & set(theirs.metrics)
        if one == other:
            assert column.privacy == mine.privacy
            assert column.metrics == mine.metrics
        for metric in ("items", "cardinality"):
            words = [_word(each.privacy, metric) for each in (mine, theirs)]
            expected = words[0] if words[0] == words[1] else "off"
            assert _word(column.privacy, metric) == expected
        if "moments" in (one, other) and column.values is not None:
            assert not column.values.has_extremes
            assert not column.values.has_quantiles
    assert merged["n"].counts.present == 400
    assert tg.Profile.from_bytes(merged.to_bytes()) == merged


def _word(stated: str | None, name: str) -> str:
    return dict(word.split("=") for word in (stated or "").split()).get(name, "kept")


@pytest.mark.parametrize(("one", "other"), list(product(("kept", "cut at 3", "cut at 5"), repeat=2)))
def test_bounds_of_lists_hold_after_merging(one, other):
    merged = profile_of(one, 1).merge(profile_of(other, 2))
    items = merged["n"].frequent_items
    truth = counts_of(1, 2)
    listed = {item.value: item for item in items}
    assert listed
    for value, count in truth.items():
        if value in listed:
            assert listed[value].lower <= count <= listed[value].upper
        else:
            assert count <= items.error
    least = items.min_count
    assert least == max({"kept": 1, "cut at 3": 3, "cut at 5": 5}[way] for way in (one, other))
    assert all(truth[value] >= least for value in listed)
    assert items.exact == (one == other == "kept")


def test_lists_of_many_short_windows_stay_honest():
    schema = tg.Schema(default_privacy=WAYS["cut at 5"])
    rows = [f"t{n % 7}" for n in range(400)] + ["rare"] * 3
    parts = [tg.log({"t": rows[start::40]}, schema=schema) for start in range(40)]
    items = tg.merge(parts)["t"].frequent_items
    assert items.total == len(rows)
    assert not items.exact
    assert items.error <= len(rows)
    # Each value was too rare in each window, and may have been anything.
    assert not list(items)


def test_a_part_without_values_has_no_say():
    nothing = tg.log({"n": [None, None], "t": [None, None]}, schema=tg.Schema(default_privacy=WAYS["off"]))
    merged = profile_of("kept").merge(nothing)
    assert merged["n"].privacy is None
    assert "frequent_items" in merged["n"].metrics
    assert nothing.merge(nothing)["n"].privacy == nothing["n"].privacy


def test_roundings_that_differ_are_all_told():
    merged = profile_of("rounded", 1).merge(profile_of("kept", 2))
    assert merged["n"].privacy == "rounded=none,step:10"
    assert merged.merge(profile_of("rounded", 3))["n"].privacy == "rounded=none,step:10"


def test_merging_is_associative_in_what_it_says():
    for ways in product(WAYS, repeat=3):
        a, b, c = (profile_of(way, seed) for seed, way in enumerate(ways))
        left, right = a.merge(b).merge(c), a.merge(b.merge(c))
        for column in left:
            assert column.privacy == right[column.name].privacy
            assert column.metrics == right[column.name].metrics
