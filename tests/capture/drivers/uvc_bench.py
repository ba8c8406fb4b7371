"""A host with cameras to plug in and out: a kernel made of files, an OpenCV with its quirks."""

from capture.drivers.usb.uvc import UvcCamera
from tests.capture.sources import thermal_config, visible_config
from tests.support import thermal_frames as frames
from tests.support.fake_opencv import FakeCamera, FakeOpenCv
from tests.support.fake_v4l2 import LEPTON, TC001, WEBCAM, FakeKernel
from tests.support.thermal_frames import gradient

PICTURES = [gradient(160, 120, 28_500, 31_000, seed=seed) for seed in range(4)]


TIMEOUT_S = 0.3


def lepton_frames(times=1, **telemetry):
    """Four pictures, each sent so many times, counted by the telemetry each time."""
    return [
        frames.lepton(picture, counter=times * index + again, **telemetry)
        for index, picture in enumerate(PICTURES)
        for again in range(times)
    ]


class Bench:
    """A host with cameras that can be plugged in and out."""

    def __init__(self, root):
        self.kernel = FakeKernel(root)
        self.opencv = FakeOpenCv()
        self._plugged = []

    def plug(self, number, camera, name, usb_id, modes, **details):
        node = self.kernel.plug(number, name, usb_id, modes=modes, **details)
        camera.plug()
        self.opencv.cameras[str(node)] = camera
        self._plugged.append(camera)
        return camera

    def unplug(self, number):
        camera = self.opencv.cameras.pop(str(self.kernel.dev / f"video{number}"))
        camera.unplug()
        self.kernel.unplug(number)
        return camera

    def lepton(self, number=0, data=None, **details):
        camera = FakeCamera("Y16 ", 160, data or lepton_frames())
        return self.plug(number, camera, "PureThermal", "1e4e:0100", LEPTON, **details)

    def p2pro(self, number=0, data=None):
        picture = gradient(256, 192, 280 * 64, 320 * 64)
        camera = FakeCamera("YUYV", 256, data or [frames.double_height(picture)])
        return self.plug(number, camera, "USB Camera", "0bda:5830", TC001)

    def webcam(self, number=1, **details):
        camera = FakeCamera("YUYV", 64, [frames.yuyv_grey(64, 48)])
        return self.plug(
            number, camera, "Webcam", "046d:0825", WEBCAM, **{"port": "1-2", **details}
        )

    def driver(self, source, stream="thermal", timeout_s=TIMEOUT_S, **settings):
        config = thermal_config if stream == "thermal" else visible_config
        return UvcCamera(
            source,
            stream,
            config(source, **settings),
            timeout_s,
            sysfs=self.kernel.sysfs,
            dev=self.kernel.dev,
            opener=self.opencv,
            ioctl=self.kernel.ioctl,
        )

    def close(self):
        for camera in self._plugged:
            camera.let_go()
