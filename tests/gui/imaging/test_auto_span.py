import numpy as np
import pytest

from gui.imaging.auto_span import AutoSpan, InfluenceSpan, differences
from streamer.clock import NS_PER_MS
from streamer.thermal.span import Span, robust_span

FRAME = 33 * NS_PER_MS


def flat(value, shape=(120, 160)):
    return np.full(shape, value, np.uint16)


def test_the_span_follows_calmly():
    auto = AutoSpan()
    first = auto.update(np.linspace(100, 200, 999).astype(np.uint16)[None], 8, 0)
    wider = np.linspace(100, 300, 999).astype(np.uint16)[None]
    after_a_frame = auto.update(wider, 8, FRAME)
    assert first.high < after_a_frame.high < first.high + 10
    for frame in range(2, 90):
        after = auto.update(wider, 8, frame * FRAME)
    assert after.high == pytest.approx(robust_span(wider, 8).high, abs=2)


def test_another_scene_is_followed_at_once():
    auto = AutoSpan()
    auto.update(flat(100), 8, 0)
    assert auto.update(flat(9000), 8, FRAME) == Span(8996, 9004)


def test_after_a_pause_it_begins_anew():
    auto = AutoSpan()
    auto.update(np.linspace(100, 200, 999).astype(np.uint16)[None], 8, 0)
    wider = np.linspace(100, 300, 999).astype(np.uint16)[None]
    assert auto.update(wider, 8, 200 * FRAME) == robust_span(wider, 8)


def test_influence_is_symmetric_about_no_difference():
    frame = flat(32768)
    frame[::2, ::2] += 50
    span = InfluenceSpan().update(frame, 5, 0)
    assert (span.low + span.high) / 2 == 32768
    assert span.high == pytest.approx(32768 + 52.5, abs=3)


def test_differences_are_signed():
    frame = np.array([[32768 - 5, 32768, 32768 + 7]], np.uint16)
    assert differences(frame).tolist() == [[-5, 0, 7]]
