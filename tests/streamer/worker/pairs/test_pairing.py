import msgspec
import pytest

from streamer.config.schema import PairingConfig
from streamer.pictures.losses import UNPAIRED
from streamer.worker.pairs import pairing as module
from streamer.worker.pairs.pairing import ThermalPivotPairing
from tests.support.frames import MS, frame


def pairing() -> ThermalPivotPairing:
    return ThermalPivotPairing(PairingConfig(), max_age_ms=250)


def test_a_visible_frame_at_the_pivots_time_ends_the_wait_at_once() -> None:
    pairs = pairing()
    pairs.add_visible(frame("visible", 1, 967))
    pairs.add_thermal(frame("thermal", 1, 1000), 1001 * MS)
    assert pairs.next(1001 * MS, visible_usable=True) is None
    pairs.add_visible(frame("visible", 2, 1000))
    pair = pairs.next(1002 * MS, visible_usable=True)
    assert pair is not None
    assert pair.visible is not None
    assert pair.visible.sequence == 2
    assert pair.skew_ms == 0
    assert pair.waited_ms == 1


def test_after_the_wait_the_nearest_that_exists_is_taken() -> None:
    pairs = pairing()
    for sequence, at in ((1, 930), (2, 965)):
        pairs.add_visible(frame("visible", sequence, at))
    pairs.add_thermal(frame("thermal", 1, 1000), 1001 * MS)
    assert pairs.deadline_ns() == 1021 * MS
    assert pairs.next(1020 * MS, visible_usable=True) is None
    pair = pairs.next(1021 * MS, visible_usable=True)
    assert pair is not None
    assert pair.visible is not None
    assert pair.visible.sequence == 2
    assert pair.skew_ms == -35


def test_a_later_frame_that_is_nearer_wins() -> None:
    pairs = pairing()
    pairs.add_visible(frame("visible", 1, 980))
    pairs.add_visible(frame("visible", 2, 1013))
    pairs.add_thermal(frame("thermal", 1, 1000), 1014 * MS)
    pair = pairs.next(1014 * MS, visible_usable=True)
    assert pair is not None
    assert pair.visible is not None
    assert pair.visible.sequence == 2


def test_an_unusable_visible_stream_is_neither_waited_for_nor_used() -> None:
    pairs = pairing()
    pairs.add_visible(frame("visible", 1, 990))
    pairs.add_thermal(frame("thermal", 1, 1000), 1001 * MS)
    pair = pairs.next(1001 * MS, visible_usable=False)
    assert pair is not None
    assert pair.visible is None
    assert pair.skew_ms is None


def test_visible_frames_older_than_the_ring_are_forgotten() -> None:
    pairs = pairing()
    pairs.add_visible(frame("visible", 1, 100))
    pairs.add_thermal(frame("thermal", 1, 1000), 1001 * MS)
    pair = pairs.next(1030 * MS, visible_usable=True)
    assert pair is not None
    assert pair.visible is None


def test_a_hiccup_loses_nothing_and_an_overload_keeps_the_newest() -> None:
    pairs = pairing()
    for sequence in range(6):
        pairs.add_thermal(frame("thermal", sequence, 1000 + 33 * sequence), 1170 * MS)
    assert pairs.skip_late(1200 * MS) == 0
    assert pairs.skip_late(1251 * MS) == 5
    pair = pairs.next(1251 * MS, visible_usable=False)
    assert pair is not None
    assert pair.thermal.sequence == 5
    assert pairs.skip_late(9999 * MS) == 0


def test_a_picture_without_a_partner_takes_no_other_s() -> None:
    pairs = pairing()
    pairs.add_visible(frame("visible", 1, 990))
    alone = msgspec.structs.replace(frame("thermal", 2, 1000), metadata={UNPAIRED: True})
    pairs.add_thermal(alone, 1001 * MS)
    pair = pairs.next(1001 * MS, visible_usable=True)
    assert pair is not None
    assert pair.visible is None


def test_a_slow_visible_stream_is_reached_for_and_waited_for() -> None:
    pairs = pairing()
    pairs.follow(10_000 * MS)  # one frame in ten seconds
    pairs.add_visible(frame("visible", 1, 10_000))
    pairs.add_visible(frame("visible", 2, 20_000))
    pairs.add_thermal(frame("thermal", 1, 24_900), 24_901 * MS)
    assert pairs.next(25_000 * MS, visible_usable=True) is None
    pair = pairs.next(25_001 * MS, visible_usable=True)
    assert pair is not None
    assert pair.visible is not None
    assert pair.visible.sequence == 2
    pairs.follow(33 * MS)  # as configured again
    pairs.add_thermal(frame("thermal", 2, 25_000), 25_000 * MS)
    pair = pairs.next(25_020 * MS, visible_usable=True)
    assert pair is not None
    assert pair.visible is None


def test_a_camera_whose_time_stands_still_fills_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_BYTES", 10 * frame("visible", 0, 0).pixels.nbytes)
    pairs = pairing()
    for sequence in range(100):
        pairs.add_visible(frame("visible", sequence, 1000))
    assert [one.sequence for one in pairs._ring] == list(range(90, 100))


def test_thermal_frames_of_the_future_fill_no_memory_and_count() -> None:
    pairs = pairing()
    made_room = sum(
        pairs.add_thermal(frame("thermal", n, 9_000_000), 1000 * MS) for n in range(3000)
    )
    assert made_room == 3000 - 1200
    pair = pairs.next(2000 * MS, visible_usable=False)
    assert pair is not None
    assert pair.thermal.sequence == made_room
