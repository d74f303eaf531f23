"""Check that there is one version: in Cargo.toml, library/pyproject.toml and CHANGELOG.md."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Print the versions; return 1 if they differ."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\d+\.\d+\.\d+\S*)", changelog, flags=re.MULTILINE)
    versions = {
        "Cargo.toml": tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"],
        "library/pyproject.toml": tomllib.loads((ROOT / "library/pyproject.toml").read_text())["project"][
            "version"
        ],
        "CHANGELOG.md": newest.group(1) if newest else "no entry",
    }
    for place, version in versions.items():
        print(f"{place}: {version}")
    if len(set(versions.values())) > 1:
        print("check_version: they differ; make them one, and describe the version in CHANGELOG.md")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
