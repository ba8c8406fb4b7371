"""The version of this program: stated once in pyproject.toml, read from what was installed."""

from typing import Final

DISTRIBUTION: Final = "corefusion-live"


def installed_version() -> str:
    """The version of the installed distribution; says so where there is none.

    A checkout that runs by its path alone has no metadata, and so no version to tell.
    """
    import importlib.metadata  # 15 ms that only who tells the version pays

    try:
        return importlib.metadata.version(DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError:
        return "unknown (not installed)"


def software() -> str:
    """Name and version, as recordings carry them."""
    return f"{DISTRIBUTION} {installed_version()}"
