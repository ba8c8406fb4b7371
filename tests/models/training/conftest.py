"""Runs that were made, and their settings for others."""

import msgspec
import pytest

from models.data.augmentation_config import AugmentationConfig
from models.training.config import TrainSettings, settings_of
from tests.support.scenes import write_folder, write_thermal, write_video

SMALL = {
    "widths": [24, 24, 32],
    "visible_blocks": [1, 1, 1],
    "thermal_blocks": [0, 1, 1],
    "decoder_blocks": [1, 1, 1],
}
QUICK = AugmentationConfig(crop_px=64, scales=(4, 8), scale_weights=(0.5, 0.5))
replace = msgspec.structs.replace


@pytest.fixture(scope="session")
def finished(tmp_path_factory) -> TrainSettings:
    """A run of six steps that has been made; tests only look at it."""
    from models.training.train import train

    folder = tmp_path_factory.mktemp("finished")
    settings = TrainSettings(
        preset="fast",
        data=(str(write_folder(folder / "set", 4)),),
        output=str(folder / "run"),
        steps=6,
        batch=2,
        threads=1,
        warm_up_steps=2,
        save_seconds=1e9,
        network=SMALL,
        recipe=QUICK,
    )
    train(settings)
    return settings


@pytest.fixture
def settings(finished, tmp_path) -> TrainSettings:
    """Those of the finished run, for one of a test's own."""
    return replace(finished, output=str(tmp_path / "run"))


@pytest.fixture(scope="session")
def finished_paper(tmp_path_factory) -> TrainSettings:
    """A run of the paper's preset, four steps in two epochs, of a narrow network."""
    from models.training.train import train
    from tests.support.narrow_network import narrow_network

    folder = tmp_path_factory.mktemp("paper")
    changes = {
        "data": [str(write_folder(folder / "set", 5, 96, 96, low=True))],
        "output": str(folder / "paper"),
        "epochs": 2,
        "batch": 2,
        "threads": 1,
        "recipe.crop_px": 64,
        "save_seconds": 1e9,
    }
    settings = settings_of("paper", changes)
    with narrow_network():
        train(settings)
    return settings


@pytest.fixture
def paper(finished_paper, tmp_path) -> TrainSettings:
    """Its settings, for a run of a test's own."""
    return replace(finished_paper, output=str(tmp_path / "paper"))


@pytest.fixture
def mixed(settings, make_folder, tmp_path) -> TrainSettings:
    """Pairs beside thermal pictures and a thermal video, of other sizes."""
    thermal = write_thermal(tmp_path / "alone", 3, 144, 128)
    video = write_video(tmp_path / "videos" / "a.mp4", (5, 6, 7), 10, 10, rows=112, columns=176)
    return replace(settings, data=(*settings.data, str(thermal), str(video.parent)))
