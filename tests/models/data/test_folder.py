import shutil

import cv2
import numpy as np
import pytest

from models.data.dataset import find_thermal, read_picture
from models.data.folder import FolderKind, folder_kind
from models.errors import ModelError
from tests.support.scenes import scene, write_thermal, write_video


def test_what_a_folder_holds(make_folder, tmp_path):
    pairs = make_folder()
    assert folder_kind(pairs) is FolderKind.PAIRS
    assert folder_kind(pairs / "thermal") is FolderKind.THERMAL
    shutil.rmtree(pairs / "visible")
    assert folder_kind(pairs) is FolderKind.THERMAL
    write_video(tmp_path / "videos" / "a.mp4")
    assert folder_kind(tmp_path / "videos") is FolderKind.VIDEOS


@pytest.mark.parametrize("low", [False, True])
def test_thermal_alone_with_its_low_resolution_or_without(make_folder, low):
    folder = make_folder(low=low)
    shutil.rmtree(folder / "visible")
    (folder / "thermal" / "._000_01.png").write_bytes(b"what another system leaves behind")
    paths = find_thermal(folder)
    assert [path.name for path in paths] == ["000_01", "001_01", "002_01"]
    picture = read_picture(paths[1])
    assert picture.visible is None
    assert np.array_equal(picture.thermal, scene(1)[1])
    assert (picture.thermal_lr is not None) == low


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ((), "in it, found nothing"),
        (("notes.txt", ".hidden"), r"wanted thermal/ \(with visible/ or without\).*notes\.txt$"),
        (("a/", "b/", "c/", "d/", "e/"), r"found a, b, c, d, \.\.\.$"),
        (("x.png", "y.mp4"), r"both pictures \(x\.png\) and videos \(y\.mp4\)"),
    ],
)
def test_a_folder_of_another_thing(tmp_path, content, message):
    folder = tmp_path / "other"
    folder.mkdir()
    for name in content:
        (folder / name).mkdir() if name.endswith("/") else (folder / name).touch()
    with pytest.raises(ModelError, match=message) as error:
        folder_kind(folder)
    assert str(error.value).startswith(f"{folder}: ")
    assert "\n" not in str(error.value)


def test_no_folder(tmp_path):
    with pytest.raises(ModelError, match="nowhere: no such data folder"):
        folder_kind(tmp_path / "nowhere")


def test_a_colour_picture_is_no_thermal_one(tmp_path):
    write_thermal(tmp_path / "set", 2)
    cv2.imwrite(str(tmp_path / "set" / "z.png"), cv2.applyColorMap(scene(0)[1], cv2.COLORMAP_JET))
    *_, last = find_thermal(tmp_path / "set")
    with pytest.raises(ModelError, match=r"z\.png: in colour; wanted a thermal picture, grey"):
        read_picture(last)


@pytest.mark.parametrize("bits", [8, 16])
def test_grey_in_three_channels_is_grey(tmp_path, bits):
    grey = scene(0)[1] if bits == 8 else scene(0)[1].astype(np.uint16) * 200
    stored = np.repeat(grey[:, :, None], 3, axis=2)
    stored[:2, :20, 0] += 90 if bits == 8 else 20_000  # a mark that a camera draws into its picture
    (tmp_path / "set").mkdir()
    cv2.imwrite(str(tmp_path / "set" / "a.png"), stored)
    read = read_picture(find_thermal(tmp_path / "set")[0]).thermal
    assert np.array_equal(read, stored[:, :, 0])
    assert read.dtype == grey.dtype


def test_grey_through_a_jpeg_is_grey(tmp_path):
    (tmp_path / "set").mkdir()
    stored = np.repeat(scene(0)[1][:, :, None], 3, axis=2)
    cv2.imwrite(str(tmp_path / "set" / "a.jpg"), stored, [cv2.IMWRITE_JPEG_QUALITY, 30])
    assert read_picture(find_thermal(tmp_path / "set")[0]).thermal.shape == stored.shape[:2]
