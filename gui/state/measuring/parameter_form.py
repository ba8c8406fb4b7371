"""Object parameters as fields to fill in: titles, units, and what is refused. No Qt."""

import msgspec

from gui.language import mark, tr
from streamer.measuring.object_parameters import ObjectParameters
from streamer.messages import ZERO_CELSIUS_K
from streamer.thermal.scale import Unit


class ParameterError(ValueError):
    """A value that cannot be; says what was wanted, in a sentence."""


class Field(msgspec.Struct, frozen=True):
    """One field: the parameter, its title, its unit (empty for a share), its decimals, a tip."""

    name: str
    title: str
    unit: str
    decimals: int
    tip: str


FIELDS = (
    Field(
        "emissivity",
        mark("Emissivity"),
        "",
        2,
        mark("Of the object: 1 of a black body, of metals far less"),
    ),
    Field(
        "reflected_celsius",
        mark("Reflected"),
        "degrees",
        1,
        mark(
            "Apparent temperature of what the object mirrors; of crumpled foil in its place, for "
            "one"
        ),
    ),
    Field(
        "distance_m",
        mark("Distance"),
        "m",
        1,
        mark("Of air before the object; 0 for none that matters"),
    ),
    Field("humidity_percent", mark("Humidity"), "%", 0, mark("Of that air, relative")),
    Field("atmosphere_celsius", mark("Air"), "degrees", 1, mark("Temperature of that air")),
    Field(
        "window_transmission",
        mark("Window"),
        "",
        2,
        mark("Transmission of one before the lens; 1: none"),
    ),
    Field("window_celsius", mark("Window's temperature"), "degrees", 1, mark("Of that window")),
)


def value_of(parameters: ObjectParameters, field: Field, unit: Unit) -> float:
    """The number a field shows."""
    value: float = getattr(parameters, field.name)
    return unit.from_kelvin(value + ZERO_CELSIUS_K) if field.unit == "degrees" else value


def suffix_of(field: Field, unit: Unit) -> str:
    """The unit behind it."""
    return unit.symbol if field.unit == "degrees" else field.unit


def with_value(
    parameters: ObjectParameters, field: Field, value: float, unit: Unit
) -> ObjectParameters:
    """The parameters with another value in a field.

    Raises:
        ParameterError: it is out of range.
    """
    if field.unit == "degrees":
        value = unit.to_kelvin(value) - ZERO_CELSIUS_K
    plain = {**msgspec.to_builtins(parameters), field.name: value}
    try:
        return msgspec.convert(plain, ObjectParameters)
    except msgspec.ValidationError as error:
        wanted = str(error).partition(" - at")[0].removeprefix("Expected `float` ")
        raise ParameterError(
            tr(
                "{title}: {wanted} wanted, {value:g} came",
                title=tr(field.title),
                wanted=wanted,
                value=value,
            )
        ) from error


def parameters_text(parameters: ObjectParameters) -> str:
    """Parameters as they stand beside degrees: `ε 0.95`, with the rest where it is not neutral."""
    parts = [f"\N{GREEK SMALL LETTER EPSILON} {parameters.emissivity:.2f}"]
    if parameters.emissivity < 1:
        parts.append(tr("reflected {degrees:g} °C", degrees=parameters.reflected_celsius))
    if parameters.distance_m:
        parts.append(tr("{metres:g} m of air", metres=parameters.distance_m))
    if parameters.window_transmission < 1:
        parts.append(tr("window {transmission:.2f}", transmission=parameters.window_transmission))
    return ", ".join(parts)
