"""Profile files as another program would write them, from the specification alone."""

from __future__ import annotations

import pytest

SEED = 9001
KEY = b"tidegauge.checksum"
WORD = (1 << 64) - 1


def rotate(word: int, bits: int) -> int:
    return (word << bits | word >> (64 - bits)) & WORD


def finish(word: int) -> int:
    word = (word ^ word >> 33) * 0xFF51AFD7ED558CCD & WORD
    word = (word ^ word >> 33) * 0xC4CEB9FE1A85EC53 & WORD
    return word ^ word >> 33


def murmur3(data: bytes, seed: int = SEED) -> tuple[int, int]:
    """MurmurHash3 x64 128, plainly."""
    c1, c2 = 0x87C37B91114253D5, 0x4CF5AD432745937F
    h1 = h2 = seed
    whole = len(data) // 16 * 16
    for at in range(0, whole, 16):
        first = int.from_bytes(data[at : at + 8], "little")
        second = int.from_bytes(data[at + 8 : at + 16], "little")
        h1 ^= rotate(first * c1 & WORD, 31) * c2 & WORD
        h1 = ((rotate(h1, 27) + h2) * 5 + 0x52DCE729) & WORD
        h2 ^= rotate(second * c2 & WORD, 33) * c1 & WORD
        h2 = ((rotate(h2, 31) + h1) * 5 + 0x38495AB5) & WORD
    first = int.from_bytes(data[whole : whole + 8], "little")
    second = int.from_bytes(data[whole + 8 :], "little")
    h2 ^= rotate(second * c2 & WORD, 33) * c1 & WORD
    h1 ^= rotate(first * c1 & WORD, 31) * c2 & WORD
    h1, h2 = h1 ^ len(data), h2 ^ len(data)
    h1 = (h1 + h2) & WORD
    h2 = (h2 + h1) & WORD
    h1, h2 = finish(h1), finish(h2)
    h1 = (h1 + h2) & WORD
    return h1, (h2 + h1) & WORD


@pytest.fixture
def rewritten(tmp_path):
    """Writes a table as a profile file, sealed as the specification says; gives its path."""
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")

    def write(table: pa.Table):
        path = tmp_path / "rewritten.parquet"
        metadata = {b"tidegauge.format_version": b"1.0", b"tidegauge.provenance": b"a test", KEY: b"0" * 32}
        pq.write_table(table.replace_schema_metadata(metadata), path)
        data = bytearray(path.read_bytes())
        place = data.rindex(KEY) + len(KEY) + 2
        assert data[place : place + 32] == b"0" * 32
        first, second = murmur3(bytes(data))
        data[place : place + 32] = f"{first:016x}{second:016x}".encode()
        path.write_bytes(data)
        return path

    return write
