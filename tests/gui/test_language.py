import threading

import msgspec
import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication, QMenu

from gui.app import ViewerError, main
from gui.controllers.language_choice import LanguageChoice, first_only
from gui.language import choose, languages, lowered, mark, plural, tr
from gui.widgets.access.key_text import key_text
from streamer.config.schema import Config, ViewerConfig
from streamer.runtime.roles import ViewerRole


@pytest.fixture
def application(qapp):
    yield qapp
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)


@pytest.mark.parametrize("wanted", ["de", "de_AT", "de-CH", "de-Latn-DE", "de_DE.UTF-8"])
def test_a_language_is_known_by_any_of_its_names(wanted):
    assert choose([wanted]) == "de"
    assert tr("Emissivity") == "Emissionsgrad"


@pytest.mark.parametrize("wanted", [[], ["C"], ["tlh"], ["en_GB"], ["../../de"], [""]])
def test_without_a_catalogue_it_is_english(wanted):
    choose(["de"])
    assert choose(wanted) == "en"
    assert tr("Emissivity") == "Emissivity"
    assert plural("{n} tool", "{n} tools", 1) == "1 tool"
    assert plural("{n} tool", "{n} tools", 2) == "2 tools"


def test_what_has_no_translation_is_shown_as_it_is():
    choose(["de"])
    assert tr("no such text {here}") == "no such text {here}"
    assert tr("no such text {here}", here=1) == "no such text 1"
    assert tr("") == ""
    assert mark("Emissivity") == "Emissivity"


def test_numbers_and_nouns_follow_the_language():
    assert lowered(tr("Visible camera")) == "visible camera"
    choose(["de"])
    assert lowered(tr("Visible camera")) == "Sichtbare Kamera"
    text = "Copied the values of {n} tool", "Copied the values of {n} tools"
    assert [plural(*text, n) for n in (1, 3)] == [
        "Werte von 1 Werkzeug kopiert",
        "Werte von 3 Werkzeugen kopiert",
    ]


def test_who_wants_english_first_gets_it():
    assert list(first_only(["en-GB", "en", "de-DE", "de"])) == ["en-GB", "en"]
    assert list(first_only(["de-Latn-DE", "de-DE", "de", "en"])) == ["de-Latn-DE", "de-DE", "de"]


def test_a_choice_in_the_menu_holds_from_the_next_start_on(application, qtbot):
    told, menu = [], QMenu()
    qtbot.addWidget(menu)
    choice = LanguageChoice("system", kept=True)
    choice.fill(menu, told.append)
    titles = [action.text() for action in menu.actions()]
    assert titles[:3] == ["As the system", "English", "Deutsch"]
    assert len(titles) == 1 + len(languages())
    assert [action.isChecked() for action in menu.actions()][:3] == [True, False, False]
    menu.actions()[2].trigger()
    assert told == ["The language changes at the next start"]
    assert tr("Emissivity") == "Emissivity"
    assert LanguageChoice("system", kept=True).take(application) == "de"
    assert tr("Emissivity") == "Emissionsgrad"
    assert key_text("Ctrl+Space") == "Strg+Leertaste"  # Qt's own words as well


def test_what_is_configured_goes_before_the_menu(application, qtbot):
    menu = QMenu()
    qtbot.addWidget(menu)
    LanguageChoice("system", kept=True).fill(menu, print)
    menu.actions()[2].trigger()
    assert LanguageChoice("en", kept=True).take(application) == "en"
    assert LanguageChoice("system", kept=False).chosen == "system"  # a screenshot
    fixed = QMenu()
    qtbot.addWidget(fixed)
    LanguageChoice("en", kept=True).fill(fixed, print)
    assert not fixed.isEnabled()


def test_a_choice_of_a_language_that_is_gone_is_forgotten(application, monkeypatch):
    choice = LanguageChoice("system", kept=True)
    choice._on_chosen("tlh", print, True)
    assert LanguageChoice("system", kept=True).chosen == "system"


def test_the_window_opens_in_the_configured_language(spec, feeder, application, tmp_path):
    stop = threading.Event()
    stop.set()
    config = msgspec.structs.replace(Config(), viewer=ViewerConfig(language="de"))
    role = ViewerRole(screenshot=str(tmp_path / "window.png"))
    told = msgspec.structs.replace(spec, config=config, role=role)
    main(told, stop)
    titles = [
        action.text()
        for window in QApplication.topLevelWidgets()
        if hasattr(window, "menuBar")
        for action in window.menuBar().actions()
    ]
    assert "&Datei" in titles
    assert (tmp_path / "window.png").stat().st_size > 0


def test_an_unknown_language_is_named_with_those_that_exist(spec):
    config = msgspec.structs.replace(Config(), viewer=ViewerConfig(language="tlh"))
    with pytest.raises(ViewerError, match=r"viewer\.language: one of system, en, de .*'tlh'"):
        main(msgspec.structs.replace(spec, config=config), threading.Event())
