import msgspec
import numpy as np
import pytest

from streamer.messages import (
    Consistency,
    MessageError,
    Mode,
    PixelFormat,
    Radiometry,
    Source,
    SuperResolvedFrame,
    Uncertainty,
    decode,
    encode,
)
from streamer.messages.codec import PREFIX

SIGMA = np.exp(np.random.default_rng(0).normal(1, 1.2, (12, 16))).astype(np.float32)
PIXELS = np.arange(35, dtype=np.uint16).reshape(5, 7)


def result(uncertainty: Uncertainty | None) -> SuperResolvedFrame:
    return SuperResolvedFrame(
        sequence=1,
        timestamp_ns=2,
        published_ns=3,
        mode=Mode.GUIDED,
        pixel_format=PixelFormat.MONO16,
        pixels=PIXELS,
        thermal=Source(8, 2),
        visible=None,
        radiometry=Radiometry(0.01, 0.0),
        consistency=Consistency(0.25, 2.5),
        uncertainty=uncertainty,
    )


class ResultOf01(msgspec.Struct, frozen=True, kw_only=True, tag="sr"):
    """The header of a result as release 0.1.0 read it."""

    sequence: int
    timestamp_ns: int
    published_ns: int
    mode: Mode
    pixel_format: PixelFormat
    pixels: list[str | int]
    thermal: Source | None
    visible: Source | None
    radiometry: Radiometry | None = None
    skew_ms: float | None = None
    stage_ms: dict[str, float] = {}
    consistency: Consistency | None = None


def test_a_sigma_comes_back_within_a_step():
    plane = Uncertainty.of(SIGMA)
    assert len(plane.codes) == SIGMA.size
    step = np.log(SIGMA.max() / SIGMA.min()) / 255
    found = plane.sigma_counts()
    assert found.shape == SIGMA.shape
    assert np.abs(np.log(found / SIGMA)).max() < step / 2 + 1e-4
    assert found.min() == pytest.approx(SIGMA.min(), rel=1e-5)
    assert found.max() == pytest.approx(SIGMA.max(), rel=1e-5)


def test_a_level_plane_is_level():
    plane = Uncertainty.of(np.full((2, 3), 7.5, np.float32))
    assert plane.sigma_counts() == pytest.approx(7.5)
    assert plane.at(0.4, 0.9) == pytest.approx(7.5)


def test_a_place_has_the_sigma_of_its_cell():
    plane = Uncertainty.of(SIGMA)
    sigma = plane.sigma_counts()
    assert plane.at(0.0, 0.0) == pytest.approx(sigma[0, 0])
    assert plane.at(1.0, 1.0) == pytest.approx(sigma[-1, -1])
    assert plane.at(4.5 / 16, 2.9 / 12) == pytest.approx(sigma[2, 4])


def test_readers_of_0_1_see_what_they_saw():
    """A plane changes neither the pixels of a message nor what they knew of its header."""
    data = bytes(encode(result(Uncertainty.of(SIGMA))))
    _, _, _, length, offset = PREFIX.unpack_from(data)
    header = msgspec.msgpack.decode(data[PREFIX.size : PREFIX.size + length], type=ResultOf01)
    assert header.consistency == Consistency(0.25, 2.5)
    assert header.pixels == ["uint16", 5, 7]
    assert data[offset:] == PIXELS.tobytes()


def test_it_is_small():
    largest = Uncertainty.of(np.ones((60, 80), np.float32))
    assert len(encode(result(largest))) - len(encode(result(None))) < 5000


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ((2, 2, 1.0, 2.0, b"abc"), "3 codes for 2x2 cells"),
        ((0, 3, 1.0, 2.0, b""), "0 codes for 0x3 cells"),
        ((1, 1, 0.0, 2.0, b"a"), "uncertainty from 0.0 to 2.0 counts"),
        ((1, 1, 3.0, 2.0, b"a"), "uncertainty from 3.0 to 2.0 counts"),
        ((1, 1, 1.0, float("inf"), b"a"), "wanted above 0, rising and finite"),
        ((1, 1, float("nan"), 1.0, b"a"), "wanted above 0, rising and finite"),
        ((1, 1, 5e-324, 1e308, b"a"), "wanted above 0, rising and finite"),
    ],
)
def test_what_is_none_is_refused_when_it_is_made_and_when_it_is_received(fields, words):
    with pytest.raises(ValueError, match=words):
        Uncertainty(*fields)
    header = msgspec.to_builtins(result(None), enc_hook=lambda pixels: ["uint16", *pixels.shape])
    lie = dict(zip(("rows", "columns", "low_counts", "high_counts", "codes"), fields, strict=True))
    packed = msgspec.msgpack.encode({**header, "uncertainty": lie})
    offset = -(-(PREFIX.size + len(packed)) // 64) * 64
    prefix = PREFIX.pack(b"CRFM", 1, 0, len(packed), offset)
    data = (prefix + packed).ljust(offset, b"\0") + PIXELS.tobytes()
    with pytest.raises(MessageError, match="message header"):
        decode(data)
