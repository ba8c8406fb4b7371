"""The program: its version, Python, the system, its libraries, and whose its package names are."""

import importlib.metadata
import importlib.util
import os
import platform
import re
import sys
from pathlib import Path

from streamer.doctor.page import Finding, Level
from streamer.version import DISTRIBUTION, installed_version

PACKAGES = ("streamer", "capture", "gui", "models")
_ROOT = Path(__file__).resolve().parents[2]
_SECTION = "program"
_SHOWN = (  # variables whose values tell nothing of a person
    *("COREFUSION_LOG", "QT_QPA_PLATFORM", "QT_SCALE_FACTOR", "XDG_SESSION_TYPE"),
    *("LANG", "LC_ALL", "OMP_NUM_THREADS", "CUDA_VISIBLE_DEVICES"),
)
_NAMED = ("DISPLAY", "WAYLAND_DISPLAY", "PYTHONPATH", "LD_LIBRARY_PATH", "LD_PRELOAD", "TMPDIR")


def program_findings() -> list[Finding]:
    """What this is, and what it runs in."""
    own = "an environment of its own" if sys.prefix != sys.base_prefix else "the system's Python"
    return [
        Finding(_SECTION, "version", installed_version()),
        Finding(_SECTION, "python", f"{platform.python_version()}, {own}"),
        Finding(_SECTION, "system", _system()),
        *names_findings(),
        *_library_findings(),
        Finding(_SECTION, "environment", _environment() or "nothing of note is set"),
    ]


def versions(distribution: str = DISTRIBUTION) -> dict[str, str]:
    """Installed versions of what the distribution needs or can use; what is missing is left out."""
    found = {}
    for name, _ in _requirements(distribution):
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def names_findings(root: Path = _ROOT) -> list[Finding]:
    """Whether the four packages, whose names are short, are ours.

    Args:
        root: the folder that all of them should be in.
    """
    foreign = []
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None or Path(spec.origin).resolve().parents[1] != root:
            foreign.append(name)
    if not foreign:
        return []
    are = "is not ours" if len(foreign) == 1 else "are not ours"
    return [
        Finding(
            _SECTION,
            "packages",
            f"{' and '.join(foreign)} {are}: another distribution has put its own there",
            Level.ERROR,
            f"install {DISTRIBUTION} into an environment of its own: pipx install {DISTRIBUTION}",
        )
    ]


def _library_findings() -> list[Finding]:
    there = versions()
    missing = [
        name for name, extra in _requirements(DISTRIBUTION) if not extra and name not in there
    ]
    told = ", ".join(f"{name} {version}" for name, version in there.items())
    if not told:
        told = "unknown: this is a checkout that was not installed"
        remedy = "pip install -e . in the checkout"
        return [Finding(_SECTION, "libraries", told, Level.INFO, remedy)]
    found = [Finding(_SECTION, "libraries", told)]
    if missing:
        remedy = f"pip install {' '.join(missing)}"
        value = f"missing: {', '.join(missing)}"
        found.append(Finding(_SECTION, "libraries", value, Level.ERROR, remedy))
    return found


def _requirements(distribution: str) -> list[tuple[str, bool]]:
    """Names of what is required, and whether only for an extra that a user may run with."""
    try:
        lines = importlib.metadata.requires(distribution) or []
    except importlib.metadata.PackageNotFoundError:
        return []
    wanted: dict[str, bool] = {}
    for line in lines:
        name, extra = re.match(r"[\w.-]+", line), re.search(r"extra\s*==\s*['\"](\w+)", line)
        if name is not None and (extra is None or extra[1] != "dev"):
            wanted.setdefault(name[0], extra is not None)
    return list(wanted.items())


def _system() -> str:
    try:
        name = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        name = ""
    libc = " ".join(platform.libc_ver()).strip()
    parts = (name, f"{platform.system()} {platform.release()}", platform.machine(), libc)
    return ", ".join(part for part in parts if part)


def _environment() -> str:
    values = [f"{name}={os.environ[name]}" for name in _SHOWN if os.environ.get(name)]
    return ", ".join([*values, *(f"{name} is set" for name in _NAMED if os.environ.get(name))])
