"""The name of the next recording: a number that needs no clock, or a place beside what was left."""

import os
from pathlib import Path

import pytest

from streamer.locks import hold
from streamer.recording import RecordingError
from streamer.recording.writing.output_name import OutputName
from tests.support.recordings import recorded


@pytest.fixture
def unfinished(tmp_path: Path) -> bytes:
    return recorded(tmp_path / "good.mcap", 3).read_bytes()[:-100]


def made(path: Path, content: bytes = b"") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("there", "typed", "free"),
    [
        ((), "run-%04d", "run-0001"),
        (("run-0001/x", "run-0007/x", "run-12345/x"), "run-%04d", "run-12346"),
        (("run-3.mcap", "run-4.mcap.part", "run-9", "run-8.txt"), "run-%d.mcap", "run-5.mcap"),
        (("a1b/x", "a2b-2/x", "xa7b/x"), "a%db", "a3b"),
        ((), "s", "s"),
        (("s/s_0000.mcap",), "s", "s"),  # taken, which is said elsewhere
    ],
)
def test_the_next_name(tmp_path: Path, there: tuple[str, ...], typed: str, free: str) -> None:
    for name in there:
        made(tmp_path / name)
    assert OutputName(tmp_path / typed).free() == tmp_path / free


@pytest.mark.parametrize("name", ["run-%04d-%d", "run-%99d", "run-%000d"])
def test_a_number_that_is_none_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(RecordingError, match=r"one number such as %04d wanted"):
        OutputName(tmp_path / name)


def test_what_was_cut_off_is_gone_on_beside(tmp_path: Path, unfinished: bytes) -> None:
    made(tmp_path / "a.mcap.part", unfinished)
    assert OutputName(tmp_path / "a.mcap").free() == tmp_path / "a-2.mcap"
    made(tmp_path / "a-2.mcap.part", unfinished)
    assert OutputName(tmp_path / "a.mcap").free() == tmp_path / "a-3.mcap"
    made(tmp_path / "s" / "s_0000.mcap")
    made(tmp_path / "s" / "s_0001.mcap.part", unfinished)
    assert OutputName(tmp_path / "s").free() == tmp_path / "s-2"


def test_what_has_been_recovered_was_not_cut_off(tmp_path: Path, unfinished: bytes) -> None:
    made(tmp_path / "a.mcap.part", unfinished)
    made(tmp_path / "a.mcap")
    assert OutputName(tmp_path / "a.mcap").free() == tmp_path / "a.mcap"
    assert OutputName(tmp_path / "a.mcap").unfinished() == []


def test_where_another_run_writes_nothing_begins(tmp_path: Path, unfinished: bytes) -> None:
    part = made(tmp_path / "a.mcap.part", unfinished)
    with part.open("rb") as file:
        hold(file.fileno())
        with pytest.raises(RecordingError, match=r"a\.mcap\.part is being written by another run"):
            OutputName(tmp_path / "a.mcap").free()


@pytest.mark.parametrize("content", [b"", b"mine"])
def test_what_is_none_of_ours_keeps_its_name(tmp_path: Path, content: bytes) -> None:
    made(tmp_path / "a.mcap.part", content)
    with pytest.raises(RecordingError, match=r"a\.mcap\.part exists already"):
        OutputName(tmp_path / "a.mcap").free()
    os.mkfifo(tmp_path / "b.mcap.part")
    with pytest.raises(RecordingError, match=r"b\.mcap\.part exists already"):
        OutputName(tmp_path / "b.mcap").free()


def test_all_that_is_unfinished_of_a_name_is_found_in_order(
    tmp_path: Path, unfinished: bytes
) -> None:
    wanted = [
        made(tmp_path / name, unfinished)
        for name in (
            "r-0002/r-0002_0003.mcap.part",
            "r-0002-2/r-0002-2_0000.mcap.part",
            "r-0010/r-0010_0000.mcap.part",
        )
    ]
    for name in ("other/other_0000.mcap.part", "r-0002/x_0000.mcap.part", "r-1.mcap.part"):
        made(tmp_path / name, unfinished)
    assert OutputName(tmp_path / "r-%04d").unfinished() == wanted
