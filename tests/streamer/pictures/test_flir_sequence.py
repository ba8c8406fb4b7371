"""FLIR's SEQ, CSQ and FFF: every bit of the counts, kelvin by the published formula."""

import contextlib
import math
import struct
import sys
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streamer.pictures import Cause, PictureError
from streamer.pictures.counts import thermal_counts
from streamer.pictures.decoding import read_stored_file
from streamer.pictures.formats.page_count import page_count
from streamer.pictures.listing.sources import pictures_at
from tests.support.pictures import PLANCK, fff_block, ramp

QUIET = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def counts_of(kelvin: float) -> float:
    """What the camera of the blocks gives for a black body that it sees directly."""
    r1, b, f, o, r2 = PLANCK
    return r1 / (r2 * (math.exp(b / kelvin) - f)) - o


@QUIET
@given(
    rows=st.integers(1, 20),
    columns=st.integers(1, 20),
    order=st.sampled_from("<>"),
    pages=st.integers(1, 4),
    between=st.sampled_from((b"", b"\0" * 7, b"FFF" * 5)),
    suffix=st.sampled_from((".seq", ".csq", ".fff", ".SEQ")),
)
def test_every_bit_of_every_picture(tmp_path, rows, columns, order, pages, between, suffix):
    rng = np.random.default_rng(rows)
    frames = [rng.integers(0, 65536, (rows, columns), np.uint16) for _ in range(pages)]
    path = tmp_path / f"a{suffix}"
    blocks = [fff_block(each, order=order, camera=False) for each in frames]
    path.write_bytes(between.join(blocks))
    assert page_count(path) == pages == len(pictures_at(path))
    for page, frame in enumerate(frames):
        stored = read_stored_file(path, page)
        assert np.array_equal(stored.pixels, frame)
        assert thermal_counts(stored, "a").radiometry is None
    with pytest.raises(PictureError, match=f"it has {pages} pictures, not {pages + 1}"):
        read_stored_file(path, pages)
    path.unlink()


@pytest.mark.parametrize("exchanged", [True, False])
def test_png_with_its_bytes_exchanged_or_not(tmp_path, exchanged):
    frame = ramp(np.uint16, 24, 32, low=9000)
    stored = frame.byteswap() if exchanged else frame
    payload = cv2.imencode(".png", stored)[1].tobytes()
    (tmp_path / "a.seq").write_bytes(fff_block(frame, payload=payload, camera=False))
    assert np.array_equal(read_stored_file(tmp_path / "a.seq").pixels, frame)


def test_kelvin_of_a_black_body_that_is_seen_directly(tmp_path):
    kelvin = np.array([[250.0, 293.15], [310.0, 355.0]])
    frame = np.rint([[counts_of(each) for each in row] for row in kelvin]).astype(np.uint16)
    (tmp_path / "a.seq").write_bytes(fff_block(frame))
    picture = thermal_counts(read_stored_file(tmp_path / "a.seq"), "a")
    found = picture.radiometry.gain_k * picture.counts + picture.radiometry.offset_k
    assert np.abs(found - kelvin).max() < 0.05


def test_kelvin_through_air_and_a_window_past_what_is_reflected(tmp_path):
    """The terms one by one, forwards: what the sensor sees of 320 K."""
    emissivity, distance_m, window = 0.95, 20.0, 0.9
    h2o = 0.5 * math.exp(1.5587 + 0.06939 * 15 - 0.00027816 * 15**2 + 6.8455e-7 * 15**3)
    root = math.sqrt(distance_m / 2)
    air = 1.9 * math.exp(-root * (0.006569 - 0.002276 * math.sqrt(h2o)))
    air += (1 - 1.9) * math.exp(-root * (0.01262 - 0.00667 * math.sqrt(h2o)))
    seen = emissivity * air * window * air * counts_of(320.0)
    seen += (1 - emissivity) * air * window * air * counts_of(293.15)
    seen += (1 - air) * window * air * counts_of(288.15)
    seen += (1 - window) * air * counts_of(295.15)
    seen += (1 - air) * counts_of(288.15)
    frame = np.full((4, 5), round(seen), np.uint16)
    block = fff_block(frame, emissivity=emissivity, distance_m=distance_m, window=window)
    (tmp_path / "a.seq").write_bytes(block)
    assert read_stored_file(tmp_path / "a.seq").pixels == pytest.approx(320.0, abs=0.02)


def test_counts_beyond_the_formula_are_no_readings(tmp_path):
    frame = np.full((4, 5), round(counts_of(300.0)), np.uint16)
    frame[1, 2] = 7000  # below what nothing at all would give
    (tmp_path / "a.seq").write_bytes(fff_block(frame))
    picture = thermal_counts(read_stored_file(tmp_path / "a.seq"), "a")
    assert np.argwhere(picture.none).tolist() == [[1, 2]]


def test_jpeg_ls_takes_its_library(tmp_path, monkeypatch):
    frame = ramp(np.uint16, 6, 8, low=9000)
    (tmp_path / "a.csq").write_bytes(fff_block(frame, payload=b"\xff\xd8\xff\xf7...", camera=False))
    monkeypatch.setitem(sys.modules, "imagecodecs", None)
    with pytest.raises(PictureError, match=r"imagecodecs: pip install .*\[csq\]") as refused:
        read_stored_file(tmp_path / "a.csq")
    assert refused.value.cause is Cause.NOT_READ
    stub = SimpleNamespace(jpegls_decode=lambda data: frame)
    monkeypatch.setitem(sys.modules, "imagecodecs", stub)
    assert np.array_equal(read_stored_file(tmp_path / "a.csq").pixels, frame)
    monkeypatch.setattr(stub, "jpegls_decode", lambda data: frame.astype(np.uint8))
    with pytest.raises(PictureError, match="not of 16 bits"):
        read_stored_file(tmp_path / "a.csq")


def test_a_picture_that_is_cut_off_is_refused_and_the_others_are_read(tmp_path):
    frames = [np.full((6, 8), 9000 + each, np.uint16) for each in range(3)]
    blocks = [fff_block(each) for each in frames]
    path = tmp_path / "a.seq"
    path.write_bytes(blocks[0] + blocks[1][:150] + blocks[2])
    assert page_count(path) == 3
    for page in (0, 2):
        assert np.ptp(read_stored_file(path, page).pixels) == 0
    with pytest.raises(PictureError, match=r"a\.seq"):
        read_stored_file(path, 1).pixels.mean()
    path.write_bytes(blocks[0] + blocks[1][:150])
    with pytest.raises(PictureError, match="cut off"):
        read_stored_file(path, 1)


@pytest.mark.parametrize("name", ["a.seq", "a.png"])
def test_a_file_without_a_raw_record_says_so(tmp_path, name):
    (tmp_path / name).write_bytes(b"FFF\0" + bytes(99))
    with pytest.raises(PictureError, match="no raw thermal record") as refused:
        read_stored_file(tmp_path / name)
    assert refused.value.cause is Cause.NOT_RADIOMETRIC


def test_a_seq_file_of_another_layout_is_named(tmp_path):
    (tmp_path / "a.seq").write_bytes(b"another layout" + bytes(99))
    with pytest.raises(PictureError, match="SEQ file of a layout that is not published"):
        read_stored_file(tmp_path / "a.seq")


@QUIET
@given(
    at=st.sampled_from((*range(0x20, 0x40, 4), *range(0x58, 0x84, 4), 0x308, 0x30C)),
    value=st.one_of(st.floats(width=32), st.sampled_from((0.0, -1.0, 1e-30, 1e30))),
)
def test_parameters_that_no_camera_states_give_counts_or_kelvin_and_no_error(tmp_path, at, value):
    frame = np.full((4, 5), round(counts_of(300.0)), np.uint16)
    block = bytearray(fff_block(frame, emissivity=0.9, distance_m=2.0, window=0.9))
    info = len(block) - 0x400
    block[info + at : info + at + 4] = struct.pack("<f", value)
    path = tmp_path / "a.seq"
    path.write_bytes(block)
    with contextlib.suppress(PictureError):  # no pixel with a reading
        picture = thermal_counts(read_stored_file(path), "a")
        assert picture.counts.shape == (4, 5)
        assert picture.radiometry is not None or np.array_equal(picture.counts, frame)
    path.unlink()
