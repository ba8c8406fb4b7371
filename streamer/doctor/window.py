"""What the window needs: Qt, a platform, a screen."""

import os
import sys
from collections.abc import Mapping

from streamer.doctor.page import Finding, Level
from streamer.doctor.probing import ProbeError, probe
from streamer.runtime.answers import WindowAnswer

_SECTION = "window"
_TIMEOUT_S = 30.0  # a display over a network that is gone makes Qt wait
_LIBRARIES = (
    "libegl1 libgl1 libdbus-1-3 libfontconfig1 libglib2.0-0 libxkbcommon0 libxkbcommon-x11-0 "
    "libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0"
)
_INSTALL = f"on Debian or Ubuntu: sudo apt-get install -y {_LIBRARIES}"


def window_findings() -> list[Finding]:
    """Starts Qt on this screen; where there is none, without one."""
    screenless = not has_screen(os.environ, sys.platform)
    more = {"QT_QPA_PLATFORM": "offscreen"} if screenless else {}
    try:
        answer = probe("gui.probe", WindowAnswer, _TIMEOUT_S, **more)
    except ProbeError as error:
        value = f"it does not start: {error}"
        return [Finding(_SECTION, "qt", value, Level.WARNING, remedy_of(str(error)))]
    qt = Finding(_SECTION, "qt", f"{answer.qt}, platform {answer.platform}")
    return [qt, _screenless() if screenless else screen_finding(answer)]


def has_screen(environment: Mapping[str, str], system: str) -> bool:
    """Whether the environment names a screen, or a platform that needs none."""
    named = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")
    return system != "linux" or any(environment.get(name) for name in named)


def remedy_of(reason: str) -> str:
    """What to do when Qt does not start for this reason."""
    if "connect to display" in reason or "Failed to create wl_display" in reason:
        return "the screen that DISPLAY or WAYLAND_DISPLAY names does not answer; or use --headless"
    return _INSTALL


def screen_finding(answer: WindowAnswer) -> Finding:
    """The screens that Qt found."""
    if not answer.screens:
        return Finding(
            _SECTION, "screen", "none is connected", Level.WARNING, "connect one, or use --headless"
        )
    told = (
        f"{screen.width}x{screen.height} at {screen.refresh_hz:g} Hz"
        + (f", scaled by {screen.scale:g}" if screen.scale != 1 else "")
        for screen in answer.screens
    )
    return Finding(_SECTION, "screen", "; ".join(told))


def _screenless() -> Finding:
    value = "none: neither DISPLAY nor WAYLAND_DISPLAY is set"
    remedy = "corefusion live --headless needs none; nor do record, replay --headless and bench"
    return Finding(_SECTION, "screen", value, Level.INFO, remedy)
