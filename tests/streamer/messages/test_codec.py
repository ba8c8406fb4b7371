import contextlib
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamer.messages import (
    Consistency,
    FeatureRequest,
    Frame,
    FrameFlag,
    Message,
    MessageError,
    Mode,
    ModeChange,
    PixelFormat,
    ProcessState,
    Radiometry,
    Source,
    Status,
    SuperResolvedFrame,
    Uncertainty,
    decode,
    encode,
)

PIXELS = {
    PixelFormat.BGR8: np.arange(5 * 7 * 3, dtype=np.uint8).reshape(5, 7, 3),
    PixelFormat.MONO8: np.arange(35, dtype=np.uint8).reshape(5, 7),
    PixelFormat.MONO16: np.arange(35, dtype=np.uint16).reshape(5, 7) * 1871,
}


def make_frame(pixel_format: PixelFormat) -> Frame:
    return Frame(
        stream="thermal",
        sequence=2**40,
        timestamp_ns=2**61,
        pixel_format=pixel_format,
        pixels=PIXELS[pixel_format],
        radiometry=Radiometry(0.01, 0.0),
        flags=(FrameFlag.FFC,),
        metadata={"fpa_celsius": 31.5, "serial": "A1", "gain": 2, "shutter": True},
    )


def everything_but_pixels(message: Message) -> dict[str, object]:
    return {name: getattr(message, name) for name in message.__struct_fields__ if name != "pixels"}


@pytest.mark.parametrize("pixel_format", list(PixelFormat))
def test_a_frame_comes_back_as_it_went(pixel_format: PixelFormat) -> None:
    sent = make_frame(pixel_format)
    got = decode(encode(sent))
    assert everything_but_pixels(got) == everything_but_pixels(sent)
    assert got.pixels.dtype == sent.pixels.dtype
    np.testing.assert_array_equal(got.pixels, sent.pixels)


@pytest.mark.parametrize(
    "message",
    [
        FeatureRequest("influence", 5),
        ModeChange(1, Mode.GUIDED, Mode.HOLD, "shutter"),
        Status(
            process="inference",
            pid=4,
            timestamp_ns=3,
            state=ProcessState.RUNNING,
            dropped={"visible/gap": 2},
            mode=Mode.GUIDED,
            painted_age_ms=(1.5, 2.5),
        ),
    ],
)
def test_messages_without_pixels_come_back_equal(message: Message) -> None:
    assert decode(encode(message)) == message


def test_a_result_keeps_its_sources() -> None:
    sent = SuperResolvedFrame(
        sequence=1,
        timestamp_ns=2,
        published_ns=3,
        mode=Mode.GUIDED,
        pixel_format=PixelFormat.MONO16,
        pixels=PIXELS[PixelFormat.MONO16],
        thermal=Source(8, 2),
        visible=Source(9, 4),
        skew_ms=2e-6,
        stage_ms={"infer": 9.5},
        consistency=Consistency(0.25, 2.5),
        uncertainty=Uncertainty.of(np.array([[0.5, 1.0], [2.0, 90.0]], np.float32)),
    )
    assert everything_but_pixels(decode(encode(sent))) == everything_but_pixels(sent)


def test_received_pixels_are_a_view_that_cannot_be_written() -> None:
    data = encode(make_frame(PixelFormat.MONO16))
    pixels = decode(data).pixels
    assert np.shares_memory(pixels, np.frombuffer(data, np.uint8))
    with pytest.raises(ValueError, match="read-only"):
        pixels[0, 0] = 1


def test_pixels_that_are_not_contiguous_are_packed() -> None:
    pixels = np.arange(200, dtype=np.uint16).reshape(10, 20)[::2, ::3]
    sent = Frame(
        stream="thermal", sequence=0, timestamp_ns=0, pixel_format=PixelFormat.MONO16, pixels=pixels
    )
    np.testing.assert_array_equal(decode(encode(sent)).pixels, pixels)


def test_a_frame_whose_pixels_are_not_of_its_format_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="uint16 with shape"):
        Frame(
            stream="visible",
            sequence=0,
            timestamp_ns=0,
            pixel_format=PixelFormat.BGR8,
            pixels=PIXELS[PixelFormat.MONO16],
        )


GOOD = bytes(encode(make_frame(PixelFormat.MONO16)))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "0 bytes: at least 16 wanted"),
        (b"\x89PNG" + bytes(60), "message starts with"),
        (GOOD[:4] + struct.pack("<H", 9) + GOOD[6:], "version 9: version 1 wanted"),
        (GOOD[:8] + struct.pack("<II", 2**31, 64) + GOOD[16:], "does not fit"),
        (GOOD[:-1], "69 bytes of pixels for shape"),
        (GOOD + b"\0", "71 bytes of pixels for shape"),
        (GOOD.replace(b"\xa6uint16", b"\xa6object"), "none of ours"),
        (GOOD.replace(b"MONO16", b"MONO17"), "MONO17"),
        (GOOD.replace(b"\xa5frame", b"\xa5fraud"), "fraud"),
        (GOOD.replace(b"uint16\x05\x07", b"uint16\x00\x07"), "out of 1.."),
    ],
)
def test_foreign_bytes_are_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(MessageError, match=words):
        decode(data)


def test_a_lying_shape_is_refused_before_memory_is_asked_for() -> None:
    header_end = 16 + struct.unpack_from("<I", GOOD, 8)[0]
    lie = GOOD[:header_end].replace(b"uint16\x05\x07", b"uint16\x7f\x7f") + GOOD[header_end:]
    with pytest.raises(MessageError, match="32258 wanted"):
        decode(lie)


@settings(max_examples=300)
@given(position=st.integers(0, len(GOOD) - 1), value=st.integers(0, 255))
def test_one_wrong_byte_gives_a_frame_or_one_error(position: int, value: int) -> None:
    data = bytearray(GOOD)
    data[position] = value
    with contextlib.suppress(MessageError):
        decode(bytes(data))


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_any_bytes_behind_our_magic_give_one_error(data: bytes) -> None:
    with pytest.raises(MessageError):
        decode(b"CRFM\x01\x00" + data)
