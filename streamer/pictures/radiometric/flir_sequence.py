"""FLIR's SEQ, CSQ and FFF files: each block a picture, in kelvin by its own parameters.

The formula is the one that FLIR's users have published (Minkina and Dudzik; Thermimage, flirpy):
Planck's law for what the sensor saw, less what the air, the window and reflections added.
"""

import math
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from streamer.messages import ZERO_CELSIUS_K
from streamer.pictures.errors import PictureError
from streamer.pictures.formats.fff import (
    CAMERA_INFO,
    fff_blocks,
    order_of,
    raw_counts,
    read_record,
)
from streamer.pictures.stored import StoredPicture

_INFO_BYTES = 0x310
_TAKEN_AT = 0x384  # seconds since 1970, then thousandths
_PLAUSIBLE_NS = 631_152_000 * 10**9  # 1990
_H2O = (1.5587, 6.939e-2, -2.7816e-4, 6.8455e-7)  # of the saturation of air, by degrees Celsius


def read_sequence(path: Path, page: int = 0) -> StoredPicture:
    """One picture of a file: kelvin where it states how, else its raw counts.

    Raises:
        PictureError: there is no such picture, or it is damaged.
        OSError: the file cannot be read.
    """
    blocks = fff_blocks(path)
    if page >= len(blocks):
        raise PictureError(f"{path}: it has {len(blocks)} pictures, not {page + 1}")
    counts = raw_counts(path, blocks[page])
    planck = Planck.of(read_record(path, blocks[page], CAMERA_INFO))
    kelvin = None if planck is None else planck.kelvin(counts)
    if planck is None or kelvin is None:
        return StoredPicture(counts, metadata={"file": path.name}, heat=True)
    return StoredPicture(
        kelvin,
        metadata={"file": path.name, "emissivity": round(planck.emissivity, 4)},
        kelvin=True,
    )


def sequence_times_ns(path: Path) -> tuple[int, ...]:
    """When each picture was taken, nanoseconds since 1970; empty where that is not said in order.

    Raises:
        PictureError: it holds no picture.
        OSError: the file cannot be read.
    """
    times = []
    for block in fff_blocks(path):
        found = block.record(CAMERA_INFO)
        if found is None or found[1] < _TAKEN_AT + 8 or found[0] + _TAKEN_AT + 8 > block.end:
            return ()
        with path.open("rb") as file:
            file.seek(found[0])
            order = "<" if order_of(file.read(1)) == "little" else ">"
            file.seek(found[0] + _TAKEN_AT)
            seconds, thousandths = struct.unpack(f"{order}II", file.read(8))
        times.append(seconds * 10**9 + (thousandths & 0xFFFF) * 10**6)
    ordered = all(one < other for one, other in pairwise(times))
    return tuple(times) if ordered and times[0] >= _PLAUSIBLE_NS else ()


@dataclass(frozen=True, slots=True)
class Planck:
    """How a camera's counts become kelvin.

    Attributes:
        r1, b, f, o, r2: constants of the camera.
        emissivity: of what is looked at.
        distance_m: to it.
        reflected_k: temperature of what it reflects.
        air_k: of the air.
        window_k: of a window before the camera.
        window: its transmission.
        humidity: relative, 0 to 1.
        alpha, beta, x: constants of the air.
    """

    r1: float
    b: float
    f: float
    o: float
    r2: float
    emissivity: float
    distance_m: float
    reflected_k: float
    air_k: float
    window_k: float
    window: float
    humidity: float
    alpha: tuple[float, float]
    beta: tuple[float, float]
    x: float

    @classmethod
    def of(cls, info: bytes) -> Self | None:
        """Of a camera's record; None where it does not state them."""
        if len(info) < _INFO_BYTES:
            return None
        order = "<" if order_of(info) == "little" else ">"

        def floats(at: int, count: int) -> tuple[Any, ...]:
            return struct.unpack_from(f"{order}{count}f", info, at)

        emissivity, distance_m, reflected_k, air_k, window_k, window = floats(0x20, 6)
        (humidity,) = floats(0x3C, 1)
        r1, b, f = floats(0x58, 3)
        alpha1, alpha2, beta1, beta2, x = floats(0x70, 5)
        o, r2 = struct.unpack_from(f"{order}if", info, 0x308)
        known = [emissivity, distance_m, reflected_k, air_k, window_k, window, humidity]
        known += [r1, b, f, alpha1, alpha2, beta1, beta2, x, r2]
        if not all(map(math.isfinite, known)) or min(r1, b, r2) <= 0 or not 0 < emissivity <= 1:
            return None
        return cls(
            r1=r1,
            b=b,
            f=f,
            o=float(o),
            r2=r2,
            emissivity=emissivity,
            distance_m=max(0.0, distance_m),
            reflected_k=reflected_k,
            air_k=air_k,
            window_k=window_k,
            window=window if 0 < window <= 1 else 1.0,
            humidity=humidity / 100 if humidity > 2 else max(0.0, humidity),
            alpha=(alpha1, alpha2),
            beta=(beta1, beta2),
            x=x,
        )

    def counts(self, kelvin: float) -> float:
        """What the sensor gives for a black body of this temperature, seen directly."""
        return self.r1 / (self.r2 * (math.exp(self.b / kelvin) - self.f)) - self.o

    def kelvin(self, counts: NDArray[np.uint16]) -> NDArray[np.float64] | None:
        """(H, W) temperatures, NaN where the formula gives none; None of what no camera states."""
        try:
            seen, added = self._seen_and_added()
        except (ArithmeticError, ValueError):
            return None
        with np.errstate(all="ignore"):
            inside = self.r1 / (self.r2 * (counts / seen - added + self.o)) + self.f
            kelvin = self.b / np.log(inside)
        return np.where((inside > 1) & np.isfinite(kelvin), kelvin, np.nan)

    def _seen_and_added(self) -> tuple[float, float]:
        """The share of an object's radiation that is seen, and what else is added to it."""
        air = self._transmission()
        seen = self.emissivity * air * self.window * air
        added = (1 - self.emissivity) / self.emissivity * self.counts(self.reflected_k)
        added += (1 - air) / (self.emissivity * air) * self.counts(self.air_k)
        added += (1 - air) / seen * self.counts(self.air_k)
        behind = self.emissivity * air * self.window
        added += (1 - self.window) / behind * self.counts(self.window_k)
        if not (0 < seen < 1.001 and math.isfinite(added)):
            raise ValueError("no camera states this")
        return seen, added

    def _transmission(self) -> float:
        """Of half the air between, before and behind a window."""
        celsius = self.air_k - ZERO_CELSIUS_K
        h2o = self.humidity * math.exp(sum(part * celsius**n for n, part in enumerate(_H2O)))
        path = math.sqrt(self.distance_m / 2)
        first, second = (
            math.exp(-path * (alpha + beta * math.sqrt(h2o)))
            for alpha, beta in zip(self.alpha, self.beta, strict=True)
        )
        return self.x * first + (1 - self.x) * second
