"""Whole recordings by the real command: what it says, how it ends, and what it refuses."""

import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import msgspec
import psutil
import pytest

from streamer.clock import NS_PER_S
from streamer.messages import Frame, SuperResolvedFrame, TimelineEvent
from streamer.recording import RecordingReader, SegmentWriter
from streamer.supervision.progress import JsonLines
from streamer.transport import Endpoint, Subscriber
from tests.e2e.command import (
    COMMAND,
    PATIENT,
    SMALL,
    children_of,
    environment,
    following,
    headless_replay,
    report_of,
    started,
    wait_for_result,
    wait_gone,
)
from tests.e2e.conftest import RecordedRun, Refused
from tests.support.fake_session import DEADLINE_S
from tests.support.paths import ROOT
from tests.support.recordings import INFO, messages, record

pytestmark = pytest.mark.e2e

PLAIN = ("record", "--model", "bilinear", *SMALL)
KEYS = {"t_s", "frames", "fps", "mode", "dropped", "file", "size_mb", "disk_left_gb"}


def test_without_a_terminal_it_speaks_json_and_ends_with_the_file(
    recorded_run: RecordedRun,
) -> None:
    file, _, done = recorded_run
    assert done.returncode == 0, done.stderr
    *lines, last = [msgspec.json.decode(line) for line in done.stdout.splitlines()]
    assert last == {"recording": str(file)}
    assert all(set(line) == KEYS for line in lines)
    told = lines[-1]
    assert "guided" in {line["mode"] for line in lines}
    assert 0 < told["frames"] <= RecordingReader(file).tally().streams["sr"].messages
    rates = [line["fps"] for line in lines if line["fps"]]  # none of a second without a result
    assert rates
    assert all(0 < fps <= told["frames"] for fps in rates)  # a busy host gives many at once
    assert told["file"] == f"{file}.part"
    assert told["size_mb"] > 0.1
    assert told["disk_left_gb"] > 0
    for key in ("t_s", "frames", "dropped"):
        counted = [line[key] for line in lines]
        assert counted == sorted(counted)


def test_one_log_has_the_lines_of_all_processes(recorded_run: RecordedRun) -> None:
    (log,) = (recorded_run.file.parent / "log").iterdir()
    lines = log.read_text().splitlines()
    assert log.name == "run-00001.log"
    assert re.search(r"Z corefusion INFO corefusion-live .* begins: sim, sim, bilinear", lines[0])
    assert re.search(r"Z corefusion INFO ends after \d+ results", lines[-1])
    assert any("Z inference INFO mode guided -> thermal_only" in line for line in lines)
    words = "Z corefusion WARNING capture.visible ended with SIGKILL; starting it again"
    assert any(words in line for line in lines)
    assert not any(socket.gethostname() in line for line in lines if len(socket.gethostname()) > 4)


def test_on_a_terminal_it_is_one_line_and_a_numbered_folder_of_segments_keeps_to_its_size(
    tmp_path: Path,
) -> None:
    oldest, folder = tmp_path / "run-0001" / "run-0001_0000.mcap", tmp_path / "run-0002"
    record(SegmentWriter(oldest.parent, INFO, segment_s=0.3), messages(30))
    assert oldest.exists()
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
            *(*COMMAND, *PLAIN, "--output", str(tmp_path / "run-%04d")),
            *("--set", "recording.segment_s=0.3", "--set", "recording.visible=png"),
            *("--set", "recording.keep_mb=0.02"),
        ],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**environment(), "COLUMNS": "200", "TERM": "xterm"},
        text=True,
    ) as run:
        os.close(theirs)
        line = re.compile(
            r"\d s, \d+ results, [\d.]+ fps, visible [\d.]+, thermal [\d.]+, .*"
            r"[\d.]+ MB, [\d.]+ GB left, guided, \d+ dropped"
        )
        deadline = time.monotonic() + 2 * DEADLINE_S
        while (
            not line.search(said.decode(errors="replace"))
            or not list(folder.glob("run-0002_0001.mcap*"))
            or oldest.exists()
        ):
            assert run.poll() is None
            assert time.monotonic() < deadline, said.decode(errors="replace")
            time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        out, _ = run.communicate(timeout=2 * DEADLINE_S)
    thread.join()
    os.close(ours)
    assert run.returncode == 0
    assert f"recording  {folder}" in out
    reader = RecordingReader(folder)
    assert reader.complete
    assert reader.info.codecs.visible == "png"
    told = [one.message for one in reader.read(("log",))]
    words = "run-0001_0000.mcap removed: 0 MB together, 0.02 kept (recording.keep_mb)"
    assert words in [one.text for one in told if isinstance(one, TimelineEvent)]


TOLD_DISK = """
import pathlib, shutil
real = shutil.disk_usage
shutil.disk_usage = lambda path: real(path)._replace(free=int(pathlib.Path({file!r}).read_text()))
"""


def test_a_nearly_full_disk_ends_the_run_and_loses_nothing(tmp_path: Path) -> None:
    """The recorder is told by a file what is free, not by a disk that others write on as well."""
    file, free, site = tmp_path / "a.mcap", tmp_path / "free", tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(TOLD_DISK.format(file=str(free)))
    free.write_text("10000000000")
    arguments = (*PLAIN, "--duration", "60", "--output", file, "--report", tmp_path / "r.json")
    with started(*arguments, PYTHONPATH=f"{site}:{ROOT}") as run:
        assert run.stdout is not None
        while msgspec.json.decode(run.stdout.readline())["frames"] == 0:
            assert run.poll() is None
        spare = tmp_path / "spare"
        spare.write_text("100000000")
        spare.replace(free)
        _, err = run.communicate(timeout=60)
    assert run.returncode == 1
    last = err.splitlines()[-1]
    assert last.startswith("corefusion: the disk is nearly full")
    assert str(file) in last
    assert RecordingReader(file).complete
    assert report_of(tmp_path / "r.json")["duration_s"] < 50  # it did not go on to its bound


def test_the_next_run_completes_what_was_cut_off(tmp_path: Path) -> None:
    name, beside = "s", tmp_path / "s-2"
    with started(*PLAIN, "--output", tmp_path / name) as run:
        children = children_of(run.pid, "recorder")
        wait_for_result(run.pid)
        assert run.stdout is not None
        while (msgspec.json.decode(run.stdout.readline())["size_mb"] or 0) < 0.1:
            assert run.poll() is None
        for process in (psutil.Process(run.pid), children["recorder"]):  # as a power cut does
            process.suspend()
        for process in (psutil.Process(run.pid), children["recorder"]):
            process.kill()
    wait_gone([children["recorder"]], 30)
    left = next(tmp_path.rglob("*.part"))
    pictures = len(list(RecordingReader(left).read(("sr", "thermal", "visible"))))
    assert pictures > 0
    with started(*PLAIN, "--output", tmp_path / name) as run:
        wait_for_result(run.pid)
        deadline = time.monotonic() + 2 * DEADLINE_S
        while left.exists():
            assert run.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        said, errors = run.communicate(timeout=2 * DEADLINE_S)
    assert run.returncode == 0, errors
    assert f"{name} was cut off; this run goes to {beside}" in errors
    assert f"{left.stem}: completed, as a run that was cut off left it" in errors
    assert msgspec.json.decode(said.splitlines()[-1]) == {"recording": str(beside)}
    for path in (tmp_path / name, beside):
        assert RecordingReader(path).complete
    reader = RecordingReader(tmp_path / name)
    assert len(list(reader.read(("sr", "thermal", "visible")))) == pictures
    told = [one.message for one in RecordingReader(beside).read(("log",))]
    assert any(isinstance(one, TimelineEvent) and "completed" in one.text for one in told)


def test_without_room_nothing_starts(refused: Refused, tmp_path: Path) -> None:
    done = refused(*PLAIN, "--output", tmp_path / "s", "--set", "recording.stop_mb=1000000000")
    assert done.returncode == 1
    assert "MB are free on its disk" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_the_unit_is_one(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "corefusion-record.service").read_text()
    unit = tmp_path / "corefusion-record.service"
    unit.write_text(text.replace("/opt/corefusion/.venv/bin/corefusion", sys.executable))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False
    )
    assert "corefusion-record" not in done.stderr, done.stderr
    assert sys.executable in unit.read_text()


def test_a_service_manager_is_told_how_the_recording_goes_whoever_reads_it(tmp_path: Path) -> None:
    """Who read its lines has gone: that does not end it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        name = f"corefusion-test-{os.getpid()}"
        systemd.bind(f"\0{name}")
        systemd.settimeout(60)

        def until(words: str, count: int = 1) -> list[str]:
            """All that is told up to a line for the so-manieth time."""
            told: list[str] = []
            while sum(line.startswith(words) for line in told) < count:
                told += systemd.recv(4096).decode().splitlines()
            return told

        options = ("--set", "supervision.hang_s=600", "--output", tmp_path / "a.mcap")
        with started(*PLAIN, *options, NOTIFY_SOCKET=f"@{name}") as run:
            until("READY=1")
            assert run.stdout is not None
            run.stdout.close()
            run.stdout = None
            until("WATCHDOG=1")
            recorder = children_of(run.pid, "recorder")["recorder"]
            recorder.suspend()
            until("STATUS=", 2)  # what was under way when it stopped
            assert "WATCHDOG=1" not in until("STATUS=", 2)
            recorder.resume()
            until("WATCHDOG=1")
            run.send_signal(signal.SIGTERM)
            until("STOPPING=1")
            _, err = run.communicate(timeout=60)
    assert run.returncode == 0, err
    assert not {"Traceback", "BrokenPipeError"} & set(err.replace(":", " ").split())
    assert RecordingReader(tmp_path / "a.mcap").complete


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
    refused: Refused, tmp_path: Path, name: str, made: str, words: str
) -> None:
    (tmp_path / made).parent.mkdir(exist_ok=True)
    (tmp_path / made).write_bytes(b"mine")
    done = refused(*PLAIN, "--duration", "1", "--output", tmp_path / name)
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
    refused: Refused, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = refused(*PLAIN, *arguments, "--output", tmp_path / "a.mcap")
    assert done.returncode == 2
    assert words in done.stderr.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


def received(results: Subscriber) -> SuperResolvedFrame:
    message = results.receive(60_000)
    assert isinstance(message, SuperResolvedFrame)
    return message


def until_passed(results: Subscriber, seconds: float) -> None:
    """Until results have been published for so long."""
    first = received(results)
    while received(results).published_ns - first.published_ns < seconds * NS_PER_S:
        pass


def test_a_time_lapse_keeps_whole_sets_and_can_be_replayed(tmp_path: Path) -> None:
    file = tmp_path / "a.mcap"
    with started(
        *("record", "--model", "bilinear", *PATIENT, "--interval", "0.3s", "--output", file)
    ) as run:
        with following(run.pid, Endpoint.SR) as results:
            until_passed(results, 1.0)
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=DEADLINE_S)
    assert run.returncode == 0, err
    reader = RecordingReader(file)
    assert reader.info.every_s == 0.3
    kept = [one.message for one in reader.read(("sr", "thermal", "visible", "truth"))]
    results = [one for one in kept if isinstance(one, SuperResolvedFrame)]
    frames = {(one.stream, one.sequence) for one in kept if isinstance(one, Frame)}
    wanted = {("thermal", one.thermal.sequence) for one in results if one.thermal}
    wanted |= {("truth", sequence) for _, sequence in wanted} & frames
    assert frames == wanted | {("visible", one.visible.sequence) for one in results if one.visible}
    moments = [one.published_ns - results[0].published_ns for one in results]
    assert len(results) > 1
    assert len({at_ns // (0.3 * NS_PER_S) for at_ns in moments}) == len(results)  # one an interval
    assert [one.gaps for one in reader.tally().streams.values()] == [0] * len(reader.streams)
    arrived = [one.arrived_ns for one in reader.read()]
    assert arrived == sorted(arrived)
    again = headless_replay(file, tmp_path / "r.json", *PATIENT)
    assert again["modes"] == Counter(one.mode for one in results)


def test_a_reader_that_reads_nothing_is_not_waited_for() -> None:
    ours, theirs = os.pipe()
    lines = JsonLines(theirs)
    started_s = time.monotonic()
    for _ in range(200):
        lines.write({"words": "x" * 1000})
    assert time.monotonic() - started_s < 60
    os.close(ours)
    lines.write({})
    os.close(theirs)
