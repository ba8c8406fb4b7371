import string

import pytest

from gui.language.translation import CATALOGUES
from streamer.measuring.materials import MATERIALS
from streamer.thermal.palettes import PALETTES
from tools.translate.catalogue import Catalogue, Entry, compiled, empty, read, updated, write
from tools.translate.marked import GUI, Marked, marked_texts, unmarked_texts

LANGUAGES = sorted(path.stem for path in CATALOGUES.glob("*.po"))

ENGLISH = {
    "gui/app.py": "all",  # errors of the command line
    "gui/paint_bench.py": "all",
    "gui/probe.py": "all",
    "gui/widgets/theme.py": "all",  # names of colours
    "gui/controllers/aligning/aligning_actions.py": {"CoReFusion Live"},
    "gui/controllers/language_choice.py": {"English"},
    "gui/controllers/actions/measuring_actions.py": {"CoReFusion Live", "{} curves.csv"},
    "gui/controllers/preferences.py": {  # to the log
        "%s: where the panels were is not to be read; they are hidden"
    },
    "gui/controllers/presenter.py": {"waiting for the first picture"},  # to the supervisor
    "gui/controllers/reporting/report_actions.py": {"CoReFusion Live", "{} report.pdf"},
    "gui/controllers/rigs/page.py": {"the run is over"},  # to the supervisor
    "gui/controllers/rigs/viewing.py": {"told to stop", "the window was closed"},  # to it too
    "gui/controllers/snapshots/files.py": "all",  # what files say
    "gui/controllers/snapshots/snapshots.py": {  # to the log
        "CoReFusion Live",
        "others are still being written",
        "it could not be written",
        "snapshot %s is not saved: %s (%d so far)",
    },
    "gui/state/framing/orientation.py": {"quarter_turns: 0 to 3 wanted, {} came"},
    "gui/state/measuring/alarm_form.py": {"alarm alarm: ", " - at"},
    "gui/state/measuring/parameter_form.py": {"Expected `float` ", " - at"},
    "gui/state/panels/cameras.py": {"{} ms"},
    "gui/state/panels/health.py": {"{} mK", "{} ms"},
    "gui/state/panels/model.py": {  # options of the command line
        "--model NAME",
        "--engine auto, openvino, torch",
        "--precision auto, int8, bf16, f32",
        "--set inference.views= 1, 2, 4, 8",
    },
    "gui/state/rigs/choice.py": {"PgDown", "PgUp"},  # keys
    "gui/state/viewer_state.py": {"Item"},
    "gui/status/header_text.py": {"{} ms"},
    "gui/status/wording.py": {"{} views"},  # to files
    "gui/widgets/main_window.py": {"CoReFusion Live"},
    "gui/widgets/measuring/alarms_window.py": {"K/min"},
    "gui/widgets/panels/facts.py": {"padding-right: 10px; color: {}"},
    "gui/widgets/reporting/pages.py": {"CoReFusion Live"},
    "gui/widgets/reporting/report_window.py": {"color: {}"},
    "gui/widgets/rigs/window.py": {"CoReFusion Live", "{} – CoReFusion Live"},
}
"""What stays English, or is no word, by its file."""

MENUS = {"File", "View", "Colours", "Measure", "Replay", "Help"}  # marked where they are made
KEYS = {"Up", "Down", "Left", "Right", "Space", "Home", "End", "Del", "Backspace"}


def placeholders(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


@pytest.fixture(scope="module")
def texts():
    return list(marked_texts())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_every_text_and_no_other(language, texts):
    entries = read(CATALOGUES / f"{language}.po").entries
    marked = {(each.text, each.many) for each in texts}
    assert {(each.text, each.many) for each in entries.values()} == marked, "tools.translate"
    assert [each.text for each in entries.values() if not all(each.forms)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_placeholders_keys_and_room_of_its_text(language):
    for entry in read(CATALOGUES / f"{language}.po").entries.values():
        for form in entry.forms:
            assert placeholders(form) == placeholders(entry.many or entry.text), form
            assert form.startswith(" ") == entry.text.startswith(" "), form
            assert form.endswith(" ") == entry.text.endswith(" "), form
            assert form.count(";;") == entry.text.count(";;"), form


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_of_its_catalogue(language):
    path = CATALOGUES / f"{language}.po"
    assert path.with_suffix(".mo").read_bytes() == compiled(read(path)), "run tools.translate"


def test_everything_that_reads_as_words_is_marked():
    found = []
    for path in GUI.rglob("*.py"):
        place = path.relative_to(GUI.parent).as_posix()
        known = ENGLISH.get(place, set())
        if known == "all" or place.startswith("gui/language/"):
            continue
        if place == "gui/state/shortcuts.py" or place.startswith("gui/state/commands/"):
            known = known | MENUS | KEYS
        found += [
            f"{place}:{line}: {text!r}"
            for line, text in unmarked_texts(path)
            if text not in known and "+" not in text and "\\" not in text and "<" not in text
        ]
    assert found == []


def test_words_that_are_not_marked_are_found(tmp_path):
    source = tmp_path / "label.py"
    source.write_text(
        '"""A label."""\n'
        'label(f"Saved {name}", tr("All is well"), key="name")\n'
        'action = Action("quit", "Quit", ("Q",), "Close the window" if last else "Go on")\n'
        'other("Close it")\n',
        "utf-8",
    )
    assert list(unmarked_texts(source)) == [(2, "Saved {}"), (4, "Close it")]


def test_names_from_elsewhere_are_marked(texts):
    marked = {each.text for each in texts}
    assert {palette.title for palette in PALETTES.values()} <= marked
    assert {material.name for material in MATERIALS} <= marked


def test_a_catalogue_is_read_as_it_was_written(tmp_path):
    one, two = 'A "quoted"\ntext \\ of two lines', "{n} pair"
    entries = {
        one: Entry(one, "", ("Ein „zitierter“\nText \\",), "gui/a.py"),
        two: Entry(two, "{n} pairs", ("{n} Paar", "{n} Paare"), "gui/b.py"),
    }
    written = Catalogue(empty("de").head, entries)
    write(written, tmp_path / "de.po")
    again = read(tmp_path / "de.po")
    assert again.head == written.head
    assert [(each.text, each.many, each.forms) for each in again.entries.values()] == [
        (each.text, each.many, each.forms) for each in entries.values()
    ]


def test_what_is_marked_no_longer_goes_and_what_is_new_is_empty():
    old = Catalogue({}, {name: Entry(name, "", (name.upper(),)) for name in ("kept", "gone")})
    new = updated(old, [Marked("kept", "", "a"), Marked("new", "", "a"), Marked("n", "ns", "a")])
    assert {name: entry.forms for name, entry in new.entries.items()} == {
        "kept": ("KEPT",),
        "new": ("",),
        "n": ("", ""),
    }


def test_a_line_that_is_none_of_a_catalogue_is_named(tmp_path):
    path = tmp_path / "xx.po"
    path.write_text('msgid "a"\nmsgstr b\n', "utf-8")
    with pytest.raises(ValueError, match="msgstr b"):
        read(path)
