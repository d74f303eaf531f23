from __future__ import annotations

import pytest

from tidegauge.errors import ArgumentError
from tidegauge.locations.url import file_path, is_url, parse_url


@pytest.mark.parametrize(
    "text", ["", "folder", "C:\\folder", "C:/folder", "/a//b", "a:b", "http:/one", "://x"]
)
def test_paths(text):
    assert not is_url(text)


def test_parts():
    assert parse_url("S3://Bucket")[1:] == ("s3", "Bucket", "")
    assert parse_url("https://host:8443/a/b?c=d")[1:] == ("https", "host:8443", "/a/b?c=d")


def test_a_file_on_another_machine():
    with pytest.raises(ArgumentError, match="three slashes"):
        file_path(parse_url("file://var/profiles"))
    assert file_path(parse_url("file://localhost/var/profiles")) == "/var/profiles"
