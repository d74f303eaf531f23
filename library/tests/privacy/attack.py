"""What somebody does who has got hold of a profile file: looks for values in everything that it holds."""

from __future__ import annotations

import datetime as dt
import io
import json
import random
import struct
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import tidegauge as tg

EPOCH = dt.datetime(1970, 1, 1)
SIZE = 60

SECRETS: dict[str, Any] = {
    "text": "ada.lovelace.secret@example.org",
    "long": "a very long secret, " + "x" * 200 + " with an end",
    "whole": 987_654_321_012_345,
    "large": 2**63 + 123_456_789,
    "huge": 2**70 + 123_456_789,
    "part": 31_415.926_535,
    "money": Decimal("8675309.42"),
    "day": dt.date(1987, 6, 5),
    "when": dt.datetime(1987, 6, 5, 4, 3, 2, 123_457),
    "clock": dt.time(4, 3, 2, 123_457),
    "span": dt.timedelta(days=17, seconds=4321, microseconds=123_457),
    "blob": b"\x01secret\xff\x00bytes",
}
"""One value of each column that nobody shall read."""


def table() -> pa.Table:
    """The secrets, each once, among other values that are all different."""
    rng = random.Random(7)
    at = 17

    def column(secret: Any, make: Any, arrow: pa.DataType) -> pa.Array:
        values = [make() for _ in range(SIZE)]
        values[at] = secret
        return pa.array(values, arrow)

    def moment() -> dt.datetime:
        return EPOCH + dt.timedelta(microseconds=rng.randrange(10**15))

    wholes = lambda least, most: lambda: rng.randrange(least, most)  # noqa: E731 - a generator of values
    columns = {
        "text": column(SECRETS["text"], lambda: f"user-{rng.random()}", pa.string()),
        "long": column(SECRETS["long"], lambda: f"{rng.random()}" * 20, pa.string()),
        "whole": column(SECRETS["whole"], wholes(0, 10**15), pa.int64()),
        "large": column(SECRETS["large"], wholes(2**63, 2**64), pa.uint64()),
        "huge": column(
            Decimal(SECRETS["huge"]), lambda: Decimal(rng.randrange(2**69, 2**71)), pa.decimal128(38, 0)
        ),
        "part": column(SECRETS["part"], lambda: rng.uniform(0, 100_000), pa.float64()),
        "money": column(SECRETS["money"], lambda: Decimal(rng.randrange(10**10)) / 100, pa.decimal128(20, 2)),
        "day": column(SECRETS["day"], lambda: moment().date(), pa.date32()),
        "when": column(SECRETS["when"], moment, pa.timestamp("us")),
        "clock": column(SECRETS["clock"], lambda: moment().time(), pa.time64("us")),
        "span": column(SECRETS["span"], lambda: moment() - EPOCH, pa.duration("us")),
        "blob": column(SECRETS["blob"], lambda: rng.randbytes(12), pa.binary()),
    }
    columns["user"] = pa.StructArray.from_arrays([columns["text"], columns["whole"]], ["name", "id"])
    columns["tags"] = pa.array([[value] for value in columns["text"].to_pylist()])
    columns["at"] = pa.array([dt.datetime(2024, 1, 1 + row % 3) for row in range(SIZE)], pa.timestamp("us"))
    columns["flag"] = pa.array([row == at for row in range(SIZE)])
    return pa.table(columns)


def traces(secret: Any) -> list[bytes]:
    """Every form in which a profile might hold a value."""
    if isinstance(secret, str):
        return [secret.encode()[:20]]
    if isinstance(secret, bytes):
        return [secret]
    number = _number(secret)
    found = [struct.pack("<d", float(number))]
    if isinstance(secret, dt.date) and not isinstance(secret, dt.datetime):
        found.append(secret.isoformat().encode())
    elif isinstance(secret, dt.datetime | dt.time):
        found += [secret.isoformat().encode(), str(secret).encode()]
    elif not isinstance(secret, dt.timedelta):
        found += [str(secret).encode(), repr(number).encode()]
    if isinstance(number, int) and abs(number) < 2**63 and number > 10**6:
        found.append(struct.pack("<q", number))
    return found


def _number(secret: Any) -> Any:
    """The number that stands for it in a profile."""
    if isinstance(secret, dt.datetime):
        return (secret - EPOCH) // dt.timedelta(microseconds=1)
    if isinstance(secret, dt.date):
        return secret.toordinal() - EPOCH.date().toordinal()
    if isinstance(secret, dt.time):
        return (dt.datetime.combine(EPOCH, secret) - EPOCH) // dt.timedelta(microseconds=1)
    if isinstance(secret, dt.timedelta):
        return secret // dt.timedelta(microseconds=1)
    return secret


def everything_in(data: bytes, columns: set[str] | None = None) -> bytes:
    """All bytes of a profile file, and all of its fields, decompressed, one behind the other."""
    found = [data] if columns is None else []
    rows = pq.read_table(io.BytesIO(data)).to_pylist()
    for row in rows:
        if columns is None or row["column"] in columns:
            found += map(_bytes_of, row.values())
    return b"\0".join(found)


def _bytes_of(cell: Any) -> bytes:
    if isinstance(cell, bytes):
        return cell
    if isinstance(cell, float):
        return struct.pack("<d", cell) + repr(cell).encode()
    if isinstance(cell, int):
        return struct.pack("<q", cell) + str(cell).encode()
    return str(cell).encode()


def everything_shown(value: tg.Profile | tg.ProfileSet) -> bytes:
    """All texts that are made of a profile: for people, and for other programs."""
    shown = [str(value), value._repr_html_(), repr(value.rows())]
    shown += [tg.report(value).html(), tg.report(value).markdown(), tg.report(value).json()]
    for profile in [value] if isinstance(value, tg.Profile) else value:
        shown.append(json.dumps(profile.to_dict()))
        shown += [str(column) for column in profile]
    return "\n".join(shown).encode()


def found_in(haystack: bytes, secret: Any) -> list[bytes]:
    """The traces of a value that are there."""
    return [trace for trace in traces(secret) if trace in haystack]


def is_member(column: tg.ColumnProfile, candidate: Any, arrow: pa.DataType) -> bool:
    """Try out a value with the public hash: does adding it change the sketch of distinct values?"""
    probe = tg.log(pa.table({column.name: pa.array([candidate], arrow)}))[column.name]
    (slot,) = _registers(probe.cardinality.to_bytes()).items()
    return _registers(column.cardinality.to_bytes()).get(slot[0], -1) >= slot[1]


def _registers(data: bytes) -> dict[int, int]:
    """The registers of an HLL sketch that are not zero, from Apache's compact bytes (list, set or HLL_8)."""
    mode = data[7] & 3
    if mode == 2:
        return {slot: value for slot, value in enumerate(data[40:]) if value}
    preamble = {0: 8, 1: 12}[mode]
    coupons = struct.unpack(f"<{(len(data) - preamble) // 4}I", data[preamble:])
    return {(coupon & 0x3FFFFFF) & 0xFFF: coupon >> 26 for coupon in coupons if coupon}
