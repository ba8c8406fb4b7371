import shutil

import cv2
import numpy as np
import pytest

from models.data import dataset
from models.errors import ModelError
from tests.support.pictures import exif, jpeg, segment
from tests.support.scenes import scene


def test_pairs_meet_by_stem_whatever_their_suffix(make_folder):
    folder = make_folder(count=3, low=True)
    pairs = dataset.find_pairs(folder)
    assert [pair.name for pair in pairs] == ["000_01", "001_01", "002_01"]
    pair = dataset.read_pair(pairs[0])
    assert (pair.visible.shape, pair.thermal.shape) == ((128, 160, 3), (128, 160))
    assert pair.thermal_lr is not None
    assert pair.thermal_lr.shape == (16, 20)


@pytest.mark.parametrize("kind", ["grey8", "grey8 thrice", "grey16"])
def test_thermal_is_read_as_grey(tmp_path, kind):
    grey = scene(0)[1]
    stored = {
        "grey8": grey,
        "grey8 thrice": np.repeat(grey[:, :, None], 3, axis=2),
        "grey16": grey.astype(np.uint16) * 100,
    }[kind]
    path = tmp_path / "x.png"
    cv2.imwrite(str(path), stored)
    read = dataset.read_thermal(path)
    assert np.array_equal(read, grey.astype(np.uint16) * 100 if kind == "grey16" else grey)


def test_missing_folder(tmp_path):
    with pytest.raises(ModelError, match="nowhere: no such data folder"):
        dataset.find_pairs(tmp_path / "nowhere")


def test_missing_modality(make_folder):
    folder = make_folder()
    shutil.rmtree(folder / "visible")
    with pytest.raises(ModelError, match="visible: no such folder"):
        dataset.find_pairs(folder)


def test_empty_folder(make_folder):
    folder = make_folder()
    for path in (folder / "thermal").iterdir():
        path.unlink()
    with pytest.raises(ModelError, match="thermal: no picture in it"):
        dataset.find_pairs(folder)


def test_stem_without_partner(make_folder):
    folder = make_folder()
    (folder / "thermal" / "001_01.png").unlink()
    with pytest.raises(ModelError, match="visible/001_01 has no partner in thermal/"):
        dataset.find_pairs(folder)


def test_low_resolution_without_partner(make_folder):
    folder = make_folder(low=True)
    (folder / "thermal_lr" / "001_01.bmp").unlink()
    with pytest.raises(ModelError, match="thermal/001_01 has no partner in thermal_lr/"):
        dataset.find_pairs(folder)


def test_sizes_that_differ(make_folder):
    folder = make_folder()
    cv2.imwrite(str(folder / "visible" / "000_01.jpg"), scene(0, 96, 128)[0])
    with pytest.raises(ModelError, match="128x96 but its thermal is 160x128"):
        dataset.read_pair(dataset.find_pairs(folder)[0])


@pytest.mark.parametrize("content", [b"", b"no picture at all"])
def test_corrupt_picture(make_folder, content):
    folder = make_folder()
    (folder / "thermal" / "000_01.png").write_bytes(content)
    with pytest.raises(ModelError, match=r"000_01\.png( cannot be decoded|: it is empty)"):
        dataset.read_pair(dataset.find_pairs(folder)[0])


def test_split_is_fixed_and_holds_out_the_shared_places(make_folder):
    pairs = dataset.find_pairs(make_folder(count=24, rows=16, columns=16))
    train, dev = dataset.split(pairs)
    assert [pair.name for pair in dev] == ["006_01", "014_01", "018_01"]
    assert len(train) == 21
    assert dataset.split(pairs[:5])[1] == []


@pytest.mark.parametrize(
    "place",
    ["pbvs23/val", "pbvs23/val/thermal", "RIG", "clips/0111_1716", "m3svd/0117_1605/frames"],
)
def test_scoring_data_are_no_training_data(tmp_path, place):
    folder = tmp_path / place
    folder.mkdir(parents=True)
    with pytest.raises(ModelError, match="for scoring, never for training"):
        dataset.check_trainable(folder)
    link = tmp_path / "innocent"
    link.symlink_to(folder)
    with pytest.raises(ModelError, match="for scoring"):
        dataset.check_trainable(link)


@pytest.mark.parametrize("place", ["val/mine", "rig/camera2/thermal", "valley"])
def test_a_folder_is_judged_by_its_own_name(tmp_path, place):
    folder = tmp_path / place
    folder.mkdir(parents=True)
    dataset.check_trainable(folder)


def test_one_missing_partner_of_many_is_left_out_with_a_warning(make_folder, caplog):
    folder = make_folder(count=12, rows=16, columns=16)
    (folder / "visible" / "003_01.jpg").unlink()
    assert len(dataset.find_pairs(folder)) == 11
    assert "003_01 has no visible partner" in caplog.text


def test_sides_of_other_names_and_upright_pictures(make_folder):
    folder = make_folder(rows=16, columns=24)
    (folder / "visible").rename(folder / "rgb")
    for path in (folder / "thermal").iterdir():
        path.rename(path.with_name(f"{path.stem}_ir{path.suffix}"))
    (folder / "thermal").rename(folder / "lwir")
    pairs = dataset.find_pairs(folder)
    assert [pair.name for pair in pairs] == ["000_01_ir", "001_01_ir", "002_01_ir"]
    turned = jpeg(segment(0xE1, b"Exif\0\0" + exif(6)), pixels=np.zeros((24, 16, 3), np.uint8))
    pairs[0].visible.write_bytes(turned)
    assert dataset.read_pair(pairs[0]).visible.shape == (16, 24, 3)
