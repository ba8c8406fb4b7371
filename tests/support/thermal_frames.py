"""Whole frames as thermal cameras send them, byte by byte from their documents.

Written without the decoders, so that these are tested by them. Each builder takes the picture and
returns the bytes of a frame.
"""

import struct

import numpy as np

COUNTS = 29_000
"""About the middle of every picture here: 290 K of TLinear, 14 bits above it cut off elsewhere."""


def gradient(width: int, height: int, low: int, high: int, seed: int = 0) -> np.ndarray:
    """(height, width) uint16 that rises from corner to corner, with a little noise."""
    ramp = np.linspace(0, 1, height)[:, None] + np.linspace(0, 1, width)[None]
    noise = np.random.default_rng(seed).uniform(-2, 2, (height, width))
    return np.clip(low + ramp / 2 * (high - low) + noise, low, high).astype(np.uint16)


def lepton_rows(
    columns: int,
    rows: int,
    *,
    counter: int = 1000,
    ffc_state: int = 3,
    tlinear: int = 1,
    resolution: int = 1,
    agc: int = 0,
    fpa: int = 30_215,
    housing: int = 30_015,
    uptime_ms: int = 90_000,
    last_ffc_ms: int = 60_000,
) -> bytes:
    """Telemetry rows A, B and C of a Lepton's data sheet, and D where two rows of 160 hold them."""
    words = [0] * (columns * rows)

    def dword(index: int, value: int) -> None:
        words[index], words[index + 1] = value & 0xFFFF, value >> 16

    words[0] = 0x000F  # revision
    dword(1, uptime_ms)
    dword(3, ffc_state << 4 | agc << 12)
    dword(20, counter)
    words[22] = 8000  # mean of the picture
    words[24], words[26] = fpa, housing  # kelvin, hundredths
    dword(30, last_ffc_ms)
    picture_rows = columns * 3 // 4
    words[34:38] = [0, 0, picture_rows - 1, columns - 1]  # region of contrast
    words[160 + 48], words[160 + 49] = tlinear, resolution
    return struct.pack(f"<{len(words)}H", *words)


def lepton(picture: np.ndarray, *, header: bool = False, **telemetry: int) -> bytes:
    """Lepton 2.x (80x60) or 3.x (160x120) with telemetry."""
    columns = picture.shape[1]
    rows = lepton_rows(columns, 3 if columns == 80 else 2, **telemetry)
    pixels = picture.astype("<u2").tobytes()
    return rows + pixels if header else pixels + rows


def boson(
    picture: np.ndarray,
    rows: int = 2,
    *,
    footer: bool = False,
    order: str = ">",
    counter: int = 4242,
    at_ffc: int = 4000,
    fpa: int = 3050,
) -> bytes:
    """Boson with one or two rows of telemetry."""
    line = bytearray(picture.shape[1] * 2)
    struct.pack_into(f"{order}H", line, 56, 60)  # frames a second
    struct.pack_into(f"{order}II", line, 84, counter, at_ffc)
    struct.pack_into(f"{order}HH", line, 94, fpa, fpa - 5)  # kelvin, tenths
    telemetry = bytes(line) + bytes(len(line)) * (rows - 1)
    pixels = picture.astype("<u2").tobytes()
    return pixels + telemetry if footer else telemetry + pixels


def tau(picture: np.ndarray, *, footer: bool = True) -> bytes:
    """Tau with a row of telemetry whose content nobody reads."""
    line = bytes(range(256)) * (picture.shape[1] // 128 + 1)
    line = line[: picture.shape[1] * 2]
    pixels = picture.astype("<u2").tobytes()
    return pixels + line if footer else line + pixels


def yuyv_grey(width: int, height: int) -> bytes:
    """YUYV without colours: brightness, 128, brightness, 128."""
    luma = np.add.outer(np.arange(height), np.arange(width)) % 200
    return np.stack([luma, np.full_like(luma, 128)], axis=-1).astype(np.uint8).tobytes()


def double_height(picture: np.ndarray, between: int = 0, below: int = 0) -> bytes:
    """TC001 and P2 Pro (0, 0), Thermal Master P2 (2, 0), 193-row kin (1, 1)."""
    height, width = picture.shape
    row = struct.pack("<4H", 0x1234, 7, 0, 0xFFFF) + bytes(width * 2 - 8)
    return yuyv_grey(width, height) + row * between + picture.astype("<u2").tobytes() + row * below


def tc002c(picture: np.ndarray) -> bytes:
    """TC002C Duo, 512x484: a band of temperatures, telemetry, what is shown, telemetry."""
    telemetry = bytes(2 * 512 * 2)
    return picture.astype("<u2").tobytes() + telemetry + yuyv_grey(512, 384) + telemetry


def xtherm(
    picture: np.ndarray,
    *,
    fpa: int,
    block_row: int,
    emissivity: float = 0.95,
    shutter_count: int = 700,
    shutter: int = 2981,
    calibration: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0, 0.0),
    settings: tuple[float, ...] = (0.0, 25.0, 25.0, 0.45),
    distance: int = 1,
) -> bytes:
    """HT-301 and kin: four rows below the picture."""
    width = picture.shape[1]
    rows = bytearray(4 * width * 2)
    struct.pack_into("<HH", rows, 0, 8000, fpa)
    second = block_row * width * 2
    struct.pack_into("<HHH", rows, second, shutter_count, shutter, 3062)  # kelvin, tenths
    struct.pack_into("<5f", rows, second + 3 * 2, *calibration)
    struct.pack_into("<5fH", rows, second + 127 * 2, *settings, emissivity, distance)
    return picture.astype("<u2").tobytes() + bytes(rows)


def as_words(data: bytes, columns: int) -> np.ndarray:
    """(rows, columns) uint16, as a decoder takes it."""
    return np.frombuffer(data, "<u2").reshape(-1, columns)


def as_bytes_of_two(data: bytes, columns: int) -> np.ndarray:
    """(rows, columns, 2) uint8, as OpenCV hands YUYV over."""
    return np.frombuffer(data, np.uint8).reshape(-1, columns, 2)


def yuyv_avi(frames: list[bytes], width: int, height: int, rate_hz: int = 25) -> bytes:
    """An AVI of raw YUYV, as `ffmpeg -f v4l2 -c copy` keeps what such a camera sends."""
    size = width * height * 2

    def chunk(name: bytes, data: bytes) -> bytes:
        return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)

    header = struct.pack(
        "<14I",
        *(1_000_000 // rate_hz, size * rate_hz, 0, 0x10, len(frames), 0, 1, size, width, height),
        *(0, 0, 0, 0),
    )
    stream = struct.pack(
        "<4s4sIHHIIIIIIII4H",
        *(b"vids", b"YUY2", 0, 0, 0, 0, 1, rate_hz, 0, len(frames), size, 0xFFFFFFFF, 0),
        *(0, 0, width, height),
    )
    kind = struct.pack("<IiiHH4sIiiII", 40, width, height, 1, 16, b"YUY2", size, 0, 0, 0, 0)
    stream_list = chunk(b"LIST", b"strl" + chunk(b"strh", stream) + chunk(b"strf", kind))
    headers = chunk(b"LIST", b"hdrl" + chunk(b"avih", header) + stream_list)
    movie = chunk(b"LIST", b"movi" + b"".join(chunk(b"00db", each) for each in frames))
    entries = []
    place = 4
    for each in frames:
        entries.append(struct.pack("<4sIII", b"00db", 0x10, place, len(each)))
        place += 8 + len(each) + len(each) % 2
    body = b"AVI " + headers + movie + chunk(b"idx1", b"".join(entries))
    return b"RIFF" + struct.pack("<I", len(body)) + body
