"""What is left of a text that is passed on: names of files, no folders, nobody's name."""

import getpass
import socket
from pathlib import Path

import pytest

from streamer.config.loading import load_config
from streamer.messages import CameraInfo, PixelFormat
from streamer.shareable import (
    config_without_folders,
    paths_in,
    shareable,
    struct_without_folders,
    without_credentials,
    without_folders,
)


@pytest.fixture(autouse=True)
def somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setattr(getpass, "getuser", lambda: "somebody")
    monkeypatch.setattr(socket, "gethostname", lambda: "den-7")


@pytest.mark.parametrize(
    ("private", "shared"),
    [
        ("cannot open /home/somebody/films/a.mp4: gone", "cannot open a.mp4: gone"),
        ("'/srv/x/0001.png' of \"/srv/x/\"", "'0001.png' of \"x/\""),
        ('{"file": "/a/b.mcap", "n": 1}', '{"file": "b.mcap", "n": 1}'),
        ("/dev/video2 is busy", "video2 is busy"),
        ("/b.mcap", "b.mcap"),
        ("~/films/a.mp4", "a.mp4"),
        ("at https://example.org/a/b.mp4", "at https://example.org/a/b.mp4"),
        ("frames/s and/or 3 / 4, 1/2", "frames/s and/or 3 / 4, 1/2"),
        ("thermal ok, visible stale", "thermal ok, visible stale"),
        ("no answer of den-7", "no answer of HOST"),
    ],
)
def test_paths_are_shortened_to_their_names(private: str, shared: str) -> None:
    assert without_folders(private) == shared


def test_known_paths_are_found_in_spite_of_spaces() -> None:
    known = ("/media/my disk/garden cam/a b.mp4", "clips of anna/x.mp4")
    text = "cannot read /media/my disk/garden cam/a b.mp4 beside clips of anna/x.mp4"
    assert without_folders(text, known) == "cannot read a b.mp4 beside x.mp4"


def test_a_traceback_can_still_be_read() -> None:
    ours = Path(without_folders.__code__.co_filename)
    line = f'File "{pytest.__file__}", line 3; File "{ours}"'
    short = 'File "pytest/__init__.py", line 3; File "streamer/shareable.py"'
    assert without_folders(line) == short


def test_a_configuration_keeps_what_is_no_place() -> None:
    config = load_config(
        None,
        [
            "capture.visible.source=/media/disk/a.mp4",
            "capture.thermal.source=clips/anna",
            "inference.model=/home/somebody/runs/best.safetensors",
            "transport.host=den-7.local",
        ],
    )
    assert set(paths_in(config)) == {
        *("/media/disk/a.mp4", "clips/anna", "/home/somebody/runs/best.safetensors"),
    }
    plain = config_without_folders(config)
    assert plain["capture"]["visible"]["source"] == "a.mp4"
    assert plain["capture"]["thermal"]["source"] == "anna"
    assert plain["inference"]["model"] == "best.safetensors"
    assert plain["transport"]["host"] == ""
    assert plain["sample"]["base_url"].startswith("https://")
    usual = config_without_folders(load_config(None, ["capture.visible.source=python:a.b:C"]))
    assert usual["capture"]["visible"]["source"] == "python:a.b:C"
    assert usual["transport"]["host"] == "127.0.0.1"


def test_every_text_of_a_struct_is_looked_at() -> None:
    camera = CameraInfo(
        name="/dev/v4l/by-id/usb-cam",
        width=8,
        height=8,
        pixel_format=PixelFormat.MONO16,
        rate_hz=9.0,
        live=True,
    )
    shared = struct_without_folders(camera)
    assert shared.name == "usb-cam"
    assert (shared.pixel_format, shared.rate_hz) == (PixelFormat.MONO16, 9.0)


def test_an_address_is_told_without_what_opens_it() -> None:
    text = "camera rtsp://user:p@ss@10.0.0.5:554/stream?token=1234 gave no frame"
    assert without_credentials(text) == "camera rtsp://10.0.0.5:554/stream gave no frame"
    config = load_config(None, ["capture.visible.source=rtsp://user:secret@camera/s?key=secret"])
    assert "secret" not in str(config_without_folders(config))
    assert "secret" not in shareable("rtsp://user:secret@camera/s?key=secret")
