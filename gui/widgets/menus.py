"""The menus: everything that can be done, by the same actions as keys and buttons."""

from collections.abc import Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from gui.state.shortcuts import Action

_ORDER = ("File", "View", "Colours", "Measure", "Replay", "Help")


def fill_menu_bar(
    bar: QMenuBar, actions: tuple[Action, ...], qactions: Mapping[str, QAction]
) -> None:
    """Puts each action into the menu that it names."""
    for title, named in _by_menu(actions).items():
        menu = bar.addMenu(f"&{title}")
        for name in named:
            menu.addAction(qactions[name])


def fill_menu(menu: QMenu, actions: tuple[Action, ...], qactions: Mapping[str, QAction]) -> None:
    """The same in one menu, for a window that has no room for the bar."""
    for title, named in _by_menu(actions).items():
        below = menu.addMenu(title)
        for name in named:
            below.addAction(qactions[name])


def _by_menu(actions: tuple[Action, ...]) -> dict[str, list[str]]:
    titles = sorted({action.menu for action in actions}, key=_ORDER.index)
    return {title: [action.name for action in actions if action.menu == title] for title in titles}
