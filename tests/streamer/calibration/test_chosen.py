import msgspec
import pytest

from streamer.calibration.calibration import Parallax
from streamer.calibration.chosen import chosen_calibration
from streamer.calibration.errors import CalibrationError
from streamer.calibration.geometry import similarity
from streamer.calibration.stored import save_calibration
from streamer.config.schema import CalibrationConfig, Config
from tests.streamer.calibration.test_warp import calibration

OLD, NEW = calibration(similarity(1.1, 0, (0, 0))), calibration(similarity(0.9, 0, (0, 0)))


def chosen(recorded=None, **settings):
    plain = None if recorded is None else msgspec.to_builtins(recorded)
    return chosen_calibration(Config(calibration=CalibrationConfig(**settings)), plain)


def test_a_replay_takes_what_the_recording_carries_unless_told_otherwise(tmp_path):
    path = tmp_path / "new.yaml"
    save_calibration(NEW, path)
    assert chosen() is None
    assert chosen(OLD) == OLD
    assert chosen(OLD, file=str(path)) == NEW
    assert chosen(OLD, file="none") is None
    assert chosen(file=str(path)) == NEW


def test_the_distance_wants_a_baseline():
    with pytest.raises(CalibrationError, match=r"distance_m 2: the calibration does not know"):
        chosen(OLD, distance_m=2.0)
    parallax = Parallax(baseline_m=(0.05, 0.0), field_of_view_deg=70.0, distance_m=5.0)
    near = chosen(msgspec.structs.replace(OLD, parallax=parallax), distance_m=2.0)
    assert near is not None
    assert near.parallax is not None
    assert near.parallax.distance_m == 2.0
    assert near.matrix != OLD.matrix
