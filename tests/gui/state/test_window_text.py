"""The text of the window, from values alone."""

import numpy as np
import pytest

from gui.panes import Pane
from gui.state.pane_images import Pictures
from gui.state.viewer_state import ViewerState
from gui.state.window_text import ModelStatus, WindowWriter
from gui.status.header_text import header_text
from gui.status.run_status import RunStatus
from streamer.clock import NS_PER_S, ClockReading, HostNs, StreamNs
from streamer.config.schema import Config
from streamer.measuring.shapes import Spot
from streamer.measuring.tool_set import ToolSet
from streamer.messages import CameraInfo, CaptureTiming, Mode, PixelFormat, StreamState
from tests.gui import feeder as make

NOW = 500 * NS_PER_S
WORKERS = ("inference", "compare", "third")


def run_status(result, session, at_ns=NOW, worker="inference"):
    return RunStatus(
        now_ns=HostNs(at_ns),
        since_ns=HostNs(at_ns - NS_PER_S),
        session=session,
        result=result,
        config=Config(),
        reading=ClockReading(HostNs(at_ns), StreamNs(at_ns)),
        worker=worker,
    )


def session(*workers, at_ns=NOW):
    statuses = [
        make.worker_status(process=name, timestamp_ns=at_ns, **fields) for name, fields in workers
    ]
    return make.session(statuses=statuses, at_ns=at_ns)


class Models:
    """So many models that made something of one frame, each a kelvin warmer than the one before."""

    def __init__(self, count):
        told = session(*((name, {"model": f"model {name}"}) for name in WORKERS[:count]))
        self.pictures = Pictures(count)
        self.statuses = []
        for number in range(count):
            pixels = make.scene() + np.uint16(100 * number)
            result = make.result(pixels=pixels, at_ns=NOW)
            self.pictures.accept_result(result, HostNs(NOW), number)
            run = run_status(result, told, worker=WORKERS[number])
            self.statuses.append(ModelStatus(name=f"name {number}", run=run, rate_hz=30.0))
        self.writer = WindowWriter(count)

    def text(self, state):
        return self.writer.text(self.statuses, self.pictures, state, HostNs(NOW))


def test_a_live_run_is_a_list_of_one():
    state = ViewerState()
    state.measuring.begin(ToolSet(tools=(Spot(name="s", points=((0.5, 0.5),)),)))
    text = Models(1).text(state)
    assert text.diagnosis.badge == "GUIDED"
    assert [annotations.caption for annotations in text.slots] == [pane.caption for pane in Pane]
    assert text.others == ()
    assert text.readout.startswith("SR: hottest 36.0 °C, coldest 18.")
    assert [mark.text for mark in text.slots[0].marks] == ["36.0 °C SR", "18.0 °C SR"]
    assert text.slots[0].tools[0].labels[0] == "s  36.0 °C SR"
    assert text.values[0].result.maximum == pytest.approx(309.15)
    assert not any(annotations.marks or annotations.tools for annotations in text.slots[1:])
    assert text.slots[1].empty == "no picture yet"


def test_two_models_are_read_at_one_place():
    models = Models(2)
    text = models.text(ViewerState(cursor=(0.5, 0.5)))
    assert text.slots[0].caption == "A  model inference  ·  openvino int8  ·  30 fps"
    assert [annotations.caption[:16] for annotations in text.others] == ["B  model compare"]
    assert text.readout == "A 36.0 °C  ·  B 37.0 °C  ·  B minus A +1.00 K"
    assert models.text(ViewerState()).readout.startswith("A hottest 36.0 °C, coldest 18.")


def test_a_third_model_is_one_more_entry():
    models = Models(3)
    text = models.text(ViewerState(cursor=(0.5, 0.5)))
    assert [annotations.caption[:13] for annotations in text.others] == [
        "B  model comp",
        "C  model thir",
    ]
    assert text.readout == "A 36.0 °C  ·  B 37.0 °C  ·  C 38.0 °C"
    spans = {models.pictures.picture(Pane.RESULT, ViewerState(), n).span for n in range(3)}
    assert len(spans) == 1
    header = header_text([model.run for model in models.statuses], 30.0, 20.0)
    assert header.network.startswith("A model inference, B model compare, C model third")


def test_with_another_pane_large_the_models_are_not_compared():
    models = Models(2)
    models.pictures.accept(Pane.THERMAL, make.thermal(), HostNs(NOW), HostNs(NOW))
    state = ViewerState()
    state.enlarge(Pane.THERMAL)
    text = models.text(state)
    assert text.large.pane is Pane.THERMAL
    assert not text.readout.startswith("A ")
    assert text.slots[0].marks
    assert text.others[0].marks
    result = text.slots[state.slots.index(Pane.RESULT)]
    assert result.caption.startswith("A  ")
    assert result.marks == ()


def test_how_far_a_model_is_behind_is_its_stamp():
    models = Models(2)
    models.statuses[1] = ModelStatus(name="b", run=models.statuses[1].run, behind_ms=900.0)
    text = models.text(ViewerState())
    assert (text.slots[0].stamp, text.others[0].stamp) == ("", "0.9 s BEHIND")


@pytest.mark.parametrize(("after_s", "lines"), [(0.0, 2), (7.9, 2), (8.1, 0)])
def test_a_notice_that_was_read_becomes_a_line(after_s, lines):
    writer, pictures = WindowWriter(1), Pictures()
    pictures.accept_result(make.result(at_ns=NOW), HostNs(NOW))

    def text(at_ns):
        lost = ("inference", {"mode": Mode.THERMAL_ONLY, "visible": StreamState.LOST})
        result = make.result(mode=Mode.THERMAL_ONLY, at_ns=at_ns)
        run = run_status(result, session(lost, at_ns=at_ns), at_ns)
        return writer.text([ModelStatus(name="", run=run)], pictures, ViewerState(), HostNs(at_ns))

    assert len(text(NOW).slots[0].notice.lines) == 2
    notice = text(NOW + round(after_s * NS_PER_S)).slots[0].notice
    assert len(notice.lines) == lines
    assert notice.title.startswith("Thermal only")


@pytest.mark.parametrize(
    ("live", "duplicates", "caption"),
    [
        (True, 0, "Raw thermal, 8.7 Hz ±41 ms"),
        (True, 5, "Raw thermal, 8.7 Hz ±41 ms, 5 repeated"),
        (False, 0, "Raw thermal"),
    ],
)
def test_how_evenly_a_device_gives_its_pictures_is_in_its_caption(live, duplicates, caption):
    camera = CameraInfo(
        name="c",
        width=160,
        height=120,
        pixel_format=PixelFormat.MONO16,
        rate_hz=9.0,
        live=live,
    )
    timing = CaptureTiming(rate_hz=8.72, jitter_ms=41.2, longest_ms=300.0, duplicates=duplicates)
    status = make.status("capture.thermal", camera=camera, timing=timing, timestamp_ns=NOW)
    models = Models(1)
    run = run_status(None, make.session(statuses=[make.worker_status(), status], at_ns=NOW))
    models.statuses = [ModelStatus(name="n", run=run)]
    text = models.text(ViewerState())
    assert text.slots[[*Pane].index(Pane.THERMAL)].caption == caption


def test_what_two_models_lack_is_said_once():
    models = Models(2)
    lost = {"mode": Mode.THERMAL_ONLY, "visible": StreamState.LOST}
    told = session(*((name, lost) for name in WORKERS[:2]))
    result = make.result(mode=Mode.THERMAL_ONLY, at_ns=NOW)
    models.statuses = [
        ModelStatus(name=name, run=run_status(result, told, worker=name)) for name in WORKERS[:2]
    ]
    text = models.text(ViewerState())
    assert text.slots[0].notice.title == "Thermal only"
    assert text.others[0].notice is None
