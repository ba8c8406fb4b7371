"""Rules of alarms: what is watched, when it is too much, and what is done then."""

import math
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

NAME_LENGTH = 60

Seconds = Annotated[float, Meta(ge=0, le=86400)]


class AlarmRule(msgspec.Struct, frozen=True, kw_only=True):
    """One alarm.

    Attributes:
        name: as people call it.
        tool: the name of the measuring tool that is watched; empty for the whole picture.
        quantity: its `max`, `mean` or `min` in degrees Celsius; `delta`, its mean minus that of the
            reference, in kelvin; `rate`, how fast its mean rises, in kelvin a minute.
        above: it holds above this; either this or `below`.
        below: it holds below this.
        hold_s: so many seconds without a break, before it is an alarm.
        hysteresis: it ends when the value is this much within the limit again.
        sound: whether the window beeps.
        snapshot: whether the window saves a snapshot.
        record: whether the window's recording begins, with the seconds that it keeps; of
            `corefusion record`, `--trigger alarm` does that.
        command: a program and its arguments, started without a shell; COREFUSION_ALARM,
            COREFUSION_TOOL and COREFUSION_VALUE tell it which.
    """

    name: str
    tool: str = ""
    quantity: Literal["max", "mean", "min", "delta", "rate"] = "max"
    above: float | None = None
    below: float | None = None
    hold_s: Seconds = 0.0
    hysteresis: Annotated[float, Meta(ge=0, le=1000)] = 0.5
    sound: bool = True
    snapshot: bool = False
    record: bool = False
    command: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > NAME_LENGTH or not self.name.isprintable():
            raise ValueError(
                f"a name of 1 to {NAME_LENGTH} letters wanted, {self.name!r:.{NAME_LENGTH}} came"
            )
        if (self.above is None) == (self.below is None):
            raise ValueError(f"alarm {self.name}: either above or below wanted")
        if not math.isfinite(self.limit):
            raise ValueError(f"alarm {self.name}: a finite limit wanted, {self.limit} came")
        if self.quantity == "delta" and not self.tool:
            raise ValueError(f"alarm {self.name}: a tool wanted that has a delta")
        if self.quantity in ("max", "mean", "min") and self.limit < -273.15:
            raise ValueError(
                f"alarm {self.name}: degrees Celsius wanted, {self.limit:g} is below absolute zero"
            )
        if self.command and not self.command[0].strip():
            raise ValueError(f"alarm {self.name}: the name of a program wanted in command")

    @property
    def limit(self) -> float:
        """The one that is given."""
        return self.above if self.above is not None else self.below or 0.0

    @property
    def unit(self) -> str:
        """Of its value and its limit."""
        return {"delta": "K", "rate": "K/min"}.get(self.quantity, "°C")

    @property
    def condition(self) -> str:
        """As people read it: `motor max above 80 °C`."""
        side = "above" if self.above is not None else "below"
        return f"{self.tool or 'picture'} {self.quantity} {side} {self.limit:g} {self.unit}"
