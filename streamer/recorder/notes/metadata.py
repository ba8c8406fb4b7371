"""What a recording says of the run it was made in."""

from collections import Counter
from typing import Any

import msgspec

from streamer.calibration.calibration import Calibration
from streamer.calibration.plain_data import as_recorded
from streamer.config.recording import RecordSettings
from streamer.config.schema import Config
from streamer.measuring.tool_set import ToolSet
from streamer.messages import CameraInfo, SessionStatus, captured_stream
from streamer.recording import RecordingInfo
from streamer.recording.wall_clock import ClockNote
from streamer.shareable import config_without_folders, struct_without_folders
from streamer.version import software


def first_info(
    config: Config,
    settings: RecordSettings,
    clock: ClockNote,
    calibration: Calibration | None = None,
) -> RecordingInfo:
    """What is known before anything of the run is."""
    return RecordingInfo(
        recording=settings.recording,
        wall_offset_ns=clock.offset_ns,
        software=software(),
        config=config_without_folders(config),
        codecs=settings.codecs,
        every_s=settings.every_s,
        calibration=as_recorded(calibration),
        measuring=_plain(config.measuring),
    )


def described(known: RecordingInfo, session: SessionStatus) -> RecordingInfo:
    """What is known by now: the network and the cameras introduce themselves in time.

    Of networks that follow each other, the first one is described: changes are a stream.
    """
    worker = session.statuses.get("inference")
    cameras: dict[str, CameraInfo] = {}
    left_out: Counter[str] = Counter()
    for name, status in session.statuses.items():
        if status.camera is not None and (stream := captured_stream(name)) is not None:
            cameras[stream] = struct_without_folders(status.camera)
            left_out.update(status.left_out)
    if worker is not None and worker.model is not None and known.model is None:
        known = msgspec.structs.replace(
            known,
            model=worker.model,
            model_sha256=worker.model_sha256,
            engine=worker.engine,
            precision=worker.precision,
            threads=worker.threads,
            views=worker.views,
        )
    viewer = session.statuses.get("viewer")
    return msgspec.structs.replace(
        known,
        cameras={**known.cameras, **cameras},
        left_out=dict(left_out) or known.left_out,
        measuring=known.measuring if viewer is None else _plain(viewer.measuring),
    )


def without_tools(session: SessionStatus) -> SessionStatus:
    """A state of the run without what stands elsewhere in a recording.

    The window's tools are in the description, as typed; calibrations and networks are streams.
    """
    session = msgspec.structs.replace(
        session, calibration_order=None, calibration=None, network_order=None, network=None
    )
    viewer = session.statuses.get("viewer")
    if viewer is None:
        return session
    bare = msgspec.structs.replace(viewer, measuring=None, alarms=None)
    return msgspec.structs.replace(session, statuses={**session.statuses, "viewer": bare})


def _plain(tools: ToolSet | None) -> dict[str, Any]:
    """Tools as a description holds them: a reader of before takes what it does not know."""
    if tools is None or tools == ToolSet():
        return {}
    plain: dict[str, Any] = msgspec.to_builtins(tools)
    return plain
