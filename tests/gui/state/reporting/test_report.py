"""What a report says, without a window."""

import pytest

from gui.state.measuring.tool_text import COLUMNS, TableRow
from gui.state.reporting.report import Report, alarm_lines, fact_lines, table_of, when_of
from gui.state.reporting.report_html import PICTURE, SECOND, report_html
from streamer.measuring.object_parameters import ObjectParameters
from streamer.messages import Mode
from streamer.messages.alarms import AlarmState

SAVED = "2026-11-29T06:00:07.123+01:00"


def test_a_report_says_when_the_picture_was_taken_or_that_it_does_not_know():
    taken = {"captured": "2026-11-29T05:59:59.900+01:00", "saved": SAVED}
    assert when_of(taken) == "2026-11-29 05:59:59 +0100"
    assert when_of({"saved": SAVED}) == "made 2026-11-29 06:00:07 +0100"


def test_facts_tell_source_model_and_all_parameters_that_change_degrees():
    facts = {"recording": "a.mcap", "recording_s": "12.500", "model": "fast:sensor", "saved": SAVED}
    parameters = ObjectParameters(emissivity=0.95, distance_m=3, window_transmission=0.9)
    lines = dict(fact_lines(facts, parameters, Mode.THERMAL_ONLY, degrees=True))
    assert lines == {
        "Made from": "the thermal picture alone",
        "Recording": "a.mcap",
        "Moment of it": "12.500 s from its start",
        "Super-resolved by": "fast:sensor",
        "Emissivity": "0.95",
        "Reflected temperature": "20 °C",
        "Air": "3 m, 20 °C, 50 % humidity",
        "Transmission of the window": "0.90 at 20 °C",
    }


def test_what_has_no_degrees_has_no_emissivity_either():
    lines = dict(fact_lines({}, ObjectParameters(emissivity=0.9), Mode.VISIBLE_ONLY, degrees=False))
    assert "Emissivity" not in lines
    assert "no degrees" in lines["Values"]
    assert "not a measurement" in lines["Made from"]


def test_columns_without_a_value_are_left_out():
    cells = ("Sp1", "36.0 °C", *["\N{EN DASH}"] * 8, "", "1.00")
    columns, rows = table_of((TableRow(cells), TableRow(("Sp2", *cells[1:]))))
    assert columns == ("Name", "SR mean", COLUMNS[-1])
    assert rows == (("Sp1", "36.0 °C", "1.00"), ("Sp2", "36.0 °C", "1.00"))
    assert table_of(()) == ((), ())


def test_alarms_say_where_they_stand():
    alarms = (
        AlarmState(name="hot", text="Sp1 max above 30 °C: 36.0 °C", since_ns=1),
        AlarmState(name="cold", text="picture min below 0 °C"),
        AlarmState(name="gone", problem="there is no tool Sp9"),
    )
    assert alarm_lines(alarms) == (
        "hot: ALARM. Sp1 max above 30 °C: 36.0 °C",
        "cold: no alarm. picture min below 0 °C",
        "gone: cannot hold: there is no tool Sp9",
    )


@pytest.mark.parametrize("name", ["title", "author", "stamp", "caption", "remarks"])
def test_every_text_is_taken_as_text(name):
    report = Report(**{name: "<img src='x'> & more"})
    html = report_html(report, {PICTURE: (400, 300)}, "made by a test")
    assert "&lt;img src=" in html
    assert "src='x'" not in html


def test_parts_without_content_are_left_out():
    sizes = {PICTURE: (400, 300)}
    bare = report_html(Report(), sizes, "")
    for word in ("Measurements", "Alarms", "Remarks", SECOND, "#ffe3a8"):
        assert word not in bare
    whole = Report(
        rows=(("Sp1",),), columns=("Name",), alarms=("hot",), remarks="a\nb", stamp="FROZEN"
    )
    html = report_html(whole, sizes | {SECOND: (200, 150)}, "")
    for word in ("Measurements", "Alarms", "a<br>b", SECOND, "FROZEN"):
        assert word in html


def test_facts_are_read_down_two_columns_and_none_is_lost():
    facts = tuple((f"title {n}", f"said {n}") for n in range(5))
    html = report_html(Report(facts=facts), {}, "")
    at = [html.index(f"said {n}<") for n in (0, 3, 1, 4, 2)]
    assert at == sorted(at)
