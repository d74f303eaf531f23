"""No command may write over what it reads."""

import pytest

from tidegauge.cli.main import main

SUITE = "constraints:\n  - null_rate: {column: fare, at_most: 0.5}\n"
COMMANDS = [
    (["profile", "trips.csv", "-o"], ["trips.csv"]),
    (["report", "trips.csv", "--reference", "then.csv", "--format", "html", "-o"], ["trips.csv", "then.csv"]),
    (["suggest", "trips.csv", "-o"], ["trips.csv"]),
    (["compare", "trips.csv", "then.csv", "--html"], ["trips.csv", "then.csv"]),
    (
        ["check", "trips.csv", "suite.yaml", "--reference", "then.csv", "--junit"],
        ["trips.csv", "suite.yaml", "then.csv"],
    ),
]
CASES = [(command, output) for command, inputs in COMMANDS for output in inputs]


@pytest.fixture
def inputs(folder, monkeypatch):
    """What commands read; returns what it holds."""
    monkeypatch.chdir(folder)
    (folder / "then.csv").write_text((folder / "trips.csv").read_text().replace("Bern", "Oslo"))
    (folder / "suite.yaml").write_text(SUITE)
    for name in ("trips.csv", "then.csv", "suite.yaml"):
        (folder / f"link-to-{name}").symlink_to(name)
    return lambda: {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(("arguments", "output"), CASES)
@pytest.mark.parametrize("how", ["{}", "./{}", "link-to-{}"])
def test_an_input_is_not_replaced(inputs, capsys, arguments, output, how):
    given = how.format(output)
    before = inputs()
    assert main([*arguments, given]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert f"{given!r} is one of the inputs, and would replace it; give another name" in told.err
    assert inputs() == before


@pytest.mark.parametrize("arguments", [command for command, _ in COMMANDS[1:]])
def test_an_input_of_a_folder_or_a_pattern_is_not_replaced(inputs, folder, capsys, arguments):
    (folder / "lake").mkdir()
    (folder / "trips.csv").rename(folder / "lake" / "trips.csv")
    for given in ("lake", "lake/*.csv"):
        asked = [given if argument == "trips.csv" else argument for argument in arguments]
        assert main([*asked, "lake/trips.csv"]) == 2
        assert "is one of the inputs" in capsys.readouterr().err
    assert (folder / "lake" / "trips.csv").read_text().startswith("day,city,fare,paid")


@pytest.mark.parametrize("arguments", [command for command, _ in COMMANDS])
def test_a_missing_folder_is_told_before_the_work(inputs, capsys, arguments):
    assert main([*arguments, "nowhere/out.html"]) == 2
    assert "the folder 'nowhere' does not exist; make it first" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [command for command, _ in COMMANDS])
def test_an_older_output_is_replaced(inputs, folder, capsys, arguments):
    (folder / "out").write_text("old")
    assert main([*arguments, "out"]) == 0
    capsys.readouterr()
    assert (folder / "out").read_bytes() != b"old"


def test_a_terminal_without_unicode_is_not_told_that_all_is_unknown(done, folder):
    (folder / "suite.yaml").write_text(SUITE)
    told = done("check", "trips.csv", "suite.yaml", PYTHONIOENCODING="ascii")
    assert told.startswith("+ passed - 1 passed - 5 records")
    assert "?" not in told
