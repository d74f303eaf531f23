"""What Tidegauge weighs: `import tidegauge` in a bare environment, and the wheel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import environments, measure
from benchmarks.figure import Figure, Target

if TYPE_CHECKING:
    from pathlib import Path

THIRD_PARTY = """
import sys
import tidegauge
known = set(sys.stdlib_module_names) | {"tidegauge", "__main__"}
print(sum(1 for name in {name.partition(".")[0] for name in sys.modules} if name not in known))
"""


def run(*, quick: bool) -> list[Figure]:
    """Pair a process that imports with one that does nothing."""
    python = str(environments.prepare("bare"))
    imports, modules = [], []
    for _ in range(10 if quick else 40):
        idle = measure.process([python, "-I", "-c", "pass"]).seconds
        imports.append(measure.process([python, "-I", "-c", "import tidegauge"]).seconds - idle)
    modules.append(float(measure.process([python, "-I", "-c", THIRD_PARTY]).output))
    figures = [
        Figure("import tidegauge", "s", imports, target=Target("ours", "at most", 60e-3)),
        Figure("modules of others that it loads", "", modules, target=Target("ours", "at most", 0)),
    ]
    wheels = sorted((measure.ROOT / "dist").glob("tidegauge-*.whl"), key=lambda path: path.stat().st_mtime)
    return [*figures, _wheel(wheels)]


def _wheel(wheels: list[Path]) -> Figure:
    target = Target("ours", "at most", 15.0)
    if not wheels:
        return Figure("wheel", "MB", [], target=None, note="there is none: run `make build` first")
    return Figure("wheel", "MB", [wheels[-1].stat().st_size / 1e6], target=target)
