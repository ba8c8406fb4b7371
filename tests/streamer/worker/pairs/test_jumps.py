from collections import Counter

import numpy as np

from streamer.messages import Frame, PixelFormat
from streamer.worker.pairs.jumps import JumpGate


def frame(sequence: int, **fields: int) -> Frame:
    return Frame(
        stream="thermal",
        sequence=sequence,
        timestamp_ns=0,
        pixel_format=PixelFormat.MONO16,
        pixels=np.zeros((2, 2), np.uint16),
        **fields,
    )


def test_live_frames_say_nothing_and_pass():
    drops = Counter()
    assert JumpGate(drops).lets_through("thermal", frame(1))
    assert not drops


def test_early_frames_are_given_in_order_once_their_jump_is_told_of():
    drops = Counter()
    gate = JumpGate(drops)
    assert gate.lets_through("thermal", frame(1, epoch=0))
    for sequence, epoch in ((2, 1), (3, 2), (4, 2)):
        assert not gate.lets_through("thermal", frame(sequence, epoch=epoch))
    assert [one.sequence for _, one in gate.jumped(2)] == [3, 4]
    assert gate.jumped(3) == []
    assert drops == {"thermal/jump": 1}  # of the jump that another one overtook


def test_frames_from_before_a_jump_are_counted_and_forged_ones_are_bounded():
    drops = Counter()
    gate = JumpGate(drops)
    gate.jumped(5)
    assert not gate.lets_through("visible", frame(1, epoch=4))
    for sequence in range(1000):
        assert not gate.lets_through("thermal", frame(sequence, epoch=10**9))
    assert gate.lets_through("thermal", frame(1, epoch=5))
    assert drops["visible/jump"] == 1
    assert len(gate.jumped(10**9)) + drops["thermal/jump"] == 1000
