from pathlib import Path as FilePath

import cv2
import numpy as np
import pytest

from models.errors import ModelError
from models.evaluation.evaluate import EvaluateSettings
from models.evaluation.video import resolution
from models.evaluation.video.evaluate_video import SCORED, evaluate_video
from models.evaluation.video.film import Film
from models.evaluation.video.paths import Path, poses
from models.evaluation.video.scenes import Scene
from models.evaluation.video.slits import FREQUENCIES, SlitTarget, limit
from tests.support.scenes import scene, write_folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> FilePath:
    return write_folder(tmp_path_factory.mktemp("video") / "data", 2)


def settings(folder: FilePath, **changes: object) -> EvaluateSettings:
    return EvaluateSettings(folder, "fast:video", threads=1, video="hand", **changes)


@pytest.mark.parametrize("path", list(Path))
def test_a_path_begins_at_the_scene_and_is_the_same_each_time(path):
    first = poses(path, 16, 3)
    assert tuple(first[0]) == (0, 0, 0, 1)
    assert first == poses(path, 16, 3)
    assert len(first) == 16


def test_an_object_moves_by_itself_in_both_pictures():
    one, other = (Scene(*scene(seed)) for seed in (1, 2))
    moments = list(Scene(one.visible, one.thermal, other).frames(poses(Path.STILL, 3, 0), 8))
    first, last = moments[0], moments[-1]
    changed = first.truth != last.truth
    assert changed.any()
    assert not changed[~(first.moving | last.moving)].any()
    assert (first.visible != last.visible).any()


def test_a_film_that_cannot_be_made_is_refused_and_leaves_nothing(folder, tmp_path):
    with pytest.raises(ModelError, match=r"both.png: a film takes the suffixes .*; .png came"):
        evaluate_video(settings(folder, film=tmp_path / "both.png"))
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(ModelError, match="taken"):
        evaluate_video(settings(folder, film=tmp_path / "taken" / "both.mp4"))

    def broken_off() -> None:
        with Film(tmp_path / "half.mp4") as film:
            film.add({"one": np.zeros((48, 64))})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken_off()
    assert [file.name for file in tmp_path.iterdir()] == ["taken"]


@pytest.fixture
def one_hand(monkeypatch) -> None:
    monkeypatch.setattr(resolution, "HANDS", 1)


def test_the_report(folder, one_hand, tmp_path):
    film = tmp_path / "films" / "both.mp4"
    report = evaluate_video(settings(folder, picture=tmp_path / "slits.png", film=film))
    frames = cv2.VideoCapture(str(film))
    assert frames.get(cv2.CAP_PROP_FRAME_COUNT) == 2 * 16
    assert frames.get(cv2.CAP_PROP_FRAME_WIDTH) == 3 * 640
    assert [file.name for file in film.parent.iterdir()] == ["both.mp4"]
    slits = report["slits"]
    assert slits["video"]["limit"] > slits["one"]["limit"] > 0.3
    assert slits["factor"] == pytest.approx(slits["video"]["limit"] / slits["one"]["limit"])
    assert cv2.imread(str(tmp_path / "slits.png")).shape == (960, 1280, 3)
    assert list(report["after"]) == [str(frames) for frames in SCORED]
    assert report["after"]["1"]["gain_db"] == 0
    assert report["after"]["8"]["video"]["psnr_db"] > report["after"]["8"]["bilinear"]["psnr_db"]
    assert report["after"]["8"]["gain_db"] > 0.2
    assert 0 < report["share"] <= 1
    assert (report["images"], report["window"]) == (2, 8)


def test_a_still_camera_is_judged_by_its_calm_and_its_steps(folder):
    report = evaluate_video(
        EvaluateSettings(folder, "fast:video", threads=1, video="still", thermal="noise:1")
    )
    flicker = report["flicker_levels"]
    assert flicker["video"] < 0.6 * flicker["one"]
    assert all(np.abs(np.subtract(report["step"], 1)) < 0.1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"degradation": "benchmark"}, "sensor or sensor-noisy"),
        ({"missing": "thermal"}, "without a thermal picture"),
    ],
)
def test_bad_input(folder, changes, words):
    with pytest.raises(ModelError, match=words):
        evaluate_video(settings(folder, **changes))


def test_a_model_of_one_frame_and_an_unknown_path_are_refused(folder):
    with pytest.raises(ModelError, match="fast:video"):
        evaluate_video(EvaluateSettings(folder, "bilinear", video="hand"))
    with pytest.raises(ModelError, match="wanted hand, vehicle, drone, still, got 'train'"):
        evaluate_video(EvaluateSettings(folder, "fast:video", video="train"))


def test_all_of_a_bar_is_its_truth_and_none_of_it_a_grey_board():
    target = SlitTarget(8)
    (moment,) = target.scene.frames(poses(Path.STILL, 1, 0), 8)
    assert target.contrasts(moment.truth, moment.truth) == pytest.approx([1] * len(FREQUENCIES))
    assert target.contrasts(np.full_like(moment.truth, 120), moment.truth) == [0] * len(FREQUENCIES)


@pytest.mark.parametrize(
    ("contrasts", "wanted"),
    [([1.0] * 8, 0.95), ([0.0] * 8, 0.25), ([1.0, 1.0, 0.5, 0.0, 0.9, 0, 0, 0], 0.5)],
)
def test_the_limit_lies_where_a_quarter_is_left_for_the_first_time(contrasts, wanted):
    assert limit(contrasts) == pytest.approx(wanted)
