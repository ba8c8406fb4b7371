"""Pictures, videos and recordings that are damaged or lie."""

import shutil
from pathlib import Path
from random import Random

import cv2
import numpy as np

from capture.camera import Camera, EndOfStream
from capture.drivers.image_folder import ImageFolder
from capture.drivers.video_file import VideoFile
from streamer.clock import HostNs
from streamer.config.schema import Config
from tests.support.mutations import check_mutated, mutated, with_a_lie
from tests.support.recordings import recorded
from tests.support.scenes import scene
from tools.torture.crafted.damage import draw_steps
from tools.torture.crafted.subject import Words

_SIDES = (0, 1, 2**16 - 1, 2**16, 2**24, 2**31 - 1, 2**32 - 1)
_FRAMES = 12
_READ = 30


class Pictures:
    """Folders of pictures of which some are damaged, the first among them now and then."""

    name = "pictures"
    batch = 1500

    def prepare(self, folder: Path) -> None:
        """One of every kind."""
        visible, thermal = scene(3, 48, 64)
        counts = thermal.astype(np.uint16) * 100
        made = [
            *((suffix, visible) for suffix in (".png", ".jpg", ".bmp", ".tif")),
            *((suffix, thermal) for suffix in (".png", ".jpg", ".bmp", ".tiff")),
            *((suffix, counts) for suffix in (".png", ".tif")),
        ]
        self._good = [(suffix, _encoded(suffix, pixels)) for suffix, pixels in made]

    def craft(self, random: Random, folder: Path) -> Path:
        """Three pictures, of which the second is damaged, and the first at times."""
        place = folder / "pictures"
        place.mkdir()
        for number in range(3):
            suffix, data = random.choice(self._good)
            if number == 1 or random.random() < 0.2:
                data = _damaged_picture(random, data)
            (place / f"{number}{suffix}").write_bytes(data)
        return place

    def read(self, case: Path) -> None:
        """As a capture process does."""
        for camera in _cameras(case, ImageFolder):
            _read_all(camera)

    def commands(self, case: Path, folder: Path) -> list[Words]:
        """Live, import and evaluate."""
        shutil.copytree(case, folder / "data" / "visible")
        shutil.copytree(case, folder / "data" / "thermal")
        return [
            ["import", str(case), str(case), "--output", str(folder / "a.mcap")],
            ["evaluate", "--data", str(folder / "data"), "--model", "bilinear", "--scale", "2"],
            _live(case),
        ]


class Videos:
    """Videos that are damaged, in containers of three kinds."""

    name = "videos"
    batch = 150

    def prepare(self, folder: Path) -> None:
        """One of every container."""
        self._good = []
        for suffix, codec in ((".mp4", "mp4v"), (".avi", "MJPG"), (".mkv", "FFV1")):
            path = folder / f"good{suffix}"
            code = cv2.VideoWriter.fourcc(*codec)
            writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, code, 25.0, (64, 48))
            for index in range(_FRAMES):
                writer.write(scene(index, 48, 64)[0])
            writer.release()
            if path.exists() and path.stat().st_size:
                self._good.append((suffix, path.read_bytes()))

    def craft(self, random: Random, folder: Path) -> Path:
        """One, damaged."""
        suffix, data = random.choice(self._good)
        path = folder / f"damaged{suffix}"
        path.write_bytes(mutated(data, draw_steps(random, len(data))))
        return path

    def read(self, case: Path) -> None:
        """As a capture process does."""
        for camera in _cameras(case, VideoFile):
            _read_all(camera)

    def commands(self, case: Path, folder: Path) -> list[Words]:
        """Live and import."""
        return [
            ["import", str(case), str(case), "--output", str(folder / "a.mcap")],
            _live(case),
        ]


class Recordings:
    """Recordings that are damaged, or whose checksums were made to fit a lie."""

    name = "recordings"
    batch = 700

    def prepare(self, folder: Path) -> None:
        """A good one."""
        self._good = recorded(folder / "good.mcap", 6)

    def craft(self, random: Random, folder: Path) -> Path:
        """One, damaged or with a lie."""
        data = self._good.read_bytes()
        if random.random() < 0.3:
            data = with_a_lie(self._good, random.randrange(2**31), random.randrange(256))
        else:
            data = mutated(data, draw_steps(random, len(data)))
        path = folder / "damaged.mcap"
        path.write_bytes(data)
        return path

    def read(self, case: Path) -> None:
        """Opens, reads, counts and recovers it."""
        check_mutated(case)

    def commands(self, case: Path, folder: Path) -> list[Words]:
        """All that take a recording."""
        return [
            ["info", "--verify", str(case)],
            ["export", str(case), "--to", "csv", "--output", str(folder / "csv")],
            ["recover", str(case), "--output", str(folder / "r.mcap")],
            ["replay", str(case), "--headless", "--model", "bilinear"],
        ]


def _encoded(suffix: str, pixels: "np.ndarray") -> bytes:
    ok, data = cv2.imencode(suffix, pixels)
    assert ok
    return data.tobytes()


def _damaged_picture(random: Random, data: bytes) -> bytes:
    """Damage, or four bytes of the head that say something large."""
    if random.random() < 0.6:
        return mutated(data, draw_steps(random, len(data)))
    at = random.randrange(min(60, len(data) - 4))
    side = random.choice(_SIDES)
    said = side.to_bytes(4, "big") if random.random() < 0.5 else side.to_bytes(4, "little")
    return data[:at] + said + data[at + 4 :]


def _cameras(path: Path, driver: type[ImageFolder] | type[VideoFile]) -> list[Camera]:
    capture = Config().capture
    return [driver(path, "visible", capture.visible), driver(path, "thermal", capture.thermal)]


def _read_all(camera: Camera) -> None:
    with camera:
        camera.open()
        camera.start(HostNs(0), HostNs(0))
        try:
            for _ in range(_READ):
                camera.read()
        except EndOfStream:
            return


def _live(source: Path) -> Words:
    sources = ["--visible", str(source), "--thermal", str(source), "--model", "bilinear"]
    return ["live", "--headless", *sources, "--duration", "2"]
