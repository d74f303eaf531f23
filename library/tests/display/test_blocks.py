"""Charts of block characters."""

from tidegauge.display.blocks import bar, columns_chart, spark, squeeze, trend


def test_spark_shows_whatever_is_above_zero():
    assert spark([0, 1, 1000]) == " ▁▇"
    assert spark([None, 0.0]) == "· "
    assert spark([]) == ""
    assert spark([0, 0]) == "  "
    assert spark([0.5], top=1.0) == "▄"


def test_trend_spans_least_to_greatest():
    assert trend([1.0, None, 3.0, 2.0]) == "▁·▇▄"
    assert trend([5.0, 5.0]) == "▄▄"
    assert trend([None]) == "·"


def test_bars_have_eighths():
    assert [bar(eighth / 8, 1) for eighth in range(9)] == ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
    assert bar(2.0, 3) == "███"


def test_squeezed_series_keeps_the_outlier_of_a_year():
    year = [0.02] * 365
    year[39] = 0.52
    squeezed = squeeze(year, 20)
    assert len(squeezed) == 20
    assert max(squeezed) == 0.52
    assert squeeze([1.0, 2.0], 20) == [1.0, 2.0]
    assert squeeze([None] * 9, 3) == [None, None, None]


def test_chart_has_axis_and_labels():
    chart = columns_chart([0, 4, 1, 0.001], rows=2, labels=("0", "9"), top_label="80%")
    assert chart == ["80% ┤ █  ", "    │ █▄▁", "    └────", "     0  9"]
