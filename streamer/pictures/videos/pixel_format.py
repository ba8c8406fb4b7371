"""The pixel format of a video, by the code that FFmpeg has for it, and what becomes of it."""

from enum import StrEnum
from typing import NamedTuple


class Handling(StrEnum):
    """Of a video that is to be counts."""

    EXACT = "exact"  # OpenCV hands over the very samples
    LUMA = "8 bits"  # ordinary video: eight bits of brightness, whatever colours it has
    DEEP = "with PyAV"  # OpenCV would cut it down to eight bits
    REFUSED = "refused"  # counts do not come this way


class VideoFormat(NamedTuple):
    """A pixel format.

    Attributes:
        name: FFmpeg's, or the code where it is none of those known here.
        handling: of a video that is to be counts; visible ones are always converted to 8 bits.
    """

    name: str
    handling: Handling


_EXACT = {b"Y800": "gray", b"GREY": "gray", b"Y1\x00\x10": "gray16le"}
_LUMA = {
    **{b"I420": "yuv420p", b"Y42B": "yuv422p", b"444P": "yuv444p", b"YUY2": "yuyv422"},
    **{b"UYVY": "uyvy422", b"NV12": "nv12", b"NV21": "nv21", b"411P": "yuv411p"},
    **{b"YUV9": "yuv410p", b"Y41B": "yuv411p", b"440P": "yuv440p", b"422P": "yuv422p"},
    **{b"RGB\x18": "rgb24", b"BGR\x18": "bgr24", b"BGR\x00": "bgr0", b"RGB\x00": "rgb0"},
    **{b"\x00RGB": "0rgb", b"\x00BGR": "0bgr", b"G3\x00\x08": "gbrp"},
}
_OPAQUE_OR_NOT = {
    **{b"RGBA": "rgba", b"BGRA": "bgra", b"ARGB": "argb", b"ABGR": "abgr"},
    **{b"Y4\x0b\x08": "yuva420p", b"G4\x00\x08": "gbrap", b"Y2\x00\x08": "ya8"},
    **{b"PAL\x08": "pal8", b"B0W1": "monoblack", b"B1W0": "monowhite"},
}
_REFUSED_DEPTHS = {b"RGB\x0f": "rgb555", b"RGB\x10": "rgb565", b"BGR\x0f": "bgr555"}


def format_of_tag(code: int) -> VideoFormat:
    """What OpenCV's CAP_PROP_CODEC_PIXEL_FORMAT means.

    FFmpeg's codes of deep formats spell kind, subsampling and bits: Y1, 0, 10 is gray10le;
    big-endian ones are the same backwards.
    """
    tag = code.to_bytes(4, "little", signed=True)
    if tag in _EXACT:
        return VideoFormat(_EXACT[tag], Handling.EXACT)
    if tag in _LUMA:
        return VideoFormat(_LUMA[tag], Handling.LUMA)
    if tag in _OPAQUE_OR_NOT:
        return VideoFormat(_OPAQUE_OR_NOT[tag], Handling.REFUSED)
    if tag in _REFUSED_DEPTHS:
        return VideoFormat(_REFUSED_DEPTHS[tag], Handling.REFUSED)
    for spelt, order in ((tag, "le"), (tag[::-1], "be")):
        kind, bits = spelt[:2], spelt[3]
        if kind == b"Y1" and 8 < bits <= 16:
            return VideoFormat(f"gray{bits}{order}", Handling.DEEP)
        if kind in (b"Y3", b"G3") and bits == 8:
            return VideoFormat("yuv444p" if kind == b"Y3" else "gbrp", Handling.LUMA)
        if kind in (b"Y3", b"G3") and 8 < bits <= 16:
            name = "gbrp" if kind == b"G3" else "yuv"
            return VideoFormat(f"{name}, {bits} bits, {order}", Handling.DEEP)
    if b"RGB" in tag or b"BGR" in tag:  # 0RGB and its kin: 48 bits a pixel
        return VideoFormat("rgb48", Handling.DEEP)
    if tag == bytes(4):
        return VideoFormat("unknown", Handling.LUMA)
    return VideoFormat(repr(tag)[2:-1], Handling.REFUSED)


def known_formats(handling: Handling) -> list[str]:
    """FFmpeg's names of the formats that are handled so, for the reference."""
    match handling:
        case Handling.EXACT:
            return sorted(set(_EXACT.values()))
        case Handling.LUMA:
            return sorted(set(_LUMA.values()))
        case Handling.DEEP:
            deep = [f"gray{bits}{order}" for order in ("le", "be") for bits in (9, 10, 12, 14, 16)]
            return sorted({*deep, "rgb48", "gbrp and yuv of 9 to 16 bits"} - set(_EXACT.values()))
    return sorted({*_OPAQUE_OR_NOT.values(), *_REFUSED_DEPTHS.values(), "all others"})
