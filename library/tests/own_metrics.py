"""Metrics of users' own, for tests."""

from __future__ import annotations

import json
import math
import struct


class Entropy:
    """Shannon entropy of categories, in bits; the state is a dict of counts."""

    name = "acme.entropy"
    version = 1
    types = ("string", "boolean")

    def zero(self):
        return {}

    def update(self, state, column):
        for value in column.to_pylist():
            if value is not None:
                state[str(value)] = state.get(str(value), 0) + 1
        return state

    def merge(self, a, b):
        for value, count in b.items():
            a[value] = a.get(value, 0) + count
        return a

    def to_bytes(self, state):
        return json.dumps(state, sort_keys=True).encode()

    def from_bytes(self, data, version):
        return json.loads(data)

    def summary(self, state):
        total = sum(state.values())
        shares = [count / total for count in state.values()]
        return {"bits": sum(-share * math.log2(share) for share in shares), "values": total}


class FirstDigits:
    """How often each digit comes first, for Benford's law; the state is a tuple of nine counts."""

    name = "acme.finance.first_digits"
    version = 2
    types = ("integer", "fractional", "decimal")

    def zero(self):
        return (0,) * 9

    def update(self, state, column):
        counts = list(state)
        for value in column.to_pylist():
            if value and math.isfinite(value):
                counts[int(f"{abs(float(value)):e}"[0]) - 1] += 1
        return tuple(counts)

    def merge(self, a, b):
        return tuple(mine + theirs for mine, theirs in zip(a, b, strict=True))

    def to_bytes(self, state):
        return struct.pack("<9q", *state)

    def from_bytes(self, data, version):
        if version == 1:  # counted 1 to 8 only
            return (*struct.unpack("<8q", data), 0)
        return struct.unpack("<9q", data)

    def summary(self, state):
        total = sum(state)
        expected = [math.log10(1 + 1 / digit) for digit in range(1, 10)]
        distance = (
            sum(abs(count / total - share) for count, share in zip(state, expected, strict=True)) / 2
            if total
            else 0.0
        )
        return {"counts": list(state), "distance": distance}


class Broken(FirstDigits):
    """Raises in one method."""

    name = "acme.broken"

    def __init__(self, method, only_batch=None):
        self.calls = 0

        def fail(*given):
            self.calls += 1
            if only_batch is None or self.calls == only_batch:
                raise ValueError("secret 4711")
            return getattr(super(Broken, self), method)(*given)

        setattr(self, method, fail)
