"""Pieces of a long recording: made by several processes, put together as if by one.

What a result depends on besides its own frames is how the streams were doing, what waited for a
partner, which pixels were found bad, and how many results came before. None of that needs the
network. So a piece goes through all that lies before it without making it, a tenth of the work or
less, and is then where an uncut run would be: nothing has to be guessed by an overlap. Messages are
kept in the order in which they were written, and written once more in that order by who joins them.

Where a result depends on the pictures of those before it (`inference.window`), nothing is cut.
"""

import hashlib
import math
import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

import msgspec

from streamer.clock import StreamNs
from streamer.cores import available_cores
from streamer.enhance.items import EnhanceError, Item, Kind, Outcome, Piece, Target
from streamer.messages import SuperResolvedFrame
from streamer.recording import RecordingInfo
from streamer.recording.schema import EncodedMessage, Recordable, decode_message, encode_message

LEAST_BYTES = 64 * 2**20
"""A piece of less would take longer to begin than it saves."""

_LENGTH = 8  # bytes before each message
_THREADS = min(8, available_cores())
_AHEAD = 6 * _THREADS  # messages, of which every third or so is a result
_STILL = (Target.tiff, Target.png)


def pieces_of(
    item: Item, total: int, workers: int, least_bytes: int = LEAST_BYTES
) -> Sequence[Item]:
    """Into what an item is cut, so that no worker is left with it alone while the others rest.

    Args:
        item: the item.
        total: bytes of all items to be made.
        workers: that make them.
        least_bytes: of a piece.

    Returns:
        Its pieces; the item itself where it is not cut.
    """
    longest = max(total / max(1, workers), least_bytes)
    count = min(workers, math.ceil(item.size / longest))
    if item.kind is not Kind.RECORDING or count < 2:
        return (item,)
    replace = msgspec.structs.replace
    return [
        replace(item, piece=Piece(number, count), size=item.size // count)
        for number in range(count)
    ]


def place_of(parts: Path, item: Item) -> Path:
    """The folder in which the pieces of an item are, below that of all that is not whole."""
    return parts / f"pieces-{hashlib.sha256(item.name.encode()).hexdigest()[:24]}"


class PieceWriter:
    """Keeps messages as they come; nothing of it is there before `close`.

    Args:
        file: to be.
        part: in which it is written, on the same file system.
        info: of the recording that they will be in.

    Raises:
        OSError: it cannot be written.
    """

    def __init__(self, file: Path, part: Path, info: RecordingInfo) -> None:
        self._file_name, self._part, self._info = file, part, info
        self._out = part.open("wb")
        self._encoder = msgspec.msgpack.Encoder()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._out.close()

    def write_stored(self, stored: EncodedMessage) -> None:
        """Adds a message as it stands in a recording."""
        data = self._encoder.encode(stored)
        self._out.write(len(data).to_bytes(_LENGTH, "little"))
        self._out.write(data)

    def write(self, message: Recordable, arrived_ns: StreamNs) -> None:
        """Adds a message."""
        self.write_stored(encode_message(message, self._info, arrived_ns))

    def close(self, outcome: Outcome) -> None:
        """Gives it its name, and notes what came of it."""
        self._out.close()
        self._file_name.parent.mkdir(parents=True, exist_ok=True)
        _outcome_of(self._file_name).write_bytes(msgspec.json.encode(outcome))
        os.replace(self._part, self._file_name)  # noqa: PTH105 - over one that was made twice


def file_of(parts: Path, item: Item, number: int) -> Path:
    """Where a piece is kept."""
    return place_of(parts, item) / f"{number}.messages"


def outcome_of(parts: Path, item: Item, number: int) -> Outcome:
    """What came of a piece.

    Raises:
        EnhanceError: it is not there.
    """
    try:
        data = _outcome_of(file_of(parts, item, number)).read_bytes()
        return msgspec.json.decode(data, type=Outcome)
    except (OSError, msgspec.MsgspecError) as error:
        raise EnhanceError(f"{item.source}: piece {number} has gone: {error}") from error


def stored_in(file: Path) -> Iterator[EncodedMessage]:
    """The messages of a piece, in the order in which they were written.

    Raises:
        OSError: it cannot be read.
    """
    decoder = msgspec.msgpack.Decoder(EncodedMessage)
    with file.open("rb") as messages:
        while length := messages.read(_LENGTH):
            yield decoder.decode(messages.read(int.from_bytes(length, "little")))


def with_results(
    messages: Iterable[EncodedMessage],
) -> Iterator[tuple[EncodedMessage, SuperResolvedFrame | None]]:
    """Messages as they come, each with its result where it is one.

    Results are decoded ahead, by as many threads as there are cores: while pieces are joined, those
    who made them rest, and decoding is most of the work.
    """
    with ThreadPoolExecutor(_THREADS) as threads:
        waiting: deque[tuple[EncodedMessage, Future[Any] | None]] = deque()
        for message in messages:
            result = threads.submit(decode_message, message) if message.stream == "sr" else None
            waiting.append((message, result))
            if len(waiting) > _AHEAD:
                yield _awaited(*waiting.popleft())
        while waiting:
            yield _awaited(*waiting.popleft())


def _awaited(
    message: EncodedMessage, result: "Future[Any] | None"
) -> tuple[EncodedMessage, SuperResolvedFrame | None]:
    return message, None if result is None else result.result()


def _outcome_of(file: Path) -> Path:
    return file.with_suffix(".json")
