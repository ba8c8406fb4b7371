"""What every camera must do, whatever it is made of. A driver's test subclasses this."""

from abc import abstractmethod
from itertools import pairwise

import numpy as np
import pytest

from capture.camera import Camera, CameraError, Capture, EndOfStream
from capture.pixel_formats import format_of
from streamer.clock import NS_PER_S

ORIGIN_NS = 1_000 * NS_PER_S


class CameraContract:
    """What every source must do."""

    @abstractmethod
    @pytest.fixture
    def camera(self) -> Camera:
        """A camera that was not opened yet."""

    def frames(self, camera: Camera, count: int = 8) -> list[Capture]:
        captures = []
        for _ in range(count):
            try:
                captures.append(camera.read())
            except EndOfStream:
                break
        return captures

    def test_pictures_are_as_announced(self, camera):
        with camera:
            info = camera.open()
            camera.start(ORIGIN_NS, ORIGIN_NS)
            for capture in self.frames(camera):
                assert capture.pixels.shape[:2] == (info.height, info.width)
                assert format_of(capture.pixels) is info.pixel_format
                assert info.live == camera.live

    def test_time_and_sequence_go_on(self, camera):
        with camera:
            info = camera.open()
            camera.start(ORIGIN_NS, ORIGIN_NS)
            captures = self.frames(camera)
        assert captures[0].sequence == 0
        assert captures[0].timestamp_ns == ORIGIN_NS
        for one, other in pairwise(captures):
            assert other.sequence == one.sequence + 1
            period_s = (other.timestamp_ns - one.timestamp_ns) / NS_PER_S
            assert period_s == pytest.approx(1 / info.rate_hz, rel=0.05)

    def test_pictures_are_never_written_again(self, camera):
        with camera:
            camera.open()
            captures = self.frames(camera)
            kept = [capture.pixels.copy() for capture in captures]
            self.frames(camera)
        for capture, copy in zip(captures, kept, strict=True):
            assert np.array_equal(capture.pixels, copy)

    def test_a_start_in_the_middle_shows_what_an_earlier_start_showed(self, camera):
        with camera:
            info = camera.open()
            camera.start(ORIGIN_NS, ORIGIN_NS)
            whole = self.frames(camera)
            camera.close()
            camera.open()
            camera.start(ORIGIN_NS, ORIGIN_NS + round(2.5 * NS_PER_S / info.rate_hz))
            late = camera.read()
        assert late.sequence == 3
        assert late.timestamp_ns == whole[3].timestamp_ns
        assert np.array_equal(late.pixels, whole[3].pixels)

    def test_reading_needs_an_open_camera(self, camera):
        with pytest.raises(CameraError, match="before open"):
            camera.read()
        camera.open()
        camera.close()
        camera.close()
        with pytest.raises(CameraError, match="before open"):
            camera.read()


class RecordedContract(CameraContract):
    """What sources with an end and a place on a disk must do besides."""

    wanted = 8  # frames of the source

    @abstractmethod
    @pytest.fixture
    def broken(self) -> Camera:
        """The same driver on something that cannot be opened."""

    def test_the_end_is_an_event_and_stays_one(self, camera):
        with camera:
            assert camera.open().frames == self.wanted
            assert len(self.frames(camera, self.wanted + 5)) == self.wanted
            for _ in range(2):
                with pytest.raises(EndOfStream):
                    camera.read()

    def test_a_start_after_the_end_finds_the_end(self, camera):
        with camera:
            camera.open()
            camera.start(ORIGIN_NS, ORIGIN_NS + 3600 * NS_PER_S)
            with pytest.raises(EndOfStream):
                camera.read()

    def test_what_cannot_be_opened_says_so_and_takes_nothing(self, broken):
        for _ in range(2):
            with pytest.raises(CameraError):
                broken.open()
        broken.close()
