"""A stream consumer that is killed and loses no message: offsets are committed after the profiles are safe.

pip install tidegauge && python examples/stream_consumer.py events.ndjson

The topic is a file to which others append lines of JSON; it stands for a partition of Kafka or Kinesis.
"""

import json
import sys
from pathlib import Path
from typing import BinaryIO, Protocol

import tidegauge as tg

COMMIT_EVERY = 500


class Consumer(Protocol):
    """What consumers of all streams can do."""

    def poll(self) -> bytes | None:
        """Return the next message; None when there is none now."""

    def commit(self) -> None:
        """Say that all messages polled so far need not come again."""


def consume(consumer: Consumer, logger: tg.Logger) -> int:
    """Log all messages that are there; return how many there were."""
    count = 0
    while (message := consumer.poll()) is not None:
        logger.record(json.loads(message))
        count += 1
        if count % COMMIT_EVERY == 0 and logger.save():  # on disk first,
            consumer.commit()  # and only then forgotten by the stream
    if logger.save():
        consumer.commit()
    return count


class FileConsumer:
    """Reads lines of a file from where the last commit was."""

    def __init__(self, topic: BinaryIO, committed: Path) -> None:
        self._topic, self._committed = topic, committed
        if committed.exists():
            topic.seek(int(committed.read_text()))

    def poll(self) -> bytes | None:
        """Return the next line that has its end."""
        start = self._topic.tell()
        line = self._topic.readline()
        if line.endswith(b"\n"):
            return line
        self._topic.seek(start)
        return None

    def commit(self) -> None:
        """Keep the offset, whole or not at all."""
        fresh = self._committed.with_suffix(".new")
        fresh.write_text(str(self._topic.tell()))
        fresh.replace(self._committed)


def main(path: Path) -> None:
    """Log all events of a topic that have not been logged before."""
    logger = tg.Logger(
        "events", window="1h", timestamp="at", lateness="2h", writers="profiles", checkpoint="state"
    )
    with path.open("rb") as topic, logger:
        print(f"{consume(FileConsumer(topic, path.with_suffix('.offset')), logger):,} messages")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
