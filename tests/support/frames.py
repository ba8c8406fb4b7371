"""Frames for tests."""

import numpy as np

from streamer.messages import Frame, FrameFlag, PixelFormat

MS = 1_000_000


def frame(stream: str, sequence: int, at_ms: float, *, flags: tuple[FrameFlag, ...] = ()) -> Frame:
    visible = stream == "visible"
    return Frame(
        stream=stream,
        sequence=sequence,
        timestamp_ns=round(at_ms * MS),
        pixel_format=PixelFormat.BGR8 if visible else PixelFormat.MONO16,
        pixels=np.full((8, 8, 3), 7, np.uint8) if visible else np.full((4, 4), 30000, np.uint16),
        flags=flags,
    )
