"""What only light suffers from: night and smoke."""

import cv2
import numpy as np
from numpy.typing import NDArray

from capture.scene.canvas import clouds
from capture.scene.hall import LAMPS
from capture.scene.yard import HEIGHT, WIDTH

_TILE = 256  # cells of the smoke textures, which repeat
_SMOKE = np.array([176, 178, 180], np.float32)


class Night:
    """Two lamps, a lit window, moonlight; everything else is dark."""

    def __init__(self, width: int, height: int) -> None:
        x = (np.arange(width, dtype=np.float32)[None] + 0.5) * WIDTH / width
        y = (np.arange(height, dtype=np.float32)[:, None] + 0.5) * HEIGHT / height
        lit = np.full((height, width, 3), (0.125, 0.105, 0.085), np.float32)
        warm = np.array([0.34, 0.50, 0.60], np.float32)
        for lamp_x, lamp_y in LAMPS:
            below = np.clip((y - lamp_y - 8) / 12, 0, 1)
            wide = 16 + 0.42 * np.clip(y - lamp_y, 0, None)
            cone = np.exp(-(((x - lamp_x) / wide) ** 2)) * below
            fade = np.exp(-np.clip(y - lamp_y, 0, None) / 210)
            lit += (cone * fade)[..., None] * warm
        self._lit = np.clip(lit * 255, 0, 255).astype(np.uint8)
        glow = np.zeros((height, width, 3), np.float32)
        for lamp_x, lamp_y in LAMPS:
            apart = ((x - lamp_x) / 13) ** 2 + ((y - lamp_y - 9) / 9) ** 2
            glow += np.exp(-apart)[..., None] * np.array([120, 190, 220], np.float32)
        window = ((x > 199) & (x < 223) & (y > 137) & (y < 161))[..., None]
        glow += cv2.GaussianBlur(window.astype(np.float32), (0, 0), 1.2)[..., None] * np.array(
            [44, 104, 138], np.float32
        )
        self._glow = np.clip(glow, 0, 255).astype(np.uint8)
        self._beam = _headlight(width / WIDTH, height / HEIGHT)

    def apply(self, picture: NDArray[np.uint8], beam: tuple[float, float, bool] | None) -> None:
        """Darkens a daylight picture in place; `beam` is where a headlight is and looks."""
        cv2.multiply(picture, self._lit, dst=picture, scale=1 / 255)
        cv2.add(picture, self._glow, dst=picture)
        if beam is not None:
            _add_at(picture, self._beam if beam[2] else self._beam[:, ::-1], beam)


def _headlight(scale_x: float, scale_y: float) -> NDArray[np.uint8]:
    width, height = round(230 * scale_x), round(96 * scale_y)
    x = np.linspace(0, 1, width, dtype=np.float32)[None]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    spread = 0.10 + 0.75 * x
    cone = np.exp(-(((y - 0.35 * x) / spread) ** 2)) * (1 - x) ** 1.4 * 0.42
    lens = np.exp(-((x / 0.03) ** 2) - (y / 0.09) ** 2)
    light = np.clip(cone + lens, 0, 1)[..., None] * np.array([205, 228, 240], np.float32)
    beam: NDArray[np.uint8] = np.clip(light, 0, 255).astype(np.uint8)
    return beam


def _add_at(
    picture: NDArray[np.uint8], light: NDArray[np.uint8], beam: tuple[float, float, bool]
) -> None:
    height, width = light.shape[:2]
    left = round(beam[0]) if beam[2] else round(beam[0]) - width
    top = round(beam[1]) - height // 2
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(picture.shape[1], left + width), min(picture.shape[0], top + height)
    if x0 < x1 and y0 < y1:
        region = picture[y0:y1, x0:x1]
        part = np.ascontiguousarray(light[y0 - top : y1 - top, x0 - left : x1 - left])
        cv2.add(region, part, dst=region)


class Smoke:
    """Two sheets of drifting smoke, thin in places; worked out coarsely and enlarged."""

    def __init__(self, rng: np.random.Generator, width: int, height: int) -> None:
        self._size = (width, height)
        self._sheets = [
            np.tile(clouds(rng, _TILE, _TILE, coarsest, 4), (2, 2)) for coarsest in (2, 3)
        ]

    def apply(self, picture: NDArray[np.uint8], time_s: float) -> None:
        """Veils a picture in place."""
        columns, rows = 160, 120
        near = _drifted(self._sheets[0], time_s * 9.0, time_s * 1.7, columns, rows)
        far = _drifted(self._sheets[1], time_s * 4.3 + 70, time_s * -2.1, columns, rows)
        swell = 0.10 * np.sin(time_s * 0.35)
        veil = np.clip(0.76 + swell + 0.20 * near + 0.15 * far, 0.15, 0.985)
        thickness = cv2.merge([np.round((1 - veil) * 255).astype(np.uint8)] * 3)
        bright = 0.90 + 0.07 * near
        haze = (veil * bright)[..., None] * _SMOKE
        haze8 = np.clip(np.round(haze), 0, 255).astype(np.uint8)
        kept = cv2.resize(thickness, self._size, interpolation=cv2.INTER_LINEAR)
        added = cv2.resize(haze8, self._size, interpolation=cv2.INTER_LINEAR)
        cv2.multiply(picture, kept, dst=picture, scale=1 / 255)
        cv2.add(picture, added, dst=picture)


def _drifted(
    sheet: NDArray[np.float32], dx: float, dy: float, columns: int, rows: int
) -> NDArray[np.float32]:
    """A window of a repeating texture at a place between cells."""
    matrix = np.array([[1.0, 0, dx % _TILE], [0, 1.0, dy % _TILE]])
    return cv2.warpAffine(
        sheet, matrix, (columns, rows), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    ).astype(np.float32, copy=False)
