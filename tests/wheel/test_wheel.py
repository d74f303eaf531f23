"""The built wheel, installed into a new environment with nothing but what it requires."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1_000_000
CSV = "fare,city\n5.0,Oslo\n7.5,Rome\n,Oslo\n40.0,Lima\n"


@pytest.fixture(scope="module")
def wheel():
    wheels = list((ROOT / "dist").glob("tidegauge-*.whl"))
    assert len(wheels) == 1, f"dist/ holds {len(wheels)} wheels, not one; run `make test-wheel`"
    return wheels[0]


@pytest.fixture(scope="module")
def programs(wheel, tmp_path_factory):
    """The folder of the new environment's programs."""
    folder = tmp_path_factory.mktemp("installed")
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    uv = os.environ["UV"]
    subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder], check=True)
    subprocess.run([uv, "pip", "install", "--quiet", "--python", scripts / "python", wheel], check=True)
    return scripts


def run(*command, folder, status=0):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, check=False, cwd=folder, capture_output=True, text=True, env=environment, timeout=120
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


def test_wheel_is_small(wheel):
    assert wheel.stat().st_size < 15 * MEGABYTE


def test_wheel_fits_every_python_from_3_11(wheel):
    assert "-cp311-abi3-" in wheel.name


def test_wheel_holds_the_package_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {"tidegauge/__init__.py", "tidegauge/py.typed", "tidegauge/_kernel.pyi"} <= set(names)
    assert sum(name.startswith("tidegauge/_kernel.") and not name.endswith(".pyi") for name in names) == 1
    assert not [name for name in names if not name.startswith(("tidegauge/", "tidegauge-"))]
    assert not [name for name in names if "__pycache__" in name or "/tests/" in name]


def test_wheel_holds_the_licence(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [each for each in archive.namelist() if each.endswith("dist-info/licenses/LICENSE")]
        assert archive.read(name) == (ROOT / "LICENSE").read_bytes()


def test_logging_needs_no_other_package(programs, tmp_path):
    program = "import tidegauge as tg; print(tg.log({'fare': [5.0, 7.5, None]})['fare'].null_rate)"
    assert float(run(programs / "python", "-c", program, folder=tmp_path)) == pytest.approx(1 / 3)


def test_version_is_the_same_everywhere(wheel, programs, tmp_path):
    version = run(
        programs / "python", "-c", "import tidegauge; print(tidegauge.__version__)", folder=tmp_path
    ).strip()
    assert wheel.name.startswith(f"tidegauge-{version}-")
    assert version in run(programs / "tidegauge", "--version", folder=tmp_path)


def test_command_line_profiles_merges_and_shows(programs, tmp_path):
    (tmp_path / "trips.csv").write_text(CSV)
    tidegauge = programs / "tidegauge"
    run(tidegauge, "profile", "trips.csv", "-o", "one.parquet", folder=tmp_path)
    run(tidegauge, "merge", "one.parquet", "one.parquet", "-o", "two.parquet", folder=tmp_path)
    program = "import tidegauge as tg; p = tg.read('two.parquet'); print(p.records, p['fare'].nulls)"
    assert run(programs / "python", "-c", program, folder=tmp_path).split() == ["8", "2"]
    shown = run(tidegauge, "show", "two.parquet", folder=tmp_path)
    assert "fare" in shown
    assert "city" in shown


def test_command_line_checks_a_suite(programs, tmp_path):
    (tmp_path / "trips.csv").write_text(CSV)
    (tmp_path / "suite.yaml").write_text("constraints:\n- null_rate: {column: fare, at_most: 0.1}\n")
    shown = run(programs / "tidegauge", "check", "trips.csv", "suite.yaml", folder=tmp_path, status=1)
    assert "the null rate of fare is 25%, expected at most 10%" in shown


def test_the_wheel_requires_one_package(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [each for each in archive.namelist() if each.endswith("dist-info/METADATA")]
        lines = archive.read(name).decode().splitlines()
    mark = "Requires-Dist: "
    needed = [line.removeprefix(mark) for line in lines if line.startswith(mark)]
    names = {"extra ==" in each: re.split("[<>=!~; ]", each)[0].lower() for each in needed}
    assert names == {False: "pyyaml", True: "obstore"}
    assert len(needed) == 2


def test_command_line_says_that_it_could_not(programs, tmp_path):
    run(programs / "tidegauge", "profile", "missing.csv", folder=tmp_path, status=2)
