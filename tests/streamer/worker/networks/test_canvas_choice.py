"""Which canvas a slow machine makes; time is that of a predictor told how long to take."""

import logging

import pytest

from streamer.worker.networks import canvas_choice
from streamer.worker.networks.canvas_choice import affordable_canvas, smaller_canvases


class Slow:
    """A predictor that takes so many nanoseconds a pixel of the canvas."""

    model = "slow"

    def __init__(self, ns_a_pixel, canvas, *, canvas_is_set=False):
        self.now_ns = 0
        self.compiled = []
        self.canvas_is_set = canvas_is_set
        self._ns_a_pixel, self._canvas = ns_a_pixel, canvas

    def canvas(self, sensor):
        return self._canvas

    def warm_up(self, sensor, guide, canvas):
        self.compiled.append(canvas)

    def past(self):
        return None

    def predict(self, thermal, guide, canvas, guide_key, past, moment_ns):
        self.now_ns += round(self._ns_a_pixel * canvas[0] * canvas[1])


def chosen(predictor, sensor, rate_hz, monkeypatch):
    monkeypatch.setattr(canvas_choice, "now_ns", lambda: predictor.now_ns)
    monkeypatch.setattr(canvas_choice, "_PAUSE_S", 0.0)
    words = []
    return affordable_canvas(predictor, sensor, (48, 64), 1000 / rate_hz, words.append), words


def test_lower_multiples_come_first_and_one_and_a_half_last():
    assert smaller_canvases((192, 256), (576, 768)) == [(384, 512), (288, 384)]
    assert smaller_canvases((512, 640), (1024, 1280)) == [(768, 960)]
    assert smaller_canvases((63, 80), (126, 160)) == []


@pytest.mark.parametrize(
    ("rate_hz", "canvas"), [(9, (1024, 1280)), (30, (768, 960)), (60, (768, 960))]
)
def test_a_large_sensor_gets_the_largest_canvas_that_keeps_up(rate_hz, canvas, monkeypatch, caplog):
    slow = Slow(25, (1024, 1280))  # 33 ms, 18 ms
    found, words = chosen(slow, (512, 640), rate_hz, monkeypatch)
    assert found == canvas
    if rate_hz == 9:
        assert slow.compiled == []
        assert words == ["timing slow at 1280x1024"]
        assert not caplog.records
    else:
        assert words == [
            "timing slow at 1280x1024",
            "preparing slow for 960x768 instead",
            "timing slow at 960x768",
        ]
        assert f"640x512 at {rate_hz} Hz: a result of 1280x1024 takes 33 ms here" in caplog.text
        assert "960x768 is made, in 18 ms" in caplog.text
        assert ("still too slow" in caplog.text) == (rate_hz == 60)


def test_what_cannot_be_fast_enough_is_not_compiled(monkeypatch):
    slow = Slow(100, (480, 640))  # x4 31 ms, x3 17, x2 7.7, x1.5 4.3
    found, _ = chosen(slow, (120, 160), 100, monkeypatch)
    assert found == (240, 320)
    assert slow.compiled == [(240, 320)]


def test_a_start_that_is_busy_is_waited_out(monkeypatch, caplog):
    busy = Slow(50, (576, 768))  # 22 ms while others start, 11 ms after that
    took = iter([50] * 7 + [25] * 100)
    predict = busy.predict

    def settled(*arguments):
        busy._ns_a_pixel = next(took)
        predict(*arguments)

    busy.predict = settled
    assert chosen(busy, (192, 256), 60, monkeypatch)[0] == (576, 768)
    assert not caplog.records


def test_a_canvas_that_was_set_is_kept(monkeypatch, caplog):
    caplog.set_level(logging.WARNING)
    slow = Slow(100, (1024, 1280), canvas_is_set=True)
    assert chosen(slow, (512, 640), 60, monkeypatch)[0] == (1024, 1280)
    assert not caplog.records
