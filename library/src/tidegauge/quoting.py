r"""How names and values of the data are quoted in sentences: as they are, with what controls text escaped."""

from __future__ import annotations

import unicodedata

_JOINERS = frozenset("\u200c\u200d")
_ASSIGNED_BY_OTHERS = frozenset(("Cn", "Co"))


def quoted(text: str) -> str:
    r"""Put a text in quotes as `repr` does, but leave every sign of writing as it is.

    Emoji are put together by joiners, Persian words are kept apart by non-joiners, and a sign may be newer
    than Python. Control characters, spaces other than the usual one and what turns the direction of text are
    escaped.

    Args:
        text: A name or a value of the data.

    Example:
        >>> quoted("Oslo"), quoted("it's"), quoted("a\nb"), quoted("👩\u200d🚀") == "'👩\u200d🚀'"
        ("'Oslo'", '"it\'s"', "'a\\nb'", True)
    """
    if text.isprintable():
        return repr(text)
    quote = '"' if "'" in text and '"' not in text else "'"
    body = "".join(character if _is_writing(character) else repr(character)[1:-1] for character in text)
    return quote + (body.replace(quote, "\\" + quote) if quote in text else body) + quote


def _is_writing(character: str) -> bool:
    if character.isprintable():
        return character != "\\"
    code = ord(character)
    if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:  # never characters
        return False
    return character in _JOINERS or unicodedata.category(character) in _ASSIGNED_BY_OTHERS
