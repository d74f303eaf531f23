"""Columns of a few values, whose metrics are worked out when they are asked for."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pyarrow as pa
import pytest

import tidegauge as tg


def texts(values: list[bytes], *, null: bool) -> pa.Array:
    """An array of bytes that claim to be texts, as others may hand them over; perhaps with a null first."""
    ends = [sum(map(len, values[:count])) for count in range(len(values) + 1)]
    offsets = b"".join(end.to_bytes(4, "little") for end in ends)
    present = sum(1 << row for row in range(len(values)) if row or not null)
    bitmap = pa.py_buffer(present.to_bytes(2, "little"))
    buffers = [bitmap, pa.py_buffer(offsets), pa.py_buffer(b"".join(values))]
    return pa.Array.from_buffers(pa.string(), len(values), buffers)


@pytest.mark.parametrize("null", [False, True])
@pytest.mark.parametrize(
    "values", [[b"", b"\xc3", b"\xa9"], [b"", b"b", b"\xa3"], [b"", "é".encode(), b"ok"]]
)
def test_what_is_no_text_is_no_crash(values, null):
    column = tg.log(pa.table({"x": texts(values, null=null)}))["x"]
    assert (column.counts.records, column.nulls) == (3, int(null))
    assert column.frequent_items is not None


@pytest.mark.parametrize("kind", ["string", "large", "dictionary"])
def test_segments_by_what_is_no_text(kind, tmp_path):
    array = texts([b"\xff\xfe", b"ok", b"\xa3"], null=False)
    if kind == "large":
        array = pa.Array.from_buffers(
            pa.large_string(), 3, [None, pa.array([0, 2, 4, 5], pa.int64()).buffers()[1], array.buffers()[2]]
        )
    elif kind == "dictionary":
        array = pa.DictionaryArray.from_arrays(pa.array([0, 1, 2], pa.int8()), array)
    profiles = tg.log(pa.table({"x": array}), segments=["x"])
    assert [profile.segment.get("x") for profile in profiles] == [None, "ok", "\ufffd", "\ufffd\ufffd"]
    profiles.write(tmp_path / "segments.parquet")
    assert tg.read(tmp_path / "segments.parquet") == profiles


def test_threads_that_ask_at_once_get_the_same():
    sets = [
        tg.log({"g": [row % 50 for row in range(2_000)], "x": range(2_000)}, segments=["g"])
        for _ in range(20)
    ]
    found: list[list[float]] = []

    def ask():
        found.append([profile["x"].mean for profiles in sets for profile in profiles])

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(means == found[0] for means in found)
    assert found[0][0] == 999.5


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_child_does_not_wait_for_what_a_thread_of_its_parent_was_working_out():
    code = """
import os, signal, threading, time
import tidegauge as tg

rows = range(40_000)
data = {"g": [row % 2_000 for row in rows], "s": [str(row % 999) for row in rows]}
data["x"] = [row * 0.5 for row in rows]
for pause in (0.0, 0.01, 0.02, 0.03, 0.05, 0.08):
    profiles = tg.log(data, segments=["g"], max_segments=5_000)
    thread = threading.Thread(target=profiles.to_bytes)
    thread.start()
    time.sleep(pause)
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        os._exit(0 if sum(profile["x"].counts.records for profile in profiles[1:]) == 40_000 else 3)
    thread.join()
    assert os.waitpid(child, 0)[1] == 0, pause
"""
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("kind", ["pandas", "polars", "arrow"])
def test_segments_by_a_dictionary_without_values(kind):
    pandas, polars = map(pytest.importorskip, ["pandas", "polars"])
    data = {
        "pandas": pandas.DataFrame({"g": pandas.Categorical([None, None]), "x": [1, 2]}),
        "polars": polars.DataFrame(
            {"g": [None, None], "x": [1, 2]}, schema_overrides={"g": polars.Categorical}
        ),
        "arrow": pa.table({"g": pa.array([None, None], pa.dictionary(pa.int8(), pa.string())), "x": [1, 2]}),
    }[kind]
    profiles = tg.log(data, segments=["g"])
    assert [(profile.segment, profile.records) for profile in profiles] == [({}, 2), ({"g": None}, 2)]
    assert len(tg.log(data[:0] if kind != "arrow" else data.slice(0, 0), segments=["g"])) == 1


def test_an_interruption_while_data_is_handed_over_passes_on():
    class Interrupted:
        def __arrow_c_stream__(self, requested_schema=None):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tg.log(Interrupted())
