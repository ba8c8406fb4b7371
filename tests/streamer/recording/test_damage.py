"""Recordings as they can be: killed, cut off, damaged, foreign, of the future."""

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcap.reader import make_reader
from mcap.writer import Writer as ForeignWriter

from streamer.config.recording import Codec, Codecs
from streamer.convert.export import ExportSettings, Target, export
from streamer.convert.foreign_images import read_message
from streamer.pictures.errors import PictureError
from streamer.recording import (
    RecordingError,
    RecordingReader,
    RecordingWriter,
    recover,
)
from streamer.recording.container.magic import MAGIC
from streamer.recording.container.reader import McapFile
from streamer.recording.images import from_image, to_image
from streamer.recording.schema import EncodedMessage, Payload, decode_message, info_from_map
from tests.support.mutations import MUTATION, check_mutated, mutated, with_a_lie
from tests.support.recordings import INFO, MS, PERIOD, START, S, messages, record, recorded, thermal

ALL = len(list(messages(30)))


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return recorded(tmp_path_factory.mktemp("good") / "a.mcap").read_bytes()


def killed(target: Path, after_s: float) -> tuple[int, int]:
    """Runs a real writer and kills it when it has written for so long.

    Returns the last index that it told, and the moment of the kill.
    """
    command = [sys.executable, "-m", "tests.support.recording_process", str(target)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline().split()]
        while int(told[-1][1]) - int(told[0][1]) < after_s * S:
            told.append(process.stdout.readline().split())
        process.kill()
        at = time.monotonic_ns()
        told += [line.split() for line in process.stdout.read().split("\n")[:-1]]
    return int(told[-1][0]), at


@pytest.mark.realtime
@pytest.mark.parametrize("seed", range(2))
def test_a_killed_recorder_loses_less_than_half_a_second(tmp_path: Path, seed: int) -> None:
    last, at = killed(tmp_path / "a.mcap", random.Random(seed).uniform(0.6, 1.4))
    part = tmp_path / "a.mcap.part"
    before = part.read_bytes()
    reader = RecordingReader(part)
    assert not reader.complete
    got = [one.message.sequence for one in reader.read(("visible",))]
    assert got == list(range(len(got)))
    assert last - len(got) < 50
    assert reader.end_ns is not None
    assert at - reader.end_ns < 500 * MS
    done = recover(part)
    assert done.path == tmp_path / "a.mcap"
    assert RecordingReader(done.path).complete
    assert done.messages in (2 * len(got), 2 * len(got) - 1)
    assert part.read_bytes() == before
    with done.path.open("rb") as file:
        public = make_reader(file, validate_crcs=True)
        assert len(list(public.iter_messages(topics=["/visible/image"]))) == len(got)


@pytest.mark.realtime
def test_killed_between_segments(tmp_path: Path) -> None:
    last, _ = killed(tmp_path / "s", 1.3)
    reader = RecordingReader(tmp_path / "s")
    assert reader.segments >= 3
    got = [one.message.sequence for one in reader.read(("visible",))]
    assert got == list(range(len(got)))
    assert last - len(got) < 50
    done = recover(tmp_path / "s", tmp_path / "whole.mcap")
    assert [one.message.sequence for one in RecordingReader(done.path).read(("visible",))] == got


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"RIFF\x00\x00\x00\x00AVI ", "no MCAP file: it starts with b'RIFF"),
        (MAGIC, "lacks the description"),
        (MAGIC + bytes(500), "lacks the description"),
    ],
)
def test_no_recording_is_one_error(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "a.mcap"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=words):
        RecordingReader(path)
    with pytest.raises(RecordingError):
        recover(path)
    assert [one.name for one in tmp_path.iterdir()] == ["a.mcap"]


def test_names_that_are_not_there_or_empty(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="does not exist"):
        RecordingReader(tmp_path / "a.mcap")
    with pytest.raises(RecordingError, match="holds no recording"):
        RecordingReader(tmp_path)


def test_another_programs_file(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    with path.open("wb") as file:
        writer = ForeignWriter(file)
        writer.start()
        writer.finish()
    with pytest.raises(RecordingError, match="made by another program"):
        RecordingReader(path)


def test_a_later_format_says_to_update(tmp_path: Path) -> None:
    later = type(INFO)(**{f: getattr(INFO, f) for f in INFO.__struct_fields__} | {"format": 2})
    path = recorded(tmp_path / "a.mcap", 2, later)
    with pytest.raises(RecordingError, match="its format is 2, this version reads formats up to 1"):
        RecordingReader(path)


def test_an_empty_recording_is_one(tmp_path: Path) -> None:
    path = recorded(tmp_path / "a.mcap", 0)
    reader = RecordingReader(path)
    assert list(reader.read()) == []
    assert reader.start_ns is None
    assert reader.tally().start_ns() is None
    assert reader.newest(0) == []


def test_missing_streams_are_just_missing(tmp_path: Path) -> None:
    given = [one for one in messages(20) if getattr(one.message, "stream", "") == "thermal"]
    record(RecordingWriter(tmp_path / "a.mcap", INFO), given)
    reader = RecordingReader(tmp_path / "a.mcap")
    assert reader.streams == ("thermal",)
    assert len(list(reader.read())) == 20
    assert list(reader.read(("sr",))) == []


def test_times_that_go_back_are_read_in_order(tmp_path: Path) -> None:
    given = list(messages(30))
    random.Random(1).shuffle(given)
    record(RecordingWriter(tmp_path / "a.mcap", INFO), given)
    times = [one.arrived_ns for one in RecordingReader(tmp_path / "a.mcap").read()]
    assert len(times) == ALL
    assert times == sorted(times)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_file_cut_off_gives_what_is_left(tmp_path: Path, good: bytes, share: float) -> None:
    path = tmp_path / "a.mcap"
    path.write_bytes(good[: int(len(good) * share)])
    reader = RecordingReader(path)
    assert not reader.complete
    got = list(reader.read())
    assert ALL * share - 45 < len(got) <= ALL
    if not got:  # nothing out is no success
        with pytest.raises(RecordingError, match="nothing in it can be recovered"):
            recover(path)
        assert list(tmp_path.iterdir()) == [path]
        return
    done = recover(path)
    assert done.path.name == "a.recovered.mcap"
    assert len(list(RecordingReader(done.path).read())) == len(got)


def test_a_damaged_chunk_is_left_out_and_said(tmp_path: Path, good: bytes) -> None:
    path = tmp_path / "a.mcap"
    path.write_bytes(good)
    chunks = McapFile(path).chunks
    damaged = bytearray(good)
    damaged[chunks[1].offset + chunks[1].length // 2] ^= 0x10
    path.write_bytes(damaged)
    reader = RecordingReader(path)
    assert reader.complete
    assert reader.damage == []
    got = list(reader.read())
    assert 0 < len(got) < ALL
    assert len(reader.damage) == 1
    assert "chunk at byte" in reader.damage[0]
    assert len(list(reader.read())) == len(got)
    assert len(reader.damage) == 1
    done = recover(path)
    assert len(done.damage) == 1
    whole = RecordingReader(done.path)
    assert len(list(whole.read())) == len(got)
    assert whole.damage == []
    assert path.read_bytes() == bytes(damaged)


def test_a_wrong_length_costs_one_chunk_and_not_the_rest(tmp_path: Path, good: bytes) -> None:
    path = tmp_path / "a.mcap"
    path.write_bytes(good)
    chunks = McapFile(path).chunks
    damaged = bytearray(good[:-20])  # and no index
    damaged[chunks[1].offset + 1 : chunks[1].offset + 9] = (10**6).to_bytes(8, "little")
    path.write_bytes(damaged)
    reader = RecordingReader(path)
    assert len(McapFile(path).chunks) == len(chunks) - 1
    assert "bytes from byte" in reader.damage[0]
    assert list(reader.read(("sr",), START + 25 * PERIOD))


def test_a_missing_description_is_an_error_that_recover_mends(tmp_path: Path, good: bytes) -> None:
    path = tmp_path / "a.mcap"
    name = (10).to_bytes(4, "little")
    path.write_bytes(good.replace(name + b"corefusion", name + b"corrupted?")[:-20])
    with pytest.raises(RecordingError, match="lacks the description"):
        RecordingReader(path)
    done = recover(path)
    reader = RecordingReader(done.path)
    assert reader.info.note == "recovered without its description"
    assert len(list(reader.read())) == ALL


def bomb(good: bytes, tmp_path: Path) -> bytes:
    """A file whose first chunk claims to be far larger than it is, with a good checksum."""
    path = tmp_path / "bomb.mcap"
    path.write_bytes(good)
    offset = McapFile(path).chunks[0].offset
    damaged = bytearray(good[:-20])
    damaged[offset + 9 + 16 : offset + 9 + 24] = (2**40).to_bytes(8, "little")
    return bytes(damaged)


def test_a_chunk_that_claims_a_terabyte_is_refused(tmp_path: Path, good: bytes) -> None:
    path = tmp_path / "a.mcap"
    path.write_bytes(bomb(good, tmp_path))
    reader = RecordingReader(path)
    assert any("impossible size" in words for words in reader.damage)
    assert list(reader.read())


def test_a_picture_that_claims_more_than_is_there_is_refused_before_room_is_made() -> None:
    picture = thermal(0)
    codecs = Codecs(counts=Codec.PNG)
    schema, data = to_image(picture.pixels, picture.pixel_format, "thermal", 0, codecs)
    layout = ["uint16", *picture.pixels.shape]
    assert np.array_equal(from_image(schema, data, layout), picture.pixels)
    claimed = data.index(b"IDAT") - 4
    lie = data[:claimed] + (2**30).to_bytes(4) + data[claimed + 4 :]
    with pytest.raises(ValueError, match=f"a chunk of {2**30} bytes in a picture of"):
        from_image(schema, lie, layout)


@pytest.fixture(scope="module")
def good_file(tmp_path_factory: pytest.TempPathFactory) -> Path:  # a failure prints arguments
    return recorded(tmp_path_factory.mktemp("good") / "a.mcap")


@settings(max_examples=60)
@given(steps=MUTATION)
def test_mutated_files_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, good_file: Path, steps: list[tuple[str, float, int]]
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "a.mcap"
    path.write_bytes(mutated(good_file.read_bytes(), steps))
    check_mutated(path)
    shutil.rmtree(path.parent)


@settings(max_examples=60)
@given(position=st.integers(0, 2**31), value=st.integers(0, 255))
def test_content_that_lies_with_a_good_checksum(
    tmp_path_factory: pytest.TempPathFactory, good_file: Path, position: int, value: int
) -> None:
    folder = tmp_path_factory.mktemp("lie")
    path = folder / "a.mcap"
    path.write_bytes(with_a_lie(good_file, position, value))
    check_mutated(path)
    shutil.rmtree(folder)


@pytest.mark.parametrize("rate_hz", [0.0, -3.0, 1e300, 1e-300])
def test_a_camera_of_no_rate_is_taken_for_a_usual_one_and_said(
    tmp_path: Path, rate_hz: float
) -> None:
    camera = msgspec.structs.replace(INFO.cameras["thermal"], rate_hz=rate_hz)
    info = msgspec.structs.replace(INFO, cameras={"thermal": camera})
    reader = RecordingReader(recorded(tmp_path / "a.mcap", 3, info))
    assert reader.info.cameras["thermal"].rate_hz == 30
    assert any("30 Hz are taken" in words for words in reader.damage)


def test_a_recording_without_a_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="the name of a file wanted"):
        RecordingWriter(Path(), INFO)
    good = recorded(tmp_path / "a.mcap", 3)
    with pytest.raises(RecordingError, match="the name of a file or folder wanted"):
        export(good, ExportSettings(target=Target.csv, output=Path()))


DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000


@pytest.mark.parametrize("stream", ["log", "session", "thermal"])
def test_what_is_nested_without_end_is_refused(stream: str) -> None:
    stored = EncodedMessage(stream, 0, START, START, (Payload(stream, "x", DEEP),))
    with pytest.raises(RecordingError, match="recursion"):
        decode_message(stored)


def test_a_description_that_is_nested_without_end_is_refused() -> None:
    with pytest.raises(RecordingError, match="its description: "):
        info_from_map({"config": DEEP.decode()})
    with pytest.raises(PictureError, match="a damaged message"):
        read_message("foxglove.RawImage", "json", DEEP)
