"""Waits for the cameras that a worker is to be ready for."""

from collections.abc import Generator

from streamer.config.schema import CaptureConfig
from streamer.messages import CameraInfo, ProcessState, capture_process
from streamer.runtime.process import SupervisorLink


def wait_for_cameras(
    config: CaptureConfig, link: SupervisorLink
) -> Generator[None, None, dict[str, CameraInfo]]:
    """What the opened cameras give, by stream; one that is absent is not waited for.

    It waits where it yields.
    """
    sections = (("visible", config.visible), ("thermal", config.thermal))
    wanted = {stream for stream, camera in sections if camera.source != "none"}
    while True:
        link.report(ProcessState.STARTING, "waiting for the cameras to open")
        link.poll()
        if (session := link.session) is not None:
            told = {stream: session.statuses.get(capture_process(stream)) for stream in wanted}
            if all(
                status is not None
                and (status.camera is not None or status.state is not ProcessState.STARTING)
                for status in told.values()
            ):
                return {
                    stream: status.camera
                    for stream, status in told.items()
                    if status is not None and status.camera is not None
                }
        yield
