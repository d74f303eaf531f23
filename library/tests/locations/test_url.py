from __future__ import annotations

import os
from pathlib import Path

import pytest

from tidegauge.errors import ArgumentError
from tidegauge.locations.url import file_path, is_url, local_path, parse_url


@pytest.mark.parametrize(
    "text", ["", "folder", "C:\\folder", "C:/folder", "/a//b", "a:b", "odd:/one", "a/b://c"]
)
def test_paths(text):
    assert not is_url(text)


@pytest.mark.parametrize(
    ("text", "scheme"),
    [("x://y", "x"), ("://y", ""), ("s_3://y", "s_3"), (" s3://y", " s3"), ("jdbc:odd://y", "jdbc:odd")],
)
def test_what_is_no_path_of_anybody_is_a_url_of_an_unknown_scheme(text, scheme):
    assert is_url(text)
    with pytest.raises(
        ArgumentError, match=f"the scheme '{scheme}' is not known; .*known are a path or file://"
    ):
        parse_url(text)


def test_a_url_that_went_through_pathlib_is_told_apart_from_a_path():
    text = str(Path("s3://bucket/profiles"))
    assert is_url(text)
    with pytest.raises(ArgumentError, match="a Path takes one of the slashes away"):
        parse_url(text)


def test_drives(monkeypatch):
    monkeypatch.setattr(os, "name", "nt")
    assert not is_url("C://folder")
    assert is_url("s3://bucket")


def test_where_only_this_machine_will_do():
    wish = {"argument": "samples", "reason": "they stay here"}
    assert local_path("a/b", **wish) == "a/b"
    assert local_path("FILE:///a/b%20c", **wish) == "/a/b c"
    with pytest.raises(ArgumentError, match=r"='s3://b': the scheme 's3' .* file://.*: they stay here"):
        local_path("s3://b", **wish)


def test_parts():
    assert parse_url("S3://Bucket")[1:] == ("s3", "Bucket", "")
    assert parse_url("https://host:8443/a/b?c=d")[1:] == ("https", "host:8443", "/a/b?c=d")


def test_a_file_on_another_machine():
    with pytest.raises(ArgumentError, match="three slashes"):
        file_path(parse_url("file://var/profiles"))
    assert file_path(parse_url("file://localhost/var/profiles")) == "/var/profiles"
