"""The Python environments of the benchmarks, made once under `benchmarks/.envs/` with venv and pip.

    python benchmarks/environments.py

`living` holds Tidegauge (from this checkout) with the peers that install today, `services` Tidegauge with
FastAPI and uvicorn; `whylogs`, `evidently` and `nannyml` each hold one that needs older packages; `bare`
holds Tidegauge and nothing else.
"""

from __future__ import annotations

import hashlib
import platform
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
ENVIRONMENTS = HERE / ".envs"
LIBRARY = ROOT / "library" / "src"
OURS = ("living", "services", "bare")
# The Pythons that an environment's pins install on; where none is named, the one that runs this.
PYTHONS = {"whylogs": ("3.11", "3.10", "3.9"), "evidently": ("3.11",), "nannyml": ("3.11",)}


def python_of(name: str) -> Path:
    """The interpreter of one environment."""
    return ENVIRONMENTS / name / "bin" / "python"


def prepare(name: str) -> Path:
    """Make an environment if it is missing or its pins have changed.

    Args:
        name: `living`, `services`, `whylogs`, `evidently`, `nannyml` or `bare`.

    Returns:
        The environment's Python interpreter.

    Raises:
        RuntimeError: No interpreter fit for the pins, or pip could not install.
    """
    folder = ENVIRONMENTS / name
    requirements = HERE / f"requirements-{name}.txt"
    pins = requirements.read_bytes() if requirements.exists() else b""
    digest = hashlib.sha256(pins).hexdigest()
    stamp = folder / "pins.sha256"
    if not (stamp.exists() and stamp.read_text() == digest and python_of(name).exists()):
        print(f"making the environment {name} (once) …", file=sys.stderr, flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        _run(_interpreter(name), "-m", "venv", *(["--without-pip"] if not pins else []), str(folder))
        if pins:
            pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")
            _run(str(python_of(name)), *pip, "--requirement", str(requirements))
        stamp.write_text(digest)
    if name in OURS:
        _link_library(folder)
    return python_of(name)


def _link_library(folder: Path) -> None:
    """Show this checkout's library to the environment, as an editable install does."""
    for packages in folder.glob("lib/python*/site-packages"):
        (packages / "tidegauge.pth").write_text(f"{LIBRARY}\n")


def _interpreter(name: str) -> str:
    versions = PYTHONS.get(name, ())
    if not versions or platform.python_version().rpartition(".")[0] in versions:
        return sys.executable
    for version in versions:
        if found := shutil.which(f"python{version}"):
            return found
    raise RuntimeError(f"{name} as pinned needs Python {' or '.join(versions)}: none is on the PATH")


def _run(*command: str) -> None:
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{result.stdout}{result.stderr}")


if __name__ == "__main__":
    for environment in (*OURS, *PYTHONS):
        print(prepare(environment))
