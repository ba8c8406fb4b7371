"""What processes, alarms and recordings say in a fixed set of words is said in German."""

import msgspec
import pytest

from gui.controllers.alarm_signals import AlarmSignals
from gui.state.measuring.alarm_form import AlarmFormError, made_rule, rule_text
from gui.state.playback.timeline import Timeline
from gui.state.reporting.report import alarm_lines
from gui.status.alarm_words import alarm_name, alarm_words
from gui.status.event_words import event_words
from gui.status.told import told
from streamer.alarms.alarm import Alarm
from streamer.alarms.watch import AlarmWatch, _text
from streamer.clock import NS_PER_S, StreamNs
from streamer.measuring.alarm_rule import AlarmRule
from streamer.measuring.tool_set import ToolSet
from streamer.messages import RecordingTimeline, SessionStatus, TimelineEvent
from streamer.messages.alarms import AlarmState
from streamer.recorder.notes.events import EventDetector
from tests.gui import feeder as make

RULES = [
    (AlarmRule(name="a", tool="Sp1", above=80.0), "Sp1 Maximum über 80 °C"),
    (AlarmRule(name="a", tool="pump min", quantity="min", below=-3.5), "pump min Minimum unter"),
    (AlarmRule(name="a", tool="Bx1", quantity="delta", above=5), "Bx1 Differenz über 5 K"),
    (AlarmRule(name="a", quantity="rate", above=2), "Bild Änderung über 2 K/min"),
]


@pytest.mark.parametrize(("rule", "words"), RULES)
def test_a_condition_is_told_in_german_and_stays_as_it_is_in_english(rule, words, request):
    assert alarm_words(rule.condition) == rule.condition
    request.getfixturevalue("german")
    assert alarm_words(rule.condition).startswith(words)
    alarm = Alarm(rule)
    alarm.update(StreamNs(0), 36.04)
    assert alarm_words(_text(alarm)) == f"{alarm_words(rule.condition)}: 36.0 {rule.unit}"


@pytest.mark.usefixtures("german")
def test_a_name_that_the_window_made_is_told_and_one_that_was_typed_is_not():
    first = made_rule((), tool="Sp1", quantity="max", above=True, limit=80.0)
    second = made_rule((first,), tool="Sp1", quantity="max", above=True, limit=80.0)
    assert alarm_name(first.name) == "Sp1 Maximum über 80 °C"
    assert alarm_name(second.name) == "Sp1 Maximum über 80 °C (2)"
    for typed in ("max above all", "Pump", "the shutter opens", "x max above 3"):
        assert alarm_name(typed) == typed
    assert rule_text(first).startswith("Sp1 Maximum über 80 °C  (")


@pytest.mark.usefixtures("german")
def test_where_an_alarm_is_shown_it_is_in_german():
    rules = tuple(rule for rule, _ in RULES[:1])
    (state,) = AlarmWatch(rules, ToolSet()).states
    assert alarm_lines([state]) == ("a: kein Alarm. Sp1 Maximum über 80 °C",)
    missing = AlarmState(name="a", problem="there is no tool called Sp1")
    words = "es gibt kein Werkzeug namens Sp1"
    assert words in alarm_lines([missing])[0]
    assert words in AlarmSignals(print, print).update((missing,))
    with pytest.raises(AlarmFormError, match="ein Werkzeug verlangt"):
        made_rule((), tool="", quantity="delta", above=True, limit=1.0)


def events():
    """As a recorder notices them."""
    detector = EventDetector()
    session: SessionStatus = make.session(processes={"inference": make.health(restarts=2)})
    yield from detector.take(session, StreamNs(0))
    yield from detector.missed("visible", 3, StreamNs(2 * NS_PER_S))
    alarm = AlarmState(name="hot, too", text="Sp1 max above 30 °C: 36.0 °C", since_ns=1)
    alarmed = msgspec.structs.replace(make.session(), alarms=(alarm,))
    yield from detector.take(alarmed, StreamNs(0))
    yield from detector.take(make.session(), StreamNs(0))


@pytest.mark.usefixtures("german")
def test_what_a_recorder_notices_is_told_in_german():
    assert [event_words(event.text) for event in events()] == [
        "Netz wurde neu gestartet (2)",
        "fehlende Bilder: 3 von visible",
        "Alarm: hot, too, Sp1 Maximum über 30 °C: 36.0 °C",
        "Alarm vorbei: hot, too",
    ]
    assert event_words("the clock was set back by 3.0 s") == "die Uhr wurde um 3.0 s zurückgestellt"
    assert event_words("something new") == "something new"


@pytest.mark.usefixtures("german")
def test_the_seek_bar_tells_events_in_german():
    event = TimelineEvent(StreamNs(NS_PER_S), "ffc", "the shutter closes")
    recording = RecordingTimeline(events=(event,))
    timeline = Timeline(StreamNs(0), StreamNs(2 * NS_PER_S), recording)
    assert "der Verschluss schließt" in timeline.description(0.5, 0.1)


def test_events_stay_as_they_are_in_english():
    for event in events():
        assert event_words(event.text) == event.text.replace("inference", "network")


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("no camera 0bda:5830 is connected; cameras here: none", "keine Kamera 0bda:5830 ist"),
        ("camera 2 (Lepton) is unplugged; cameras here: a, b", "Kamera 2 (Lepton) ist ausgesteckt"),
        ("/dev/video2 gave no frame within 2 s", "/dev/video2 gab innerhalb von 2 s kein Bild"),
        ("camera /dev/video2 gave no frame: it was unplugged, or stopped", "ausgesteckt oder"),
        ("raw file a: b.raw ends within frame 3", "Rohdatei a: b.raw endet mitten in Bild 3"),
        ("format tc001 wants frames of 256x384, 256x192 came", "Format tc001 verlangt Bilder"),
    ],
)
def test_the_rarer_errors_of_cameras_are_in_german(said, words):
    assert words in told(said)


@pytest.mark.usefixtures("german")
def test_a_shutter_correction_is_told_in_german():
    assert event_words("a shutter correction was asked for").startswith("ein Shutter-Abgleich")
    assert event_words("both cameras are lined up anew").startswith("beide Kameras")
    refused = "camera 0bda:5830 (USB Camera) has no shutter correction that can be asked for over"
    assert told(f"{refused} USB video").startswith("Kamera 0bda:5830 (USB Camera) hat keinen")
    assert told("this camera has no shutter that can be asked to correct it").startswith("diese")
