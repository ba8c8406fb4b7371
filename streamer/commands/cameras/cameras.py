"""The command line's list of cameras, with the lines that name them in a configuration."""

import importlib
import sys
from typing import Annotated, Any

import msgspec
import typer

from streamer.config.schema import Config
from streamer.terminal.printable import printable

_DISCOVERY = "capture.discovery"  # by name, as in the process table: streamer does not know capture


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""
    app.command()(cameras)


def cameras(
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Lists the cameras that are connected, what they can, and the lines that configure them."""
    found = connected_cameras()
    if json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
    else:
        text = cameras_text(found)
        sys.stdout.buffer.write(text.encode() + b"\n")
    sys.stdout.flush()


def connected_cameras() -> list[Any]:
    """Every camera of this machine, as `capture.discovery.FoundCamera`; none but on Linux."""
    if sys.platform != "linux":
        return []
    found: list[Any] = importlib.import_module(_DISCOVERY).find_cameras()
    return found


def connected_pair() -> tuple[tuple[str, str] | None, str]:
    """The sources of the visible and the thermal camera, where these two are connected alone.

    Returns:
        The sources, if there are, and what is to be said; nothing where no camera is connected.
    """
    cameras = connected_cameras()
    found = importlib.import_module(_DISCOVERY).pair_of(cameras)
    if found is not None:
        sources = (found[0].source, found[1].source)
        return sources, (
            f"two cameras are connected: visible {sources[0]}, thermal {sources[1]}; "
            "--visible sim --thermal sim shows the simulated rig"
        )
    if not cameras:
        return None, ""
    return None, (
        f"{len(cameras)} connected, and not one visible and one thermal camera that are free: the "
        "simulated rig is shown; corefusion cameras lists what is there"
    )


def with_lasting_names(config: Config) -> Config:
    """The configuration with cameras named so that no other one can take their place.

    A process that is started again knows nothing of the camera that it had; a number may be another
    camera's by then.
    """
    sources = {config.capture.visible.source, config.capture.thermal.source}
    if sys.platform != "linux" or sources <= {"sim", "none"}:
        return config
    lasting: Any = importlib.import_module(_DISCOVERY).lasting_name
    replace, capture = msgspec.structs.replace, config.capture
    visible = replace(capture.visible, source=lasting(capture.visible.source))
    thermal = replace(capture.thermal, source=lasting(capture.thermal.source))
    return replace(config, capture=replace(capture, visible=visible, thermal=thermal))


def cameras_text(found: list[Any]) -> str:
    """The list as a page."""
    if not found:
        return "no camera is connected; corefusion live shows the simulated rig"
    return "\n\n".join("\n".join(map(printable, _lines(camera))) for camera in found)


def _lines(camera: Any) -> list[str]:
    lines = [f"{camera.path or '-'}  {camera.known or camera.name}  ({camera.role})"]
    rows = {
        "name": camera.name if camera.known else "",
        "USB id": camera.usb_id or "",
        "serial": camera.serial or "",
        "by id": camera.by_id or "",
        "by path": camera.by_path or "",
        "format": camera.format,
        "offers": ", ".join(camera.modes),
        "mend": camera.advice,
    }
    lines += [f"  {name:8} {value}" for name, value in rows.items() if value]
    if camera.config:
        lines += ["  config", *(f"    {line}" for line in camera.config)]
    return lines
