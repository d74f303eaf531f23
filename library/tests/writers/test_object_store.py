from __future__ import annotations

import os
import sys
import urllib.request
import uuid

import pytest

import tidegauge as tg
from tidegauge.errors import ArgumentError, MissingFileError, ReaderError, WriterError
from tidegauge.writers import open_writer

ID = "0123456789abcdef" * 2


@pytest.fixture
def day():
    return tg.log({"at": ["2026-11-28T13:40"], "fare": [5.0]}, "taxi", timestamp="at", window="1d")


def test_keys_are_those_of_the_layout(s3_bucket, s3_process, day):
    open_writer(f"{s3_bucket}/pre fix").write(day, id=ID)
    listing = f"{s3_process}/{s3_bucket.removeprefix('s3://')}?list-type=2"
    with urllib.request.urlopen(listing, timeout=10) as answer:
        text = answer.read().decode()
    assert f"<Key>pre fix/taxi/2026-11-28/20261128T000000Z_20261129T000000Z_{ID}.parquet</Key>" in text


def test_one_object_by_its_url(s3_bucket, day):
    open_writer(s3_bucket).write(day, id=ID)
    url = f"{s3_bucket}/taxi/2026-11-28/20261128T000000Z_20261129T000000Z_{ID}.parquet"
    assert tg.read(url) == day
    with pytest.raises(MissingFileError):
        tg.read(url.replace("0123", "9999"))


def test_a_bucket_that_is_not_there(s3_bucket, day):
    with pytest.raises(WriterError, match="s3://nobody/x: the bucket does not exist; make it first"):
        open_writer("s3://nobody/x").write(day, id=ID)
    with pytest.raises((MissingFileError, ReaderError), match="the bucket does not exist"):
        tg.read("s3://nobody/x", dataset="taxi")
    with pytest.raises((MissingFileError, ReaderError), match="the bucket does not exist"):
        tg.read("s3://nobody/x")


def test_an_empty_bucket(s3_bucket):
    for filters in ({}, {"dataset": "taxi"}, {"since": "2026-11-28"}):
        with pytest.raises(MissingFileError, match="no file to read"):
            tg.read(s3_bucket, **filters)


@pytest.fixture
def nowhere(monkeypatch):
    """No credentials, and nobody who could give any."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "GOOGLE_", "AZURE_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", "http://127.0.0.1:9")


def test_no_credentials(nowhere, day):
    with pytest.raises(
        WriterError, match=r"s3://bucket/x: .*no credentials were found: set AWS_ACCESS_KEY_ID"
    ):
        open_writer("s3://bucket/x").write(day, id=ID)


def test_a_server_that_is_not_there(s3_bucket, day, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(WriterError, match=r"127\.0\.0\.1:9") as caught:
        open_writer(s3_bucket).write(day, id=ID)
    assert "Debug source" not in str(caught.value)
    with pytest.raises(ReaderError, match="cannot read s3://"):
        tg.read(s3_bucket)


def test_urls_that_cannot_be_meant_so(nowhere):
    with pytest.raises(ArgumentError, match="names no bucket"):
        open_writer("s3:///folder")
    with pytest.raises(ArgumentError, match="Account must be specified"):
        open_writer("az://container/folder")


@pytest.mark.parametrize("url", ["gs://bucket/x", "abfss://container@account.dfs.core.windows.net/x"])
def test_other_clouds_open_without_asking_them(url, nowhere):
    assert repr(open_writer(url)) == f"ObjectStoreWriter({url!r})"


def test_without_the_library(monkeypatch):
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(tg.errors.MissingLibraryError, match=r"pip install 'tidegauge\[object-store\]'"):
        open_writer("memory://x")


def test_memory_is_shared_by_name(day):
    name = uuid.uuid4().hex
    open_writer(f"memory://{name}/a").write(day, id=ID)
    open_writer(f"memory://{name}/b").write(day, id=ID)
    assert tg.read(f"memory://{name}/a") == day
    assert len(tg.read(f"memory://{name}")) == 2
    with pytest.raises(MissingFileError):
        tg.read(f"memory://{uuid.uuid4().hex}")


FORKED = """
import os, sys, uuid
import tidegauge as tg
day = tg.log({"at": ["2026-11-28"], "x": [1]}, "taxi", timestamp="at", window="1d")
writer = tg.writers.open_writer(sys.argv[1])
if sys.argv[2] == "used":
    writer.write(day, id=uuid.uuid4().hex)
if os.fork() == 0:
    try:
        writer.write(day, id=uuid.uuid4().hex)
        print("written", flush=True)
    except tg.errors.WriterError as error:
        print(error, flush=True)
    os._exit(0)
os.wait()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks only where there are forks")
@pytest.mark.parametrize(
    ("before", "said"), [("fresh", "written"), ("used", "before this process was forked")]
)
def test_after_a_fork(s3_bucket, before, said):
    import subprocess

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORKED, s3_bucket, before],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert said in done.stdout
