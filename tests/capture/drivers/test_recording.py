"""A stream of a recording as a camera: pictures, and all that was said of them."""

import numpy as np

from capture.camera import EndOfStream
from capture.drivers.recording import RecordedStream
from tests.capture.camera_contract import ORIGIN_NS
from tests.capture.sources import thermal_config
from tests.support import recordings


def test_what_a_camera_said_of_a_picture_comes_along(tmp_path):
    path = recordings.recorded(tmp_path / "r.mcap", count=6)
    wanted = [recordings.thermal(index) for index in range(6)]
    assert wanted[0].metadata
    taken = []
    with RecordedStream(path, "thermal", thermal_config(path)) as camera:
        camera.open()
        camera.start(ORIGIN_NS, ORIGIN_NS)
        while True:
            try:
                taken.append(camera.read())
            except EndOfStream:
                break
    assert [each.metadata for each in taken] == [frame.metadata for frame in wanted]
    assert [each.radiometry for each in taken] == [frame.radiometry for frame in wanted]
    for one, frame in zip(taken, wanted, strict=True):
        assert np.array_equal(one.pixels, frame.pixels)
