"""The batch job and the stream consumer of the examples, run as processes, again and again, and killed."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars
import pytest

import tidegauge as tg

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
MONDAY = date(2026, 3, 2)
COMMIT_EVERY = 500


def start(folder, name, *arguments):
    command = [sys.executable, "-W", "error", str(EXAMPLES / name), *map(str, arguments)]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(folder, name, *arguments):
    with start(folder, name, *arguments) as process:
        output, errors = process.communicate(timeout=120)
    assert errors == ""
    return process.returncode, output


def write_day(folder, day, *, factor=1.0, records=1_000):
    rng = random.Random(day.toordinal())
    midnight = datetime(day.year, day.month, day.day)
    path = folder / f"{day}.parquet"
    polars.DataFrame(
        {
            "placed": [midnight + timedelta(seconds=rng.randrange(86_400)) for _ in range(records)],
            "amount": [round(factor * rng.lognormvariate(3, 0.5), 2) for _ in range(records)],
            "country": rng.choices(["NL", "DE", "FR"], [6, 3, 1], k=records),
        }
    ).write_parquet(path)
    return path


def test_a_batch_job_keeps_each_day_once_and_fails_on_the_day_that_has_changed(tmp_path):
    days = [MONDAY + timedelta(days=number) for number in range(10)]
    codes = [run(tmp_path, "batch_job.py", write_day(tmp_path, day))[0] for day in days[:-1]]
    assert codes == [0] * 9
    code, output = run(tmp_path, "batch_job.py", write_day(tmp_path, days[-1], factor=100.0))
    assert code == 1
    assert "amount" in output
    assert (tmp_path / f"{days[-1]}.html").stat().st_size > 1_000
    profiles = tg.read(tmp_path / "profiles")
    assert [(profile.window.start.date(), profile.records) for profile in profiles] == [
        (day, 1_000) for day in days
    ]

    code, _ = run(tmp_path, "batch_job.py", write_day(tmp_path, days[-1], records=1_001))
    assert code == 0, "the day was mended"
    again = tg.read(tmp_path / "profiles")
    assert [profile.records for profile in again] == [1_000] * 9 + [1_001]


def append(topic, numbers):
    at = datetime.now(UTC).isoformat()
    with topic.open("a") as stream:
        stream.writelines(json.dumps({"at": at, "n": number}) + "\n" for number in numbers)


def counted(folder):
    return tg.readers.read(folder / "profiles", dataset="events").merge()


def offset(folder):
    """How many bytes of the topic the consumer has committed."""
    path = folder / "events.offset"
    return int(path.read_text()) if path.exists() else 0


def committed(folder):
    return (folder / "events.ndjson").read_bytes()[: offset(folder)].count(b"\n")


def test_a_consumer_that_ends_in_peace_counts_each_message_once(tmp_path):
    topic = tmp_path / "events.ndjson"
    for part in range(3):
        append(topic, range(part * 700, (part + 1) * 700))
        assert run(tmp_path, "stream_consumer.py", topic) == (0, "700 messages\n")
    n = counted(tmp_path)["n"]
    assert (n.records, n.min, n.max, n.mean) == (2_100, 0, 2_099, 1_049.5)
    assert committed(tmp_path) == 2_100


def test_half_a_line_is_left_for_the_next_time(tmp_path):
    topic = tmp_path / "events.ndjson"
    append(topic, range(10))
    with topic.open("a") as stream:
        stream.write('{"at": "2026-')
    assert run(tmp_path, "stream_consumer.py", topic) == (0, "10 messages\n")
    assert committed(tmp_path) == 10


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
def test_a_consumer_that_is_killed_loses_nothing_and_doubles_what_was_not_committed(tmp_path):
    topic, messages, kills, batch = tmp_path / "events.ndjson", 0, 0, 2_000
    dice = random.Random(1)
    while kills < 10:
        append(topic, range(messages, messages + batch))
        messages += batch
        before = offset(tmp_path)
        with start(tmp_path, "stream_consumer.py", topic) as process:
            while offset(tmp_path) == before and process.poll() is None:
                time.sleep(0.001)
            time.sleep(dice.uniform(0.0, 0.05))
            if process.poll() is None:
                process.kill()
                kills += 1
            else:
                batch *= 2  # a quick machine: it had read all of them
    append(topic, range(messages, messages + 100))
    assert run(tmp_path, "stream_consumer.py", topic)[0] == 0
    n = counted(tmp_path)["n"]
    assert (n.min, n.max) == (0, messages + 99)
    assert messages + 100 <= n.records <= messages + 100 + kills * COMMIT_EVERY
    assert n.cardinality.interval(0.9999)[0] <= messages + 100 <= n.cardinality.interval(0.9999)[1]
    assert [path for path in (tmp_path / "state").rglob("*") if path.is_file()] == []
