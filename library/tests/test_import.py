"""Importing and logging load nothing that the user has not loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

FOREIGN = """
import sys, sysconfig
places = tuple(sysconfig.get_path(name) for name in ("purelib", "platlib"))
ours = ("tidegauge", "__editable__", "_distutils_hack", "_virtualenv", "sitecustomize")
before = set(sys.modules)
{code}
def is_foreign(name):
    path = getattr(sys.modules[name], "__file__", None) or ""
    return path.startswith(places) and not name.split(".")[0].startswith(ours)
print(sorted(name for name in set(sys.modules) - before if is_foreign(name)))
"""


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize(
    "work",
    [
        "",
        "tg.log({'a': [1, 2.5, None], 'b': ['x', 'y', None]})",
        "tg.log([{'a': 1, 'b': {'c': [1, 2]}}])",
        "tg.log(dict(a=i) for i in range(10))",
        "p = tg.Profiler(); p.record({'a': 1}); p.profile().to_bytes(); p.profile().summary()",
        "tg.Profile.from_bytes(tg.log({'a': [1]}).to_bytes()).to_dict()",
    ],
)
def test_nothing_foreign_is_loaded(work):
    assert run(FOREIGN.format(code=f"import tidegauge as tg\n{work}")) == "[]"


def test_the_check_notices_a_foreign_module():
    assert "numpy" in run(FOREIGN.format(code="import numpy"))


def test_the_package_that_is_required_is_loaded_for_files_of_suites_alone():
    code = "import sys, tidegauge.constraints as c; suite = c.Suite([c.NullRate('a', at_most=0)]); "
    code += "before = 'yaml' in sys.modules; c.Suite.from_yaml(suite.to_yaml()); "
    code += "print(before, 'yaml' in sys.modules)"
    assert run(code) == "False True"


def test_import_loads_no_slow_part_of_the_standard_library():
    """The time itself is measured by `make bench weight`; this is what would cost it."""
    slow = "{'argparse', 'asyncio', 'decimal', 'email', 'html', 'http', 'json', 'multiprocessing', 'sqlite3'}"
    code = f"import sys; slow = {slow} - set(sys.modules); import tidegauge; "
    code += "print(sorted(slow & set(sys.modules)))"
    assert run(code) == "[]"


def test_import_starts_no_thread_and_draws_nothing():
    code = (
        "import tidegauge, sys, threading as t; print(t.active_count(), 'tidegauge.display' in sys.modules)"
    )
    assert run(code) == "1 False"


def test_modules_that_are_not_always_needed_are_found_when_asked_for():
    later = ["constraints", "drift", "logger", "readers", "samplers", "testing", "writers"]
    code = f"import sys, tidegauge as tg; later = {later}; "
    code += "print([name for name in later if 'tidegauge.' + name in sys.modules]); "
    code += "print(all(getattr(tg, name) is sys.modules['tidegauge.' + name] for name in later)); "
    code += "print(tg.testing.assert_passes.__name__, tg.logger.Logger is tg.Logger)"
    assert run(code).splitlines() == ["[]", "True", "assert_passes True"]


def test_every_public_name_is_there():
    import tidegauge as tg

    assert sorted(set(tg.__all__)) == sorted(tg.__all__)
    assert all(hasattr(tg, name) for name in tg.__all__)
