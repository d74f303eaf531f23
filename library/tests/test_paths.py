from __future__ import annotations

import os
from pathlib import Path

import pytest

from tidegauge.errors import ArgumentError, MissingFileError
from tidegauge.paths import expand_paths, write_whole


@pytest.fixture
def lake(tmp_path):
    for name in (
        "b.csv",
        "a.parquet",
        "year=2013/c.NDJSON",
        "notes.txt",
        "_SUCCESS",
        ".hidden.csv",
        "_tmp/d.csv",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    return tmp_path


def names(paths, lake):
    return [path[len(str(lake)) + 1 :] for path in paths]


def test_folder_gives_data_files_of_all_depths_sorted(lake):
    assert names(expand_paths(lake), lake) == ["a.parquet", "b.csv", "year=2013/c.NDJSON"]


def test_folder_of_profiles_gives_parquet_only(lake):
    assert names(expand_paths(lake, (".parquet",)), lake) == ["a.parquet"]


def test_pattern_gives_what_matches_whatever_its_suffix(lake):
    assert names(expand_paths(f"{lake}/*.[tc]*"), lake) == ["b.csv", "notes.txt"]
    assert names(expand_paths(f"{lake}/**/c.*"), lake) == ["year=2013/c.NDJSON"]


def test_file_whose_name_looks_like_a_pattern_is_itself(tmp_path):
    file = tmp_path / "a[1].csv"
    file.write_text("x")
    assert expand_paths(file) == [str(file)]


def test_missing_file_names_the_nearest(lake):
    with pytest.raises(MissingFileError, match=r"did you mean 'a\.parquet'"):
        expand_paths(lake / "a.parqet")


def test_missing_folder_is_named(lake):
    with pytest.raises(MissingFileError, match=r"folder .*nowhere' does not exist"):
        expand_paths(lake / "nowhere" / "a.parquet")


def test_pattern_without_match_and_folder_without_data(lake, tmp_path):
    with pytest.raises(FileNotFoundError, match="no file matches"):
        expand_paths(f"{lake}/*.orc")
    (tmp_path / "empty").mkdir()
    with pytest.raises(MissingFileError, match="no file to read"):
        expand_paths(tmp_path / "empty")


def test_url_is_refused_with_the_way_out():
    with pytest.raises(ArgumentError, match="local files only"):
        expand_paths("s3://bucket/a.parquet")


@pytest.mark.parametrize("url", ["s3://bucket/a.parquet", "x://y"])
def test_a_url_is_not_written_to_as_if_it_were_a_path(url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ArgumentError, match="it is a URL, and files are written to this machine only"):
        write_whole(url, print)
    assert list(tmp_path.iterdir()) == []


def test_write_whole_replaces_at_once_and_leaves_nothing_behind(tmp_path):
    target = tmp_path / "a.parquet"
    target.write_text("old")

    def write(path):
        assert target.read_text() == "old"
        Path(path).write_text("new")

    write_whole(target, write)
    assert target.read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]


def test_write_that_fails_keeps_the_old_file(tmp_path):
    target = tmp_path / "a.parquet"
    target.write_text("old")

    def write(path):
        Path(path).write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(target, write)
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.parquet"]


def test_write_into_nothing_or_onto_a_folder(tmp_path):
    with pytest.raises(MissingFileError, match="does not exist; make it first"):
        write_whole(tmp_path / "nowhere" / "a.parquet", print)
    with pytest.raises(ArgumentError, match="it is a folder"):
        write_whole(tmp_path, print)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_write_onto_a_pipe_or_nothing_is_refused(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(ArgumentError, match="it is a device or a pipe"):
        write_whole(pipe, lambda path: Path(path).write_text("new"))
    assert pipe.is_fifo()
    with pytest.raises(ArgumentError, match="give the name of a file"):
        write_whole("", lambda path: Path(path).write_text("new"))


def test_write_through_a_link_keeps_the_link(tmp_path):
    file, link = tmp_path / "day" / "file", tmp_path / "link"
    file.parent.mkdir()
    file.write_text("old")
    link.symlink_to(file)
    write_whole(link, lambda path: Path(path).write_text("new"))
    assert link.is_symlink()
    assert file.read_text() == "new"
    assert sorted(entry.name for entry in tmp_path.rglob("*")) == ["day", "file", "link"]
