r"""Text measured in terminal cells: neutralised, cut and padded.

What a profile shows comes from somebody's data: a column may be called ``"\x1b[2J"``, hold a
right-to-left override, or be ten megabytes long. Everything passes through `clean` before it is
drawn, and is measured in cells, not in characters, so that tables stay aligned.
"""

import unicodedata

ELLIPSIS = "…"
_LONGEST = 4096
_VARIATION_EMOJI = "\ufe0f"
_JOINER = "\u200d"
_NON_JOINER = "\u200c"
_PICTURES = {"\n": "␊", "\r": "␍", "\t": "␉", "\x00": "␀", "\x1b": "␛", "\x7f": "␡"}


def clean(text: str) -> str:
    r"""Make text safe to print on one line of a terminal.

    Control characters become their picture (``␛`` for escape), characters that reorder or hide
    text and lone surrogates become ``�``. Nothing in the result can move the cursor.

    Args:
        text: Any string, as it was found in the data.

    Returns:
        The text with every control, format and surrogate character replaced.

    Example:
        >>> clean("red\x1b[31m alert\n")
        'red␛[31m alert␊'
    """
    if len(text) > _LONGEST:
        text = text[:_LONGEST] + ELLIPSIS
    if text.isascii() and text.isprintable():
        return text
    return "".join(_safe(character) for character in text)


def _safe(character: str) -> str:
    if character in _PICTURES:
        return _PICTURES[character]
    category = unicodedata.category(character)
    if category == "Cc":
        code = ord(character)
        return chr(0x2400 + code) if code < 0x20 else "�"
    if category in ("Zl", "Zp"):
        return "␤"
    if category == "Cs" or (category == "Cf" and character not in (_JOINER, _NON_JOINER)):
        return "�"
    return character


def width(text: str) -> int:
    """Count the terminal cells that text takes.

    East Asian wide characters and emoji take two, combining marks none.

    Args:
        text: Text for one line, already `clean`.

    Returns:
        The number of cells.

    Example:
        >>> width("fare"), width("料金"), width("é"), width("🚕")
        (4, 4, 1, 2)
    """
    if text.isascii():
        return len(text)
    return sum(size for _, size in _clusters(text))


def _clusters(text: str) -> list[tuple[str, int]]:
    """Split text into what a terminal draws as one sign, each with its width in cells."""
    clusters: list[tuple[str, int]] = []
    joined = False
    for character in text:
        attaches = unicodedata.combining(character) != 0 or unicodedata.category(character) in ("Mn", "Me")
        attaches = attaches or character in (_JOINER, _NON_JOINER)
        if clusters and (joined or attaches):
            before, size = clusters[-1]
            wider = 2 if character == _VARIATION_EMOJI else size
            clusters[-1] = (before + character, max(size, wider))
        else:
            clusters.append((character, _cell(character)))
        joined = character == _JOINER
    return clusters


def _cell(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def cut(text: str, cells: int) -> str:
    """Shorten text to at most so many cells, ending in ``…`` when something was left out.

    Args:
        text: Text for one line, already `clean`.
        cells: Width to fit into, in terminal cells.

    Returns:
        The text itself when it fits.

    Example:
        >>> cut("passenger_count", 10)
        'passenger…'
    """
    if cells <= 0:
        return ""
    if width(text) <= cells:
        return text
    kept: list[str] = []
    room = cells - 1
    for cluster, size in _clusters(text):
        if size > room:
            break
        kept.append(cluster)
        room -= size
    return "".join(kept) + ELLIPSIS


def pad(text: str, cells: int, align: str = "left") -> str:
    """Fill text with spaces up to a width in cells.

    Args:
        text: Text for one line, already `clean`.
        cells: Width wanted, in terminal cells.
        align: ``"left"`` or ``"right"``.

    Returns:
        The padded text; longer text is returned as it is.

    Example:
        >>> pad("7", 3, "right")
        '  7'
    """
    blank = " " * (cells - width(text))
    return blank + text if align == "right" else text + blank


def name_of(name: str) -> str:
    """Show a column's or a dataset's name, also when it is empty or only blanks.

    Example:
        >>> name_of(""), name_of("fare")
        ("''", 'fare')
    """
    shown = clean(name)
    return shown if shown.strip() == shown and shown else f"'{shown}'"
