from itertools import pairwise

import cv2
import numpy as np
import pytest

from capture.drivers.simulated import RADIOMETRY, SimulatedThermal, SimulatedVisible
from capture.scene.sway import Sway
from streamer.config.schema import SimulatedConfig
from streamer.messages import FrameFlag
from tests.capture.camera_contract import ORIGIN_NS, CameraContract
from tests.capture.sources import thermal_config, visible_config


class TestSimulatedVisible(CameraContract):
    @pytest.fixture
    def camera(self):
        return SimulatedVisible("visible", visible_config(), SimulatedConfig())


class TestSimulatedThermal(CameraContract):
    @pytest.fixture
    def camera(self):
        return SimulatedThermal("thermal", thermal_config(), SimulatedConfig())


def thermal(**simulated):
    camera = SimulatedThermal("thermal", thermal_config(rate_hz=9.0), SimulatedConfig(**simulated))
    camera.open()
    camera.start(ORIGIN_NS, ORIGIN_NS)
    return camera


def test_without_noise_a_sensor_pixel_is_the_mean_of_its_area():
    capture = thermal(netd_mk=0.0).read()
    assert capture.truth is not None
    assert capture.truth.shape == (480, 640)
    mean = cv2.resize(capture.truth.astype(np.float32), (80, 60), interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(mean, (3, 3), 0.4, borderType=cv2.BORDER_REPLICATE)
    assert np.abs(capture.pixels - blurred).max() <= 1.0


def test_a_fixed_pattern_is_the_same_in_every_frame():
    plain, striped = thermal(netd_mk=0.0), thermal(netd_mk=0.0, pattern_mk=100.0)
    first, second = (
        striped.read().pixels.astype(float) - plain.read().pixels.astype(float) for _ in range(2)
    )
    assert np.abs(first - second).max() <= 1  # rounding
    assert first.mean(axis=0).std() == pytest.approx(10, rel=0.3)
    assert first.mean(axis=1).std() == pytest.approx(5, rel=0.4)


def test_noise_has_the_configured_deviation_and_differs_from_frame_to_frame():
    quiet, noisy = thermal(netd_mk=0.0), thermal(netd_mk=80.0)
    noise = np.stack(
        [noisy.read().pixels.astype(float) - quiet.read().pixels.astype(float) for _ in range(12)]
    )
    per_pixel = noise.std(axis=0, ddof=1).mean()
    assert per_pixel == pytest.approx(8.0, rel=0.1)  # counts of 10 mK
    for one, other in pairwise(noise):
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.35  # columns repeat


def test_a_shutter_that_is_asked_for_closes_at_once_and_takes_the_drift_with_it():
    """Corners and middle drift apart; of a frame that is read ahead, at most one is late."""
    steady = thermal(netd_mk=0.0)
    camera = thermal(netd_mk=0.0, drift_mk_s=1000.0, ffc_duration_s=0.4)
    seen = [(camera.read(), steady.read()) for _ in range(18)]
    apart = np.ptp(seen[-1][0].pixels.astype(int) - seen[-1][1].pixels)
    assert apart == pytest.approx(2 * 100 * 17 / 9, abs=3)  # counts of 10 mK
    camera.correct()
    later = [(camera.read(), steady.read()) for _ in range(8)]
    flags = [one.flags for one, _ in later]
    assert flags == [(FrameFlag.FFC,)] * 4 + [()] * 4
    assert np.ptp(later[0][0].pixels) == 0
    assert later[0][0].truth is None
    apart = np.ptp(later[4][0].pixels.astype(int) - later[4][1].pixels)
    assert apart == pytest.approx(2 * 100 * 4 / 9, abs=3)


def test_a_shutter_that_is_asked_for_closes_with_the_next_frame_whatever_its_number():
    camera = SimulatedThermal("thermal", thermal_config(rate_hz=30.0), SimulatedConfig())
    camera.open()
    for number in range(1, 60):
        camera.start(ORIGIN_NS, ORIGIN_NS + round(number * 1e9 / 30) - 1000)
        camera.correct()
        assert camera.read().flags == (FrameFlag.FFC,), number


def test_temperatures_are_those_of_a_yard():
    counts = thermal().read().truth
    celsius = [RADIOMETRY.celsius(value) for value in (counts.min(), np.median(counts))]
    assert -15 < celsius[0] < 5
    assert 5 < celsius[1] < 20
    assert 50 < RADIOMETRY.celsius(counts.max()) < 120


def test_the_shutter_closes_when_announced():
    camera = thermal(ffc_every_s=1.0, ffc_duration_s=0.4)
    captures = [camera.read() for _ in range(20)]
    closed = [capture for capture in captures if FrameFlag.FFC in capture.flags]
    assert [capture.sequence for capture in closed] == [9, 10, 11, 12, 18, 19]
    assert all(np.ptp(capture.pixels) < 80 and capture.truth is None for capture in closed)
    assert all(np.ptp(capture.pixels) > 1000 for capture in captures if not capture.flags)


def test_two_processes_see_the_same_scene_and_another_seed_is_another():
    one, same, other = thermal(seed=3).read(), thermal(seed=3).read(), thermal(seed=4).read()
    assert np.array_equal(one.pixels, same.pixels)
    assert not np.array_equal(one.truth, other.truth)


def test_people_have_the_same_outline_in_light_and_in_heat():
    light = SimulatedVisible(
        "visible", visible_config(width=640, height=480, rate_hz=9.0), SimulatedConfig()
    )
    light.open()
    light.start(0, 0)
    heat = thermal()
    seen, felt = [light.read().pixels for _ in range(30)], [heat.read().truth for _ in range(30)]
    band = slice(400, 455)  # the walker in front crosses here alone
    lit = np.abs(seen[22][band].astype(int) - seen[0][band].astype(int)).max(axis=2) > 40
    warm = felt[22][band].astype(int) - felt[0][band].astype(int) > 500
    assert warm.sum() > 500
    assert (lit & warm).sum() / warm.sum() > 0.6


@pytest.mark.parametrize("scene", ["night", "smoke"])
def test_night_and_smoke_hide_things_from_light_but_not_from_heat(scene):
    def contrast(kind):
        camera = SimulatedVisible("visible", visible_config(), SimulatedConfig(scene=kind))
        camera.open()
        return float(camera.read().pixels.std())

    assert contrast(scene) < 0.75 * contrast("day")
    assert np.array_equal(thermal(scene=scene).read().pixels, thermal(scene="day").read().pixels)


@pytest.mark.parametrize(
    ("width", "height", "truth"), [(256, 192, (576, 768)), (16, 12, (192, 256))]
)
def test_the_truth_is_a_whole_multiple_of_any_sensor(width, height, truth):
    camera = SimulatedThermal(
        "thermal", thermal_config(width=width, height=height), SimulatedConfig()
    )
    camera.open()
    capture = camera.read()
    assert capture.pixels.shape == (height, width)
    assert capture.truth.shape == truth


def test_a_rig_in_the_hand_moves_both_pictures_alike_and_comes_back_to_nothing_else():
    still, held = (thermal(netd_mk=0.0, hand_px=px) for px in (0.0, 6.0))
    sway = Sway(6.0, SimulatedConfig().seed)
    for number in range(4):
        truth, moved = still.read().truth, held.read().truth
        assert truth is not None
        expected = sway.seen(truth.astype(np.float32), number / 9)
        assert np.abs(moved - expected).max() <= 1.1  # rounded before and after
    places = np.array([sway.at(time_s)[:2] for time_s in np.linspace(0, 60, 2000)])
    assert 4 < places.std() < 8
    steps = np.hypot(*np.diff([sway.at(n / 9)[:2] for n in range(500)], axis=0).T)
    assert 1 < np.median(steps) < 12  # from frame to frame of 9 Hz


def test_both_cameras_of_a_rig_in_the_hand_see_the_same_motion():
    simulated = SimulatedConfig(hand_px=6.0)
    camera = SimulatedVisible("visible", visible_config(rate_hz=9.0), simulated)
    plain = SimulatedVisible("visible", visible_config(rate_hz=9.0), SimulatedConfig())
    for each in (camera, plain):
        each.open()
        each.start(ORIGIN_NS, ORIGIN_NS)
    sway = Sway(6.0, simulated.seed)
    for number in range(3):
        seen, unmoved = camera.read().pixels, plain.read().pixels
        expected = sway.seen(unmoved, number / 9)
        inner = (slice(8, -8), slice(8, -8))
        assert np.abs(seen[inner].astype(int) - expected[inner]).mean() < 4  # noise alone
        apart = np.abs(seen[inner].astype(int) - unmoved[inner]).mean()
        assert apart > np.abs(seen[inner].astype(int) - expected[inner]).mean()
