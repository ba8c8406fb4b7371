"""Another network is chosen in the panel of the model: by mouse, keys, and from a file."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from streamer.messages import (
    NetworkChange,
    NetworkChoice,
    NetworkOffer,
    NetworkOrder,
    NetworkUse,
    OrderState,
    RunAction,
    RunCommand,
)
from tests.gui import feeder as make

OFFER = NetworkOffer(
    ("fast:sensor", "quality:benchmark", "fast:video"),
    ("auto", "openvino"),
    ("auto", "int8", "f32"),
)
BEFORE = NetworkUse("fast:sensor", "openvino", "int8")
AFTER = NetworkUse("quality:benchmark", "openvino", "f32")


def session(order: NetworkOrder | None = None, change: NetworkChange | None = None):
    told = make.session(statuses=[make.worker_status(networks=OFFER)])
    return msgspec.structs.replace(told, network_order=order, network=change)


@pytest.fixture
def boxes(viewer):
    """The boxes, seen, with what the worker offers."""
    QTest.keyClick(viewer.window, Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    viewer.feed(session(), make.result(0))
    network = viewer.window.panels.network
    viewer.until(lambda: network.use.isEnabled())
    return network


def asked(viewer) -> NetworkChoice | None:
    """What the window has asked the run for."""
    commands = [one for one in viewer.feeder.others if isinstance(one, RunCommand)]
    return next((one.network for one in commands if one.action is RunAction.NETWORK), None)


def pick(box, words: str) -> None:
    box.setCurrentIndex(box.findText(words))


def test_what_is_chosen_is_asked_for_and_what_is_not_stays_as_it_is(viewer, boxes):
    model = boxes.boxes["model"]
    assert model.itemText(0) == "fast:sensor, as now"
    assert [model.itemText(n) for n in range(1, model.count())] == list(OFFER.models)
    pick(model, "quality:benchmark")
    pick(boxes.boxes["views"], "2")
    boxes.use.click()
    viewer.until(lambda: asked(viewer) is not None)
    assert asked(viewer) == NetworkChoice("quality:benchmark", views=2)
    assert boxes.choice == NetworkChoice()  # the boxes are as they were


def test_the_key_shows_the_panel_and_the_keyboard_reaches_all_of_it(viewer, boxes):
    assert viewer.window.panels["model"].isVisible()
    assert boxes.boxes["model"].hasFocus()
    names = [stop.accessibleName() or stop.text() for stop in boxes.stops]
    assert names == ["Model", "Engine", "Precision", "Views", "Checkpoint ...", "Use"]
    QTest.keyClick(boxes.boxes["model"], Qt.Key.Key_Down)
    QTest.keyClick(boxes.use, Qt.Key.Key_Return)
    viewer.until(lambda: asked(viewer) is not None)
    assert asked(viewer) == NetworkChoice("fast:sensor")


def test_a_checkpoint_is_named_by_its_whole_path(viewer, boxes, monkeypatch, tmp_path):
    file = tmp_path / "night" / "best.safetensors"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    boxes.file.click()
    assert boxes.boxes["model"].currentText() == "night/best.safetensors"
    viewer.feed(session(), make.result(1))  # the choice stays until it is used
    boxes.use.click()
    viewer.until(lambda: asked(viewer) is not None)
    assert asked(viewer) == NetworkChoice(str(file.resolve()))


def test_the_window_says_what_comes_of_it(viewer, boxes):
    choice = NetworkChoice("quality:benchmark", "auto", "auto", 1)
    viewer.feed(session(NetworkOrder(1, choice)), make.result(1))
    viewer.until(lambda: "is made ready" in viewer.window.control_bar.readout)
    viewer.until(lambda: "quality:benchmark is made ready" in boxes.words.text())
    assert boxes.words.isVisible()
    refused = NetworkOrder(1, choice, OrderState.REFUSED, "model x: no such checkpoint")
    viewer.feed(session(refused), make.result(2))
    viewer.until(lambda: "no such checkpoint" in viewer.window.control_bar.readout)
    viewer.until(lambda: boxes.words.text() == "Not changed: model x: no such checkpoint")
    used = NetworkOrder(2, choice, OrderState.USED)
    viewer.feed(session(used, NetworkChange(0, AFTER, BEFORE, 2)), make.result(3))
    viewer.until(lambda: "quality:benchmark on openvino f32" in viewer.window.control_bar.readout)
    viewer.until(lambda: not boxes.words.isVisible())


def test_a_picture_tells_the_network_that_made_it(viewer, boxes):
    shown = make.result(4)
    later = NetworkChange(shown.timestamp_ns + 1, AFTER, BEFORE, 1)
    viewer.feed(session(None, later), shown)
    viewer.until(lambda: viewer.presenter.pictures.result is not None)
    viewer.until(lambda: viewer.presenter.facts().get("model") == "fast:sensor")
    viewer.feed(session(None, later), make.result(5, at_ns=later.timestamp_ns))
    viewer.until(lambda: viewer.presenter.facts().get("model") == "quality:benchmark")
