from __future__ import annotations

from datetime import datetime, time

import pytest

import tidegauge as tg
from tidegauge.drift import measures
from tidegauge.errors import ArgumentError, MissingMetricError

NAMES = [
    "chi_square",
    "cramer_von_mises",
    "energy",
    "g_test",
    "hellinger",
    "jensen_shannon",
    "kullback_leibler",
    "ks",
    "l_infinity",
    "psi",
    "total_variation",
    "wasserstein",
]


def test_the_classical_ones_are_there():
    assert [measure.name for measure in measures.all()] == sorted(NAMES)
    assert all(
        measures.get(name) == measure for name, measure in zip(sorted(NAMES), measures.all(), strict=True)
    )


def test_a_new_file_is_found_without_being_named(tmp_path, monkeypatch):
    from tidegauge.drift.measures import registry

    text = (
        "from tidegauge.drift.measures.total_variation import TotalVariation\n"
        "class Twice(TotalVariation):\n    name = 'twice'\n"
        "MEASURE = Twice()\n"
    )
    (tmp_path / "twice.py").write_text(text)
    monkeypatch.setattr(measures, "__path__", [*measures.__path__, str(tmp_path)])
    registry._found.cache_clear()
    try:
        assert measures.get("twice").name == "twice"
    finally:
        registry._found.cache_clear()


@pytest.mark.parametrize(
    ("name", "tail"),
    [
        ("PSI", "did you mean 'psi'"),
        ("jenson_shannon", "did you mean 'jensen_shannon'"),
        ("zzz", "there are: "),
    ],
)
def test_an_unknown_name_tells_the_nearest(name, tail):
    with pytest.raises(ArgumentError, match=f"there is no measure '{name}'; {tail}"):
        measures.get(name)


def test_options():
    assert measures.get("psi", remove_bias=False, bins=5, smoothing=0) != measures.get("psi")
    assert measures.get("psi").remove_bias
    with pytest.raises(ArgumentError, match="'psi' has no option 'bin'; did you mean 'bins'"):
        measures.get("psi", bin=5)
    with pytest.raises(ArgumentError, match="'ks' has no option 'bins'; there are none"):
        measures.get("ks", bins=5)


@pytest.mark.parametrize("bins", [1, 0, -3, 1001, 2.5, "10", None])
def test_bins_that_are_none(bins):
    with pytest.raises(ArgumentError, match="from 2 to 1,000 bins"):
        measures.get("hellinger", bins=bins)


@pytest.mark.parametrize("smoothing", [-0.1, float("nan"), float("inf"), "no"])
def test_smoothing_that_is_none(smoothing):
    for name in ("psi", "kullback_leibler"):
        with pytest.raises(ArgumentError, match="smoothing is a count of 0 or more"):
            measures.get(name, smoothing=smoothing)


def test_measures_are_values():
    assert measures.get("psi") == measures.get("psi", bins=10)
    assert len({measures.get("psi"), measures.get("psi", bins=10), measures.get("ks")}) == 2
    with pytest.raises(AttributeError):
        measures.get("psi").bins = 5


def test_compute_all_takes_names_and_leaves_out_what_does_not_apply():
    now, then = tg.log({"x": ["a", "b"]}), tg.log({"x": ["a", "a"]})
    assert set(measures.compute_all(now["x"], then["x"])) == {
        measure.name for measure in measures.all() if measure.kind == "both"
    }
    assert measures.compute_all(now["x"], then["x"], names=["ks", "l_infinity"]) == {"l_infinity": 0.5}
    assert measures.compute_all(now["x"], tg.log({"x": [1.0]})["x"]) == {}
    assert measures.compute_all(now["x"], tg.log({"x": []})["x"]) == {}
    unknown = tg.log({"x": [f"user-{i}" for i in range(20_000)]})["x"]
    assert measures.compute_all(unknown, unknown) == {}
    with pytest.raises(ArgumentError, match="no measure 'kss'"):
        measures.compute_all(now["x"], then["x"], names=["kss"])


UNCOUNTED = [datetime(2024, 1, 1), time(12)]


@pytest.mark.parametrize("other", [[1.5, 2.0], ["a"], [1, "a"], UNCOUNTED])
def test_a_column_without_a_counted_value_has_no_measures(other):
    uncounted, counted = tg.log({"x": UNCOUNTED})["x"], tg.log({"x": other})["x"]
    for pair in ((uncounted, counted), (counted, uncounted)):
        assert measures.compute_all(*pair) == {}
        psi = measures.get("psi")
        assert not psi.applies(*pair)
        with pytest.raises(MissingMetricError, match="no value that its frequent items count"):
            psi.compute(*pair)
        with pytest.raises(MissingMetricError):
            psi.interval(*pair)


def test_one_name_is_a_list_of_one():
    column = tg.log({"x": [1, 2, 3]})["x"]
    assert measures.compute_all(column, column, names="ks") == {"ks": 0.0}
