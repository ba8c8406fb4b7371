"""Each layout from bytes made by its document, and what every decoder holds to."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest

from capture.formats import (
    FORMATS,
    LayoutError,
    ThermalFormat,
    format_named,
    formats_of_usb,
    frame_words,
)
from streamer.messages import Radiometry
from tests.support import thermal_frames as frames
from tests.support.thermal_frames import as_words, gradient

TLINEAR = Radiometry(0.01, 0.0)


class Example(NamedTuple):
    """A picture, the frame around it, and what has to come of it."""

    format: str
    picture: np.ndarray
    make: Callable[[np.ndarray], bytes]
    columns: int
    radiometry: Radiometry | None = None
    state: dict = {}  # noqa: RUF012 - of a tuple


_LEPTON3, _LEPTON2 = gradient(160, 120, 28_500, 31_000), gradient(80, 60, 28_500, 31_000)
_RAW14 = gradient(160, 120, 7_400, 8_200)
_BOSON, _BOSON320 = gradient(640, 512, 9_000, 12_000), gradient(320, 256, 9_000, 12_000)
_TAU = gradient(336, 256, 5_000, 6_000)
_256 = gradient(256, 192, 280 * 64, 320 * 64)

EXAMPLES = {
    "lepton 3 footer": Example(
        "lepton", _LEPTON3, frames.lepton, 160, TLINEAR, {"telemetry": "footer"}
    ),
    "lepton 3 header": Example(
        "lepton",
        _LEPTON3,
        lambda p: frames.lepton(p, header=True),
        160,
        TLINEAR,
        {"telemetry": "header"},
    ),
    "lepton 2 footer": Example("lepton", _LEPTON2, frames.lepton, 80, TLINEAR),
    "lepton 2 header": Example(
        "lepton", _LEPTON2, lambda p: frames.lepton(p, header=True), 80, TLINEAR
    ),
    "lepton in tenths": Example(
        "lepton",
        _LEPTON3 // 10,
        lambda p: frames.lepton(p, resolution=0),
        160,
        Radiometry(0.1, 0.0),
    ),
    "lepton raw": Example("lepton", _RAW14, lambda p: frames.lepton(p, tlinear=0), 160),
    "boson 514": Example("boson", _BOSON, frames.boson, 640, None, {"telemetry": "header"}),
    "boson 513 footer": Example(
        "boson",
        _BOSON,
        lambda p: frames.boson(p, 1, footer=True),
        640,
        None,
        {"telemetry": "footer"},
    ),
    "boson 258 little-endian": Example(
        "boson", _BOSON320, lambda p: frames.boson(p, order="<"), 320
    ),
    "tau footer": Example("tau", _TAU, frames.tau, 336, None, {"telemetry": "footer"}),
    "tau header": Example(
        "tau", _TAU, lambda p: frames.tau(p, footer=False), 336, None, {"telemetry": "header"}
    ),
    "tc001": Example("double_height", _256, frames.double_height, 256, Radiometry(1 / 64, 0.0)),
    "thermal master p2": Example(
        "double_height",
        _256,
        lambda p: frames.double_height(p, between=2),
        256,
        Radiometry(1 / 64, 0.0),
    ),
    "193 rows": Example(
        "double_height",
        _256,
        lambda p: frames.double_height(p, between=1, below=1),
        256,
        Radiometry(1 / 64, 0.0),
    ),
    "tc002c": Example("tc002c", _256 // 4, frames.tc002c, 512, Radiometry(1 / 16, 0.0)),
    "ht-301": Example(
        "xtherm",
        gradient(384, 288, 6_000, 9_000),
        lambda p: frames.xtherm(p, fpa=7_440, block_row=3),
        384,
        None,
        {"fpa_celsius": 30.0, "shutter_celsius": 24.95, "core_celsius": 33.05, "emissivity": 0.95},
    ),
    "t2s+": Example(
        "xtherm",
        gradient(256, 192, 6_000, 9_000),
        lambda p: frames.xtherm(p, fpa=8_240, block_row=1),
        256,
        None,
        {"fpa_celsius": 30.0, "core_celsius": 33.05},
    ),
    "t3s 640": Example(
        "xtherm",
        gradient(640, 512, 6_000, 9_000),
        lambda p: frames.xtherm(p, fpa=6_529, block_row=3),
        640,
        None,
        {"fpa_celsius": 30.0},
    ),
    "y16": Example("y16", gradient(100, 70, 0, 65_535), lambda p: p.astype("<u2").tobytes(), 100),
    "y14": Example(
        "y14", gradient(100, 70, 0, 0x3FFF), lambda p: (p | 0xC000).astype("<u2").tobytes(), 100
    ),
    "agc8 in yuyv": Example(
        "agc8",
        (np.add.outer(np.arange(48), np.arange(64)) % 200).astype(np.uint8),
        lambda p: frames.yuyv_grey(64, 48),
        64,
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
class TestEveryFormat:
    """What holds of each decoder."""

    def test_the_picture_comes_out_bit_by_bit(self, name):
        example = EXAMPLES[name]
        words = as_words(example.make(example.picture), example.columns)
        decoded = FORMATS[example.format].decode(words)
        assert decoded.counts.dtype == example.picture.dtype
        assert np.array_equal(decoded.counts, example.picture)
        assert decoded.radiometry == example.radiometry
        assert {key: decoded.state[key] for key in example.state} == example.state

    def test_its_size_is_told_beforehand(self, name):
        example = EXAMPLES[name]
        words = as_words(example.make(example.picture), example.columns)
        size = FORMATS[example.format].picture_size((words.shape[1], words.shape[0]))
        assert size == (example.picture.shape[1], example.picture.shape[0])

    def test_what_came_is_not_written_to(self, name):
        example = EXAMPLES[name]
        words = as_words(example.make(example.picture), example.columns).copy()
        before = words.copy()
        FORMATS[example.format].decode(words)
        assert np.array_equal(words, before)

    def test_it_fits_and_no_other_of_that_size_does(self, name):
        example = EXAMPLES[name]
        words = as_words(example.make(example.picture), example.columns)
        size = (words.shape[1], words.shape[0])
        fitting = [
            each.name
            for each in FORMATS.values()
            if size in each.sizes and not each.loose and each.fits(words)
        ]
        expected = FORMATS[example.format]
        assert fitting == ([expected.name] if expected.sizes and not expected.loose else [])


def told_of(format_: ThermalFormat, frame: np.ndarray) -> tuple[int, int] | str:
    """The size of the frame whose picture came out, or the beginning of the refusal."""
    try:
        counts = format_.decode(frame).counts
    except LayoutError as error:
        return str(error).partition(f"format {format_.name}")[1]
    size = (frame.shape[1], frame.shape[0])
    return size if counts.shape == format_.picture_size(size)[::-1] else (0, 0)


@pytest.mark.parametrize(
    "format_", [each for each in FORMATS.values() if each.sizes], ids=lambda each: each.name
)
class TestEveryRefusal:
    """What holds of each decoder that has sizes, on frames that are not its own."""

    def test_noise_of_its_size_is_refused_where_content_can_tell(self, format_):
        for columns, rows in format_.sizes:
            noise = np.random.default_rng(1).integers(0, 65_536, (rows, columns), np.uint16)
            assert not format_.fits(noise), (columns, rows)

    def test_whatever_comes_is_a_picture_or_a_refusal_in_words(self, format_):
        for columns, rows in (*format_.sizes, (1, 1), (80, 2)):
            for level in (0, 1, 30_000, 65_535):
                for dtype in (np.uint8, np.uint16):
                    frame = np.full((rows, columns), min(level, np.iinfo(dtype).max), dtype)
                    told = told_of(format_, frame)
                    assert told in ((columns, rows), f"format {format_.name}")

    def test_an_ordinary_picture_of_its_size_is_refused(self, format_):
        for columns, rows in format_.sizes:
            for low, high in ((7_000, 9_000), (28_000, 31_000)):
                assert not format_.fits(gradient(columns, rows, low, high)), (columns, rows, low)

    def test_another_size_names_what_was_wanted_and_what_came(self, format_):
        columns, rows = format_.sizes[0]
        wanted = (
            rf"format {format_.name} wants frames of .*{columns}x{rows}.*, 90x50 of 16 bits came"
        )
        with pytest.raises(LayoutError, match=wanted):
            format_.decode(np.zeros((50, 90), np.uint16))


def test_a_lepton_tells_its_shutter_its_number_and_its_temperatures():
    words = as_words(
        frames.lepton(_LEPTON3, counter=0x0001_0203, ffc_state=2, last_ffc_ms=88_500), 160
    )
    decoded = FORMATS["lepton"].decode(words)
    assert decoded.ffc is True
    assert decoded.counter == 0x0001_0203
    assert decoded.state == {
        "telemetry": "footer",
        "ffc_state": "in progress",
        "sensor_counter": 0x0001_0203,
        "uptime_ms": 90_000,
        "fpa_celsius": 29.0,
        "housing_celsius": 27.0,
        "since_ffc_s": 1.5,
    }
    for state in (0, 1, 3):
        rows = as_words(frames.lepton(_LEPTON3, ffc_state=state), 160)
        assert FORMATS["lepton"].decode(rows).ffc is False


def test_a_lepton_with_its_own_contrast_gives_no_degrees():
    decoded = FORMATS["lepton"].decode(as_words(frames.lepton(_LEPTON3 // 300, agc=1), 160))
    assert decoded.radiometry is None
    assert "AGC" in decoded.relative


def test_a_boson_tells_its_number_and_how_long_ago_its_shutter_was():
    decoded = FORMATS["boson"].decode(as_words(frames.boson(_BOSON), 640))
    assert decoded.counter == 4242
    assert decoded.state["frames_since_ffc"] == 242
    assert decoded.state["fpa_celsius"] == 31.85


def test_known_cameras_are_told_by_their_usb_id():
    assert [each.name for each in formats_of_usb("1e4e:0100")] == ["lepton"]
    assert [each.name for each in formats_of_usb("0bda:5830")] == ["double_height"]
    assert formats_of_usb("046d:0825") == formats_of_usb(None) == []


def test_a_format_that_there_is_not_names_those_there_are():
    with pytest.raises(LayoutError, match=r"format leptom: auto, lepton, boson, .* wanted"):
        format_named("leptom")


def test_frames_come_as_words_however_a_decoder_hands_them_over():
    words = gradient(16, 12, 0, 65_535)
    assert np.array_equal(frame_words(words), words)
    assert np.array_equal(frame_words(words.view(np.uint8).reshape(12, 16, 2)), words)
    row = words.reshape(1, -1)
    assert np.array_equal(frame_words(row, (16, 12)), words)
    assert np.array_equal(frame_words(row.view(np.uint8), (16, 12)), words)
    with pytest.raises(LayoutError, match="three colours"):
        frame_words(np.zeros((12, 16, 3), np.uint8))
    with pytest.raises(LayoutError, match="one plane of 8 or 16 bits wanted"):
        frame_words(np.zeros((12, 16), np.float32))
