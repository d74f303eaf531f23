from __future__ import annotations

import functools
import io
from importlib import import_module

import pytest

import tidegauge as tg
from tidegauge.errors import ArgumentError, WriterError
from tidegauge.locations.url import MODULES
from tidegauge.writers import open_writer


@pytest.mark.parametrize("module", sorted(set(MODULES.values())))
def test_every_scheme_has_a_writer_and_a_reader(module):
    assert callable(import_module(f"tidegauge.writers.{module}").open_url)
    assert callable(import_module(f"tidegauge.readers.{module}").fetch)


@pytest.mark.parametrize("url", ["kafka://broker/topic", "ftp://host/folder", "S4://bucket", "x://y"])
def test_an_unknown_scheme_names_the_known_ones(url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ArgumentError) as caught:
        open_writer(url)
    message = str(caught.value)
    assert url in message
    for known in ("file://", "s3://", "gs://", "az://", "memory://", "https://", "tidegauge[object-store]"):
        assert known in message
    assert list(tmp_path.iterdir()) == []


def test_a_misspelt_scheme_names_the_nearest():
    with pytest.raises(ArgumentError, match="did you mean 'https'"):
        open_writer("htps://host")


def test_schemes_in_capitals(tmp_path):
    assert repr(open_writer(f"FILE://{tmp_path}")) == f"DirectoryWriter({str(tmp_path)!r})"


def test_writers_are_taken_as_they_are():
    class Both:
        def write(self, profiles, *, id): ...  # noqa: A002
        def __call__(self, profiles, id): ...  # noqa: A002

    writer = Both()
    assert open_writer(writer) is writer


@pytest.mark.parametrize("target", [None, 7, b"folder", io.BytesIO(), ["folder"]])
def test_what_is_no_writer(target, tmp_path):
    with pytest.raises(ArgumentError, match=r"is no writer; expected .* write\(profiles, \*, id\)"):
        open_writer(target)


def test_an_open_file_is_no_writer(tmp_path):
    with (tmp_path / "x").open("w") as file, pytest.raises(ArgumentError, match="is no writer"):
        open_writer(file)


def test_what_a_function_raises_is_told():
    import tidegauge as tg

    def upload(profiles, delivery):
        raise KeyError("bucket")

    with pytest.raises(tg.errors.WriterError, match="upload raised KeyError: 'bucket'") as caught:
        open_writer(upload).write(tg.ProfileSet([tg.log({"x": [1]})]), id="0" * 32)
    assert isinstance(caught.value.__cause__, KeyError)


def test_a_function_may_say_that_it_is_for_ever():
    import tidegauge as tg

    def upload(profiles, delivery):
        raise tg.errors.PermanentWriterError("no such tenant")

    with pytest.raises(tg.errors.PermanentWriterError, match="no such tenant"):
        open_writer(upload).write(tg.ProfileSet([tg.log({"x": [1]})]), id="0" * 32)


def test_importing_writers_imports_no_heavy_module(tmp_path):
    import subprocess
    import sys

    code = """
import sys
import tidegauge as tg
tg.writers.open_writer("memory-of-a-folder")
print([name for name in ("obstore", "http.client", "ssl", "concurrent.futures") if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=tmp_path, timeout=60
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("function", [[].append, lambda profiles: None, lambda: None])
def test_a_function_that_cannot_take_a_delivery_is_refused_at_once(function):
    with pytest.raises(ArgumentError, match=r"called with a profile set and an id, and .*\(.*does not take"):
        open_writer(function)


@pytest.mark.parametrize(
    "function", [{}.setdefault, min, lambda *delivery: None, lambda profiles, name=None: None]
)
def test_a_function_that_may_take_a_delivery_is_a_writer(function):
    assert repr(open_writer(function)).startswith("FunctionWriter(")


async def coroutine(profiles, name):
    raise AssertionError(name)


def generator(profiles, name):
    yield profiles, name


class Awaiting:
    async def write(self, profiles, *, id):  # noqa: A002 - the protocol's word
        raise AssertionError(id)

    async def __call__(self, profiles, name):
        raise AssertionError(name)


@pytest.mark.parametrize(
    "target", [coroutine, generator, functools.partial(coroutine), Awaiting(), Awaiting().__call__]
)
def test_what_does_nothing_when_it_is_called_is_no_writer(target):
    with pytest.raises(ArgumentError, match=r"is a (coroutine|generator) function, and nobody would wait"):
        open_writer(target)
    with pytest.raises(ArgumentError, match=r"writers=: .*nobody would wait"):
        tg.Logger("rides", writers=target)


def test_a_coroutine_that_shows_only_when_it_is_called_is_not_delivered():
    def later(profiles, name):
        return coroutine(profiles, name)

    writer = open_writer(later)
    with pytest.raises(WriterError, match="gave a coroutine, and nobody would wait for it"):
        writer.write(tg.log({"x": [1]}, "taxi"), id="0" * 32)


class Positional:
    def write(self, profiles):
        raise AssertionError(profiles)


class OtherWord:
    def write(self, profiles, name):
        raise AssertionError(profiles, name)


@pytest.mark.parametrize("target", [Positional(), OtherWord()])
def test_a_write_that_cannot_take_a_delivery_is_refused_at_once(target):
    with pytest.raises(ArgumentError, match=r"is called as write\(profiles, id=…\), and .* cannot be"):
        open_writer(target)
