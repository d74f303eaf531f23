"""The phrases that the terminal and the notebook share: one wording for one fact."""

from tidegauge.display import numbers
from tidegauge.display.cells import clean, name_of
from tidegauge.display.facts import Bins, Column, Custom, Distinct, Heading, Item, Numbers
from tidegauge.metrics.conditions import Condition
from tidegauge.segments import value_label

UNNAMED = "unnamed dataset"


def dataset(heading: Heading) -> str:
    """Name the dataset, or say that it has no name."""
    return UNNAMED if heading.dataset is None else name_of(heading.dataset)


def counted(count: int, noun: str) -> str:
    """Write a count with its noun.

    Example:
        >>> counted(1, "column"), counted(10000, "record")
        ('1 column', '10,000 records')
    """
    return f"{numbers.grouped(count)} {noun}" if count == 1 else f"{numbers.grouped(count)} {noun}s"


def stretch(start: int | None, end: int | None) -> str:
    """Write a window: a day by its date, anything else as start → end.

    Example:
        >>> stretch(0, 86_400_000_000), stretch(0, 3_600_000_000), stretch(None, None)
        ('1970-01-01', '1970-01-01 → 1970-01-01 01:00', '')
    """
    if start is None or end is None:
        return ""
    first = numbers.start_of_window(start)
    if end - start == 86_400_000_000 and start % 86_400_000_000 == 0:
        return first
    return f"{first} → {numbers.start_of_window(end)}"


def segment(heading: Heading) -> list[str]:
    """Write the columns and values of the segment, if it is one.

    Example:
        >>> segment(Heading("flights", 5, 2, segment=(("carrier", "UA"), ("origin", None))))
        ['carrier=UA', 'origin=null']
    """
    return [f"{name_of(key)}={clean(value_label(value))}" for key, value in heading.segment]


def heading_parts(heading: Heading) -> list[str]:
    """List what the header line says after the dataset's name."""
    parts = [] if heading.windows is None else [counted(heading.windows, "window")]
    if heading.segments:
        parts = parts if heading.windows else []
        parts += [f"{counted(count, 'segment')} by {name}" for name, count in heading.segments]
    if when := stretch(heading.start, heading.end):
        parts.append(when)
    parts += segment(heading)
    parts.append(counted(heading.records, "record"))
    parts += [
        f"{counted(beyond, 'record')} too {word}"
        for beyond, word in ((heading.late, "late"), (heading.early, "early"))
        if beyond
    ]
    parts.append(counted(heading.columns, "column"))
    if heading.created is not None:
        made = numbers.timestamp(heading.created - heading.created % 60_000_000)
        parts.append(f"profiled {made} UTC")
    return parts


def custom(metric: Custom, records: int) -> str:
    """Write what a metric of the user's own says of a column of so many records, and what it has not seen.

    Example:
        >>> custom(Custom("acme.entropy", {"bits": 1.5, "values": 1200}, 1200), 1200)
        'bits 1.5 · values 1,200'
        >>> custom(Custom("acme.entropy", None, 5, 2, "ValueError"), 1200)
        'cannot be read here · has seen 5 of 1,200 records · failed 2 times (ValueError)'
    """
    told = metric.summary
    parts = ["cannot be read here"] if told is None else [f"{clean(key)} {_plain(told[key])}" for key in told]
    if metric.records < records:
        parts.append(f"has seen {numbers.grouped(metric.records)} of {counted(records, 'record')}")
    if metric.errors:
        times = "once" if metric.errors == 1 else f"{numbers.grouped(metric.errors)} times"
        parts.append(f"failed {times} ({clean(metric.reason or 'unknown')})")
    return " · ".join(parts)


def _plain(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    if isinstance(value, int):
        return numbers.grouped(value)
    if isinstance(value, float):
        return numbers.number(value, 6)
    return clean(str(value))


def condition_parts(condition: Condition) -> tuple[str, str, str, str, str]:
    """Write a condition: its name, the share that passed, how many failed and are unknown, its expression.

    Example:
        >>> from tidegauge.metrics.conditions import Condition
        >>> condition_parts(Condition("positive", "fare > 0", 97, 3, 1000))
        ('positive', '97%', '3 failed', '1,000 unknown', 'fare > 0')
    """
    return (
        name_of(condition.name),
        numbers.share(condition.passed, condition.passed + condition.failed),
        f"{numbers.grouped(condition.failed)} failed" if condition.failed else "",
        f"{numbers.grouped(condition.unknown)} unknown" if condition.unknown else "",
        clean(condition.expression),
    )


def distinct(count: Distinct | None) -> str:
    """Write a distinct count, with its error when it is an estimate."""
    if count is None:
        return numbers.DASH
    return numbers.estimate(count.estimate, count.low, count.high, exact=count.exact)


def item_share(item: Item, total: int) -> str:
    """Write how much of a column an item makes up; ``≈`` when its bounds differ.

    Example:
        >>> item_share(Item("UA", 25, 25), 100), item_share(Item("UA", 20, 30), 100)
        ('25%', '≈25%')
    """
    mark = "" if item.low == item.high else "≈"
    return mark + numbers.share(item.count, total)


def least(values: Numbers, *, precise: bool = False) -> str:
    """Write the minimum, from its exact text where there is one."""
    return _bound(values.minimum, values.minimum_text, values.kind, precise=precise)


def greatest(values: Numbers, *, precise: bool = False) -> str:
    """Write the maximum, from its exact text where there is one."""
    return _bound(values.maximum, values.maximum_text, values.kind, precise=precise)


def mean(values: Numbers) -> str:
    """Write the mean, of times no finer than makes sense for the stretch they cover."""
    if values.mean is None:
        return numbers.DASH
    # Where the extremes are kept private, moments are all there is, and no finer either.
    long = not values.bounded or values.maximum - values.minimum > 60e6
    whole_seconds = values.kind in ("timestamp", "time") and long
    shown = values.mean - values.mean % 1e6 if whole_seconds else values.mean
    return numbers.moment(shown, values.kind, precise=True)


def _bound(value: float, exact: str | None, kind: str, *, precise: bool) -> str:
    if precise and kind == "number" and exact is not None:
        return exact
    return numbers.moment(value, kind, precise=precise)


def approximate(values: Numbers, text: str) -> str:
    """Mark a quantile as estimated when it is."""
    return text if values.exact else f"≈{text}"


def drawn_ends(values: Numbers, bins: Bins) -> tuple[str, str]:
    """Write the least and the greatest value that a histogram draws."""
    last = min(bins.last, values.maximum)
    return numbers.moment(bins.first, values.kind), numbers.moment(last, values.kind)


def lengths_range(lengths: Numbers) -> str:
    """Write between which lengths values lie.

    Example:
        >>> lengths_range(Numbers("number", 3, 2.0, 2.0)), lengths_range(Numbers("number", 3, 2.0, 9.0))
        ('length 2', 'length 2 to 9')
    """
    first, last = least(lengths), greatest(lengths)
    return f"length {first}" if lengths.constant else f"length {first} to {last}"


def not_drawn(bins: Bins) -> str:
    """Say how much of a histogram lies outside what is drawn of it; empty when nothing does.

    Example:
        >>> not_drawn(Bins((0.0, 1.0), (90.0,), below=0.0, above=10.0))
        'not drawn: 10% above'
    """
    total = sum(bins.counts) + bins.below + bins.above
    sides = ((bins.below, "below"), (bins.above, "above"))
    outside = [f"{numbers.share(count, total)} {side}" for count, side in sides if count]
    return f"not drawn: {', '.join(outside)}" if outside else ""


def privacy(stated: str) -> str:
    """Write what was done so that single values cannot be read.

    Example:
        >>> privacy("items=hashed:3f9a min_count=10 numbers=off rounded=step:0.5")
        'items hashed (key 3f9a), min count 10, numbers off, rounded step 0.5'
    """
    parts = []
    for word in stated.split():
        name, _, value = word.partition("=")
        if value.startswith("hashed:"):
            value = f"hashed (key {value.removeprefix('hashed:')})"
        parts.append(f"{name.replace('_', ' ')} {value.replace(':', ' ').replace(',', ' or ')}".rstrip())
    return clean(", ".join(parts))


def notes(column: Column) -> list[str]:
    """List what is unusual about a column and has no place of its own.

    Example:
        >>> notes(Column("x", "mixed", 10, 0, counts={"nans": 2}, types={"string": 7, "integer": 3}))
        ['2 NaN', 'types: string 70%, integer 30%']
    """
    found = []
    words = (
        ("nans", "NaN"),
        ("positive_infinities", "+∞"),
        ("negative_infinities", "-∞"),
        ("empty_strings", "empty"),
    )
    for key, word in words:
        if count := column.counts.get(key, 0):
            found.append(f"{numbers.grouped(count)} {word}")
    seen = sorted(((count, name) for name, count in column.types.items() if count), reverse=True)
    if len(seen) > 1:
        total = sum(count for count, _ in seen)
        found.append("types: " + ", ".join(f"{name} {numbers.share(count, total)}" for count, name in seen))
    if column.privacy:
        found.append(f"private: {privacy(column.privacy)}")
    return found
