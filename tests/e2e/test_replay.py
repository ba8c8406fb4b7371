"""Whole replays: the real command on real recordings made by it."""

import threading
import time
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from streamer.clock import NS_PER_S, now_ns
from streamer.config.loading import load_config
from streamer.config.replay import ReplaySettings
from streamer.messages import (
    FeatureRequest,
    Frame,
    PlaybackAction,
    PlaybackCommand,
    SuperResolvedFrame,
)
from streamer.recording import RecordingReader
from streamer.supervision.run_plan import RunPlan, StopConditions
from streamer.supervision.session import RunSession
from streamer.transport import Endpoint, Policy, Publisher, Subscriber
from tests.e2e.command import children_of, corefusion, report_of, started

PLAIN = ("--model", "bilinear")
MODELS = ("bilinear", "bicubic")


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five seconds: the visible drops out for a second, then its process is killed."""
    path = tmp_path_factory.mktemp("replay") / "a.mcap"
    done = corefusion(
        *("record", *PLAIN, "--duration", "5", "--output", path),
        *("--inject", "drop:visible@1-2", "--inject", "kill:capture.visible@3"),
        *("--report", path.with_suffix(".json")),
    )
    assert done.returncode == 0, done.stderr
    return path


def replayed(recording: Path, report: Path, *arguments: str) -> dict:
    done = corefusion("replay", recording, "--headless", "--report", report, *arguments)
    assert done.returncode == 0, done.stderr
    return report_of(report)


def test_lockstep_is_byte_identical_and_drops_nothing(recording: Path, tmp_path: Path) -> None:
    first, second = (replayed(recording, tmp_path / f"{n}.json") for n in (1, 2))
    assert first["result_sha256"] == second["result_sha256"] is not None
    assert first["lockstep"]
    assert first["model"] == "bilinear"
    thermal = RecordingReader(recording).tally().streams["thermal"]
    assert first["frames"] == thermal.messages
    assert first["age_ms"] is None
    assert first["psnr_db"]["sr"] > 20
    assert not {"thermal/late", "sr/gap"} & set(first["dropped"])


def test_a_field_dropout_is_made_anew(recording: Path, tmp_path: Path) -> None:
    live = report_of(recording.with_suffix(".json"))
    again = replayed(recording, tmp_path / "r.json")
    changes = [modes for _, *modes in again["mode_changes"]]
    assert changes == [modes for _, *modes in live["mode_changes"]][: len(changes)]
    assert len(changes) >= 3
    for (at, *_), (live_at, *_) in zip(again["mode_changes"], live["mode_changes"], strict=False):
        assert at == pytest.approx(live_at, abs=0.15)


def test_another_model_and_faults_on_top(recording: Path, tmp_path: Path) -> None:
    report = replayed(
        recording, tmp_path / "r.json", "--model", "bicubic", "--inject", "drop:thermal@0.3-0.6"
    )
    assert report["model"] == "bicubic"
    assert report["dropped"]["thermal/injected"] == pytest.approx(9, abs=1)
    assert ["guided", "hold"] in [modes for _, *modes in report["mode_changes"]]


def test_views_are_recorded_and_replayed(tmp_path: Path) -> None:
    file = tmp_path / "v.mcap"
    asked = ("--model", "fast", "--engine", "openvino", "--precision", "f32")
    done = corefusion(
        "record", *asked, "--set", "inference.views=2", "--duration", "1.5", "--output", file
    )
    assert done.returncode == 0, done.stderr
    assert RecordingReader(file).info.views == 2
    told = corefusion("info", file).stdout
    assert "2 views" in " ".join(told.split())
    same, two, one = (
        replayed(file, tmp_path / f"{n}.json", "--end", "0.5", *override)
        for n, override in enumerate(
            [(), ("--set", "inference.views=2"), ("--set", "inference.views=1")]
        )
    )
    assert same["result_sha256"] == two["result_sha256"] != one["result_sha256"]


def test_two_models_on_one_timeline(recording: Path, tmp_path: Path) -> None:
    alone = replayed(recording, tmp_path / "a.json", "--model", "bicubic", "--end", "1")
    both = replayed(recording, tmp_path / "b.json", "--end", "1", "--compare", "bicubic")
    other = both["compare"]
    assert set(other) == {
        *("model", "engine", "precision", "frames", "fps", "stage_ms", "modes", "dropped"),
        *("psnr_db", "result_sha256"),
    }
    assert (both["model"], other["model"]) == ("bilinear", "bicubic")
    timed = {"fps", "stage_ms"}
    assert all(other[key] == alone[key] for key in set(other) - timed)
    assert other["frames"] == both["frames"]
    assert other["result_sha256"] != both["result_sha256"]
    assert both["psnr_db"] != other["psnr_db"]


def test_a_second_model_that_is_none_keeps_the_first_report(
    recording: Path, tmp_path: Path
) -> None:
    done = corefusion(
        *("replay", recording, "--headless", "--end", "1", "--report", tmp_path / "r.json"),
        *("--compare", "nosuch"),
    )
    assert done.returncode == 1
    assert "nosuch" in done.stderr
    assert "compare" not in report_of(tmp_path / "r.json")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--headless", "--inject", "kill:inference@1"), "knows no processes that die"),
        (("--headless", "--start", "99"), "--start 99: the recording ends after"),
        (("--start", "3", "--end", "2"), "--end 2: a time after --start 3 wanted"),
        (("--inject", "kill:capture.visible@1"), "a replay has no capture processes"),
    ],
)
def test_what_a_replay_cannot_do_is_wrong_usage(
    recording: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = corefusion("replay", recording, *arguments)
    assert done.returncode == 2
    assert words in done.stderr.splitlines()[-1]


def test_a_window_shows_two_models_and_reports_both(recording: Path, tmp_path: Path) -> None:
    picture, report = tmp_path / "w.png", tmp_path / "w.json"
    done = corefusion(
        *("replay", recording, *PLAIN, "--compare", "bicubic", "--start", "2.2"),
        *("--screenshot", picture, "--duration", "2", "--report", report),
    )
    assert done.returncode == 0, done.stderr
    both = report_of(report)
    other = both["compare"]
    assert (both["model"], other["model"]) == MODELS
    assert both["painted"] > 10
    assert both["frames"] > 20
    assert other["frames"] > 20
    assert other["psnr_db"]["bilinear"] == pytest.approx(both["psnr_db"]["bilinear"], abs=1.0)
    assert set(both["restarts"]) == {"viewer", "inference", "compare", "player"}
    gaps = [one["dropped"].get("visible/gap", 0) for one in (both, other)]
    assert gaps[0] == gaps[1]  # both hear the same, and one is not added to the other
    image = cv2.imread(str(picture))
    for left in (40, 640):  # both halves hold a scene, not an empty view
        assert len(np.unique(image[80:420:4, left : left + 480 : 4].reshape(-1, 3), axis=0)) > 50


def test_the_second_worker_dies_and_the_first_goes_on(recording: Path, tmp_path: Path) -> None:
    report = tmp_path / "k.json"
    arguments = ("replay", recording, *PLAIN, "--compare", "bicubic", "--loop", "--duration", "6")
    with started(*arguments, "--report", report) as run:
        second = children_of(run.pid, "compare", "inference")["compare"]
        time.sleep(4)  # into the pictures, most likely; whenever it is, the first goes on
        second.kill()
        assert run.wait(60) == 0
    both = report_of(report)
    assert both["restarts"]["compare"] == 1
    assert both["restarts"]["inference"] == 0
    assert both["frames"] > 30
    assert both["compare"]["model"] == "bicubic"


def test_a_second_model_that_is_none_ends_a_window_too(recording: Path) -> None:
    done = corefusion("replay", recording, *PLAIN, "--compare", "nosuch", "--duration", "2")
    assert done.returncode == 1
    assert "nosuch" in done.stderr


def test_a_part_of_it(recording: Path, tmp_path: Path) -> None:
    report = replayed(recording, tmp_path / "r.json", "--start", "1", "--end", "2")
    assert report["frames"] == pytest.approx(30, abs=2)


def test_a_recording_is_a_source_of_live_too(recording: Path, tmp_path: Path) -> None:
    done = corefusion(
        *("live", "--headless", *PLAIN, "--frames", "20", "--report", tmp_path / "r.json"),
        *("--visible", recording, "--thermal", recording),
    )
    assert done.returncode == 0, done.stderr
    assert report_of(tmp_path / "r.json")["modes"]["guided"] == 20


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("nowhere.mcap",), 1, "nowhere.mcap does not exist"),
        (("pyproject.toml",), 1, "no MCAP file"),
        (("a.mcap", "--rate", "99"), 2, "--rate"),
    ],
)
def test_a_mistake_is_one_line(arguments: tuple[str, ...], code: int, words: str) -> None:
    done = corefusion("replay", "--headless", *arguments)
    assert done.returncode == code
    assert words in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr


def test_standing_still_each_jump_and_step_shows_its_frame_in_both(recording: Path) -> None:
    reader = RecordingReader(recording)
    thermal = [one.message.sequence for one in reader.read(("thermal",))]
    config, other = (load_config(None, [f"inference.model={one}"]) for one in MODELS)
    settings = ReplaySettings(path=str(recording), cameras=reader.info.cameras, compare="bicubic")
    plan = RunPlan(
        config=config,
        headless=True,
        bounds=StopConditions(duration_s=60),
        replay=settings,
        compare=other,
    )
    run = RunSession(plan)
    shown: list[int] = []

    def drive() -> None:
        with (
            Publisher(run._addresses, Endpoint.PLAYBACK_COMMAND, bind=False) as wishes,
            Subscriber(run._addresses, Endpoint.SR, Policy.EVERY) as results,
            Subscriber(run._addresses, Endpoint.COMPARE, Policy.EVERY) as others,
            Publisher(run._addresses, Endpoint.COMMAND, bind=False) as looks,
            Subscriber(run._addresses, Endpoint.INFLUENCE, Policy.EVERY) as influence,
        ):
            assert results.receive(30_000) is not None
            while results.receive(300) is not None:
                wishes.send(
                    PlaybackCommand(PlaybackAction.PAUSE)
                )  # the first ones may find no ear yet
            while others.receive(300) is not None:
                pass
            looks.send(FeatureRequest("influence", now_ns() + 60 * NS_PER_S))
            while influence.receive(500) is not None:
                pass
            for wish in (
                PlaybackCommand(PlaybackAction.SEEK, 3.0),
                *[PlaybackCommand(PlaybackAction.STEP, n) for n in (1, 1, -1)],
            ):
                wishes.send(wish)
                first, second = (one.receive(5000) for one in (results, others))
                assert isinstance(first, SuperResolvedFrame)
                assert isinstance(second, SuperResolvedFrame)
                assert first.thermal == second.thermal is not None
                assert first.visible == second.visible
                shown.append(first.thermal.sequence)
                added = influence.receive(5000)  # of this very frame, without waiting for a turn
                assert isinstance(added, Frame)
                assert added.sequence == first.thermal.sequence
                assert results.receive(300) is None
        run._signalled = True

    thread = threading.Thread(target=drive)
    opened = run._open

    def open_and_drive() -> None:
        opened()
        thread.start()

    run._open = open_and_drive  # type: ignore[method-assign]
    report = run.run()
    thread.join()
    assert report.compare is not msgspec.UNSET
    assert (report.model, report.compare.model) == MODELS
    first = thermal.index(shown[0])
    assert shown == [thermal[first + n] for n in (0, 1, 2, 1)]


def test_settings_survive_the_way_to_the_process() -> None:
    settings = ReplaySettings(path="/x.mcap", cameras={}, lockstep=True)
    assert msgspec.json.decode(msgspec.json.encode(settings), type=ReplaySettings) == settings
