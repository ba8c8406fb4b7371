"""Events of a recording, in the user's language where they are of a fixed set. No Qt.

They are recorded in English, as every program that opens the file reads them.
"""

import re

from gui.language import lowered, mark, tr
from gui.status.alarm_words import alarm_name, alarm_words
from gui.status.told import told_as
from gui.status.wording import NAMES

_PLAIN = (
    mark("the shutter closes"),
    mark("the shutter opens"),
    mark("a shutter correction was asked for"),
    mark("both cameras are lined up anew"),
    mark("network: {before} -> {after}"),
    mark("the recorder was started again"),
    mark("the disk is nearly full: the recording ends"),
    mark("recording was asked for in the window"),
    mark("cannot keep up: {seconds} s behind"),
    mark("the host was suspended for {seconds} s"),
    mark("the clock was set forward by {seconds} s"),
    mark("the clock was set back by {seconds} s"),
    mark("{file}: completed, as a run that was cut off left it"),
    mark("{file} removed: {size} MB together, {kept} kept (recording.keep_mb)"),
    mark("{file} removed: {age} days old, {kept} kept (recording.keep_days)"),
)
_ALARM = re.compile(r"alarm: (?P<name>.+), (?P<words>.+)")
_OVER = re.compile(r"alarm over: (?P<name>.+)")
_AGAIN = re.compile(r"(?P<process>[\w.]+) was started again \((?P<times>\d+)\)")
_MISSING = re.compile(r"frames missing: (?P<counts>\d+ of \w+(?:, \d+ of \w+)*)")


def event_words(text: str) -> str:
    """An event as it is shown; one that is not known here as it came."""
    if found := _ALARM.fullmatch(text):
        words = alarm_words(found["words"])
        return tr("alarm: {name}, {words}", name=alarm_name(found["name"]), words=words)
    if found := _OVER.fullmatch(text):
        return tr("alarm over: {name}", name=alarm_name(found["name"]))
    if found := _AGAIN.fullmatch(text):
        process = found["process"]
        name = lowered(tr(NAMES[process])) if process in NAMES else process
        return tr("{process} was started again ({times})", process=name, times=found["times"])
    if found := _MISSING.fullmatch(text):
        counts = (each.split(" of ") for each in found["counts"].split(", "))
        words = ", ".join(tr("{n} of {stream}", n=n, stream=stream) for n, stream in counts)
        return tr("frames missing: {words}", words=words)
    return told_as(text, _PLAIN) or text
