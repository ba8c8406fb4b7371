from streamer.config.loading import load_config
from streamer.config.schema import Config
from streamer.messages import FeatureRequest, Frame, FrameFlag, Mode
from streamer.worker.pairs.pairing import FramePair
from streamer.worker.pairs.scheduler import PairScheduler
from tests.support.frames import MS, frame


class Rig:
    """Two streams at 30 Hz fed to a PairScheduler, a millisecond at a time."""

    def __init__(self, config: Config | None = None, *, lapse: bool = False) -> None:
        config = config or Config()
        self.fusion = PairScheduler(config, {}, counts_gaps=not lapse)
        self.made: list[FramePair | Frame] = []
        self.changes: list[tuple[int, Mode]] = []
        self.at_ms = 0

    def run(self, until_ms: int, *, visible: bool = True, thermal: bool = True) -> None:
        while self.at_ms < until_ms:
            self.at_ms += 1
            now = self.at_ms * MS
            if self.at_ms % 33 == 0:
                sequence = self.at_ms // 33
                if visible:
                    self.fusion.add("visible", frame("visible", sequence, self.at_ms), now)
                if thermal:
                    self.fusion.add("thermal", frame("thermal", sequence, self.at_ms), now)
            change = self.fusion.judge(now)
            if change is not None:
                self.changes.append((self.at_ms, change.current))
            while (work := self.fusion.next(now)) is not None:
                self.made.append(work)


def test_every_thermal_frame_makes_one_result() -> None:
    rig = Rig()
    rig.run(3300)
    assert len(rig.made) == 100
    assert all(isinstance(work, FramePair) and work.visible is not None for work in rig.made)
    assert not +rig.fusion.drops


def test_a_lost_visible_is_left_within_a_quarter_second_and_taken_back_within_half() -> None:
    rig = Rig()
    rig.run(2000)
    rig.run(4000, visible=False)
    rig.run(6000)
    assert [mode for _, mode in rig.changes] == [Mode.GUIDED, Mode.THERMAL_ONLY, Mode.GUIDED]
    assert 2000 < rig.changes[1][0] <= 2250
    assert 4000 < rig.changes[2][0] <= 4500
    assert len(rig.made) == 6000 // 33
    assert rig.fusion.drops["visible/gap"] > 50
    assert rig.fusion.drops["thermal/gap"] == 0


def test_a_lost_thermal_is_held_then_shown_as_visible_only() -> None:
    rig = Rig()
    rig.run(2000)
    rig.run(4000, thermal=False)
    rig.run(6000)
    assert [mode for _, mode in rig.changes[1:]] == [Mode.HOLD, Mode.VISIBLE_ONLY, Mode.GUIDED]
    assert rig.changes[2][0] <= 3300
    assert rig.changes[3][0] <= 4500
    alone = [work for work in rig.made if isinstance(work, Frame)]
    assert all(work.stream == "visible" for work in alone)
    assert len(alone) > 25


def test_shutter_frames_are_held_not_used() -> None:
    rig = Rig()
    rig.run(1000)
    for step in range(10):
        rig.at_ms += 33
        now = rig.at_ms * MS
        flags = (FrameFlag.FFC,)
        rig.fusion.add("thermal", frame("thermal", 31 + step, rig.at_ms, flags=flags), now)
    made = len(rig.made)
    rig.run(rig.at_ms + 1)
    assert rig.changes[-1][1] is Mode.HOLD
    assert len(rig.made) == made
    assert rig.fusion.drops["thermal/refused"] == 10


def test_a_message_of_another_kind_is_refused() -> None:
    rig = Rig()
    rig.fusion.add("visible", FeatureRequest("x", 1), 0)
    rig.fusion.add("visible", frame("thermal", 1, 0), 0)
    rig.fusion.add("thermal", frame("visible", 1, 0), 0)
    assert rig.fusion.drops == {"visible/refused": 2, "thermal/refused": 1}


def test_a_rig_without_visible_is_thermal_only_from_the_start() -> None:
    rig = Rig(load_config(None, ["capture.visible.source=none"]))
    rig.run(990, visible=False)
    assert [mode for _, mode in rig.changes] == [Mode.THERMAL_ONLY]
    assert len(rig.made) == 30


def test_the_first_thermal_frame_waits_for_its_companion() -> None:
    fusion = Rig().fusion
    fusion.add("thermal", frame("thermal", 0, 0), 0)
    assert fusion.judge(0) is None
    assert fusion.next(0) is None
    fusion.add("visible", frame("visible", 0, 0), 3 * MS)
    change = fusion.judge(3 * MS)
    assert change is not None
    assert change.current is Mode.GUIDED
    work = fusion.next(3 * MS)
    assert isinstance(work, FramePair)
    assert work.visible is not None


def test_a_companion_that_does_not_come_is_not_waited_for_twice() -> None:
    fusion = Rig().fusion
    fusion.add("thermal", frame("thermal", 0, 0), 0)
    assert fusion.judge(19 * MS) is None
    change = fusion.judge(20 * MS)
    assert change is not None
    assert change.current is Mode.THERMAL_ONLY
    assert fusion.next(20 * MS) is not None


def test_a_visible_stream_that_begins_first_waits_for_the_thermal() -> None:
    rig = Rig()
    rig.run(330, thermal=False)
    assert rig.changes == []
    rig.run(660)
    assert [mode for _, mode in rig.changes] == [Mode.GUIDED]
    assert all(isinstance(work, FramePair) for work in rig.made)


def test_without_any_thermal_the_visible_is_shown_after_a_second() -> None:
    rig = Rig()
    rig.run(1500, thermal=False)
    assert [mode for _, mode in rig.changes] == [Mode.VISIBLE_ONLY]
    assert rig.changes[0][0] <= 1100


def test_what_a_time_lapse_leaves_out_is_no_gap() -> None:
    for every_s, gaps in ((None, 29), (1.0, 0)):
        rig = Rig(lapse=bool(every_s))
        for sequence in (0, 30):
            rig.fusion.add("visible", frame("visible", sequence, 33 * sequence), 33 * sequence * MS)
        assert rig.fusion.drops["visible/gap"] == gaps


def test_drops_are_counted_on_after_a_jump() -> None:
    rig = Rig()
    rig.fusion.add("visible", FeatureRequest("x", 0), 0)
    after = PairScheduler(Config(), {}, rig.fusion.drops)
    after.add("visible", FeatureRequest("x", 0), 0)
    assert after.drops["visible/refused"] == 2


def test_where_time_stops_the_newest_thermal_frame_is_made_without_waiting() -> None:
    """The visible frame that it waits for will not come, and its wait will not end."""
    rig = Rig()
    rig.run(1000)
    made, now = len(rig.made), 1000 * MS
    for number, at_ms in ((90, 1001), (91, 1010)):
        rig.fusion.add("thermal", frame("thermal", number, at_ms), now, stands=True)
    assert rig.fusion.next(now) is None
    settled = rig.fusion.settle()
    assert isinstance(settled, FramePair)
    assert settled.thermal.sequence == 91
    assert settled.visible is not None
    assert settled.visible.sequence == 990 // 33
    assert rig.fusion.drops["thermal/late"] == 1
    assert rig.fusion.settle() is None  # a visible frame alone is no picture of a guided moment
    rig.fusion.add("visible", frame("visible", 31, 1020), now, stands=True)
    assert rig.fusion.settle() is None
    assert len(rig.made) == made


def test_where_time_stops_after_a_standstill_what_comes_is_no_first_frame_after_a_loss() -> None:
    rig = Rig()
    rig.run(1000)
    now = 2500 * MS  # the worker stood still until time stopped
    for stream in ("visible", "thermal"):
        rig.fusion.add(stream, frame(stream, 75, 2490), now, stands=True)
    settled = rig.fusion.settle()
    assert isinstance(settled, FramePair)
    assert settled.visible is not None
    assert (settled.thermal.sequence, settled.visible.sequence) == (75, 75)


def test_where_time_stops_an_old_visible_frame_guides_nothing() -> None:
    rig = Rig()
    rig.run(1000)
    rig.fusion.add("thermal", frame("thermal", 40, 1300), 1301 * MS, stands=True)
    settled = rig.fusion.settle()
    assert isinstance(settled, FramePair)
    assert settled.visible is None


def test_where_time_stops_without_thermal_the_visible_frame_is_shown() -> None:
    rig = Rig()
    rig.fusion.add("visible", frame("visible", 1, 10), 11 * MS, stands=True)
    settled = rig.fusion.settle()
    assert isinstance(settled, Frame)
    assert settled.sequence == 1
