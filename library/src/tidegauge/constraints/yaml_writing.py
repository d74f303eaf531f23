"""Writing a suite as YAML: a line a constraint where it fits, in a form that every reader reads alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isinf
from typing import Any

_LINE = 100
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.+/]*(?:[ -]+[A-Za-z0-9_.+/()]+)*")
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def suite_text(plain: Mapping[str, Any]) -> str:
    """Write what `Suite.to_plain` gave as YAML."""
    lines = [f"{key}: {_flow(plain[key])}" for key in ("version", "name") if key in plain]
    if plain.get("conditions"):
        lines.append("conditions:")
        lines += [f"  {scalar(name)}: {scalar(text)}" for name, text in plain["conditions"].items()]
    if not plain["constraints"]:
        return "\n".join([*lines, "constraints: []", ""])
    lines.append("constraints:")
    for entry in plain["constraints"]:
        ((key, fields),) = entry.items()
        lines += _entry(key, fields)
    return "\n".join([*lines, ""])


def _entry(key: str, fields: Mapping[str, Any]) -> list[str]:
    short = f"  - {key}: {_flow(fields)}"
    if len(short) <= _LINE:
        return [short]
    return [f"  - {key}:", *(f"      {name}: {_flow(value)}" for name, value in fields.items())]


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{scalar(name)}: {_flow(each)}' for name, each in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_flow(each) for each in value)}]"
    return scalar(value)


def scalar(value: Any) -> str:
    """Write one value so that any reader of YAML, old or new, reads the same.

    Example:
        >>> [scalar(value) for value in ("fare", "no", "1e3", "a: b", 0.05, True, None)]
        ['fare', '"no"', '"1e3"', '"a: b"', '0.05', 'true', 'null']
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _float(value)
    if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return str(value)
    return f'"{"".join(_escaped(character) for character in value)}"'


def _float(value: float) -> str:
    if isinf(value):
        return ".inf" if value > 0 else "-.inf"
    text = repr(value)
    if "e" in text and "." not in text:
        text = text.replace("e", ".0e")  # readers of YAML 1.1 take 1e+22 for a text
    return text


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    if character.isprintable() and code < 0x10000:
        return character
    if code < 0x100:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
