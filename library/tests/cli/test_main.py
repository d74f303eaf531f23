"""The command as a whole: version, help, exit codes, terminals and pipes."""

import contextlib
import os
import pty
import re
import shlex
import signal
import subprocess
import sys
import time

import pytest

import tidegauge as tg
from tidegauge.cli.main import _parser, main


def test_version(done):
    assert done("--version") == f"tidegauge {tg.__version__}\n"


def test_version_loads_nothing_foreign(environment):
    script = (
        "import sys; from tidegauge.cli.main import main; main(['--version'])\n"
        "heavy = {'numpy', 'pandas', 'pyarrow', 'polars', 'tidegauge.display.html', 'asyncio', 'decimal'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    process = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert process.stderr.strip() == "[]"


COMMANDS = ("profile", "show", "merge", "compare", "check", "suggest", "report")
EXAMPLE = re.compile(r"^  (?:zcat \S+ \| )?tidegauge (.*?)(?: >> .*)?$", re.MULTILINE)


@pytest.mark.parametrize("arguments", [(), *((name,) for name in COMMANDS)])
def test_help_has_examples_that_can_be_meant(done, arguments):
    text = done(*arguments, "--help")
    assert max(map(len, text.splitlines())) <= 100
    examples = EXAMPLE.findall(text.partition("examples:\n")[2])
    assert examples
    for example in examples:
        command, *rest = shlex.split(example)
        assert _parser().parse_args([command, *rest]).command == command
        assert command in (arguments or COMMANDS)


def test_every_command_is_tested_here(done):
    listed = re.findall(r"^ {4}([a-z]+) ", done("--help").partition("\ncommands:\n")[2], re.MULTILINE)
    assert sorted(listed) == sorted(COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "required: command"),
        (("profle",), "prof"),
        (("profile",), "required: FILE"),
        (("profile", "x.csv", "--format", "xml"), "json"),
        (("profile", "x.csv", "--tag", "team"), "KEY=VALUE"),
        (("profile", "x.csv", "--window", "1 day"), "such as: 1d"),
        (("profile", "x.csv", "--window", "0d"), "1d"),
        (("profile", "x.csv", "--window", "1d"), "--timestamp"),
        (("merge", "x.parquet"), "--output"),
        (("show", "--colour", "x.parquet"), "--colour"),
    ],
)
def test_wrong_arguments_say_what_is_right(refused, arguments, words):
    assert words in refused(*arguments)


def test_main_returns_the_exit_code(folder, capsys):
    assert main(["--version"]) == 0
    assert main(["show", str(folder / "nothing.parquet")]) == 2
    assert "nothing.parquet" in capsys.readouterr().err


def test_debug_shows_the_traceback(command):
    process = command("show", "nothing.parquet", "--debug")
    assert process.returncode == 2
    assert "Traceback" in process.stderr
    assert process.stderr.splitlines()[-1].startswith("tidegauge: ")


def test_a_reader_that_leaves_early_is_no_error(folder, environment):
    (folder / "wide.csv").write_text(
        ",".join(f"column_{n}" for n in range(3000)) + "\n" + ",".join("1" * 3000)
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "tidegauge", "profile", "wide.csv", "--format", "json"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(30) == 0
    process.stderr.close()


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_are_no_error(folder, environment, closed):
    process = subprocess.run(
        ["sh", "-c", f'"$0" -m tidegauge profile trips.csv {closed}', sys.executable],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (process.returncode, process.stderr) == (0, "")


def test_interrupt_leaves_130_and_no_file(folder, environment):
    process = subprocess.Popen(
        [sys.executable, "-m", "tidegauge", "profile", "-", "--input-format", "csv", "-o", "out.parquet"],
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdin.write(b"x,y\n")
    block = b"1,2.5\n" * 20_000
    sent = False
    begun = time.monotonic()
    try:
        while process.poll() is None and time.monotonic() - begun < 30:
            process.stdin.write(block)
            if not sent and time.monotonic() - begun > 1.0:
                process.send_signal(signal.SIGINT)
                sent = True
    except BrokenPipeError:
        pass
    _, errors = process.communicate(timeout=30) if process.poll() is None else (b"", process.stderr.read())
    assert process.returncode == 130, errors
    assert errors == b"tidegauge: interrupted\n"
    assert [path.name for path in folder.iterdir()] == ["trips.csv"]
    for stream in (process.stdin, process.stdout, process.stderr):
        with contextlib.suppress(BrokenPipeError):
            stream.close()


def on_terminal(folder, environment, *arguments):
    """Run the command with a terminal as its standard output and error; return what it drew."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "tidegauge", *arguments],
        cwd=folder,
        env=environment,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    drawn = b""
    try:
        while part := os.read(ours, 65536):
            drawn += part
    except OSError:
        pass  # Linux says so when the other side has closed.
    finally:
        os.close(ours)
    assert process.wait(30) == 0
    return drawn.decode()


def test_colour_on_a_terminal_unless_unwanted(folder, environment):
    assert "\x1b[1m" in on_terminal(folder, environment, "profile", "trips.csv")
    assert "\x1b" not in on_terminal(folder, environment | {"NO_COLOR": "1"}, "profile", "trips.csv")


def test_no_colour_and_no_bar_in_a_pipe(command):
    process = command("profile", "trips.csv")
    assert "\x1b" not in process.stdout
    assert process.stderr == ""


@pytest.mark.parametrize("columns", ["60", "80", "140"])
def test_lines_fit_the_terminal(done, columns):
    text = done("profile", "trips.csv", COLUMNS=columns)
    assert max(map(len, text.splitlines())) <= int(columns)


def test_hostile_names_do_not_reach_the_terminal(folder, done):
    (folder / "evil.csv").write_text('"<script>\x1b[2J","\u202eevil",""\n\x1b[31m,b,c\n')
    for arguments in (("profile", "evil.csv"), ("profile", "evil.csv", "--dataset", "a\x1b[2Jb")):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", done(*arguments))


def test_a_terminal_that_cannot_write_blocks(done):
    assert "fare" in done("profile", "trips.csv", PYTHONIOENCODING="ascii")
