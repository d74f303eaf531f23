"""Check who depends on whom outside this repository.

The kernel is pure Rust: PyO3 appears nowhere below it. Only the bindings name PyO3. Every direct
dependency of the kernel is justified in docs/decisions, and so is every Python package that the library
requires. None of these is imported by logging: library/tests/test_import.py sees to that.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
REQUIRED = {"pyyaml": "docs/decisions/0007-pyyaml.md"}
JUSTIFICATIONS = ROOT / "docs/decisions/0005-dependencies-of-the-kernel.md"


def main() -> int:
    """Print every breach; return 1 if there is one."""
    breaches = [*crate_breaches(cargo_metadata()), *library_breaches()]
    for breach in breaches:
        print(breach)
    print("check_dependencies:", f"{len(breaches)} breaches" if breaches else "as they should be")
    return 1 if breaches else 0


def cargo_metadata() -> dict[str, Any]:
    """Return what Cargo resolved."""
    command = ["cargo", "metadata", "--format-version=1", "--locked"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    resolved: dict[str, Any] = json.loads(done.stdout)
    return resolved


def crate_breaches(metadata: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong between the crates."""
    packages = {package["id"]: package for package in metadata["packages"]}
    needs = {
        node["id"]: [
            dep["pkg"] for dep in node["deps"] if any(kind["kind"] != "dev" for kind in dep["dep_kinds"])
        ]
        for node in metadata["resolve"]["nodes"]
    }
    members = {packages[member]["name"]: member for member in metadata["workspace_members"]}
    for name, member in members.items():
        direct = {packages[need]["name"] for need in needs[member]}
        foreign = sorted(each for each in direct if each.startswith("pyo3"))
        if foreign and name != "tidegauge-bindings":
            yield f"{name} depends on {', '.join(foreign)}: only tidegauge-bindings may"
    kernel = members["tidegauge-kernel"]
    for below in sorted(packages[each]["name"] for each in closure(needs, kernel)):
        if below.startswith("pyo3"):
            yield f"tidegauge-kernel reaches {below}: the kernel knows no Python"
    justified = JUSTIFICATIONS.read_text(encoding="utf-8")
    for direct_name in sorted(packages[need]["name"] for need in needs[kernel]):
        if f"`{direct_name}`" not in justified:
            yield f"tidegauge-kernel depends on {direct_name}: say why in {JUSTIFICATIONS.relative_to(ROOT)}"


def closure(needs: dict[str, list[str]], start: str) -> set[str]:
    """Return all that a package reaches."""
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        for need in needs[waiting.pop()]:
            if need not in reached:
                reached.add(need)
                waiting.append(need)
    return reached


def library_breaches() -> Iterator[str]:
    """Yield the packages that the library requires and no decision justifies."""
    project = tomllib.loads((ROOT / "library/pyproject.toml").read_text())["project"]
    for dependency in project["dependencies"]:
        found = re.match(r"[A-Za-z0-9._-]+", dependency)
        page = REQUIRED.get(found[0].lower() if found else "")
        if page is None:
            yield f"library/pyproject.toml requires {dependency}: say why in docs/decisions, or leave it out"
        elif not (ROOT / page).exists():
            yield f"library/pyproject.toml requires {dependency}, and there is no {page} that says why"


if __name__ == "__main__":
    sys.exit(main())
