"""A replay is the same whenever its recording was made: no clock of the host is in it."""

from pathlib import Path

import pytest

from streamer.clock import NS_PER_S
from streamer.config.loading import load_config
from streamer.config.replay import ReplaySettings
from streamer.faults.injection import parse_injection
from streamer.recording import RecordingReader, RecordingWriter
from streamer.supervision.run_plan import RunPlan, StopConditions
from streamer.supervision.session import RunSession
from tests.e2e.command import headless_replay, report_of
from tests.support import recordings
from tests.support.paths import ROOT

pytestmark = pytest.mark.e2e

OLD = ROOT / "tests" / "data" / "0.1"
TEN_YEARS_S = 10 * 365 * 24 * 3600
TIMINGS = {"duration_s", "fps", "stage_ms", "peak_rss_mb"}


def replayed(recording: Path, report: Path, *options: str) -> dict:
    told = headless_replay(recording, report, "--model", "nearest", *options)
    return {key: value for key, value in told.items() if key not in TIMINGS}


def of_then(report: dict, old: dict) -> dict:
    """What a report of then said as well, but for what each host does in its own time."""
    return {key: report[key] for key in old if key not in TIMINGS}


def at_uptime(path: Path, up_s: int) -> Path:
    """The recording of release 0.1.0, as it would be of a host that had been up for so long."""
    reader = RecordingReader(OLD / "recording.mcap")
    assert reader.start_ns is not None
    by_ns = up_s * NS_PER_S - reader.start_ns
    streams = ("visible", "thermal", "sr", "log", "session")
    moved = recordings.at_another_uptime(reader.read(streams), by_ns)
    recordings.record(RecordingWriter(path, reader.info), moved)
    return path


def test_a_recording_of_an_older_release_gives_the_same_result(tmp_path: Path) -> None:
    old = report_of(OLD / "replay.json")
    new = replayed(OLD / "recording.mcap", tmp_path / "r.json")
    assert of_then(new, old) == of_then(old, old)


@pytest.mark.parametrize("up_s", [1, TEN_YEARS_S])  # and hours: the recording's own
def test_a_replay_does_not_know_how_long_the_host_had_been_up(tmp_path: Path, up_s: int) -> None:
    moved = at_uptime(tmp_path / "a.mcap", up_s)
    report = replayed(moved, tmp_path / "r.json")
    old = report_of(OLD / "replay.json")
    assert of_then(report, old) == of_then(old, old)


@pytest.mark.parametrize("up_s", [1, TEN_YEARS_S])
def test_the_death_of_a_worker_is_told_at_the_recordings_time(tmp_path: Path, up_s: int) -> None:
    """The host has been up for longer than the recording's, and for years less."""
    recording = at_uptime(tmp_path / "a.mcap", up_s)
    cameras = RecordingReader(recording).info.cameras
    plan = RunPlan(
        config=load_config(None, ["inference.model=nearest"]),
        headless=True,  # a run like one with a window, which has no part in this
        bounds=StopConditions(duration_s=2),
        replay=ReplaySettings(path=str(recording), cameras=cameras, loop=True),
        injections=(parse_injection("kill:inference@0.3", 0.0),),
    )
    changes = RunSession(plan).run().mode_changes
    died = [at for at, _, mode in changes if mode == "no_signal"]
    assert died, changes
    assert all(0 < at < 2.2 for at in died)  # the recording is 2.2 s long
