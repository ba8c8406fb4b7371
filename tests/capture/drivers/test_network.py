"""A network camera: a real server on this host, and addresses whose secrets are never told."""

import http.server
import socket
import threading
from contextlib import contextmanager

import cv2
import pytest

from capture.camera import CameraError
from capture.drivers.network import NetworkCamera
from capture.registry import open_driver
from streamer.config.loading import load_config
from streamer.messages import PixelFormat
from tests.capture.sources import picture, visible_config

SECRET = "pass-word"


class MotionJpeg(http.server.BaseHTTPRequestHandler):
    """Sends pictures until nobody takes them, or as many as the server has."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        for index in range(self.server.pictures):
            data = cv2.imencode(".jpg", picture(index % 8))[1].tobytes()
            head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
            try:
                self.wfile.write(head.encode() + data + b"\r\n")
            except OSError:
                return

    def log_message(self, *_):
        pass


def read_on(camera):
    for _ in range(10):
        camera.read()


@contextmanager
def camera_server(pictures=10_000):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), MotionJpeg)
    server.pictures = pictures
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://user:{SECRET}@127.0.0.1:{server.server_port}/video?token={SECRET}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_network_camera_gives_pictures_and_its_secrets_are_not_told():
    with camera_server() as address, NetworkCamera(address, visible_config(), 5.0) as camera:
        info = camera.open()
        assert (info.width, info.height, info.pixel_format) == (64, 48, PixelFormat.BGR8)
        assert info.name.endswith("/video")
        assert SECRET not in info.name
        captures = [camera.read() for _ in range(3)]
        assert captures[2].sequence > captures[0].sequence


def test_a_stream_that_ends_is_an_error_that_tells_no_secret():
    with (
        camera_server(pictures=3) as address,
        NetworkCamera(address, visible_config(), 5.0) as camera,
    ):
        camera.open()
        with pytest.raises(
            CameraError, match=r"camera http://127.0.0.1:\d+/video gave no frame"
        ) as told:
            read_on(camera)
    assert SECRET not in str(told.value)


def test_a_server_that_does_not_answer_is_left_in_time():
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        address = f"rtsp://user:{SECRET}@127.0.0.1:{deaf.getsockname()[1]}/stream"
        camera = NetworkCamera(address, visible_config(), 0.3)
        with pytest.raises(CameraError, match=r"rtsp://127.0.0.1:\d+/stream gave no") as told:
            camera.open()
        assert SECRET not in str(told.value)
        camera.close()


@pytest.mark.parametrize("scheme", ["rtsp", "http", "https"])
def test_addresses_are_visible_sources_alone(scheme):
    address = f"{scheme}://user:{SECRET}@camera/stream"
    made = open_driver("visible", load_config(None, [f"capture.visible.source={address}"]))
    assert isinstance(made, NetworkCamera)
    with pytest.raises(CameraError, match="no counts come of it") as told:
        open_driver("thermal", load_config(None, [f"capture.thermal.source={address}"]))
    assert SECRET not in str(told.value)


def test_other_addresses_name_those_that_are_read():
    with pytest.raises(CameraError, match="rtsp://, rtsps://, http://, https:// are"):
        open_driver("visible", load_config(None, ["capture.visible.source=udp://10.0.0.5:9"]))
