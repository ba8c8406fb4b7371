"""The worker on real sockets, with this test as its supervisor and its cameras."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import islice

import msgspec
import numpy as np
import pytest

from streamer.clock import StreamNs, now_ns
from streamer.config.replay import ReplaySettings
from streamer.messages import (
    FeatureRequest,
    Frame,
    Mode,
    NetworkChange,
    NetworkChoice,
    NetworkOrder,
    Radiometry,
    Step,
    StepDone,
    SuperResolvedFrame,
)
from streamer.runtime.roles import WorkerRole
from streamer.transport import Addresses, Endpoint, Policy, Subscriber
from streamer.worker.pairs.pairing import FramePair
from streamer.worker.super_resolution import SuperResolver
from tests.support.fake_session import DEADLINE_S
from tests.support.hostile_messages import hostile_messages
from tests.support.worker_rig import Rig, working

WAITING = 300  # frames at the sender of a worker that stands still
BIG = (240, 320)  # of a size that comes over one by one
OVER_AGE_S = 20


@pytest.fixture
def rig(addresses: Addresses) -> Iterator[Rig]:
    with working(addresses, WorkerRole()) as rig:
        yield rig


def test_a_pair_becomes_one_result_that_names_its_sources(rig: Rig) -> None:
    rig.send()
    result = rig.result()
    assert result.mode is Mode.GUIDED
    assert result.pixels.shape == (96, 128)
    assert result.pixels.dtype == np.uint16
    assert result.thermal is not None
    assert result.visible is not None
    assert result.thermal.sequence == result.visible.sequence == 1
    assert result.skew_ms == 0
    assert result.radiometry == Radiometry(0.01, 0)
    assert result.consistency is not None
    assert result.consistency.max_mk == pytest.approx(result.consistency.max_counts * 10)
    assert {"pair", "prepare", "infer", "consistency"} <= set(result.stage_ms)


def test_after_a_standstill_the_newest_is_made_and_the_others_are_counted(
    addresses: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, released = threading.Event(), threading.Event()
    make = SuperResolver.make

    def stands_still(resolver: SuperResolver, work: FramePair | Frame) -> SuperResolvedFrame:
        entered.set()
        assert released.wait(DEADLINE_S)
        return make(resolver, work)

    monkeypatch.setattr(SuperResolver, "make", stands_still)
    with working(addresses, WorkerRole()) as rig:
        rig.send(thermal_shape=BIG)
        assert entered.wait(DEADLINE_S)
        for index in range(WAITING):
            rig.send(thermal_shape=BIG, visible=False, age_s=OVER_AGE_S + WAITING - index)
        rig.send(thermal_shape=BIG)
        released.set()
        made = [rig.result()]
        while (source := made[-1].thermal) is None or source.sequence < rig.sequence:
            made.append(rig.result())
        rig.wait(lambda: rig.lost("thermal") == rig.sequence - len(made))
        assert len(made) < 8  # two; a few more where the host is busy with other things


def test_the_truth_is_never_subscribed_to(rig: Rig) -> None:
    for _ in range(5):
        rig.send()
        rig.result()
    assert rig.out["truth"].listening() == 0


def test_a_dead_camera_process_changes_the_mode_at_once(rig: Rig) -> None:
    rig.send()
    assert rig.result().mode is Mode.GUIDED
    rig.alive = False
    rig.tell()
    rig.wait(lambda: Mode.NO_SIGNAL in rig.modes())
    assert rig.modes() == [Mode.GUIDED, Mode.NO_SIGNAL]  # and no `hold`, as after a silence


def test_foreign_bytes_and_frames_of_another_kind_are_counted(rig: Rig) -> None:
    rig.out["visible"].send_bytes(b"not ours")
    rig.out["visible"].send(FeatureRequest("reboot", 1))
    rig.send()
    assert rig.result().mode is Mode.GUIDED
    both = {"visible/malformed", "visible/refused"}  # perhaps not in one heartbeat
    rig.wait(lambda: rig.last is not None and both <= set(rig.last.dropped))
    assert rig.last is not None
    assert rig.last.dropped == dict.fromkeys(both, 1)


def test_a_sensor_that_changes_its_size_goes_on(rig: Rig) -> None:
    rig.send()
    rig.result()
    rig.send(thermal_shape=(12, 16))
    result = rig.result()
    assert result.thermal is not None
    assert result.thermal.sequence == 2
    assert result.pixels.shape == (96, 128)


def test_what_the_guide_added_is_made_only_while_asked_for(rig: Rig) -> None:
    for _ in range(5):
        rig.send()
        rig.result()
    shown: list[Frame] = []

    def asked_and_shown() -> bool:
        rig.command.send(FeatureRequest("influence", now_ns() + 10**9))
        rig.send()
        rig.result()
        if isinstance(frame := rig.influence.receive(20), Frame):
            shown.append(frame)
        return bool(shown)

    rig.wait(asked_and_shown)
    (message,) = shown
    assert message.sequence > 5  # none of those before it was asked for
    assert message.stream == "influence"
    assert message.metadata["zero"] == 32768
    assert (message.pixels == 32768).all()  # bilinear takes no guide


def test_the_worker_on_openvino_never_imports_torch() -> None:
    code = """
import sys, numpy as np
import streamer.worker.process
from models.inference.predictor import PredictorSettings, build_predictor
predictor = build_predictor(PredictorSettings(engine="openvino", precision="f32"))
guide = np.zeros((480, 640, 3), np.uint8)
predictor.predict(np.full((60, 80), 30000, np.uint16), guide)
assert predictor.engine == "openvino", predictor.engine
loaded = {"torch", "PySide6", "gui", "capture"} & set(sys.modules)
assert not loaded, loaded
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_lies_are_counted_and_the_next_pair_is_made(rig: Rig) -> None:
    rig.send()
    rig.result()
    sent = 0
    for hostile in islice(hostile_messages(5), 400):
        for name in ("visible", "thermal", "session"):
            rig.out[name].send_parts(hostile.parts)
        sent += hostile.refused
        rig.tell()

    def counted() -> bool:
        dropped = rig.last.dropped if rig.last is not None else {}
        rig.tell()
        return all(dropped.get(f"{one}/malformed", 0) >= sent for one in ("visible", "thermal"))

    rig.wait(counted)
    rig.sequence = 10**6  # whatever a frame among them may have claimed

    def made() -> bool:
        rig.send()
        result = rig.results.receive(200)
        return isinstance(result, SuperResolvedFrame) and (
            result.thermal is not None and result.thermal.sequence > 10**6
        )

    rig.wait(made)


def test_frames_of_a_jump_may_come_before_its_news(addresses: Addresses) -> None:
    """They travel on two sockets; standing still, nothing else would ever be shown."""
    role = WorkerRole(replay=ReplaySettings(path="x.mcap", cameras={}))
    with working(addresses, role) as rig:
        rig.tell_of_jump(1)
        rig.send(epoch=1)
        rig.tell_of_jump(1)  # the number that is shown
        assert rig.result().thermal is not None
        for jump in (2, 3, 4):
            rig.send(epoch=jump)
            time.sleep(0.1)  # the frames have surely been taken; if not, the test proves less
            rig.tell_of_jump(jump)
            shown = rig.result().thermal
            assert shown is not None
            assert shown.sequence == rig.sequence
        rig.send(epoch=2)  # one that was under way for long
        rig.wait(lambda: rig.last and rig.last.dropped.get("thermal/jump") == 1)


def test_where_a_replay_stops_its_last_picture_is_made_whatever_comes_last(
    addresses: Addresses,
) -> None:
    """No visible frame follows that would end its wait; and one alone is no picture."""
    role = WorkerRole(replay=ReplaySettings(path="x.mcap", cameras={}))
    patient = ("health.stale_min_ms=60000", "health.lost_ms=90000")
    with working(addresses, role, *patient) as rig:
        for last in ("thermal", "visible"):
            rig.tell_of_player(paused=False)
            rig.send_visible(StreamNs(now_ns()))
            rig.send(visible=False)
            rig.tell_of_player(paused=True)
            if last == "visible":
                rig.send_visible(StreamNs(now_ns()))
            result = rig.result()
            assert result.mode is Mode.GUIDED
            assert result.thermal is not None
            assert result.thermal.sequence == rig.sequence
        assert rig.results.receive(300) is None


def test_where_a_replay_stands_what_is_seen_is_made_anew_by_the_network_asked_for(
    addresses: Addresses,
) -> None:
    role = WorkerRole(replay=ReplaySettings(path="x.mcap", cameras={}))
    with working(addresses, role) as rig:
        rig.tell_of_jump(1)
        rig.send(epoch=1)
        rig.tell_of_jump(1)
        before = rig.result()
        rig.order = NetworkOrder(1, NetworkChoice("nearest", "auto", "auto", 1))
        rig.tell()
        result = rig.result()
        assert result.thermal == before.thermal
        assert result.sequence == before.sequence + 1
        assert isinstance(result.network, NetworkChange)
        assert (result.network.network.model, result.network.order) == ("nearest", 1)
        rig.wait(lambda: rig.last is not None and rig.last.model == "nearest")
        assert any(one == result.network for one in rig.others)
        assert rig.results.receive(300) is None  # once


def test_in_lockstep_a_frame_that_comes_late_is_that_of_its_step(addresses: Addresses) -> None:
    """As of a player that stood still between the two: nothing is made of one step later."""
    role = WorkerRole(replay=ReplaySettings(path="x.mcap", cameras={}, lockstep=True))
    with (
        working(addresses, role) as rig,
        Subscriber(addresses, Endpoint.ANSWER, Policy.EVERY) as answers,
    ):
        rig.wait(lambda: rig.out["clock"].listening() == 1)
        rig.out["clock"].send(Step(0, StreamNs(0)))  # until the answers' line stands
        rig.wait(lambda: rig.out["clock"].send(Step(0, StreamNs(0))) or answers.receive(20))
        moment = StreamNs(now_ns())
        rig.out["clock"].send(Step(1, moment, "visible"))
        began_s = time.monotonic()
        rig.wait(lambda: time.monotonic() - began_s > 2.5)
        answered = []
        while (answer := answers.receive()) is not None:
            answered.append(answer)
        assert all(isinstance(one, StepDone) and one.number == 0 for one in answered)
        rig.send()
        rig.out["clock"].send(Step(2, moment, "thermal"))
        assert rig.result().mode is Mode.GUIDED


def test_between_thermal_frames_results_are_carried_and_marked(addresses: Addresses) -> None:
    """On a topic of their own: nobody who measures, records or counts takes them for results."""
    long = ("health.stale_min_ms=60000", "health.lost_ms=90000", "capture.thermal.rate_hz=1")
    with (
        working(addresses, WorkerRole(), "inference.rate=visible", *long) as rig,
        Subscriber(addresses, Endpoint.PREDICTED, Policy.EVERY) as between,
    ):
        made: list[SuperResolvedFrame] = []
        message = None

        def carried() -> bool:
            nonlocal message
            rig.send()  # anew: a result is soon too old to be carried, on a busy host at once
            made.append(rig.result())
            rig.send_visible(now_ns())
            rig.tell()
            message = between.receive(50)
            return message is not None

        rig.wait(carried)
        assert isinstance(message, SuperResolvedFrame)
        assert message.predicted is not msgspec.UNSET
        assert 0.5 <= message.predicted <= 1
        measured = made[message.sequence]
        assert message.sequence == measured.sequence
        assert message.thermal == measured.thermal
        assert message.timestamp_ns > measured.timestamp_ns
        assert message.uncertainty is None
        rig.send()
        assert rig.result().sequence == len(made)  # results are counted as ever
        assert rig.results.receive(0) is None
