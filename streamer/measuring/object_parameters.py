"""What a thermographer knows of an object and of the air before it."""

from typing import Annotated

import msgspec
from msgspec import Meta

Share = Annotated[float, Meta(ge=0.01, le=1)]
Celsius = Annotated[float, Meta(ge=-273.15, le=3000)]


class ObjectParameters(msgspec.Struct, frozen=True, kw_only=True):
    """Emissivity, and what besides the object reaches the camera.

    As they stand at first they change nothing: a camera's own temperatures are shown.

    Attributes:
        emissivity: of the object, 0.01 to 1; 1 is a black body.
        reflected_celsius: apparent temperature of what the object mirrors.
        distance_m: of air between object and camera; 0 for none that matters.
        humidity_percent: of that air, relative.
        atmosphere_celsius: its temperature.
        window_transmission: of a window before the lens, 0.01 to 1; 1 for none.
        window_celsius: its temperature.
    """

    emissivity: Share = 1.0
    reflected_celsius: Celsius = 20.0
    distance_m: Annotated[float, Meta(ge=0, le=100_000)] = 0.0
    humidity_percent: Annotated[float, Meta(ge=0, le=100)] = 50.0
    atmosphere_celsius: Annotated[float, Meta(ge=-100, le=100)] = 20.0
    window_transmission: Share = 1.0
    window_celsius: Celsius = 20.0

    @property
    def changes_nothing(self) -> bool:
        """Whether the object's temperature is the apparent one."""
        return self.emissivity == 1 and self.distance_m == 0 and self.window_transmission == 1

    @property
    def text(self) -> str:
        """As it stands beside degrees: `ε 0.95`, with the rest where it is not neutral."""
        parts = [f"\N{GREEK SMALL LETTER EPSILON} {self.emissivity:.2f}"]
        if self.emissivity < 1:
            parts.append(f"reflected {self.reflected_celsius:g} °C")
        if self.distance_m:
            parts.append(f"{self.distance_m:g} m of air")
        if self.window_transmission < 1:
            parts.append(f"window {self.window_transmission:.2f}")
        return ", ".join(parts)
