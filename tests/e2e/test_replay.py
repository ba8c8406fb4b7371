"""Whole replays by the real command."""

from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest

from streamer.config.replay import ReplaySettings
from streamer.config.schema import Config
from streamer.recording import RecordingReader
from streamer.recording.container.reader import McapFile
from tests.e2e.command import (
    PATIENT,
    SMALL,
    headless_replay,
    report_of,
    run_here,
)
from tests.e2e.conftest import DEATH_S, DROPOUT_S, RECORDED_S, InPlace, Refused
from tests.support.made_in_place import made_in_place
from tests.support.recordings import recorded
from tests.support.steady_recording import RATE_HZ, steady_recording

pytestmark = pytest.mark.e2e

PLAIN = ("--model", "bilinear")
MODELS = ("bilinear", "bicubic")


@pytest.fixture(scope="module")
def whole(recording: Path, tmp_path_factory: pytest.TempPathFactory) -> dict:
    """The report of the recording replayed as it is."""
    return headless_replay(recording, tmp_path_factory.mktemp("whole") / "r.json")


def test_lockstep_is_byte_identical_and_drops_nothing(
    recording: Path, whole: dict, tmp_path: Path
) -> None:
    again = made_in_place(recording, tmp_path)
    assert whole["result_sha256"] == again.result_sha256 is not None
    assert (whole["frames"], whole["modes"]) == (again.frames, again.modes)
    assert whole["consistency"] == msgspec.to_builtins(again.residual)
    assert whole["lockstep"]
    assert whole["model"] == "bilinear"
    thermal = RecordingReader(recording).tally().streams["thermal"]
    assert whole["frames"] == thermal.messages == round(RECORDED_S * RATE_HZ)
    assert whole["age_ms"] is None
    assert whole["psnr_db"]["sr"] > 20
    assert not {"thermal/late", "sr/gap"} & set(whole["dropped"])


def test_a_part_made_of_several_frames_is_byte_identical_too(
    recording: Path, tmp_path: Path
) -> None:
    part = ("--start", "0.3", "--end", "1.3")  # its guide is lost towards the end
    window = ("--set", "inference.window=4")
    first, second = (
        headless_replay(recording, tmp_path / f"{n}.json", *part, *window) for n in (1, 2)
    )
    assert first["frames"] == second["frames"] == RATE_HZ
    assert first["modes"].keys() == {"guided", "thermal_only"}
    assert first["result_sha256"] == second["result_sha256"] is not None
    assert first["past"]["window"] == 4
    assert 0 < first["past"]["share"] <= 1
    assert first["past"] == second["past"]


def test_a_dropout_and_a_death_are_made_anew_at_their_moments(whole: dict) -> None:
    changes = whole["mode_changes"]
    assert [mode for _, _, mode in changes] == ["thermal_only", "guided"] * 2
    stale_s, back_s, dead_s, again_s = (at for at, _, _ in changes)
    assert stale_s == pytest.approx(DROPOUT_S[0] - 1 / RATE_HZ + 0.15, abs=0.04)  # silent, stale
    assert back_s == pytest.approx(DROPOUT_S[1] + 2 / RATE_HZ, abs=0.04)  # three frames in a row
    assert dead_s == pytest.approx(DEATH_S[0], abs=0.04)  # at once
    assert again_s == pytest.approx(DEATH_S[1] + 2 / RATE_HZ, abs=0.04)


@pytest.mark.realtime
def test_a_field_dropout_is_made_anew(tmp_path: Path) -> None:
    """A process that stands still sees a silence that its neighbour does not see."""
    file, report = tmp_path / "a.mcap", tmp_path / "l.json"
    run_here(
        *("record", *PLAIN, *SMALL, "--duration", "3.1", "--output", file, "--report", report),
        *("--inject", "drop:visible@1-1.8", "--inject", "kill:capture.visible@2.4"),
    )
    live, again = report_of(report), headless_replay(file, tmp_path / "r.json")
    moments = []
    for changes in (live["mode_changes"], again["mode_changes"]):
        modes = iter([(mode, at_s) for at_s, _, mode in changes if at_s > 1])
        dropout_s = next((at_s for mode, at_s in modes if mode == "thermal_only"), None)
        back_s = next((at_s for mode, at_s in modes if mode == "guided"), None)
        assert None not in (dropout_s, back_s), changes
        assert "thermal_only" in [mode for mode, _ in modes]  # the process was killed
        moments.append((dropout_s, back_s))
    assert moments[1] == pytest.approx(moments[0], abs=0.3)


def test_faults_on_top_are_seen_to_the_frame(tmp_path: Path) -> None:
    """Of a recording without a fault; a shutter is held for as long as it is closed."""
    steady = steady_recording(tmp_path / "s.mcap", 4.4, faults=False)
    injections = (
        *("drop:visible@0.5-1.2", "drop:thermal@1.6-2.8", "corrupt:visible@3.1-3.3"),
        "ffc:thermal@3.5",
    )
    faults = [word for one in injections for word in ("--inject", one)]
    told = headless_replay(steady, tmp_path / "r.json", "--compare", "bilinear", *faults)
    assert told["result_sha256"] == told["compare"]["result_sha256"]
    changes = told["mode_changes"]
    assert [mode for _, _, mode in changes] == [
        *("thermal_only", "guided", "hold", "visible_only", "guided"),
        *("hold", "guided"),  # the shutter
    ]
    at_s = [at for at, _, _ in changes]
    assert 0.5 <= at_s[0] <= 0.8
    assert 1.2 <= at_s[1] <= 1.4
    assert 1.6 <= at_s[2] <= 1.9
    assert at_s[2] + 0.5 <= at_s[3] <= 2.8
    assert 2.8 <= at_s[4] <= 3.1
    closed_s = at_s[6] - at_s[5]
    assert closed_s == pytest.approx(Config().capture.simulated.ffc_duration_s, abs=0.15)
    assert told["dropped"]["visible/injected"] == pytest.approx(21, abs=1)
    assert told["dropped"]["thermal/injected"] == pytest.approx(36, abs=1)


def test_views_are_recorded_and_replayed(
    in_place: InPlace, own_weights: Path, tmp_path: Path
) -> None:
    file = tmp_path / "v.mcap"
    canvas = ("inference.canvas_width=160", "inference.canvas_height=120")
    run_here(
        *("record", "--model", own_weights, "--engine", "openvino", "--precision", "f32"),
        *(*PATIENT, "--set", "inference.views=2", "--frames", "10", "--output", file),
    )
    assert RecordingReader(file).info.views == 2
    told = in_place("info", file).stdout
    assert "2 views" in " ".join(told.split())
    words = [word for one in canvas for word in ("--set", one)]
    same = headless_replay(file, tmp_path / "r.json", *words)
    two, one = (
        made_in_place(file, tmp_path / str(views), [*canvas, f"inference.views={views}"])
        for views in (2, 1)
    )
    assert same["result_sha256"] == two.result_sha256 != one.result_sha256


PART = ("--start", "0.1", "--end", "1", "--inject", "drop:thermal@0.3-0.6")


@pytest.fixture(scope="module")
def alone(recording: Path, tmp_path_factory: pytest.TempPathFactory) -> dict:
    """The report of a part of the recording, by another model and with a fault on top."""
    report = tmp_path_factory.mktemp("alone") / "r.json"
    return headless_replay(recording, report, *PART, "--model", "bicubic")


def test_another_model_and_faults_on_top(alone: dict) -> None:
    assert alone["model"] == "bicubic"
    assert alone["dropped"]["thermal/injected"] == pytest.approx(9, abs=1)
    assert ["guided", "hold"] in [modes for _, *modes in alone["mode_changes"]]


def test_two_models_on_one_timeline(recording: Path, alone: dict, tmp_path: Path) -> None:
    both = headless_replay(recording, tmp_path / "b.json", *PART, "--compare", "bicubic")
    other = both["compare"]
    assert set(other) == {
        *("model", "engine", "precision", "frames", "fps", "stage_ms", "modes", "dropped"),
        *("psnr_db", "result_sha256"),
    }
    assert (both["model"], other["model"]) == ("bilinear", "bicubic")
    timed = {"fps", "stage_ms"}
    kept = set(other) - timed
    assert {key: other[key] for key in kept} == {key: alone[key] for key in kept}
    assert other["frames"] == both["frames"]
    assert other["result_sha256"] != both["result_sha256"]
    assert both["psnr_db"] != other["psnr_db"]


def test_a_second_model_that_is_none_keeps_the_first_report(
    whole_run: InPlace, recording: Path, tmp_path: Path
) -> None:
    done = whole_run(
        *("replay", recording, "--headless", "--end", "0.2", "--report", tmp_path / "r.json"),
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
        (("--start", "2", "--end", "1"), "--end 1: a time after --start 2 wanted"),
        (("--inject", "kill:capture.visible@1"), "a replay has no capture processes"),
    ],
)
def test_what_a_replay_cannot_do_is_wrong_usage(
    refused: Refused, recording: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = refused("replay", recording, *arguments)
    assert done.returncode == 2
    assert words in done.stderr.splitlines()[-1]


def test_a_window_shows_two_models_and_reports_both(
    whole_run: InPlace, recording: Path, tmp_path: Path
) -> None:
    picture, report = tmp_path / "w.png", tmp_path / "w.json"
    done = whole_run(
        *("replay", recording, *PLAIN, "--compare", "bicubic", "--start", "0.8", "--end", "1.9"),
        *("--screenshot", picture, "--duration", "3", "--report", report),  # it stands by then
    )
    assert done.returncode == 0, done.stderr
    both = report_of(report)
    other = both["compare"]
    assert (both["model"], other["model"]) == MODELS
    assert both["painted"] > 0
    assert both["frames"] > 5
    assert other["frames"] > 5
    assert other["psnr_db"]["bilinear"] == pytest.approx(both["psnr_db"]["bilinear"], abs=1.0)
    assert set(both["restarts"]) == {"viewer", "inference", "compare", "player"}
    gaps = [one["dropped"].get("visible/gap", 0) for one in (both, other)]
    assert gaps[0] == gaps[1] > 0  # both hear the same, and one is not added to the other
    image = cv2.imread(str(picture))
    for left in (40, 640):  # both halves hold a scene, not an empty view
        assert len(np.unique(image[80:420:4, left : left + 480 : 4].reshape(-1, 3), axis=0)) > 50


def test_a_second_model_that_is_none_ends_a_window_too(whole_run: InPlace, recording: Path) -> None:
    done = whole_run("replay", recording, *PLAIN, "--compare", "nosuch", "--duration", "2")
    assert done.returncode == 1
    assert "nosuch" in done.stderr


def test_a_recording_is_a_source_of_live_too(recording: Path, tmp_path: Path) -> None:
    run_here(
        *("live", "--headless", *PLAIN, *PATIENT, "--frames", "20"),
        *("--report", tmp_path / "r.json"),
        *("--visible", recording, "--thermal", recording),
    )
    assert report_of(tmp_path / "r.json")["modes"]["guided"] == 20


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("nowhere.mcap",), 1, "nowhere.mcap does not exist"),
        (("pyproject.toml",), 1, "no MCAP file"),
        (("a.mcap", "--rate", "99"), 2, "--rate"),
    ],
)
def test_a_mistake_is_one_line(
    refused: Refused, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = refused("replay", "--headless", *arguments)
    assert done.returncode == code
    assert words in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr


def test_settings_survive_the_way_to_the_process() -> None:
    settings = ReplaySettings(path="/x.mcap", cameras={}, lockstep=True)
    assert msgspec.json.decode(msgspec.json.encode(settings), type=ReplaySettings) == settings


def test_a_replay_that_nothing_comes_of_ends_with_one(whole_run: InPlace, tmp_path: Path) -> None:
    path = recorded(tmp_path / "a.mcap", 3)
    spoiled = bytearray(path.read_bytes())
    for chunk in McapFile(path).chunks:
        spoiled[chunk.offset + chunk.length // 2] ^= 0xFF
    path.write_bytes(spoiled)
    done = whole_run("replay", path, "--headless", "--model", "nearest")
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith(f"corefusion: recording {path}: nothing came of it: ")
