"""The command that gives the program a place among a desktop's applications: install-desktop."""

import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from streamer.errors import CorefusionError

NAME = "corefusion-live"
"""The class of the window: by it a desktop finds this entry, its name and its icon."""

_ENTRY = """\
[Desktop Entry]
Type=Application
Name=CoReFusion Live
GenericName=Thermal camera viewer
Comment=Shows, records and replays super-resolved thermal video
Exec={command} live
Icon={name}
Terminal=false
Categories=Science;Video;
Keywords=thermal;infrared;camera;temperature;
StartupWMClass={name}
"""

_ICON = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">
  <radialGradient id="warmth" cx="42" cy="50" r="34" gradientUnits="userSpaceOnUse">
    <stop offset="0" stop-color="#fff3b0"/><stop offset="0.35" stop-color="#ff9f1c"/>
    <stop offset="0.75" stop-color="#c1121f"/><stop offset="1" stop-color="#3c096c"/>
  </radialGradient>
  <rect width="100" height="100" rx="20" fill="#18191c"/>
  <circle cx="42" cy="50" r="32" fill="url(#warmth)"/>
  <circle cx="58" cy="50" r="32" fill="none" stroke="#e8eaed" stroke-width="5"/>
</svg>
"""


class DesktopError(CorefusionError):
    """The entry cannot be written; names the file and the reason."""


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""
    app.command("install-desktop")(install_desktop)


def install_desktop(
    remove: Annotated[bool, typer.Option("--remove", help="Take it away again.")] = False,
) -> None:
    """Puts the program among the applications of your desktop, with its icon."""
    if not sys.platform.startswith("linux"):
        raise DesktopError(f"install-desktop: a desktop of Linux wanted, {sys.platform} came")
    for path, content in desktop_files(_data_folder(), _command()).items():
        try:
            if remove:
                path.unlink(missing_ok=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, encoding="utf-8")
        except OSError as error:
            raise DesktopError(f"{path}: {error.strerror or error}") from error
        typer.echo(f"{'removed' if remove else 'wrote'} {path}")


def desktop_files(data: Path, command: str) -> dict[Path, str]:
    """The files of the entry, and what is in them.

    Args:
        data: the user's folder of data, as `~/.local/share`.
        command: what starts the program, as a desktop entry has it.
    """
    return {
        data / "applications" / f"{NAME}.desktop": _ENTRY.format(command=command, name=NAME),
        data / "icons" / "hicolor" / "scalable" / "apps" / f"{NAME}.svg": _ICON,
    }


def quoted(word: str) -> str:
    """A word of a desktop entry's command line, as its specification wants it quoted."""
    for special in '\\"`$':
        word = word.replace(special, f"\\{special}")
    word = word.replace("\\", "\\\\").replace("%", "%%")  # once more, as a value of the file
    return f'"{word}"'


def _data_folder() -> Path:
    named = os.environ.get("XDG_DATA_HOME", "")
    return Path(named) if Path(named).is_absolute() else Path.home() / ".local" / "share"


def _command() -> str:
    """The command beside this Python, which no PATH is needed for; else the module."""
    beside = shutil.which("corefusion", path=str(Path(sys.executable).parent))
    if beside is not None:
        return quoted(beside)
    return f"{quoted(sys.executable)} -m streamer"
