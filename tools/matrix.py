"""Run tests/matrix with the built wheel beside several sets of other packages.

Each set gets an environment of its own under build/matrix/: with nothing but what the wheel requires, with
NumPy alone, with pandas 2 and no pyarrow, with pandas 3 and pyarrow, with polars.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENTS: dict[str, list[str]] = {
    "bare": [],
    "numpy": ["numpy>=2"],
    "pandas-2": ["pandas>=2.2,<3", "numpy>=2"],
    "pandas-3": ["pandas>=3", "pyarrow>=20"],
    "polars": ["polars>=1.30"],
}


def main() -> int:
    """Run the tests in the environments named on the command line, or in all."""
    wheels = sorted((ROOT / "dist").glob("tidegauge-*.whl"))
    if len(wheels) != 1:
        print(f"dist/ holds {len(wheels)} wheels, not one; run `make build`")
        return 2
    failed = [name for name in sys.argv[1:] or ENVIRONMENTS if not passes(name, wheels[0])]
    print(f"matrix: failed in {', '.join(failed)}" if failed else "matrix: passed")
    return 1 if failed else 0


def passes(name: str, wheel: Path) -> bool:
    """Make one environment, run the tests in it, tell whether they passed."""
    print(f"==== {name}: {', '.join(ENVIRONMENTS[name]) or 'no other package'}", flush=True)
    folder = ROOT / "build/matrix" / name
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    run_uv("venv", "--quiet", "--clear", "--python", sys.executable, str(folder))
    run_uv("pip", "install", "--quiet", "--python", str(python), str(wheel), "pytest>=9", *ENVIRONMENTS[name])
    environment = {**os.environ, "TIDEGAUGE_MATRIX": name}
    # From its own folder: neither the library's source nor the root's conftest.py is in reach.
    tests = folder / "tests"
    shutil.copytree(ROOT / "tests/matrix", tests)
    command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", "--confcutdir", ".", "."]
    return subprocess.run(command, check=False, cwd=tests, env=environment).returncode == 0


def run_uv(*arguments: str) -> None:
    """Run the repository's own uv."""
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        sys.exit("no uv: run this by `make test-matrix`")
    subprocess.run([uv, *arguments], check=True)


if __name__ == "__main__":
    sys.exit(main())
