"""The names of the camera streams, and of the processes that capture them."""

from typing import Final

SENSORS: Final = ("visible", "thermal")
"""The streams that cameras give."""

_CAPTURE: Final = "capture."


def capture_process(stream: str) -> str:
    """The process that captures a stream: `capture.visible` or `capture.thermal`."""
    return _CAPTURE + stream


def captured_stream(process: str) -> str | None:
    """The stream that a process captures; None of any other process."""
    return process.removeprefix(_CAPTURE) if process.startswith(_CAPTURE) else None
