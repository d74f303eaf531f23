"""Days begin where ``--timezone`` says, in every command that profiles data."""

import pytest

from tidegauge.cli.main import main


@pytest.mark.parametrize(
    "command",
    [
        ("profile", "hours.csv"),
        ("report", "hours.csv"),
        ("report", "hours.csv", "--drift"),
        ("report", "hours.csv", "--reference", "hours.csv"),
        ("compare", "hours.csv", "hours.csv"),
        ("check", "hours.csv", "suite.yaml"),
        ("suggest", "hours.csv"),
    ],
)
def test_days_are_those_of_a_place_in_every_command(tmp_path, monkeypatch, capsys, command):
    monkeypatch.chdir(tmp_path)
    rows = [f"2026-01-{day:02}T{hour:02}:00,{hour}" for day in range(1, 31) for hour in range(24)]
    (tmp_path / "hours.csv").write_text("\n".join(["at,x", *rows]))
    (tmp_path / "suite.yaml").write_text("constraints:\n- records: {at_least: 1}\n")

    def told(*options):
        code = main([*command, "--timestamp", "at", "--window", "1d", "--format", "json", *options])
        assert code == 0
        return capsys.readouterr().out

    assert "23:00:00+00:00" in told("--timezone", "Europe/Oslo")
    assert "23:00:00+00:00" not in told()
