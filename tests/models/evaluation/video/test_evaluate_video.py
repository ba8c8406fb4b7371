from pathlib import Path as FilePath

import numpy as np
import pytest

from models.errors import ModelError
from models.evaluation.evaluate import EvaluateSettings
from models.evaluation.video.evaluate_video import SCORED, evaluate_video
from models.evaluation.video.paths import Path, poses
from models.evaluation.video.scenes import Scene
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


def test_the_report(folder):
    report = evaluate_video(settings(folder))
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
