"""How large a picture is shown, and which part of it where it is larger than its view."""

from typing import NamedTuple, Self

import msgspec

_LARGEST = 32.0
_SMALLEST = 0.05
_NOTCH = 1.25
"""How much larger a picture becomes by a notch of the wheel, or a key."""


class Box(NamedTuple):
    """In pixels of the screen; may lie beyond the view on any side."""

    x: float
    y: float
    width: float
    height: float


class Extent(NamedTuple):
    """Width and height in pixels of the screen."""

    width: float
    height: float


class Zoom(msgspec.Struct, frozen=True):
    """Magnification and the point in the middle of the view.

    Attributes:
        factor: how many times as large as what just fits the view.
        u: the point in the middle, as a share of the width as it is seen.
        v: of the height.
    """

    factor: float = 1.0
    u: float = 0.5
    v: float = 0.5

    @property
    def fits(self) -> bool:
        """Whether the picture just fits."""
        return self.factor == 1.0

    def box(self, fitting: Extent, view: Extent) -> Box:
        """Where the picture lies: it fills the view where it is larger, and else stands amid it.

        Args:
            fitting: how large the picture is where it just fits.
            view: how large the view is.
        """
        width, height = fitting.width * self.factor, fitting.height * self.factor
        return Box(
            _start(self.u, width, view.width), _start(self.v, height, view.height), width, height
        )

    def closer(
        self, notches: float, at: tuple[float, float], fitting: Extent, view: Extent
    ) -> Self:
        """Larger (or smaller, for negative notches), so that a point stays where it is.

        Never smaller than what fits; back there, the picture is whole again.

        Args:
            notches: how much, as of a wheel.
            at: the point, in pixels of the view.
            fitting: how large the picture is where it just fits.
            view: how large the view is.
        """
        factor = min(max(self.factor * _NOTCH**notches, min(1.0, self.factor)), _LARGEST)
        if abs(factor - 1) < 1e-6:
            return type(self)()
        before = self.box(fitting, view)
        share = (at[0] - before.x) / before.width, (at[1] - before.y) / before.height
        width, height = fitting.width * factor, fitting.height * factor
        left, top = at[0] - share[0] * width, at[1] - share[1] * height
        return type(self)(
            factor, (view.width / 2 - left) / width, (view.height / 2 - top) / height
        ).within(fitting, view)

    def moved(self, by: tuple[float, float], fitting: Extent, view: Extent) -> Self:
        """The picture moved by pixels of the view."""
        box = self.box(fitting, view)
        u, v = self.u - by[0] / box.width, self.v - by[1] / box.height
        return type(self)(self.factor, u, v).within(fitting, view)

    def within(self, fitting: Extent, view: Extent) -> Self:
        """With the point that really is in the middle, the picture's rim kept out of the view."""
        box = self.box(fitting, view)
        u, v = (view.width / 2 - box.x) / box.width, (view.height / 2 - box.y) / box.height
        return type(self)(self.factor, u, v)

    @classmethod
    def of_pixels(cls, pixels: float, fitting: Extent, columns: int, middle: Self) -> Self:
        """The magnification at which a column of the picture has so many pixels of the screen.

        Args:
            pixels: of the screen, for one of the picture.
            fitting: how large the picture is where it just fits.
            columns: of the picture, as it is seen.
            middle: whose middle is kept.
        """
        factor = min(max(pixels * columns / fitting.width, _SMALLEST), _LARGEST)
        return cls(factor, middle.u, middle.v)


def _start(middle: float, size: float, view: float) -> float:
    if size <= view:
        return (view - size) / 2
    return min(max(view / 2 - middle * size, view - size), 0.0)
