"""Recordings after other programs: other compression, chunks or indexes, parts left out."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcap.reader import make_reader
from mcap.writer import CompressionType, IndexType, Writer

from streamer.recording import RecordingError, RecordingReader, recover
from streamer.recording.summary import summarise
from tests.support.recordings import recorded

PICTURES = {"visible": 6, "thermal": 6, "truth": 6, "sr": 6}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded(tmp_path_factory.mktemp("original") / "a.mcap", 6)


def rewritten(
    sources: list[Path],
    output: Path,
    keep=lambda topic, index: True,
    swap: bool = False,
    **options,
) -> Path:
    """As `mcap filter`, `merge`, `compress` and the like write it."""
    with output.open("wb") as file:
        writer = Writer(file, **options)
        writer.start()
        found = []
        for source in sources:
            with source.open("rb") as stream:
                reader = make_reader(stream)
                maps = list(reader.iter_metadata())
                found += list(reader.iter_messages(log_time_order=True))
        for each in maps:
            writer.add_metadata(each.name, each.metadata)
        channels: dict[str, int] = {}
        seen: dict[str, int] = {}
        if swap:  # of equal times the image first
            found.sort(key=lambda one: one[1].topic, reverse=True)
        for schema, channel, message in sorted(found, key=lambda one: one[2].log_time):
            index = seen[channel.topic] = seen.get(channel.topic, -1) + 1
            if not keep(channel.topic, index):
                continue
            if channel.topic not in channels:
                kind = writer.register_schema(schema.name, schema.encoding, schema.data)
                channels[channel.topic] = writer.register_channel(
                    channel.topic, channel.message_encoding, kind
                )
            writer.add_message(
                channels[channel.topic],
                message.log_time,
                message.data,
                message.publish_time,
                message.sequence,
            )
        writer.finish()
    return output


def pixels_of(path: Path, lenient: bool = False) -> dict[str, list[np.ndarray]]:
    found: dict[str, list[np.ndarray]] = {}
    for message, _ in RecordingReader(path, lenient=lenient).read(tuple(PICTURES)):
        found.setdefault(getattr(message, "stream", "sr"), []).append(message.pixels)
    return found


def same(one: dict[str, list[np.ndarray]], other: dict[str, list[np.ndarray]]) -> bool:
    return one.keys() == other.keys() and all(
        len(one[stream]) == len(other[stream])
        and all(map(np.array_equal, one[stream], other[stream]))
        for stream in one
    )


@settings(max_examples=30)
@given(
    compression=st.sampled_from(list(CompressionType)),
    use_chunking=st.booleans(),
    chunk_size=st.sampled_from((1, 500, 4000, 2**20)),
    index_types=st.sampled_from(
        (IndexType.ALL, IndexType.NONE, IndexType.CHUNK, IndexType.METADATA)
    ),
    repeat_channels=st.booleans(),
    use_statistics=st.booleans(),
    enable_crcs=st.booleans(),
    swap=st.booleans(),
    cut=st.booleans(),
)
def test_a_recording_reads_alike_however_it_was_written_anew(
    original, tmp_path_factory, swap, cut, **options
):
    folder = tmp_path_factory.mktemp("anew")
    path = rewritten([original], folder / "a.mcap", swap=swap, **options)
    if cut:  # without its end: from the last record of data on
        data = path.read_bytes()
        end = data.rfind(b"\x0f\x04\0\0\0\0\0\0\0")
        path.write_bytes(data[:end])
    assert same(pixels_of(path), pixels_of(original))
    summary, _ = summarise(path)
    assert {name: stream.messages for name, stream in summary.streams.items()} == PICTURES
    done = recover(path, folder / "good.mcap")
    assert same(pixels_of(done.path), pixels_of(original))
    assert done.messages == 24 + 3  # and what is no picture


def test_what_was_left_out_is_not_listed(original, tmp_path):
    path = rewritten([original], tmp_path / "a.mcap", lambda topic, _: topic.startswith("/thermal"))
    summary, reader = summarise(path)
    assert (list(summary.streams), reader.streams) == (["thermal"], ("thermal",))
    path = rewritten([original], tmp_path / "b.mcap", lambda topic, i: i < 4 or "visible" in topic)
    summary, _ = summarise(path)
    assert {name: one.messages for name, one in summary.streams.items()} == {
        **dict.fromkeys(PICTURES, 4),
        "visible": 6,
    }
    headless = rewritten([original], tmp_path / "c.mcap", lambda topic, _: topic.endswith("image"))
    summary, reader = summarise(headless)
    assert (summary.streams, reader.streams) == ({}, ())
    with pytest.raises(RecordingError, match="nothing in it can be recovered"):
        recover(headless, tmp_path / "d.mcap")


def test_parts_merged_again_are_whole(original, tmp_path):
    halves = [
        rewritten([original], tmp_path / f"{half}.mcap", lambda _, i, half=half: (i < 3) == half)
        for half in (True, False)
    ]
    merged = rewritten(halves, tmp_path / "merged.mcap")
    assert same(pixels_of(merged), pixels_of(original))
    summary, _ = summarise(merged)
    assert {name: one.messages for name, one in summary.streams.items()} == PICTURES
    assert {name: one.gaps for name, one in summary.streams.items()} == dict.fromkeys(PICTURES, 0)


def test_recovering_nothing_leaves_no_file(original, tmp_path):
    lines = rewritten(
        [original], tmp_path / "a.mcap", lambda topic, _: topic in ("/log", "/session")
    )
    with pytest.raises(RecordingError, match="nothing in it can be recovered"):
        recover(lines, tmp_path / "good.mcap")
    damaged = tmp_path / "b.mcap"
    damaged.write_bytes(_with_bad_chunks(original.read_bytes()))
    with pytest.raises(RecordingError, match=r"checksum|decompress"):
        recover(damaged, tmp_path / "good.mcap")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mcap", "b.mcap"]


def _with_bad_chunks(data: bytes) -> bytes:
    spoiled = bytearray(data)
    at = data.find(b"\x04\0\0\0zstd")
    while at >= 0:
        spoiled[at + 8 + 8 + 20] ^= 0xFF
        at = data.find(b"\x04\0\0\0zstd", at + 1)
    return bytes(spoiled)
