"""What becomes counts, what is shown without degrees, and what is refused."""

import cv2
import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st

from streamer.messages import Radiometry
from streamer.pictures import Cause, Losses, PictureError
from streamer.pictures.counts import thermal_counts
from streamer.pictures.decoding import read_stored_file
from streamer.pictures.degrees import counts_of_kelvin, filled, marked
from streamer.pictures.doubled import heat_alone
from streamer.pictures.stored import StoredPicture, is_coloured
from streamer.thermal.validity import valid_pixels
from tests.support.pictures import coloured, palette_png, png_with, ramp, write

GAIN = Radiometry(0.01, 0.0)


@given(
    low=st.floats(0, 2500),
    span=st.floats(0, 3000),
    seed=st.integers(0, 99),
)
def test_temperatures_of_any_range_come_back(low, span, seed):
    kelvin = low + span * np.random.default_rng(seed).random((6, 8))
    counts, line = counts_of_kelvin(kelvin)
    back = counts * line.gain_k + line.offset_k
    assert np.abs(back - kelvin).max() <= line.gain_k / 2 + 1e-6
    assert line.gain_k <= 0.01 or kelvin.max() - kelvin.min() > 640


def test_what_spans_too_much_takes_a_coarser_line():
    counts, line = counts_of_kelvin(np.array([[300.0, 993.15]]))
    assert [line.celsius(float(each)) for each in counts[0]] == pytest.approx(
        [26.85, 720.0], abs=0.05
    )


@given(st.data())
def test_pixels_without_a_reading_hide_and_invent_no_extreme(data):
    values = np.random.default_rng(data.draw(st.integers(0, 99))).normal(20, 5, (7, 9))
    holes = data.draw(st.sets(st.integers(0, 62), max_size=62))
    known = np.delete(values.ravel(), sorted(holes))
    values.ravel()[sorted(holes)] = data.draw(st.sampled_from((np.nan, np.inf, -np.inf)))
    whole, none = filled(values)
    assert none.sum() == len(holes)
    assert (whole.min(), whole.max()) == (known.min(), known.max())


def test_a_pixel_without_a_reading_is_marked_where_the_mask_knows_it():
    none = np.zeros((24, 32), np.bool_)
    none[3, 4] = True
    warm = marked(ramp(low=29000), none)
    assert warm[3, 4] == 0
    assert np.array_equal(valid_pixels(warm), ~none)
    assert np.array_equal(marked(ramp(low=20), none), ramp(low=20))


@pytest.mark.parametrize("dtype", ["f4", "f8", ">f4"])
def test_floating_degrees_are_degrees(tmp_path, dtype):
    celsius = np.full((24, 32), 21.5, dtype)
    celsius[4:9, 4:9], celsius[0, 0] = 36.6, np.nan
    tifffile.imwrite(tmp_path / "a.tif", celsius, byteorder=">" if dtype[0] == ">" else "<")
    picture = thermal_counts(read_stored_file(tmp_path / "a.tif"), "a")
    degrees = [picture.radiometry.celsius(float(each)) for each in np.unique(picture.counts)]
    assert degrees == pytest.approx([21.5, 36.6], abs=0.005)
    assert picture.metadata["pixels_without_reading"] == 1
    assert "degrees Celsius" in picture.words
    kelvin = thermal_counts(StoredPicture(celsius + 273.15), "a")
    assert np.array_equal(kelvin.counts, picture.counts)
    assert "kelvin" in kelvin.words


def test_floating_counts_are_counts():
    counts = ramp(np.float32, low=7000)
    picture = thermal_counts(StoredPicture(counts), "a")
    assert picture.radiometry is None
    assert np.array_equal(picture.counts, counts)
    with pytest.raises(PictureError, match="neither degrees nor 16-bit counts; gain_k"):
        thermal_counts(StoredPicture(counts + 0.5), "a")


def test_signed_degrees_need_a_setting_and_keep_every_bit():
    celsius = np.array([[-400, 3660]], np.int16)
    with pytest.raises(PictureError, match="int16 samples of -400 to 3660: gain_k and offset_k"):
        thermal_counts(StoredPicture(celsius), "a")
    picture = thermal_counts(StoredPicture(celsius), "a", Radiometry(0.01, 273.15))
    assert [picture.radiometry.celsius(float(each)) for each in picture.counts[0]] == pytest.approx(
        [-4.0, 36.6]
    )
    with pytest.raises(PictureError, match=r"offset_k is 273\.15"):
        thermal_counts(StoredPicture(np.array([[-400, -20]], np.int16)), "a", GAIN)


def test_the_file_and_the_setting_may_not_contradict():
    stored = StoredPicture(ramp(), radiometry=Radiometry(0.04, 0.0))
    assert thermal_counts(stored, "a").radiometry == Radiometry(0.04, 0.0)
    assert thermal_counts(stored, "a", Radiometry(0.04, 0.0)).radiometry is not None
    with pytest.raises(PictureError, match=r"a states gain_k 0\.04, .* setting gain_k 0\.01"):
        thermal_counts(stored, "a", GAIN)


def renderings(folder):
    grey = ramp(np.uint8, 24, 32)
    inverted = np.repeat(np.arange(255, -1, -1)[:, None], 3, axis=1)
    jet = cv2.applyColorMap(np.arange(256, dtype=np.uint8)[None], cv2.COLORMAP_JET)[0, :, ::-1]
    opacity = np.dstack([grey, grey, grey, ramp(np.uint8, 24, 32)])
    yield write(folder / "colour.png", coloured()), "in colour"
    yield write(folder / "colour.jpg", coloured()), "in colour"
    yield write(folder / "deep.png", coloured().astype(np.uint16) * 257), "in colour"
    yield write(folder / "opacity.png", opacity), "with opacity"
    (folder / "inverted.png").write_bytes(palette_png(grey, inverted))
    yield folder / "inverted.png", "an inverted grey palette"
    (folder / "jet.png").write_bytes(palette_png(grey, jet))
    yield folder / "jet.png", "with a palette"
    tifffile.imwrite(folder / "inverted.tif", grey, photometric="miniswhite")
    yield folder / "inverted.tif", "an inverted grey palette"
    colourmap = np.ascontiguousarray(jet.T.astype(np.uint16) * 257)
    tifffile.imwrite(folder / "jet.tif", grey, photometric="palette", colormap=colourmap)
    yield folder / "jet.tif", "with a palette"


def test_a_rendering_of_heat_is_never_counts(tmp_path):
    for path, words in renderings(tmp_path):
        stored = read_stored_file(path)
        picture = thermal_counts(stored, path.name)
        assert words in picture.relative, path
        assert picture.radiometry is None
        with pytest.raises(PictureError, match="its counts are lost") as error:
            thermal_counts(stored, path.name, GAIN)
        assert error.value.cause is Cause.COLOUR


@given(
    channel=st.integers(0, 2),
    off=st.integers(17, 200),
    share=st.floats(0.05, 1.0),
    deep=st.booleans(),
    seed=st.integers(0, 99),
)
def test_channels_that_differ_are_never_counts(channel, off, share, deep, seed):
    rng = np.random.default_rng(seed)
    level = rng.integers(0, 255 - off, (40, 50))
    pixels = np.repeat(level[..., None], 3, axis=2)
    pixels[..., channel] += off * (rng.random((40, 50)) < share)
    stored = pixels.astype(np.uint16) * 257 if deep else pixels.astype(np.uint8)
    changed = float((np.ptp(pixels, axis=2) > 0).mean())
    assert is_coloured(stored) == (changed > 0.01)


@given(counts=st.integers(2, 400), bad=st.integers(0, 400))
def test_more_than_a_tenth_is_too_much(counts, bad):
    losses = Losses()
    for index in range(bad):
        losses.add(Cause.UNDECODABLE, str(index))
        losses.add(Cause.NO_PARTNER, f"{index} alone")
    assert losses.lost == bad
    assert losses.too_many_of(counts) == (10 * bad > counts)
    assert not losses.add(Cause.UNDECODABLE, "0") or not bad


def test_grey_is_counts_however_it_is_stored(tmp_path):
    grey = ramp(np.uint8, 24, 32)
    opaque = np.dstack([grey, grey, grey, np.full_like(grey, 255)])
    same = np.repeat(np.arange(256)[:, None], 3, axis=1)
    (tmp_path / "palette.png").write_bytes(palette_png(grey, same))
    (tmp_path / "text.png").write_bytes(png_with(grey, b"tEXt", b"Software\0other"))
    write(tmp_path / "thrice.png", np.repeat(grey[:, :, None], 3, axis=2))
    write(tmp_path / "opaque.png", opaque)
    write(tmp_path / "grey.bmp", grey)
    for path in sorted(tmp_path.iterdir()):
        picture = thermal_counts(read_stored_file(path), path.name, GAIN)
        assert np.array_equal(picture.counts, grey), path
        assert picture.radiometry == GAIN


@pytest.mark.parametrize(
    "metadata",
    [
        {"gain_k": 0.04, "offset_k": 100.0},
        {"cf": 0, "c0": 100.0 - 273.15, "c1": 0.04, "vunit": "C"},
        {"cf": 0, "c0": 100.0, "c1": 0.04, "vunit": "K"},
    ],
)
def test_the_calibration_of_imagej_is_used(tmp_path, metadata):
    tifffile.imwrite(tmp_path / "a.tif", ramp(), imagej=True, metadata=metadata)
    picture = thermal_counts(read_stored_file(tmp_path / "a.tif"), "a")
    assert picture.radiometry.gain_k == pytest.approx(0.04)
    assert picture.radiometry.offset_k == pytest.approx(100.0)
    assert np.array_equal(picture.counts, ramp())


def doubled(heat, *, below=True, luma=100, chroma=128):
    """A picture in YUYV and the heat it was made from, as InfiRay's USB cameras send them."""
    rng = np.random.default_rng(5)
    words = chroma * 256 + luma + rng.integers(0, 40, heat.shape)
    return np.vstack([words, heat] if below else [heat, words]).astype(np.uint16)


@given(
    rows=st.integers(3, 20),
    wider=st.integers(1, 9),
    low=st.sampled_from((0, 7000, 19000, 40000)),
    below=st.booleans(),
)
def test_of_picture_and_heat_above_each_other_the_heat_is_taken(rows, wider, low, below):
    heat = ramp(np.uint16, rows, min(rows + wider, 2 * rows - 1), low=low)
    stored = StoredPicture(doubled(heat, below=below))
    picture = heat_alone(thermal_counts(stored, "a", GAIN))
    assert np.array_equal(picture.counts, heat)
    assert "above each other" in picture.words
    assert picture.radiometry == GAIN


@pytest.mark.parametrize(
    "counts",
    [
        doubled(ramp(np.uint16, 24, 32, low=32800)),  # both halves may be a picture
        doubled(ramp(np.uint16, 24, 32), chroma=130),
        doubled(ramp(np.uint16, 24, 60)),  # wider than high as a whole
        doubled(ramp(np.uint16, 24, 20)),  # halves higher than wide
        ramp(np.uint16, 48, 32, low=32700),
        np.full((48, 32), 32900, np.uint16),
    ],
)
def test_what_is_one_picture_stays_whole(counts):
    picture = heat_alone(thermal_counts(StoredPicture(counts), "a"))
    assert np.array_equal(picture.counts, counts)
    assert not picture.words


@pytest.mark.parametrize("spread", [40, 500, 4000, 30000])
def test_three_channels_of_16_bits_that_differ_are_no_counts(tmp_path, spread):
    """As of three frames that were stacked behind each other."""
    frames = 20000 + np.random.default_rng(2).integers(0, spread, (24, 32, 3))
    np.save(tmp_path / "a.npy", frames.astype(np.uint16))
    stored = read_stored_file(tmp_path / "a.npy")
    assert thermal_counts(stored, "a").relative == "in colour"
    with pytest.raises(PictureError, match="its counts are lost"):
        thermal_counts(stored, "a", GAIN)
    np.save(tmp_path / "b.npy", np.repeat(frames[..., :1], 3, axis=2).astype(np.uint16))
    grey = thermal_counts(read_stored_file(tmp_path / "b.npy"), "b", GAIN)
    assert np.array_equal(grey.counts, frames[..., 0])
