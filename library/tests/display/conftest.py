"""Plain values to draw, as they are read from a profile of flights."""

from types import SimpleNamespace

import pytest

from tidegauge.display.facts import Bins, Column, Distinct, Heading, Item, Numbers, Series, Windows

DAY = 86_400_000_000

HEADING = Heading("flights", 336_776, 19, created=1_795_324_560_000_000, start=15_706 * DAY, end=16_071 * DAY)

DELAY_BINS = Bins(
    tuple(float(edge) for edge in range(-20, 101, 10)),
    (
        9_000.0,
        190_000.0,
        52_000.0,
        21_000.0,
        13_000.0,
        9_000.0,
        7_000.0,
        5_000.0,
        4_000.0,
        3_000.0,
        2_500.0,
        2_000.0,
    ),
    below=100.0,
    above=10_921.0,
)

DELAY = Column(
    "dep_delay",
    "fractional",
    336_776,
    8_255,
    arrow_type="double",
    role="target",
    counts={"zeros": 16_514, "negatives": 183_575, "nans": 3},
    types={"fractional": 328_521},
    distinct=Distinct(527.0, 510.0, 544.0, exact=False),
    values=Numbers(
        "number",
        328_521,
        -43.0,
        1301.0,
        mean=12.639070,
        deviation=40.210061,
        skewness=4.8025,
        quantiles=(-12.0, -9.0, -5.0, -2.0, 11.0, 88.0, 191.0),
        exact=False,
        rank_error=0.0026,
        bins=DELAY_BINS,
    ),
)

CARRIER = Column(
    "carrier",
    "string",
    336_776,
    0,
    arrow_type="string",
    types={"string": 336_776},
    distinct=Distinct(16.0, 16.0, 16.0, exact=True),
    items=(
        Item("UA", 58_665, 58_665),
        Item("B6", 54_635, 54_635),
        Item("EV", 54_173, 54_173),
        Item("DL", 48_110, 48_110),
        Item("AA", 32_729, 32_729),
        Item("MQ", 26_397, 26_397),
    ),
)

TAILNUM = Column(
    "tailnum",
    "string",
    336_776,
    2_512,
    distinct=Distinct(4_043.2, 3_912.0, 4_178.0, exact=False),
    items=(Item("N725MQ", 310, 575), Item("N722MQ", 248, 513)),
    items_exact=False,
    lengths=Numbers("number", 334_264, 5.0, 6.0, mean=5.99, quantiles=(6.0,) * 7),
)

YEAR = Column(
    "year",
    "integer",
    336_776,
    0,
    distinct=Distinct(1.0, 1.0, 1.0, exact=True),
    values=Numbers(
        "number",
        336_776,
        2013.0,
        2013.0,
        "2013",
        "2013",
        2013.0,
        0.0,
        quantiles=(2013.0,) * 7,
        bins=Bins((2012.5, 2013.5), (336_776.0,), whole=True),
    ),
)

TIME_HOUR = Column(
    "time_hour",
    "timestamp",
    336_776,
    0,
    arrow_type="timestamp[us, tz=UTC]",
    distinct=Distinct(6_936.0, 6_720.0, 7_160.0, exact=False),
    values=Numbers(
        "timestamp",
        336_776,
        1_357_034_400e6,
        1_388_548_740e6,
        quantiles=(1_372_800_000e6,) * 7,
        exact=False,
        bins=Bins((1_357_034_400e6, 1_372_800_000e6, 1_388_548_740e6), (170_000.0, 166_776.0)),
    ),
)

EMPTY = Column("", "null", 336_776, 336_776)
HOSTILE = Column("<script>\x1b[2J料金\u202e", "string", 10, 5, items=(Item("\x1b[31m<b>&", 5, 5),))
COLUMNS = (YEAR, DELAY, CARRIER, TAILNUM, TIME_HOUR, EMPTY, HOSTILE)

WINDOWS = Windows(
    Heading("flights", 4_330, 2, start=0, end=5 * DAY, windows=5),
    tuple(day * DAY for day in range(5)),
    tuple((day + 1) * DAY for day in range(5)),
    (900, 930, 700, 930, 870),
)
SERIES = (
    Series(
        "dep_time",
        "integer",
        (0.0, 0.01, 0.52, 0.02, 0.0),
        "median",
        "number",
        (1401.0, 1390.0, 900.0, 1400.0, 1402.0),
    ),
    Series(
        "carrier", "string", (0.0, 0.0, 0.0, 0.0, None), "distinct", "number", (16.0, 16.0, 15.0, 16.0, None)
    ),
)


@pytest.fixture
def sample() -> SimpleNamespace:
    """The values above, by name: tests are imported without packages and cannot import them."""
    return SimpleNamespace(**{name: value for name, value in globals().items() if name.isupper()})
