"""Privacy: which of a column's values may be read from its profile."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from math import isfinite
from typing import Any, Literal

from tidegauge.errors import ArgumentError, nearest

_ITEMS = ("kept", "hashed", "off")
_NUMBERS = ("kept", "moments", "off")
_LENGTHS = ("kept", "off")
_LEAST_KEY = 16
_MOST_DIGITS = 15
_DIGITS = re.compile(r"([0-9]{1,2}) digits?")
_SPAN = re.compile(r"([0-9]+(?:\.[0-9]+)?)(us|ms|s|m|h|d)")
_SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_MICROSECOND = timedelta(microseconds=1)
_FIELDS = ("items", "min_count", "cardinality", "numbers", "lengths", "round_to")


class Privacy:
    """Which of a column's values may be read from its profile: an immutable value, given to `Schema`.

    Without it, a profile lists common values as they are, and its sketches hold some values too: see the page
    on privacy. Arguments that you do not give follow those that you do: once values are hashed, cut or left
    out in one metric, they can be seen in no other, unless you ask for it.

    Args:
        items: The frequent items: ``"kept"``; ``"hashed"``, each under a name made with the key; or
            ``"off"``. By default hashed with a key, kept without one, and off where `numbers` are not kept.
        min_count: List only values that certainly occur at least this often in what is profiled together: in
            one window, segment and process.
        key: At least 16 random bytes, such as ``secrets.token_bytes(32)``; use the same key wherever profiles
            are to be merged or compared. It never enters a profile; only an id that does not reveal it does.
        cardinality: The sketch of distinct values: ``"kept"``, which lets anybody test whether a value
            occurs; ``"hashed"`` with the key; or ``"off"``. By default hashed with a key, and off where
            values are not kept elsewhere.
        numbers: What is kept of numbers and times: ``"kept"``; ``"moments"``, without minimum, maximum and
            quantiles, which are values of the data; or ``"off"``. By default off where items are not kept,
            unless rounded.
        lengths: Lengths of strings, binaries and lists: ``"kept"`` or ``"off"``.
        round_to: Round numbers and times to multiples of this before they enter any metric. A number counts
            seconds in columns of times, days in columns of dates; a timedelta, or text such as ``"1h"``, is a
            length of time everywhere; ``"2 digits"`` keeps that many significant digits.

    Raises:
        ArgumentError: An argument is invalid, or two contradict each other.

    Example:
        >>> import tidegauge as tg
        >>> schema = tg.Schema(privacy={"salary": tg.Privacy(round_to=1000), "name": tg.Privacy(items="off")})
        >>> profile = tg.log({"salary": [41_234, 58_765], "name": ["Ada", "Bob"]}, schema=schema)
        >>> profile["salary"].max, profile["name"].privacy
        (59000, 'items=off cardinality=off numbers=off')
    """

    __slots__ = (
        "_cardinality",
        "_column",
        "_items",
        "_key",
        "_lengths",
        "_min_count",
        "_numbers",
        "_round_to",
    )

    def __init__(
        self,
        *,
        items: Literal["kept", "hashed", "off"] | None = None,
        min_count: int = 1,
        key: bytes | None = None,
        cardinality: Literal["kept", "hashed", "off"] | None = None,
        numbers: Literal["kept", "moments", "off"] | None = None,
        lengths: Literal["kept", "off"] = "kept",
        round_to: float | str | timedelta | None = None,
    ) -> None:
        self._key = _checked_key(key)
        self._round_to = _checked_step(round_to)
        self._column = "kept"
        self._min_count = _checked_count(min_count)
        self._lengths = _one_of(lengths, _LENGTHS, "lengths")
        for name, given, known in (
            ("items", items, _ITEMS),
            ("cardinality", cardinality, _ITEMS),
            ("numbers", numbers, _NUMBERS),
        ):
            if given is not None:
                _one_of(given, known, name)
        self._items: str = items or _default_items(key, numbers, min_count)
        restricted = self._items != "kept" or self._min_count > 1
        self._numbers: str = numbers or ("off" if restricted and round_to is None else "kept")
        hidden = restricted or self._numbers != "kept"
        self._cardinality: str = cardinality or ("hashed" if key else "off" if hidden else "kept")
        self._check()

    def _check(self) -> None:
        hashed = "hashed" in (self._items, self._cardinality)
        if hashed and self._key is None:
            raise ArgumentError(
                "hashed values need a key that nobody else knows: give key=, at least 16 random bytes, "
                "such as secrets.token_bytes(32), the same wherever profiles shall be merged or compared"
            )
        if self._key is not None and not hashed:
            raise ArgumentError('key= is given, but nothing is hashed; give items="hashed", or no key')
        if self._min_count > 1 and self._items == "off":
            raise ArgumentError('min_count= says which items are listed, but items="off" lists none')

    @property
    def items(self) -> str:
        """How frequent items are shown: ``kept``, ``hashed`` or ``off``."""
        return self._items

    @property
    def min_count(self) -> int:
        """How often a value must occur to be listed; 1 lists all."""
        return self._min_count

    @property
    def key_id(self) -> str | None:
        """An id that tells one key from another without revealing it; None without a key."""
        return None if self._key is None else _derived(self._key, b"tidegauge id", 6).hex()

    @property
    def cardinality(self) -> str:
        """How values enter the sketch of distinct values: ``kept``, ``hashed`` or ``off``."""
        return self._cardinality

    @property
    def numbers(self) -> str:
        """What is kept of numbers and times: all (``kept``), ``moments``, or nothing (``off``)."""
        return self._numbers

    @property
    def lengths(self) -> str:
        """What is kept of lengths: all (``kept``) or nothing (``off``)."""
        return self._lengths

    @property
    def round_to(self) -> float | timedelta | str | None:
        """What numbers and times are rounded to multiples of, or ``"2 digits"``; None when they are not."""
        return self._round_to

    @property
    def column(self) -> str:
        """Whether the column is profiled: ``kept``, or ``off`` where a schema says so."""
        return self._column

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values; of the key, only its id."""
        if self._column == "off":
            return {"column": "off"}
        step = self._round_to
        fields = dict(zip(_FIELDS, self._fields(), strict=True))
        fields["round_to"] = f"{step / _MICROSECOND:.0f}us" if isinstance(step, timedelta) else step
        return fields | {"key_id": self.key_id}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any] | str, *, key: bytes | None = None) -> Privacy:
        """Make it from what `to_dict` returned, or from part of it, or from the word ``"off"`` or ``"kept"``.

        Args:
            data: The plain values.
            key: The key, if something is hashed.

        Raises:
            ArgumentError: It is not of that form, or the key is missing or is the wrong one.
        """
        if isinstance(data, str):
            return privacy_of(data, "privacy")
        if not isinstance(data, Mapping):
            raise ArgumentError(f"privacy is a dict such as {{'items': 'off'}}, not {type(data).__name__}")
        if dict(data) == {"column": "off"}:
            return privacy_of("off", "privacy")
        for name in data:
            if name not in (*_FIELDS, "key_id"):
                raise ArgumentError(f"privacy has no {name!r}{nearest(str(name), _FIELDS)}")
        given = {name: data[name] for name in _FIELDS if data.get(name) is not None}
        hashed = "hashed" in (given.get("items"), given.get("cardinality"))
        made = cls(**given, key=key if hashed else None)
        if data.get("key_id") not in (None, made.key_id):
            raise ArgumentError(
                f"it was hashed with the key of id {data['key_id']}; the one given has the id {made.key_id}"
            )
        return made

    def _crossing(self) -> dict[str, Any]:
        """What the kernel takes: with the secret that is made of the key."""
        step = self._round_to
        return {
            "off": self._column == "off",
            "items": self._items,
            "min_count": self._min_count,
            "cardinality": self._cardinality,
            "numbers": self._numbers,
            "lengths": self._lengths,
            "step": step if isinstance(step, float) else None,
            "microseconds": step // _MICROSECOND if isinstance(step, timedelta) else None,
            "digits": int(step.split()[0]) if isinstance(step, str) else None,
            "key_id": self.key_id,
            "secret": None if self._key is None else _derived(self._key, b"tidegauge hash", 32),
        }

    def _fields(self) -> tuple[Any, ...]:
        return (
            self._items,
            self._min_count,
            self._cardinality,
            self._numbers,
            self._lengths,
            self._round_to,
        )

    def __eq__(self, other: object) -> bool:
        """Return whether both mean the same, with the same key."""
        if not isinstance(other, Privacy):
            return NotImplemented
        return self._identity() == other._identity()

    def _identity(self) -> tuple[object, ...]:
        return self._fields(), self._key, self._column

    def __hash__(self) -> int:
        """Hash by its content."""
        return hash(self._identity())

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle with the key: other processes need it."""
        return _restored, self._identity()

    def __repr__(self) -> str:
        """Show what was chosen; of the key, only its id."""
        if self._column == "off":
            return "'off'"
        usual = dict(zip(_FIELDS, _NOTHING, strict=True))
        chosen = zip(_FIELDS, self._fields(), strict=True)
        parts = [f"{name}={value!r}" for name, value in chosen if value != usual[name]]
        if self._key is not None:
            parts.append(f"key=<id {self.key_id}>")
        return f"Privacy({', '.join(parts)})"


_NOTHING = ("kept", 1, "kept", "kept", "kept", None)


def privacy_of(given: object, argument: str) -> Privacy:
    """Accept a privacy, or the word that stands for one.

    Raises:
        ArgumentError: It is neither.
    """
    if isinstance(given, Privacy):
        return given
    if given in ("kept", "off"):
        made = Privacy()
        made._column = str(given)  # noqa: SLF001 - only a schema can say so
        return made
    raise ArgumentError(f"{argument} is a tidegauge.Privacy, 'kept' or 'off', not {given!r:.80}")


def _restored(fields: tuple[Any, ...], key: bytes | None, column: str) -> Privacy:
    if column == "off":
        return privacy_of(column, "privacy")
    return Privacy(**dict(zip(_FIELDS, fields, strict=True)), key=key)


def _default_items(key: bytes | None, numbers: str | None, min_count: int) -> str:
    if key is not None:
        return "hashed"
    # Of numbers the items are values; who says which of these to list wants them listed.
    return "off" if numbers in ("moments", "off") and min_count == 1 else "kept"


def _derived(key: bytes, purpose: bytes, size: int) -> bytes:
    """A key for one purpose, from which neither the user's key nor one for another purpose can be told."""
    from hashlib import blake2b

    # BLAKE2b takes keys of up to 64 bytes; longer ones are hashed before.
    short = key if len(key) <= 64 else blake2b(key).digest()
    return blake2b(key=short, person=purpose, digest_size=size).digest()


def _checked_key(key: object) -> bytes | None:
    if key is None:
        return None
    if not isinstance(key, bytes | bytearray):
        raise ArgumentError(
            f"key= is bytes, such as secrets.token_bytes(32) or bytes.fromhex(text), not {type(key).__name__}"
        )
    if len(key) < _LEAST_KEY:
        raise ArgumentError(
            f"key= has {len(key)} bytes; at least {_LEAST_KEY} random ones are needed, or it can be found by "
            "trying: secrets.token_bytes(32)"
        )
    return bytes(key)


def _checked_step(step: object) -> float | timedelta | str | None:
    if step is None:
        return None
    if isinstance(step, str) and (counted := _DIGITS.fullmatch(step)):
        digits = int(counted[1])
        if not 1 <= digits <= _MOST_DIGITS:
            raise ArgumentError(f"round_to= keeps from 1 to {_MOST_DIGITS} digits, not {digits}")
        return f"{digits} digits"
    if isinstance(step, str):
        matched = _SPAN.fullmatch(step)
        if matched is None:
            raise ArgumentError(
                f"round_to={step!r} is no length of time: write '1h', '15m', '0.5s' or '7d' (us ms s m h d); "
                "nor a number of digits: write '2 digits'"
            )
        step = timedelta(seconds=float(matched[1]) * _SECONDS[matched[2]])
    if isinstance(step, timedelta):
        if step < _MICROSECOND:
            raise ArgumentError(f"round_to= is a microsecond or more, not {step!r}")
        return step
    if isinstance(step, bool) or not isinstance(step, int | float) or not (isfinite(step) and step > 0):
        raise ArgumentError(
            f"round_to= is a number above 0, a length of time such as '1h', or '2 digits', not {step!r}"
        )
    return float(step)


def _checked_count(count: object) -> int:
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count < 2**63:
        raise ArgumentError(f"min_count= is a whole number, 1 or more, not {count!r}")
    return count


def _one_of(given: object, known: tuple[str, ...], argument: str) -> str:
    if not isinstance(given, str) or given not in known:
        allowed = ", ".join(map(repr, known))
        raise ArgumentError(f"{argument}= is one of {allowed}, not {given!r}{nearest(str(given), known)}")
    return given
