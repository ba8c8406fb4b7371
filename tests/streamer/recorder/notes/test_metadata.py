"""What the processes of a run say of themselves stands in its recording."""

import msgspec

from streamer.clock import HostNs
from streamer.measuring.shapes import Spot
from streamer.measuring.tool_set import ToolSet
from streamer.messages import CameraInfo, PixelFormat, ProcessState, SessionStatus, Status
from streamer.recorder.notes.metadata import described, without_tools
from streamer.recording import RecordingInfo


def status(stream: str, **left_out: int) -> Status:
    camera = CameraInfo(
        name=stream,
        width=32,
        height=24,
        pixel_format=PixelFormat.MONO16,
        rate_hz=9.0,
        live=False,
    )
    return Status(
        process=f"capture.{stream}",
        pid=1,
        timestamp_ns=HostNs(0),
        state=ProcessState.RUNNING,
        camera=camera,
        left_out=left_out,
    )


def session(*statuses: Status) -> SessionStatus:
    return SessionStatus(
        timestamp_ns=HostNs(0),
        origin_ns=None,
        first_result_ns=None,
        processes={},
        statuses={each.process: each for each in statuses},
        dropped={},
    )


def test_what_cameras_of_files_left_out_is_counted_together_and_kept() -> None:
    known = described(
        RecordingInfo(), session(status("visible", undecodable=1), status("thermal", undecodable=2))
    )
    assert known.left_out == {"undecodable": 3}
    assert set(known.cameras) == {"visible", "thermal"}
    assert described(known, session()).left_out == {"undecodable": 3}


def viewer(tools: ToolSet | None) -> Status:
    return Status(
        process="viewer",
        pid=1,
        timestamp_ns=HostNs(0),
        state=ProcessState.RUNNING,
        measuring=tools,
    )


def test_the_tools_of_the_window_stand_in_the_description_alone() -> None:
    tools = ToolSet(tools=(Spot(name="a /b", points=((0.5, 0.5),)),), reference="a /b")
    told = session(viewer(tools))
    known = described(RecordingInfo(), told)
    assert msgspec.convert(known.measuring, ToolSet) == tools
    assert described(known, session()).measuring == known.measuring
    assert described(known, session(viewer(ToolSet()))).measuring == {}
    assert without_tools(told).statuses["viewer"].measuring is None
    assert told.statuses["viewer"].measuring == tools
