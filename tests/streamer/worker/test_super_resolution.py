import msgspec
import numpy as np
import pytest

from models.engines.openvino import OpenVinoEngine
from models.inference.predictor import PredictorSettings, build_predictor
from streamer.clock import now_ns
from streamer.messages import Frame, Mode, PixelFormat, Radiometry
from streamer.pictures.readings.pixel_band import WINDOW
from streamer.worker.pairs.pairing import FramePair
from streamer.worker.super_resolution import SuperResolver
from tests.support.moving_scene import as_counts, moving_scene

PERIOD_NS = 16_666_667


def thermal(sequence: int) -> Frame:
    rng = np.random.default_rng(sequence)
    return Frame(
        stream="thermal",
        sequence=sequence,
        timestamp_ns=sequence * PERIOD_NS,
        pixel_format=PixelFormat.MONO16,
        pixels=rng.integers(7000, 7200, (24, 32)).astype(np.uint16),
    )


def visible(sequence: int) -> Frame:
    rng = np.random.default_rng(100 + sequence)
    return Frame(
        stream="visible",
        sequence=sequence,
        timestamp_ns=2 * sequence * PERIOD_NS,
        pixel_format=PixelFormat.BGR8,
        pixels=rng.integers(0, 256, (48, 64, 3), dtype=np.uint8),
    )


@pytest.fixture
def graphs(monkeypatch) -> list[str]:
    """Which graph the engine ran, call by call: `reuse` encodes no guide."""
    run: list[str] = []
    request = OpenVinoEngine._request

    def noted(self, graph):
        run.append(graph)
        return request(self, graph)

    monkeypatch.setattr(OpenVinoEngine, "_request", noted)
    return run


def test_a_thermal_stream_twice_as_fast_encodes_each_visible_frame_once(graphs, tmp_path):
    settings = PredictorSettings(
        engine="openvino", precision="f32", canvas=(48, 64), threads=1, cache_dir=str(tmp_path)
    )
    maker = SuperResolver(build_predictor(settings), now_ns, lambda: 1.0, lambda words: None)
    maker.prepare((24, 32), (48, 64))
    graphs.clear()
    pairs = [FramePair(thermal(i), visible(i // 2), 0.0) for i in range(6)]
    results = [maker.make(pair) for pair in pairs]
    assert graphs == ["both", "reuse"] * 3
    assert {result.mode for result in results} == {Mode.GUIDED}
    foretold = {(r.uncertainty.rows, r.uncertainty.columns) for r in results}
    assert foretold == {(6, 8)}  # cells of 8 of the canvas's pixels
    assert {r.uncertainty.low_counts > 0 for r in results} == {True}
    # The same pictures as without anything kept.
    fresh = build_predictor(settings)
    for pair, result in zip(pairs, results, strict=True):
        plain = fresh.predict(pair.thermal.pixels, pair.visible.pixels).pixels
        assert np.abs(plain.astype(int) - result.pixels).max() <= 1


def test_a_camera_that_starts_again_counts_anew_but_not_its_time(graphs, tmp_path):
    settings = PredictorSettings(
        engine="openvino", precision="f32", canvas=(48, 64), threads=1, cache_dir=str(tmp_path)
    )
    maker = SuperResolver(build_predictor(settings), now_ns, lambda: 1.0, lambda words: None)
    maker.prepare((24, 32), (48, 64))
    graphs.clear()
    maker.make(FramePair(thermal(0), visible(0), 0.0))
    other = visible(3)
    again = Frame(
        stream="visible",
        sequence=0,
        timestamp_ns=other.timestamp_ns,
        pixel_format=other.pixel_format,
        pixels=other.pixels,
    )
    maker.make(FramePair(thermal(1), again, 0.0))
    assert graphs == ["both", "both"]


def test_what_is_no_reading_leaves_no_trace_in_the_result(tmp_path, caplog):
    settings = PredictorSettings(model="bilinear", canvas=(100, 128), cache_dir=str(tmp_path))
    maker = SuperResolver(build_predictor(settings), now_ns, lambda: 1.0, lambda words: None)
    maker.prepare((25, 32), (48, 64))
    frame = thermal(0)
    pixels = np.full((25, 32), 30000, np.uint16)
    pixels[:, 16:] = 31000
    pixels[24], pixels[5, 7], pixels[9] = 60000, 65535, 0
    for sequence in range(2):
        given = msgspec.structs.replace(frame, pixels=pixels, sequence=sequence)
        result = maker.make(FramePair(given, visible(0), 0.0))
        assert result.pixels.min() >= 30000 - 50
        assert result.pixels.max() <= 31000 + 50
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "65 pixels of the thermal picture are no readings, rows 9, 24 among them" in caplog.text


@pytest.mark.parametrize("finds", [True, False])
def test_a_stuck_pixel_leaves_no_trace_once_it_is_found(tmp_path, finds):
    settings = PredictorSettings(model="bilinear", canvas=(48, 64), cache_dir=str(tmp_path))
    maker = SuperResolver(
        build_predictor(settings), now_ns, lambda: 1.0, lambda words: None, finds_bad_pixels=finds
    )
    maker.prepare((24, 32), (48, 64))
    hottest = []
    for sequence, picture in enumerate(moving_scene(2 * WINDOW + 4)):
        picture[13, 20] = 52_000
        frame = msgspec.structs.replace(thermal(sequence), pixels=as_counts(picture))
        hottest.append(int(maker.make(FramePair(frame, None, 0.0)).pixels.max()))
    assert min(hottest[: 2 * WINDOW]) > 40_000
    assert (max(hottest[-3:]) < 33_000) == finds
    assert maker.readings.places == (((20, 13),) if finds else ())


def test_two_recordings_through_one_predictor_never_share_a_guide(graphs, tmp_path):
    settings = PredictorSettings(
        engine="openvino", precision="f32", canvas=(48, 64), threads=1, cache_dir=str(tmp_path)
    )
    predictor = build_predictor(settings)
    pair = FramePair(thermal(0), visible(0), 0.0)
    for _ in range(2):  # two stills: the same number and time, and another scene
        maker = SuperResolver(predictor, now_ns, lambda: 1.0, lambda words: None, warms_up=False)
        maker.prepare((24, 32), (48, 64))
        maker.make(pair)
    assert graphs == ["both", "both"]


def several_frames(tmp_path) -> SuperResolver:
    settings = PredictorSettings(
        model="bilinear", window=3, canvas=(48, 64), cache_dir=str(tmp_path)
    )
    maker = SuperResolver(build_predictor(settings), now_ns, lambda: 1.0, lambda words: None)
    maker.prepare((24, 32), (48, 64))
    return maker


def still_pair(sequence: int) -> FramePair:
    """The same scene at the next moment."""
    timed = msgspec.structs.replace(thermal(1), timestamp_ns=sequence * PERIOD_NS)
    radiometry = Radiometry(0.01, 0.0)
    return FramePair(msgspec.structs.replace(timed, radiometry=radiometry), visible(1), 0.0)


def test_a_result_says_what_the_frames_before_gave_it(tmp_path):
    maker = several_frames(tmp_path)
    results = [maker.make(still_pair(number)) for number in range(4)]
    assert [result.past.frames for result in results] == [1, 2, 3, 3]
    assert results[-1].past.share > 0.9
    assert results[-1].past.noise_mk == pytest.approx(results[-1].past.noise_counts * 10)


def test_where_the_past_counts_is_told_as_long_as_it_is_asked_for(tmp_path):
    maker = several_frames(tmp_path)
    assert maker.make(still_pair(0)).past.shares is msgspec.UNSET
    maker.tell_shares(now_ns() + 600 * 10**9)
    shares = maker.make(still_pair(1)).past.shares
    assert shares.shares().shape == (24, 32)
    assert 0.4 < np.median(shares.shares()) < 0.6  # one frame of two
    maker.tell_shares(now_ns())
    assert maker.make(still_pair(2)).past.shares is msgspec.UNSET


def test_after_a_jump_results_begin_anew_and_after_a_pause_it_is_told(tmp_path):
    maker = several_frames(tmp_path)
    for number in range(3):
        maker.make(still_pair(number))
    maker.forget()
    assert maker.make(still_pair(3)).past.frames == 1
    maker.make(still_pair(4))
    after = maker.make(still_pair(60)).past
    assert (after.frames, after.let_go) == (1, "pause")
    assert maker.make(visible(61)).past is None  # no thermal frame: nothing is measured
