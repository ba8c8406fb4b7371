"""Two pictures that are to show the same view: whether their shapes can."""

_TOLERANCE = 0.03
"""Sides that differ by this share are a row cut off, not another field."""

Size = tuple[int, int]
"""(width, height)."""


def shape_words(visible: Size, thermal: Size) -> str:
    """What to warn of where two pictures differ in shape; empty where they do not.

    Neither picture says how its field lies in the other's: the visible one is stretched onto the
    thermal one's.
    """
    one, other = (width / height for width, height in (visible, thermal))
    if abs(one / other - 1) <= _TOLERANCE:
        return ""
    turned = " (one is upright, one lies on its side)" if (one - 1) * (other - 1) < 0 else ""
    return (
        f"the visible picture is {visible[0]}x{visible[1]} and the thermal one "
        f"{thermal[0]}x{thermal[1]}{turned}: they differ in shape, so the guide is stretched and "
        "may not fit; crop it to the thermal camera's field"
    )
