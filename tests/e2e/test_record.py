"""Whole recordings by the real command: what it says, how it ends, and what it refuses."""

import os
import pty
import re
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

import msgspec
import pytest

from streamer.messages import Frame, SuperResolvedFrame
from streamer.recording import RecordingReader
from streamer.supervision.progress import JsonLines
from tests.e2e.command import COMMAND, corefusion, environment, report_of, started
from tests.support.paths import ROOT

PLAIN = ("record", "--model", "bilinear")
KEYS = {"t_s", "frames", "fps", "mode", "dropped", "file", "size_mb", "disk_left_gb"}


def test_without_a_terminal_it_speaks_json_and_ends_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "a.mcap"
    done = corefusion(*PLAIN, "--duration", "2.2", "--output", file)
    assert done.returncode == 0, done.stderr
    *lines, last = [msgspec.json.decode(line) for line in done.stdout.splitlines()]
    assert last == {"recording": str(file)}
    assert all(set(line) == KEYS for line in lines)
    told = lines[-1]
    assert told["mode"] == "guided"
    assert told["frames"] > 20
    assert told["fps"] == pytest.approx(30, abs=4)
    assert told["file"] == f"{file}.part"
    assert told["size_mb"] > 0.1
    assert told["disk_left_gb"] > 0
    times = [line["t_s"] for line in lines]
    assert times == sorted(times)


def test_on_a_terminal_it_is_one_line_and_segments_are_as_configured(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    said = bytearray()

    def listen() -> None:
        try:
            while data := os.read(ours, 4096):
                said.extend(data)
        except OSError:
            return  # the other end is closed

    thread = threading.Thread(target=listen)
    thread.start()
    with subprocess.Popen(
        [
            *(*COMMAND, *PLAIN, "--duration", "1.5", "--output", str(tmp_path / "s")),
            *("--set", "recording.segment_s=0.3", "--set", "recording.visible=png"),
        ],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**environment(), "COLUMNS": "200", "TERM": "xterm"},
        text=True,
    ) as run:
        os.close(theirs)
        out, _ = run.communicate(timeout=60)
    thread.join()
    os.close(ours)
    assert run.returncode == 0
    assert f"recording  {tmp_path / 's'}" in out
    assert len(list((tmp_path / "s").glob("s_*.mcap"))) >= 4
    assert RecordingReader(tmp_path / "s").info.codecs.visible == "png"
    assert re.search(
        r"\d s, \d+ results, [\d.]+ fps, visible [\d.]+, thermal [\d.]+, .*"
        r"[\d.]+ MB, [\d.]+ GB left, guided, 0 dropped",
        said.decode(),
    )


def test_a_nearly_full_disk_ends_the_run_and_loses_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.mcap"
    stop_mb = shutil.disk_usage(tmp_path).free / 1e6 - 500
    arguments = (*PLAIN, "--duration", "30", "--output", file, "--report", tmp_path / "r.json")
    with started(*arguments, "--set", f"recording.stop_mb={stop_mb}") as run:
        assert run.stdout is not None
        run.stdout.readline()
        with (tmp_path / "else").open("wb") as other:
            os.posix_fallocate(other.fileno(), 0, 10**9)
        _, err = run.communicate(timeout=30)
    assert run.returncode == 1
    last = err.splitlines()[-1]
    assert last.startswith("corefusion: the disk is nearly full")
    assert str(file) in last
    assert RecordingReader(file).complete
    assert report_of(tmp_path / "r.json")["duration_s"] < 10


def test_where_nothing_came_no_file_is_left(tmp_path: Path) -> None:
    done = corefusion(*PLAIN, "--thermal", "nowhere.mp4", "--output", tmp_path / "a.mcap")
    assert done.returncode == 1
    assert "nowhere.mp4 does not exist" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_without_room_nothing_starts(tmp_path: Path) -> None:
    done = corefusion(*PLAIN, "--output", tmp_path / "s", "--set", "recording.stop_mb=1000000000")
    assert done.returncode == 1
    assert "MB are free on its disk" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_the_unit_is_one() -> None:
    unit = ROOT / "docs" / "corefusion-record.service"
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False
    )
    assert "corefusion-record" not in done.stderr, done.stderr


@pytest.mark.parametrize(
    ("name", "made", "words"),
    [
        ("a.mcap", "a.mcap", "a.mcap exists already"),
        ("a.mcap", "a.mcap.part", "a.mcap.part exists already"),
        ("s", "s/s_0000.mcap", "s holds a recording already"),
        ("file", "file", "file is a file, not a folder"),
        ("nowhere/a.mcap", "x", "there is no folder"),
    ],
)
def test_a_name_that_cannot_be_is_told_before_anything_starts(
    tmp_path: Path, name: str, made: str, words: str
) -> None:
    (tmp_path / made).parent.mkdir(exist_ok=True)
    (tmp_path / made).write_bytes(b"mine")
    done = corefusion(*PLAIN, "--duration", "1", "--output", tmp_path / name)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert words in done.stderr
    assert done.stdout == ""
    assert (tmp_path / made).read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--streams", "heat"), "--streams heat: some of visible, thermal, truth, sr"),
        (("--trigger", "max > 60"), '"max_celsius > 60"'),
    ],
)
def test_an_order_typed_wrong_is_wrong_usage(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = corefusion(*PLAIN, *arguments, "--output", tmp_path / "a.mcap")
    assert done.returncode == 2
    assert words in done.stderr.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


def test_a_time_lapse_keeps_whole_sets_and_can_be_replayed(tmp_path: Path) -> None:
    file = tmp_path / "a.mcap"
    done = corefusion(*PLAIN, "--duration", "1.3", "--interval", "0.3s", "--output", file)
    assert done.returncode == 0, done.stderr
    reader = RecordingReader(file)
    assert reader.info.every_s == 0.3
    kept = [one.message for one in reader.read(("sr", "thermal", "visible", "truth"))]
    results = [one for one in kept if isinstance(one, SuperResolvedFrame)]
    frames = {(one.stream, one.sequence) for one in kept if isinstance(one, Frame)}
    wanted = {("thermal", one.thermal.sequence) for one in results if one.thermal}
    wanted |= {("truth", sequence) for _, sequence in wanted} & frames
    assert frames == wanted | {("visible", one.visible.sequence) for one in results if one.visible}
    assert len(results) == 5
    times = [one.published_ns / 1e9 for one in results]
    assert [at - times[0] for at in times] == pytest.approx([0, 0.3, 0.6, 0.9, 1.2], abs=0.07)
    assert [one.gaps for one in reader.tally().streams.values()] == [0] * len(reader.streams)
    arrived = [one.arrived_ns for one in reader.read()]
    assert arrived == sorted(arrived)
    again = corefusion("replay", file, "--headless", "--report", tmp_path / "r.json")
    assert again.returncode == 0, again.stderr
    assert report_of(tmp_path / "r.json")["modes"] == {"guided": 5}


def test_a_reader_that_has_gone_does_not_end_the_recording(tmp_path: Path) -> None:
    file = tmp_path / "a.mcap"
    with started(*PLAIN, "--output", file) as run:
        assert run.stdout is not None
        while msgspec.json.decode(run.stdout.readline())["frames"] == 0:
            assert run.poll() is None
        run.stdout.close()
        run.stdout = None
        time.sleep(1.3)
        assert run.poll() is None
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=30)
    assert (run.returncode, err) == (0, "")
    assert RecordingReader(file).complete


def test_a_reader_that_reads_nothing_is_not_waited_for() -> None:
    ours, theirs = os.pipe()
    lines = JsonLines(theirs)
    started_s = time.monotonic()
    for _ in range(200):
        lines.write({"words": "x" * 1000})
    assert time.monotonic() - started_s < 5
    os.close(ours)
    lines.write({})
    os.close(theirs)
