"""Counts of a video are exact, or the pixel format is named."""

import sys
from fractions import Fraction

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streamer.pictures import Cause, PictureError
from streamer.pictures.counts import thermal_counts
from streamer.pictures.videos import format_of_tag, open_video
from streamer.pictures.videos.pixel_format import Handling
from tests.support.paths import ROOT
from tests.support.pictures import coloured, ramp

KEPT = ROOT / "tests" / "data" / "pictures"


def frames_of(path):
    video = open_video(path, counts=True)
    try:
        found = []
        while video.grab():
            found.append(thermal_counts(video.retrieve(), str(path)))
        return found
    finally:
        video.release()


@given(bits=st.integers(9, 16), order=st.sampled_from(("le", "be")))
def test_the_code_of_a_deep_format_spells_it(bits, order):
    tag = bytes([ord("Y"), ord("1"), 0, bits])
    spelt = tag if order == "le" else tag[::-1]
    found = format_of_tag(int.from_bytes(spelt, "little", signed=True))
    assert found.name == f"gray{bits}{order}"
    assert found.handling is (Handling.EXACT if (bits, order) == (16, "le") else Handling.DEEP)


@pytest.mark.parametrize(
    ("tag", "name", "handling"),
    [
        (b"Y800", "gray", Handling.EXACT),
        (b"I420", "yuv420p", Handling.LUMA),
        (b"Y3\x0b\n", "yuv, 10 bits, le", Handling.DEEP),
        (b"G3\x00\x10", "gbrp, 16 bits, le", Handling.DEEP),
        (b"0RGB", "rgb48", Handling.DEEP),
        (b"RGB\x0f", "rgb555", Handling.REFUSED),
        (b"PAL\x08", "pal8", Handling.REFUSED),
        (b"Q9Q9", "Q9Q9", Handling.REFUSED),
    ],
)
def test_other_codes(tag, name, handling):
    found = format_of_tag(int.from_bytes(tag, "little", signed=True))
    assert (found.name, found.handling) == (name, handling)


def test_big_endian_counts_are_exact_or_refused_by_name(monkeypatch):
    path, truth = KEPT / "gray16be.avi", np.load(KEPT / "gray16be.npy")
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(
        PictureError, match=r"pixel format gray16be .*corefusion-live\[video\]"
    ) as e:
        open_video(path, counts=True)
    assert e.value.cause is Cause.FORMAT
    monkeypatch.undo()
    pytest.importorskip("av")
    found = frames_of(path)
    assert np.array_equal([each.counts for each in found], truth)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    kind=st.sampled_from(
        [
            *(("ffv1", f"gray{bits}le", "mkv") for bits in (9, 10, 12, 16)),
            *((codec, "gray", "avi") for codec in ("ffv1", "png", "rawvideo", "magicyuv")),
            ("png", "gray16be", "avi"),
            ("rawvideo", "gray16be", "nut"),
            ("rawvideo", "gray10le", "nut"),
            ("jpegls", "gray16le", "avi"),
        ]
    ),
    seed=st.integers(0, 99),
    width=st.sampled_from((32, 34, 50)),
)
def test_every_depth_and_byte_order_comes_back(tmp_path, kind, seed, width):
    av = pytest.importorskip("av")
    codec, pixel_format, suffix = kind
    path = tmp_path / f"a.{suffix}"
    digits = "".join(filter(str.isdigit, pixel_format))
    top = 1 << int(digits or 8)
    order = ">" if pixel_format.endswith("be") else "<"
    truth = np.random.default_rng(seed).integers(0, top, (3, 24, width)).astype(order + "u2")
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=9)
        stream.width, stream.height, stream.pix_fmt = width, 24, pixel_format
        for index, counts in enumerate(truth):
            frame = av.VideoFrame(width, 24, pixel_format)
            plane = frame.planes[0]
            rows = counts if top > 256 else counts.astype(np.uint8)
            padded = np.zeros((24, plane.line_size), np.uint8)
            content = np.ascontiguousarray(rows).view(np.uint8).reshape(24, -1)
            padded[:, : content.shape[1]] = content
            plane.update(padded.tobytes())
            frame.pts, frame.time_base = index, Fraction(1, 9)
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    found = frames_of(path)
    assert np.array_equal([each.counts for each in found], truth)


def test_a_coloured_video_is_relative(tmp_path):
    path = tmp_path / "a.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 9, (32, 24))
    writer.write(coloured())
    writer.release()
    assert [each.relative for each in frames_of(path)] == ["in colour"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is empty"),
        (b"FFF\0" + bytes(80), "FLIR FFF or SEQ file"),
        (b"\0\0\0\x18ftypmp42" + bytes(12) + b"\0\0\0\x10mdat" + bytes(8), r"index \(moov\) is"),
        (b"nothing", "not a video that can be read"),
    ],
)
def test_what_is_no_video_is_said_to_be_what_it_is(tmp_path, content, words):
    (tmp_path / "a.mp4").write_bytes(content)
    with pytest.raises(PictureError, match=words):
        open_video(tmp_path / "a.mp4", counts=True)


def test_sixteen_bits_of_ffv1_stay_without_pyav(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    path = tmp_path / "a.mkv"
    params = [cv2.VIDEOWRITER_PROP_DEPTH, cv2.CV_16U, cv2.VIDEOWRITER_PROP_IS_COLOR, 0]
    codec = cv2.VideoWriter.fourcc(*"FFV1")
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, codec, 9.0, (32, 24), params)
    if not writer.isOpened():
        pytest.skip("this OpenCV does not write 16-bit FFV1")
    writer.write(ramp(low=29000))
    writer.release()
    assert np.array_equal(frames_of(path)[0].counts, ramp(low=29000))
