"""The size of a picture is known, and limited, before anybody decodes it."""

import os
import struct
from pathlib import Path

import cv2
import numpy as np
import pytest
import tifffile

from capture.camera import CameraError
from capture.drivers.image_folder import ImageFolder
from models.data.dataset import find_pairs, read_thermal
from models.errors import ModelError
from streamer.clock import StreamNs
from streamer.config.schema import CaptureConfig
from streamer.image_header import MAX_FILE_BYTES, image_size, read_image_file
from streamer.messages import Frame, MessageError, PixelFormat, encode
from streamer.recording.images import COMPRESSED_IMAGE, RAW_IMAGE, from_image

CONFIG = CaptureConfig().visible
GREY = np.arange(24 * 40, dtype=np.uint8).reshape(24, 40)


def encoded(suffix: str, pixels: np.ndarray = GREY) -> bytes:
    done, data = cv2.imencode(suffix, pixels)
    assert done
    return data.tobytes()


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG that claims this size, and is otherwise that of GREY."""
    data = bytearray(encoded(".png"))
    data[16:24] = struct.pack(">II", width, height)
    return bytes(data)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".tif"])
def test_the_size_is_that_of_the_decoded_picture(suffix: str) -> None:
    assert image_size(encoded(suffix)) == (24, 40)


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_tiff_of_either_kind_and_order(tmp_path: Path, order: str, big: bool) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, GREY, byteorder=order, bigtiff=big)
    assert image_size(path.read_bytes()) == (24, 40)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".bmp", ".tif", ".webp"])
def test_what_is_cut_off_is_refused_or_told(suffix: str) -> None:
    data = encoded(suffix)
    for length in range(0, min(len(data), 400)):
        try:
            assert image_size(data[:length]) == (24, 40)
        except ValueError:
            continue


def test_a_format_whose_size_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="no PNG, JPEG, BMP, TIFF, PNM or WebP"):
        image_size(b"GIF89a" + bytes(20))


def test_a_folder_refuses_a_bomb_and_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "0.png").write_bytes(bomb())
    with pytest.raises(CameraError, match="100 megapixels at most wanted, 30000x30000 came"):
        ImageFolder(tmp_path, "visible", CONFIG).open()
    (tmp_path / "0.png").unlink()
    with (tmp_path / "0.png").open("wb") as sparse:
        sparse.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(CameraError, match="512 MiB at most"):
        ImageFolder(tmp_path, "visible", CONFIG).open()
    (tmp_path / "0.png").unlink()
    os.mkfifo(tmp_path / "0.png")
    with pytest.raises(CameraError, match="no picture in it"):
        ImageFolder(tmp_path, "visible", CONFIG).open()
    with pytest.raises(ValueError, match="regular file"):
        read_image_file(tmp_path / "0.png")


def test_names_with_odd_digits_have_an_order(tmp_path: Path) -> None:
    for name in ("1²2.png", "10.png", "2.png", "٣.png"):
        (tmp_path / name).write_bytes(encoded(".png"))
    assert ImageFolder(tmp_path, "visible", CONFIG).open().frames == 4


def test_a_data_folder_refuses_them_too(tmp_path: Path) -> None:
    path = tmp_path / "0.png"
    path.write_bytes(bomb())
    with pytest.raises(ModelError, match="100 megapixels"):
        read_thermal(path)
    for kind in ("visible", "thermal"):
        (tmp_path / kind).mkdir()
        os.mkfifo(tmp_path / kind / "0.png")
    with pytest.raises(ModelError, match="no picture in it"):
        find_pairs(tmp_path)


@pytest.mark.parametrize("schema", [RAW_IMAGE, COMPRESSED_IMAGE])
@pytest.mark.parametrize("shape", [(1, 20_000), (0, 5), (-1, 5), (16_000, 16_000), (30_000, 9)])
def test_a_recorded_picture_of_no_sane_shape_is_refused(
    schema: str, shape: tuple[int, int]
) -> None:
    with pytest.raises(ValueError, match="100 megapixels at most"):
        from_image(schema, b"", ["uint8", *shape])


def test_a_frame_that_no_reader_takes_is_not_sent() -> None:
    frame = Frame(
        stream="visible",
        sequence=0,
        timestamp_ns=StreamNs(0),
        pixel_format=PixelFormat.MONO8,
        pixels=np.zeros((1, 20_000), np.uint8),
    )
    with pytest.raises(MessageError, match=r"\(1, 20000\): sides of 1 to 16384 wanted"):
        encode(frame)
