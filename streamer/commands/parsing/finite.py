"""Numbers of the command line that have to be numbers: neither infinite nor nan."""

import math

import typer


def finite(value: float | None) -> float | None:
    """The value of an option, as it came; an option's callback.

    Raises:
        typer.BadParameter: it is infinite, or nan, which passes every bound.
    """
    if value is not None and not math.isfinite(value):
        raise typer.BadParameter(f"a finite number wanted, {value} came")
    return value
