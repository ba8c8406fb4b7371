from gui.state.frame_sync import FrameSync
from tests.gui import feeder as make

MS = 1_000_000
PERIOD = 33 * MS
A, B, C = 0, 1, 2


class Chain:
    """Models, each so much later than the frame; looked at every ten milliseconds."""

    def __init__(self, models=2):
        self.sync = FrameSync(models)
        self.now = 0
        self.shown = []
        self._coming = []

    def make(self, model, frames, late_ms):
        for frame in frames:
            made = make.result(frame, pixels=make.scene(12, 16), at_ns=frame * PERIOD)
            self._coming.append((frame * PERIOD + late_ms * MS, model, made))
        return self

    def run(self, until_ms):
        while self.now < until_ms * MS:
            self.now += 10 * MS
            for coming in [coming for coming in self._coming if coming[0] <= self.now]:
                self._coming.remove(coming)
                self.sync.add(coming[1], coming[2], self.now)
            due = self.sync.due(self.now)
            self.shown.append(tuple(result and result.sequence for result in due))
        return self

    def of(self, model):
        return [due[model] for due in self.shown if due[model] is not None]


def test_while_both_keep_up_they_show_the_same_frame_at_once():
    chain = Chain().make(A, range(30), 15).make(B, range(30), 60).run(1100)
    assert all((a is None) == (b is None) and a == b for a, b in chain.shown)
    assert chain.of(A) == list(range(30))
    assert chain.sync.behind_ms(A) == chain.sync.behind_ms(B) == 0


def test_one_that_falls_behind_does_not_hold_up_the_other():
    chain = Chain().make(A, range(60), 15).make(B, range(60), 400).run(1900)
    later = chain.of(A)[-30:]
    assert later == list(range(later[0], later[0] + 30))
    assert chain.sync.behind_ms(B) > 300
    assert chain.sync.behind_ms(A) == 0
    assert chain.of(B) == sorted(chain.of(B))


def test_one_that_dies_does_not_hold_up_the_other_and_they_meet_again():
    chain = Chain().make(A, range(90), 15)
    chain.make(B, [*range(30), *range(60, 90)], 20).run(1900)
    assert chain.of(A)[-20:] == list(range(chain.of(A)[-1] - 19, chain.of(A)[-1] + 1))
    assert chain.sync.behind_ms(B) > 500
    chain.shown.clear()
    chain.run(3000)
    together = [due for due in chain.shown if due[B] is not None][1:]
    assert len(together) > 20
    assert all(a == b for a, b in together)
    assert chain.of(A) == sorted(chain.of(A))


def test_standing_still_a_slow_one_is_awaited_but_not_for_long():
    chain = Chain().make(A, [7], 0).make(B, [7], 700).run(600)
    assert chain.of(A) == [7]
    assert chain.of(B) == []
    chain.run(1200)
    assert chain.of(B) == [7]
    assert chain.sync.behind_ms(B) == 0


def test_after_a_jump_back_the_past_does_not_count():
    chain = Chain().make(A, range(30), 15).make(B, range(30), 20).run(1100)
    chain.sync.clear()
    chain.shown.clear()
    for side in (A, B):
        chain.sync.add(side, make.result(3, pixels=make.scene(12, 16), at_ns=3 * PERIOD), chain.now)
    chain.run(1200)
    assert chain.shown[0] == (3, 3)


def test_a_single_model_is_shown_at_its_newest_and_keeps_nothing_older():
    chain = Chain(models=1).make(A, range(30), 15).run(1100)
    assert chain.of(A) == list(range(30))
    assert chain.sync.behind_ms(A) == 0
    assert len(chain.sync._arrived[A]) <= 2


def test_of_three_the_slow_one_does_not_hold_up_the_others():
    chain = Chain(models=3).make(A, range(60), 15).make(B, range(60), 30)
    chain.make(C, range(60), 500).run(1900)
    for model in (A, B):
        shown = chain.of(model)[-20:]
        assert shown == list(range(shown[0], shown[0] + 20))
    assert chain.sync.behind_ms(C) > 300
    assert chain.sync.behind_ms(A) == 0
    chain.run(3000)
    assert chain.of(C)[-1] == chain.of(A)[-1] == 59
