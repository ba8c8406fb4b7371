"""Networks follow each other between two results: ordered ones, and those of a recording."""

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from models.inference.predictor import PredictorSettings, build_predictor
from streamer.clock import StreamNs, now_ns
from streamer.config.networks import TimedNetwork
from streamer.config.schema import InferenceConfig
from streamer.messages import (
    NetworkChoice,
    NetworkOrder,
    OrderState,
    SessionStatus,
    SuperResolvedFrame,
)
from streamer.worker.networks import preparation
from streamer.worker.networks.switch import NetworkSwitch
from streamer.worker.pairs.pairing import FramePair
from streamer.worker.super_resolution import SuperResolver
from tests.streamer.worker.test_super_resolution import thermal, visible
from tests.support.fake_session import DEADLINE_S


class Rig:
    """A resolver and its switch, on pictures of 32 x 24."""

    def __init__(self, model: str = "nearest", *, live: bool = True, **switch) -> None:
        settings = InferenceConfig(model=model)
        predictor = build_predictor(PredictorSettings(model=model, canvas=(48, 64)))
        self.resolver = SuperResolver(predictor, now_ns, lambda: 1.0, lambda words: None)
        self.resolver.prepare((24, 32), (48, 64))
        self.switch = NetworkSwitch(settings, self.resolver, live=live, listens=True, **switch)
        self.resolver.choose = self.switch.begin

    def make(self, sequence: int) -> SuperResolvedFrame:
        return self.resolver.make(FramePair(thermal(sequence), visible(sequence), 0.0))

    def order(self, number: int, model: str, **choice) -> None:
        order = NetworkOrder(number, NetworkChoice(model, "auto", "auto", 1, **choice))
        self.tell(order)

    def tell(self, order: NetworkOrder | None) -> None:
        self.switch.follow(
            SessionStatus(
                timestamp_ns=now_ns(),
                origin_ns=None,
                first_result_ns=None,
                processes={},
                statuses={},
                dropped={},
                network_order=order,
            )
        )
        self.told = order

    def until(self, condition) -> None:
        deadline = time.monotonic() + DEADLINE_S
        while not condition():
            assert time.monotonic() < deadline
            self.tell(self.told)
            time.sleep(0.005)


def same_as(model: str, sequence: int, result: SuperResolvedFrame) -> bool:
    predictor = build_predictor(PredictorSettings(model=model))
    shape = result.pixels.shape
    plain = predictor.predict(thermal(sequence).pixels, visible(sequence).pixels, shape).pixels
    return np.array_equal(plain, result.pixels)


def test_what_can_be_ordered_is_told_where_somebody_looks() -> None:
    offer = Rig(offers=True).switch.offer
    assert offer is not None
    assert "fast:benchmark" in offer.models
    assert {"auto", "openvino"} <= set(offer.engines)
    assert {"auto", "f32", "int8"} <= set(offer.precisions)
    assert Rig().switch.offer is None


def test_results_are_the_old_ones_until_the_new_network_is_ready(monkeypatch) -> None:
    rig, may_load = Rig(), threading.Event()
    load = preparation.predictor_of
    monkeypatch.setattr(
        preparation, "predictor_of", lambda it: may_load.wait(DEADLINE_S) and load(it)
    )
    rig.order(1, "bicubic")
    assert same_as("nearest", 0, rig.make(0))
    assert rig.resolver.network is None
    may_load.set()
    rig.until(lambda: rig.switch.waits)
    result = rig.make(1)
    assert same_as("bicubic", 1, result)
    assert result.sequence == 1  # they are counted on
    change = rig.resolver.network
    assert change is not None
    assert (change.previous.model, change.network.model) == ("nearest", "bicubic")
    assert (change.timestamp_ns, change.order) == (result.timestamp_ns, 1)
    assert rig.switch.begin(StreamNs(10**12)) is None


def test_it_begins_with_a_result_that_is_later_than_all_before() -> None:
    rig = Rig()
    rig.make(5)
    rig.order(1, "bicubic")
    rig.until(lambda: rig.switch.waits)
    assert same_as("nearest", 4, rig.make(4))  # late: its time is of the network before
    assert same_as("bicubic", 6, rig.make(6))


@pytest.mark.parametrize(
    ("model", "problem"),
    [
        ("nope", "model nope: wanted fast, "),
        ("/nowhere/best.safetensors", "model /nowhere/best.safetensors: no such checkpoint"),
    ],
)
def test_what_cannot_be_loaded_is_answered_and_nothing_changes(model: str, problem: str) -> None:
    rig = Rig()
    rig.order(1, model)
    rig.until(lambda: rig.switch.answer)
    assert rig.switch.answer.number == 1
    assert rig.switch.answer.problem.startswith(problem)
    assert same_as("nearest", 0, rig.make(0))
    rig.order(2, "bicubic")
    rig.until(lambda: rig.switch.waits)
    assert same_as("bicubic", 1, rig.make(1))


def test_a_file_that_is_no_checkpoint_is_answered_in_a_line(tmp_path: Path) -> None:
    file = tmp_path / "best.safetensors"
    file.write_bytes(b"nothing of ours")
    rig = Rig()
    rig.order(1, str(file))
    rig.until(lambda: rig.switch.answer)
    assert "\n" not in rig.switch.answer.problem
    assert "best.safetensors" in rig.switch.answer.problem


def test_whatever_an_engine_ends_in_is_an_answer(monkeypatch) -> None:
    def broken(settings):
        raise RuntimeError("Exception from src/x.cpp:1:\nno memory\n")

    monkeypatch.setattr(preparation, "predictor_of", broken)
    rig = Rig()
    rig.order(1, "bicubic")
    rig.until(lambda: rig.switch.answer)
    assert rig.switch.answer.problem == "model bicubic: Exception from src/x.cpp:1:"


def test_of_several_orders_the_newest_counts(monkeypatch) -> None:
    rig, may_load, loaded = Rig(), threading.Event(), []
    load = preparation.predictor_of

    def noted(settings):
        loaded.append(settings.model)
        return may_load.wait(DEADLINE_S) and load(settings)

    monkeypatch.setattr(preparation, "predictor_of", noted)
    rig.order(1, "bicubic")
    rig.order(2, "nope")
    rig.order(3, "bilinear")
    may_load.set()
    rig.until(lambda: rig.switch.waits)
    assert loaded == ["bicubic", "bilinear"]  # one after the other, those in between never
    assert same_as("bilinear", 0, rig.make(0))
    assert rig.switch.answer is None


def test_an_order_that_was_taken_back_is_not_followed() -> None:
    rig = Rig()
    taken_back = NetworkOrder(1, NetworkChoice("bicubic", "auto", "auto", 1), OrderState.REFUSED)
    rig.tell(taken_back)
    rig.order(2, "bilinear")
    rig.until(lambda: rig.switch.waits)
    assert same_as("bilinear", 0, rig.make(0))


def test_a_worker_that_comes_back_with_another_network_says_so() -> None:
    first = Rig()
    first.order(1, "bicubic")
    first.until(lambda: first.switch.waits)
    first.make(0)
    again = Rig()  # the checkpoint has gone: the network of before
    session = SessionStatus(
        timestamp_ns=now_ns(),
        origin_ns=None,
        first_result_ns=None,
        processes={},
        statuses={},
        dropped={},
        network=first.resolver.network,
    )
    again.switch.follow(session)
    again.make(1)
    change = again.resolver.network
    assert change is not None
    assert (change.previous.model, change.network.model) == ("bicubic", "nearest")


def timed(sequence: int, model: str) -> TimedNetwork:
    return TimedNetwork(thermal(sequence).timestamp_ns, InferenceConfig(model=model))


def test_a_replay_makes_each_result_by_the_network_of_its_time() -> None:
    rig = Rig(live=False, changes=(timed(2, "bicubic"), timed(4, "nearest")))
    for sequence in (0, 1, 2, 3, 4, 5, 3, 1):  # it goes back as well
        wanted = "bicubic" if sequence in (2, 3) else "nearest"
        assert same_as(wanted, sequence, rig.make(sequence))


def test_what_is_asked_for_in_a_replay_holds_for_all_of_it() -> None:
    rig = Rig(live=False, changes=(timed(2, "bicubic"),))
    rig.make(3)
    rig.order(1, "bilinear")
    rig.until(lambda: rig.switch.waits)
    assert [same_as("bilinear", n, rig.make(n)) for n in (3, 0, 2)] == [True] * 3
