"""What processes say of themselves, in the user's language where it is of a fixed set. No Qt.

They say it in English, to logs and reports as well; what is not known here is shown as it came.
"""

import re
from collections.abc import Sequence
from functools import cache

from gui.language import mark, tr

_STAGES = (
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
)
_CAMERAS = (
    mark("{camera} is not there; cameras here: none"),
    mark("{camera} is not there; cameras here: {others}"),
    mark("no camera {camera} is connected; cameras here: none"),
    mark("no camera {camera} is connected; cameras here: {others}"),
    mark("camera {camera} ({name}) is unplugged; cameras here: none"),
    mark("camera {camera} ({name}) is unplugged; cameras here: {others}"),
    mark("camera {camera} does not answer"),
    mark("camera {camera}: its driver does not answer; plug it in again"),
    mark(
        "{camera} may not be opened by this user (group video): corefusion cameras says what to do"
    ),
    mark("visible source {camera} is a thermal camera ({name}): give it as --thermal"),
    mark("{camera} cannot be opened: {why}"),
    mark("{camera}: OpenCV cannot read it: {why}"),
    mark("{camera} gave no frame: it was unplugged, or stopped"),
    mark("{camera} gave no frame within {seconds} s"),
    mark("{camera} gave no video within {seconds} s: check address, user name and password"),
    mark("this camera has no shutter that can be asked to correct it"),
    mark("camera {camera} ({name}) has no shutter correction that can be asked for over USB video"),
    mark("{camera} does not take the request for a shutter correction: {why}"),
    mark("there is no camera to be corrected at the moment"),
)
_FILES = (
    mark("folder {path} does not exist"),
    mark("folder {path}: no image is readable any more"),
    mark("video file {path} does not exist"),
    mark("video file {path} has no frame that can be decoded"),
    mark("raw file {path} ends within frame {index}"),
    mark("raw file {path}: no frame is in its layout any more"),
    mark("raw file {path} cannot be read: {why}"),
    mark("recording {path} has no {stream} frames"),
)
_FORMATS = (
    mark("format {layout} wants frames of {wanted}, {came} came"),
    mark("format {layout} wants 16 bits a pixel, {came} came"),
    mark("one plane of 8 or 16 bits wanted, {came} came"),
    mark("two bytes a pixel in no layout that is known: {seen}"),
)
_ALARMS = (
    mark("there is no tool called {tool}"),
    mark("the thermal camera gives counts and no degrees"),
    mark("there is no reference to compare with"),
    mark("a tool wanted that has a delta"),
    mark("degrees Celsius wanted, {limit} is below absolute zero"),
)
_NETWORKS = (
    mark("model {model}: no such checkpoint"),
    mark("model {model}: wanted {known} or the path of a checkpoint"),
    mark("model {model}: there is not enough memory for it"),
    mark("precision: {engine} has {precisions} here, got '{asked}'"),
    mark("engine torch: PyTorch is not installed; pip install torch"),
    mark("the worker ended while this network was made ready"),
    mark("a run of several rigs keeps the network that it began with"),
)


_PHRASES = (*_STAGES, *_CAMERAS, *_FILES, *_FORMATS, *_ALARMS, *_NETWORKS)


def told(detail: str) -> str:
    """A detail as it is shown."""
    return told_as(detail, _PHRASES) or detail


def told_as(text: str, phrases: Sequence[str]) -> str:
    """A text by the first phrase that it is made from; empty where it is made from none."""
    for phrase in phrases:
        begins = text.startswith(phrase.partition("{")[0])
        if begins and (found := _pattern(phrase).fullmatch(text)):
            return tr(phrase, **found.groupdict())
    return ""


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    """What a phrase matches; all of them at once would take 30 ms of the window's start."""
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(phrase)))
