"""What a killed recorder left gets its end, in its place; nothing else is touched."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcap.reader import make_reader

from streamer.locks import hold
from streamer.recording import RecordingError, RecordingReader, recover
from streamer.recording.container.reader import McapFile
from streamer.recording.recovery import RecoveryStoppedError
from streamer.recording.statistics import TALLY_NAME
from streamer.recording.writing.completion import (
    DamagedRecordingError,
    RecordingInUseError,
    complete,
)
from tests.support.paths import ROOT
from tests.support.recordings import as_plain, recorded


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return recorded(tmp_path_factory.mktemp("good") / "a.mcap").read_bytes()


@pytest.fixture
def part(tmp_path: Path) -> Callable[[bytes], Path]:
    def made(content: bytes) -> Path:
        path = tmp_path / "a.mcap.part"
        path.write_bytes(content)
        return path

    return made


def held_in(path: Path) -> list[object]:
    return [(one.arrived_ns, as_plain(one.message)) for one in RecordingReader(path).read()]


def test_cut_off_before_its_end_it_becomes_what_it_would_have_been(
    part: Callable[[bytes], Path], good: bytes
) -> None:
    end = good.index(TALLY_NAME.encode()) - 4 - 9  # of the name's length, opcode and length
    left = part(good[:end])
    done = complete(left)
    assert done.path.read_bytes() == good
    assert done.messages == McapFile(done.path).messages > 0
    assert not left.exists()


@settings(max_examples=30)
@given(share=st.floats(0.02, 1))
def test_cut_off_anywhere_it_keeps_all_that_is_whole(
    tmp_path_factory: pytest.TempPathFactory, good: bytes, share: float
) -> None:
    left = tmp_path_factory.mktemp("cut") / "a.mcap.part"
    left.write_bytes(good[: int(share * len(good))])
    try:
        before = held_in(left)
    except RecordingError:  # not even its description is there
        with pytest.raises(RecordingError):
            complete(left)
        assert left.read_bytes() == good[: int(share * len(good))]
        return
    done = complete(left)
    reader = RecordingReader(done.path)
    assert reader.complete
    assert reader.damage == []
    assert held_in(done.path) == before
    assert reader.tally() == reader.tally(verify=True)
    with done.path.open("rb") as file:  # and other tools find every message by its index
        summary = make_reader(file, validate_crcs=True).get_summary()
        assert summary is not None
        assert summary.statistics is not None
        found = sum(1 for _ in make_reader(file, validate_crcs=True).iter_messages())
        assert found == summary.statistics.message_count == done.messages


@pytest.mark.parametrize("name", ["a.mcap", "s"])
def test_a_killed_recorder_is_completed(tmp_path: Path, name: str) -> None:
    command = [sys.executable, "-m", "tests.support.recording_process", tmp_path / name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        for _ in range(60):
            process.stdout.readline()
        left = next((tmp_path / name if name == "s" else tmp_path).glob("*.part"))
        with pytest.raises(RecordingInUseError):
            complete(left)
        process.send_signal(signal.SIGKILL)
        process.wait(20)
    left = next((tmp_path / name if name == "s" else tmp_path).glob("*.part"))
    before = held_in(left)
    done = complete(left)
    assert held_in(done.path) == before
    assert RecordingReader(tmp_path / name).complete


def test_what_a_living_process_writes_is_not_touched(
    part: Callable[[bytes], Path], good: bytes
) -> None:
    left = part(good[:-100])
    descriptor = os.open(left, os.O_RDWR)
    hold(descriptor)
    with pytest.raises(RecordingInUseError, match=r"a\.mcap\.part is still being written"):
        complete(left)
    os.close(descriptor)
    assert left.read_bytes() == good[:-100]
    assert complete(left).path.exists()


def test_recover_waits_for_the_writer_unless_a_copy_is_wanted(
    tmp_path: Path, part: Callable[[bytes], Path], good: bytes
) -> None:
    left = part(good[:-100])
    with left.open("rb") as file:
        hold(file.fileno())
        with pytest.raises(RecordingError, match="is still being written"):
            recover(left)
        assert recover(left, tmp_path / "copy.mcap").messages > 0


def test_damage_before_the_end_is_left_to_recover(
    part: Callable[[bytes], Path], good: bytes
) -> None:
    chunk = McapFile(part(good)).chunks[1]
    for at in (chunk.offset, chunk.offset + 60):  # of its head, of its content
        broken = good[:at] + bytes([good[at] ^ 0xFF]) + good[at + 1 : -100]
        left = part(broken)
        with pytest.raises(DamagedRecordingError, match="corefusion recover makes a good copy"):
            complete(left)
        assert left.read_bytes() == broken


def test_told_to_stop_it_leaves_the_file_as_it_was(
    part: Callable[[bytes], Path], good: bytes
) -> None:
    chunks = len(McapFile(part(good)).chunks)
    for turns in (1, chunks, 2 * chunks):
        left = part(good[:-100])
        asked = []

        def go_on(asked: list[int] = asked, turns: int = turns) -> bool:
            asked.append(1)
            return len(asked) < turns

        with pytest.raises(RecoveryStoppedError):
            complete(left, go_on=go_on)
        assert left.read_bytes() == good[:-100]


def test_a_file_that_only_lacked_its_name_gets_it(
    part: Callable[[bytes], Path], good: bytes
) -> None:
    left = part(good)
    done = complete(left)
    assert (done.path.name, done.path.read_bytes()) == ("a.mcap", good)


@pytest.mark.parametrize("content", [b"", b"mine", b"\x89MCAP0\r\n"])
def test_what_is_none_of_ours_stays(part: Callable[[bytes], Path], content: bytes) -> None:
    left = part(content)
    with pytest.raises(RecordingError):
        complete(left)
    assert left.read_bytes() == content


def test_a_name_that_is_taken_stays_with_who_has_it(
    tmp_path: Path, part: Callable[[bytes], Path], good: bytes
) -> None:
    left = part(good[:-100])
    (tmp_path / "a.mcap").write_bytes(b"mine")
    with pytest.raises(RecordingError, match="stays under this name"):
        complete(left)
    assert (tmp_path / "a.mcap").read_bytes() == b"mine"
    assert held_in(left)


def test_a_link_is_not_followed(tmp_path: Path, good: bytes) -> None:
    (tmp_path / "elsewhere").write_bytes(good[:-100])
    (tmp_path / "a.mcap.part").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RecordingError):
        complete(tmp_path / "a.mcap.part")
    assert (tmp_path / "elsewhere").read_bytes() == good[:-100]


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="does not exist"):
        complete(tmp_path / "a.mcap.part")


def test_a_recording_of_which_nothing_is_left_is_an_empty_one(
    tmp_path: Path, part: Callable[[bytes], Path]
) -> None:
    good = recorded(tmp_path / "b.mcap", 1).read_bytes()
    left = part(good[: McapFile(tmp_path / "b.mcap").chunks[0].offset + 20])
    done = complete(left)
    assert done.messages == 0
    assert held_in(done.path) == []
