"""The files that pipelines copy from us: they are what their readers expect, and their commands run."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
WORKFLOW = ROOT / "examples/github-workflow.yml"
SUITE = "constraints:\n- range: {column: fare, at_least: 0, at_most: %d}\n"


@pytest.fixture
def workflow():
    # BaseLoader leaves `on:` a text, as GitHub does.
    return yaml.load(WORKFLOW.read_text(), Loader=yaml.BaseLoader)  # noqa: S506 - makes texts only


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/trips.csv").write_text("fare\n5.0\n40.0\n")
    return tmp_path


def step(workflow, name):
    (found,) = [each for each in workflow["jobs"]["check"]["steps"] if each.get("name") == name]
    return found


def run(command, folder):
    """Run a command as a runner of GitHub runs a step in bash."""
    environment = {**os.environ, "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command]
    return subprocess.run(shell, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_workflow_is_one(workflow):
    assert set(workflow) == {"name", "on", "permissions", "jobs"}
    assert workflow["permissions"] == {"contents": "read"}
    for each in workflow["jobs"]["check"]["steps"]:
        assert ("uses" in each) != ("run" in each)
    assert step(workflow, "Install")["run"] == "pip install tidegauge"
    assert step(workflow, "Check")["shell"] == "bash"
    assert step(workflow, "Keep the results")["if"] == "always()"


@pytest.mark.parametrize(("most", "code"), [(50, 0), (10, 1)])
def test_the_step_of_the_workflow_runs(workflow, folder, most, code):
    (folder / "suite.yaml").write_text(SUITE % most)
    done = run(step(workflow, "Check")["run"], folder)
    assert done.returncode == code, done.stderr
    assert (folder / "summary.md").read_text() == done.stdout
    assert "| values of fare from 0 to" in done.stdout
    results = ET.parse(folder / step(workflow, "Keep the results")["with"]["path"]).getroot()  # noqa: S314 - our own
    assert (results.get("tests"), results.get("failures")) == ("1", str(code))


@pytest.mark.parametrize(("most", "code"), [(50, 0), (10, 1)])
def test_the_hook_before_a_commit_runs(folder, most, code):
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert hook["id"] == "tidegauge-check"
    assert hook["pass_filenames"] is False
    (folder / "suite.yaml").write_text(SUITE % most)
    done = run(f"{hook['entry']} data/trips.csv suite.yaml", folder)
    assert done.returncode == code, done.stderr


def test_the_hooks_of_the_guide_are_hooks():
    text = (ROOT / "docs/guides/pipelines.md").read_text()
    blocks = [block.partition("```")[0] for block in text.split("```yaml\n")[1:]]
    hooks = [
        hook
        for block in blocks
        if block.startswith("repos:")
        for repository in yaml.safe_load(block)["repos"]
        for hook in repository["hooks"]
    ]
    assert [hook["id"] for hook in hooks] == ["tidegauge-check"] * 2
    assert all("suite.yaml" in str(hook) for hook in hooks)
