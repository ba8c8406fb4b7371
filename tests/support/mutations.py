"""Damage done to files on purpose, and what must hold of the reader whatever was done."""

import zlib
from pathlib import Path

import zstandard
from hypothesis import strategies as st

from streamer.recording import RecordingError, RecordingReader, recover
from streamer.recording.container.reader import McapFile


def check_mutated(path: Path) -> None:
    """Whatever was done to a file: it opens and gives good messages, or one error; so recover."""
    try:
        reader = RecordingReader(path)
        for one in reader.read():
            assert one.message is not None
        reader.tally(verify=True)
    except RecordingError:
        pass
    try:
        done = recover(path)
    except RecordingError:
        return
    assert RecordingReader(done.path, lenient=True).complete
    done.path.unlink()


MUTATION = st.lists(
    st.tuples(
        st.sampled_from(["flip", "cut", "insert", "delete", "repeat", "zero"]),
        st.floats(0, 1),
        st.integers(0, 255),
    ),
    min_size=1,
    max_size=4,
)


def mutated(data: bytes, steps: list[tuple[str, float, int]]) -> bytes:
    for kind, share, value in steps:
        at = int(share * len(data))
        match kind:
            case "flip":
                changed = bytes(byte ^ (value or 1) for byte in data[at : at + 1])
                data = data[:at] + changed + data[at + 1 :]
            case "cut":
                data = data[:at]
            case "insert":
                data = data[:at] + bytes([value]) * (value + 1) + data[at:]
            case "delete":
                data = data[:at] + data[at + value + 1 :]
            case "repeat":
                data = data[:at] + data[at : at + 40 * value] + data[at:]
            case "zero":
                data = data[:at] + bytes(len(data[at : at + 8 * value])) + data[at + 8 * value :]
    return data


def with_a_lie(path: Path, position: int, value: int) -> bytes:
    """A recording with one byte changed inside its first chunk, whose checksum is made anew."""
    entry, good = McapFile(path).chunks[0], path.read_bytes()
    head = entry.offset + 9 + 28 + 4 + 4
    data = good[head + 8 : entry.offset + entry.length]
    plain = bytearray(zstandard.ZstdDecompressor().decompress(data))
    plain[position % len(plain)] = value
    packed = zstandard.ZstdCompressor(level=1).compress(bytes(plain))
    chunk = (
        b"\x06"
        + (28 + 4 + 4 + 8 + len(packed)).to_bytes(8, "little")
        + good[entry.offset + 9 : entry.offset + 9 + 24]
        + zlib.crc32(plain).to_bytes(4, "little")
        + good[head - 8 : head]
        + len(packed).to_bytes(8, "little")
        + packed
    )
    return good[: entry.offset] + chunk + good[entry.offset + entry.length : -20]
