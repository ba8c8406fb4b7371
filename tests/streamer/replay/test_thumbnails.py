"""Small pictures of a recording: of which stream, how large, and beside the playing."""

import time
from pathlib import Path

import numpy as np
import pytest

from streamer.messages import Frame, PixelFormat
from streamer.recording import RecordingReader, RecordingWriter, TimestampedMessage
from streamer.replay.thumbnails import ThumbnailReader, thumbnail
from tests.support.recordings import INFO, PERIOD, START, S, messages, record, recorded


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded(tmp_path_factory.mktemp("thumbnails") / "a.mcap", 60)


def test_the_result_of_the_moment(recording: Path) -> None:
    small = thumbnail(RecordingReader(recording), START + 20 * PERIOD)
    assert small is not None
    assert small.stream == "thumbnail"
    assert small.timestamp_ns == START + 20 * PERIOD
    assert small.sequence == 19  # that of 20 was not there yet
    assert (small.pixel_format, small.pixels.shape) == (PixelFormat.MONO16, (24, 32))
    assert small.radiometry is not None
    assert not small.metadata["relative"]


def test_without_results_the_thermal_else_the_visible(tmp_path: Path) -> None:
    for stream in ("thermal", "visible"):
        given = [one for one in messages(9) if getattr(one.message, "stream", "") == stream]
        record(RecordingWriter(tmp_path / f"{stream}.mcap", INFO), iter(given))
        small = thumbnail(RecordingReader(tmp_path / f"{stream}.mcap"), START + 5 * PERIOD)
        assert small is not None
        assert (small.pixels.ndim == 3) == (stream == "visible")


def test_it_is_small_and_keeps_its_proportions(tmp_path: Path) -> None:
    large = Frame(
        stream="thermal",
        sequence=0,
        timestamp_ns=START,
        pixel_format=PixelFormat.MONO16,
        pixels=np.full((512, 640), 30000, np.uint16),
    )
    record(RecordingWriter(tmp_path / "a.mcap", INFO), iter([TimestampedMessage(large, START)]))
    small = thumbnail(RecordingReader(tmp_path / "a.mcap"), START)
    assert small is not None
    assert small.pixels.shape == (120, 150)


def test_where_there_is_nothing_there_is_none(recording: Path) -> None:
    assert thumbnail(RecordingReader(recording), START + 30 * S) is None


def test_of_many_wishes_the_last_is_fulfilled(recording: Path) -> None:
    reader = ThumbnailReader(recording)
    assert reader.take() is None
    moments = [START + n * PERIOD for n in range(10, 40)]
    for moment in moments:
        reader.ask(moment)
    taken: list[int] = []
    deadline = time.monotonic() + 20
    while moments[-1] not in taken:
        assert time.monotonic() < deadline
        small = reader.take()
        if small is not None:
            taken.append(small.timestamp_ns)
    assert taken == sorted(taken)


def test_a_file_that_has_gone_is_no_disaster(tmp_path: Path) -> None:
    reader = ThumbnailReader(tmp_path / "nowhere.mcap")
    reader.ask(START)
    assert reader._thread is not None
    reader._thread.join(20)
    assert reader.take() is None
    reader.ask(START)
