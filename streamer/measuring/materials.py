"""Emissivities of common materials, each with its source.

They are recommendations: an emissivity depends on surface, angle and temperature. What matters is
measured: beside a strip of tape whose emissivity is known.
"""

import msgspec

FLIR = "FLIR Systems, Emissivity tables (T505002), 8 to 14 um"
IDEAL = "Ideal Industries, HeatSeeker 160 manual, appendix A1"


class Material(msgspec.Struct, frozen=True):
    """A material, its emissivity at about room temperature, and who says so."""

    name: str
    emissivity: float
    source: str


MATERIALS = (
    Material("Aluminium, anodised, black", 0.95, FLIR),
    Material("Aluminium, foil", 0.04, FLIR),
    Material("Aluminium, polished sheet", 0.05, FLIR),
    Material("Asphalt, paving", 0.97, FLIR),
    Material("Brass, highly polished", 0.03, IDEAL),
    Material("Brick, red", 0.93, IDEAL),
    Material("Concrete", 0.92, IDEAL),
    Material("Copper, heavily oxidised", 0.78, IDEAL),
    Material("Copper, polished", 0.05, IDEAL),
    Material("Cotton cloth", 0.77, IDEAL),
    Material("Electrical tape, vinyl", 0.96, FLIR),
    Material("Glass, polished plate", 0.94, IDEAL),
    Material("Ice, smooth", 0.96, IDEAL),
    Material("Iron, rusted red", 0.70, IDEAL),
    Material("Paint, oil", 0.94, IDEAL),
    Material("Paper, white", 0.93, IDEAL),
    Material("Plaster, rough coat", 0.91, IDEAL),
    Material("Sand", 0.76, IDEAL),
    Material("Skin, human", 0.98, IDEAL),
    Material("Slate", 0.97, IDEAL),
    Material("Snow", 0.85, IDEAL),
    Material("Soil, dry", 0.92, IDEAL),
    Material("Steel, oxidised", 0.79, IDEAL),
    Material("Steel, polished", 0.07, IDEAL),
    Material("Steel, stainless", 0.16, IDEAL),
    Material("Water", 0.96, IDEAL),
    Material("Wood, planed oak", 0.90, IDEAL),
)
"""In the order of the list to choose from."""


def material_of(emissivity: float) -> Material | None:
    """The first material with this very emissivity."""
    return next((one for one in MATERIALS if abs(one.emissivity - emissivity) < 1e-9), None)
