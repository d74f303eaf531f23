"""Suites in YAML: what is read, what is refused, with which words and which line."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tidegauge.constraints import Mean, NullRate, Range, Suite, ValueSet
from tidegauge.constraints.yaml_writing import scalar
from tidegauge.errors import MissingFileError, SuiteError

SUITE = """\
# What every day of trips must look like.
version: 1
name: trips
conditions:
  fare_positive: fare > 0
constraints:
  - null_rate: {column: fare, at_most: 0.05}
  - range:
      column: fare
      at_least: 0
      severity: warn
      reason: refunds are booked elsewhere
  - value_set: {column: country, values: [NO, SE, "12"]}
"""


def refused(text):
    with pytest.raises(SuiteError) as caught:
        Suite.from_yaml(text, source="suite.yaml")
    message = str(caught.value)
    assert message.startswith("suite.yaml")
    return message


def test_a_suite_is_read():
    suite = Suite.from_yaml(SUITE)
    assert suite.name == "trips"
    assert suite.conditions == {"fare_positive": "fare > 0"}
    assert suite.constraints == (
        NullRate("fare", at_most=0.05),
        Range("fare", at_least=0, severity="warn", reason="refunds are booked elsewhere"),
        ValueSet("country", ["NO", "SE", "12"]),
    )


def test_what_is_written_can_be_read_by_people():
    lines = Suite.from_yaml(SUITE).to_yaml().splitlines()
    assert lines[:4] == ["version: 1", "name: trips", "conditions:", '  fare_positive: "fare > 0"']
    assert '  - value_set: {column: country, values: ["NO", SE, "12"]}' in lines


def test_a_long_constraint_takes_several_lines():
    suite = Suite([NullRate("fare", at_most=0.05, reason="of every twenty trips one may lack its fare " * 3)])
    text = suite.to_yaml()
    assert "  - null_rate:\n      column: fare\n      at_most: 0.05\n" in text
    assert Suite.from_yaml(text) == suite


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "",
            [
                "suite.yaml: ",
                "an empty document is no suite; a suite looks so: constraints: [{null_rate: {column: fare",
            ],
        ),
        ("[1, 2]", ["suite.yaml:1: ", "is no suite"]),
        ("name: a\nconstrains: []", ["suite.yaml:2: ", "'constrains'", "did you mean 'constraints'"]),
        ("constraints: null_rate", ["suite.yaml:1: ", "constraints: 'null_rate' is no list"]),
        ("name: a", ["suite.yaml:1: ", "constraints: nothing is no list"]),
        ("version: 2\nconstraints: []", ["suite.yaml:1: ", "version: 2 (int) is not 1", "newer release"]),
        ("name: 3\nconstraints: []", ["suite.yaml:1: name: 3 (int) is not a text; put it in quotes"]),
        ("constraints:\n- nul_rate: {column: a}", ["suite.yaml:2: ", "'nul_rate'", "mean 'null_rate'"]),
        ("constraints:\n- null_rate", ["suite.yaml:2: ", "'null_rate' is no constraint", "one name"]),
        ("constraints:\n- null_rate: fare", ["suite.yaml:2: null_rate: 'fare' is no mapping", "{column: …}"]),
        ("constraints:\n- {null_rate: {}, range: {}}", ["suite.yaml:2: ", "is no constraint"]),
        (
            "constraints:\n- null_rate: {colunm: a, at_most: 0}",
            ["suite.yaml:2: null_rate: ", "no field 'colunm'; did you mean 'column'?"],
        ),
        (
            "constraints:\n- relation: {expression: a > 0}",
            [
                "suite.yaml:2: relation: it has no field 'expression'; did you mean 'reason'?",
                "Its fields are: formula, tolerance, severity, name, reason",
            ],
        ),
        (
            "name: a\nconditions:\n  yes: fare > 0\n  zz: fare + 1\nconstraints: []",
            ["suite.yaml:4: conditions: zz: fare + 1 is not true or false", "such as: fare + 1 > 0"],
        ),
        ("conditions: {a: 1.5 * x}\nconstraints: []", ["suite.yaml:1: conditions: a: ", "not true or false"]),
        ("constraints:\n- null_rate: {at_most: 0}", ["suite.yaml:2: null_rate: ", "'column' is missing"]),
        (
            "constraints:\n- nan_rate: {column: a, at_most: 0}\n- nan_rate: {at_most: 0.0, column: a}",
            ["suite.yaml:3: nan_rate: it says the same as the constraint at suite.yaml:2; leave one out"],
        ),
        (
            "constraints:\n- range: {column: t, at_least: 2024-02-01, at_most: 2024-01-01}",
            ["suite.yaml:2: range: no value lies between at_least='2024-02-01' and at_most='2024-01-01'"],
        ),
        ("constraints:\n- null_rate: {column: a}", ["suite.yaml:2: null_rate: it bounds nothing; give at_"]),
        (
            "constraints:\n  - null_rate:\n      column: a\n      at_most: 5",
            ["suite.yaml:4: null_rate: at_most: 5 (int) is not a share from 0 to 1; for 5 % give 0.05"],
        ),
        (
            'constraints:\n- null_rate: {column: a, at_most: "0.5"}',
            ["suite.yaml:2: null_rate: at_most: '0.5' is not a share", "without quotes"],
        ),
        (
            "constraints:\n- null_rate: {column: 2013, at_most: 0}",
            ["suite.yaml:2: null_rate: column: 2013 (int) is not a column's name; put it in quotes"],
        ),
        (
            "constraints:\n- null_rate: {column: a, at_most: 0, severity: error}",
            ["suite.yaml:2: null_rate: severity: 'error' is not one of fail, warn"],
        ),
        (
            "constraints:\n- value_set: {column: a, values: [x, [y]]}",
            ["suite.yaml:2: value_set: values: ", "['y'] (list) is no text, number or boolean"],
        ),
        (
            "constraints:\n- drift: {column: a, measure: psy, at_most: 1}",
            ["suite.yaml:2: drift: measure: 'psy'", "did you mean 'psi'?"],
        ),
        (
            "constraints:\n- relation: {formula: sum(a) = 2}",
            ["suite.yaml:2: relation: formula: ", "at character 8"],
        ),
        (
            "constraints:\n- finite: {column: a, name: x}\n- null_rate: {column: b, at_most: 0, name: x}",
            ["suite.yaml:3: null_rate: name: 'x'", "at suite.yaml:2"],
        ),
        ("constraints: []\nconstraints: []", ["suite.yaml:2: 'constraints' is given twice", "line 1"]),
        (
            "constraints:\n- null_rate:\n    column: a\n    at_most: 0\n    column: b",
            ["suite.yaml:5: 'column' is given twice; it is also in line 3"],
        ),
        ("conditions: [a]\nconstraints: []", ["suite.yaml:1: conditions: ", "no mapping"]),
        ("conditions:\n  a: 3\nconstraints: []", ["suite.yaml:2: conditions: a: 3 (int) is no expression"]),
        (
            "conditions:\n  b: a > 1\n  c: fare >\nconstraints: []",
            ["suite.yaml:3: conditions: c: ", "fare >"],
        ),
        ("conditions:\n  3: a > 1\nconstraints: []", ["suite.yaml:2: conditions: 3 (int) is no name"]),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text, words):
    message = refused(text)
    for word in words:
        assert word in message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", ["suite.yaml:1: it is no YAML", "flow node"]),
        ("constraints:\n\t- a", ["suite.yaml:2: it is no YAML"]),
        ("a: 1\n b: 2", ["suite.yaml:2: it is no YAML"]),
        ("a: 1\n--- \nb: 2", ["suite.yaml:2: it is no YAML", "another document"]),
        ("constraints: *nowhere", ["suite.yaml:1: it is no YAML", "undefined alias"]),
        ("name: a\x01b", ["suite.yaml:1: it holds a character"]),
        ("constraints: !!python/object/apply:os.system [echo]", ["suite.yaml:1: the tag !!python/object"]),
        ("constraints: !!python/name:os.system", ["suite.yaml:1: the tag !!python/name"]),
        ("constraints: !include other.yaml", ["suite.yaml:1: the tag !include is not allowed"]),
        ("name: !!binary aGVsbG8=", ["suite.yaml:1: the tag !!binary"]),
        ("constraints: !!set {a, b}", ["suite.yaml:1: the tag !!set"]),
        ("name: &a {x: 1}\nconstraints: {<<: *a}", ["suite.yaml:2: the merge key <<"]),
        ("constraints: &a [*a]", ["suite.yaml:1: an alias repeats what it stands in"]),
        ("constraints: &a {x: *a}", ["suite.yaml:1: an alias repeats"]),
        ("constraints:\n" + "- " * 50 + "a", ["suite.yaml:2: it is no YAML: it is nested too deep"]),
        ("constraints: " + "[" * 100_000, ["suite.yaml:1: it is no YAML: it is nested too deep"]),
        ("? [a]\n: b", ["suite.yaml:1: a key is a list"]),
    ],
)
def test_what_no_suite_needs_is_refused(text, words):
    message = refused(text)
    for word in words:
        assert word in message


def test_a_bomb_of_aliases_is_refused():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    assert "too many values" in refused("\n".join(lines))


def test_aliases_save_typing():
    suite = Suite.from_yaml(
        "constraints:\n"
        "- value_set: {column: home, values: &countries [NO, SE]}\n"
        "- value_set: {column: work, values: *countries}\n"
    )
    assert suite[1] == ValueSet("work", ["NO", "SE"])


def test_nothing_is_executed(tmp_path):
    """Every known way of making PyYAML construct an object, in every place, leaves no trace."""
    target = tmp_path / "executed"
    for tag in ("python/object/apply", "python/object/new"):
        for template in ("{}", "constraints: {}", "constraints:\n- {}", "conditions: {{a: {}}}", "name: {}"):
            with pytest.raises(SuiteError):
                Suite.from_yaml(template.format(f'!!{tag}:os.mkdir ["{target}"]'))
    assert not target.exists()


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("NO", "NO"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("2013-02-08", "2013-02-08"),
        ("0x1f", 31),
        ("010", 10),
        ("1e3", 1000.0),
        ("-.5", -0.5),
        ("true", True),
        ('"true"', "true"),
        ("+7", 7),
        ("!!str 5", "5"),
        ("'5'", "5"),
    ],
)
def test_plain_scalars_are_those_of_yaml_1_2(written, value):
    suite = Suite.from_yaml(f"constraints:\n- value_set: {{column: a, values: [{written}]}}")
    (found,) = suite[0].values
    assert (found, type(found)) == (value, type(value))


def test_infinite_bounds_are_refused():
    for written in (".inf", "-.inf", ".nan", "1e999"):
        assert "is not a finite number" in refused(f"constraints:\n- sum: {{column: a, at_most: {written}}}")


@pytest.mark.parametrize("written", ["1e-400", "-0.1E-500", ".05e-330"])
def test_numbers_too_near_to_zero_are_refused(written):
    complaint = refused(f"constraints:\n- range:\n    column: a\n    at_most: {written}")
    assert f":4: the number {written} is too near to 0" in complaint


@pytest.mark.parametrize("written", ["0", "0.0", "-0e5", "0e-400", "5e-324"])
def test_numbers_near_zero_that_are_kept(written):
    found = Suite.from_yaml(f"constraints:\n- range: {{column: a, at_most: {written}}}")[0].at_most
    assert found == float(written)


TEXTS = st.text(min_size=1) | st.sampled_from(
    ["no", "1e3", "~", "null", "- a", "a: b", "#", "'", '"', "\ud800"]
)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=100)
@given(
    name=TEXTS, column=st.text(), values=st.lists(TEXTS | NUMBERS | st.booleans(), min_size=1), bound=NUMBERS
)
def test_every_suite_survives_the_file(name, column, values, bound):
    suite = Suite(
        [ValueSet(column, values, name=name), Mean(column, at_least=bound, reason=name)],
        name=name,
        conditions={name: "fare > 0"},
    )
    again = Suite.from_yaml(suite.to_yaml())
    assert again == suite
    assert [type(value) for value in again[0].values] == [type(value) for value in suite[0].values]


@settings(max_examples=100)
@given(value=TEXTS | NUMBERS | st.booleans() | st.none())
def test_other_readers_read_the_same(value):
    """A reader of YAML 1.1, PyYAML's own, takes what we write for what we mean."""
    import yaml

    loaded = yaml.safe_load(scalar(value))
    assert (loaded, type(loaded)) == (value, type(value))


@settings(max_examples=100)
@given(text=st.text())
def test_no_text_makes_the_reader_panic(text):
    for document in (text, f"constraints:\n- {text}", f"constraints:\n- null_rate: {{column: {text}}}"):
        with suppress(SuiteError):
            Suite.from_yaml(document)


def test_files(tmp_path):
    suite = Suite.from_yaml(SUITE)
    path = tmp_path / "suite.yaml"
    suite.write(path)
    assert Suite.read(path) == suite
    assert list(tmp_path.iterdir()) == [path]
    path.write_bytes(b"\xef\xbb\xbf" + SUITE.replace("\n", "\r\n").encode())
    assert Suite.read(str(path)) == suite


def test_files_that_are_none(tmp_path):
    path = tmp_path / "suite.yaml"
    path.write_text(SUITE)
    with pytest.raises(MissingFileError, match=r"did you mean 'suite\.yaml'"):
        Suite.read(tmp_path / "siute.yaml")
    path.write_bytes(b"name: a\nname: \xff\xfe")
    with pytest.raises(SuiteError, match=r"suite\.yaml:2: it is no UTF-8"):
        Suite.read(path)
    path.write_bytes(b"a: " + b"x" * 10_000_001)
    with pytest.raises(SuiteError, match="too much for a suite"):
        Suite.read(path)
    path.write_text("constraints:\n- null_rate: {column: a, at_most: 7}")
    with pytest.raises(SuiteError, match=rf"{path}:2: null_rate: at_most"):
        Suite.read(path)


def test_plain_values_are_refused_with_their_place():
    wrong = {"null_rate": {"column": "a", "at_most": 7}}
    with pytest.raises(SuiteError, match=r"constraints\[1\]\.null_rate\.at_most: null_rate: at_most: 7"):
        Suite.from_plain({"constraints": [{"finite": {"column": "a"}}, wrong]})


def test_reading_a_suite_loads_nothing_else():
    code = (
        "import sys; import tidegauge.constraints as c; before = set(sys.modules); "
        "c.Suite.from_yaml('constraints: [{null_rate: {column: a, at_most: 0}}]'); "
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}; "
        "new -= {*sys.stdlib_module_names, 'tidegauge'}; "
        "print(sorted(name for name in new if 'cython' not in name))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in ("['yaml']", "['_yaml', 'yaml']")
