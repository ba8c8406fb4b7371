"""Which language the window has: as configured, as chosen in its menu, or as the system has it."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QLibraryInfo, QLocale, QSettings, QTranslator
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QApplication, QMenu

from gui.language import choose, languages, tr
from gui.language.translation import SOURCE

SYSTEM = "system"
_KEY = "viewer/language"


class LanguageChoice:
    """Takes a language before the window is made; a choice in its menu counts at the next start.

    Args:
        configured: a language, or `system`; a language is taken whatever the menu says.
        kept: whether choices are read and kept: a screenshot does not depend on them.
    """

    def __init__(self, configured: str, *, kept: bool) -> None:
        self._configured, self._kept = configured, kept
        self._settings = QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "corefusion-live", "viewer"
        )

    @property
    def chosen(self) -> str:
        """What holds from the next start on; `system` where nothing was chosen, or is not known."""
        if self._configured != SYSTEM or not self._kept:
            return self._configured
        chosen = str(self._settings.value(_KEY, SYSTEM))
        return chosen if chosen in languages() else SYSTEM

    def take(self, application: QApplication) -> str:
        """Makes it the language of all texts, Qt's own (of dialogs) as well; returns its code."""
        chosen = self.chosen
        wanted: Sequence[str] = QLocale.system().uiLanguages() if chosen == SYSTEM else (chosen,)
        taken = choose(first_only(wanted))
        translator = QTranslator(application)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if taken != SOURCE and translator.load(f"qtbase_{taken}", folder):
            application.installTranslator(translator)
        return taken

    def fill(self, menu: QMenu, tell: Callable[[str], None]) -> None:
        """Offers every language in a menu, by its own name.

        Args:
            menu: an empty one.
            tell: takes what is to be said of a choice.
        """
        group = QActionGroup(menu)
        for code in (SYSTEM, *languages()):
            title = tr("As the system") if code == SYSTEM else _own_name(code)
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(code == self.chosen)
            action.triggered.connect(partial(self._on_chosen, code, tell))
            group.addAction(action)
        menu.setEnabled(self._configured == SYSTEM and self._kept)

    def _on_chosen(self, code: str, tell: Callable[[str], None], checked: bool = True) -> None:
        self._settings.setValue(_KEY, code)
        self._settings.sync()
        tell(tr("The language changes at the next start"))


def first_only(wanted: Sequence[str]) -> Sequence[str]:
    """The language that is wanted most, by all its names.

    Who has English before German on a list wants English, though only German has a catalogue.
    """
    first = wanted[0].replace("-", "_").partition("_")[0] if wanted else ""
    return [code for code in wanted if code.replace("-", "_").partition("_")[0] == first]


def _own_name(code: str) -> str:
    name = "English" if code == SOURCE else QLocale(code).nativeLanguageName()
    return name[:1].upper() + name[1:]
