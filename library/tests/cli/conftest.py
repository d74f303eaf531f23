"""Running the command as a stranger would: as a process of its own."""

import os
import subprocess
import sys

import pytest

TRIPS = """\
day,city,fare,paid
2013-02-07,Oslo,5.0,true
2013-02-07,Rome,7.5,true
2013-02-08,Oslo,,false
2013-02-08,Oslo,,true
2013-02-09,Bern,40.25,true
"""


@pytest.fixture
def folder(tmp_path):
    """A folder to work in, with a small CSV file."""
    (tmp_path / "trips.csv").write_text(TRIPS)
    return tmp_path


@pytest.fixture
def environment():
    """The environment of a plain terminal of 100 cells."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "PYTEST"))}
    kept.pop("NO_COLOR", None)
    return kept | {"COLUMNS": "100", "LINES": "40", "PYTHONIOENCODING": "utf-8", "TERM": "xterm"}


@pytest.fixture
def command(folder, environment):
    """Run ``tidegauge`` in the folder; returns the finished process, with its output as text."""

    def run(*arguments, data=None, **changes):
        return subprocess.run(
            [sys.executable, "-m", "tidegauge", *map(str, arguments)],
            cwd=folder,
            env=environment | changes,
            input=data,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def done(command):
    """Run ``tidegauge`` and expect success; returns what it printed."""

    def run(*arguments, **settings):
        process = command(*arguments, **settings)
        assert process.returncode == 0, process.stderr
        return process.stdout

    return run


@pytest.fixture
def refused(command):
    """Run ``tidegauge`` and expect that it could not; returns its one or two lines of complaint."""

    def run(*arguments, **settings):
        process = command(*arguments, **settings)
        assert process.returncode == 2, (process.stdout, process.stderr)
        assert process.stdout == ""
        assert "Traceback" not in process.stderr
        assert 1 <= len(process.stderr.splitlines()) <= 2
        return process.stderr

    return run
