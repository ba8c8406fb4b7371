"""What processes say of themselves, in the user's language where it is of a fixed set. No Qt.

They say it in English, to logs and reports as well; what is not known here is shown as it came.
"""

import re

from gui.language import mark, tr

_PHRASES = (
    mark("starting"),
    mark("starting again"),
    mark("waiting for the cameras to open"),
    mark("opening the camera"),
    mark("waiting for the session"),
    mark("waiting for the readers"),
    mark("opening the recording"),
    mark("end of the recording"),
    mark("standing still"),
    mark("loading {model}"),
    mark("{camera} is not there; cameras here: none"),
    mark("{camera} is not there; cameras here: {others}"),
    mark("camera {camera} does not answer"),
    mark("folder {path} does not exist"),
    mark("video file {path} does not exist"),
)


def told(detail: str) -> str:
    """A detail as it is shown."""
    for phrase, pattern in _PATTERNS.items():
        if found := pattern.fullmatch(detail):
            return tr(phrase, **found.groupdict())
    return detail


def _pattern(phrase: str) -> re.Pattern[str]:
    """What a phrase matches, whatever its placeholders stand for."""
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(phrase)))


_PATTERNS = {phrase: _pattern(phrase) for phrase in _PHRASES}
