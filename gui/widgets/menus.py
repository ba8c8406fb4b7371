"""The menus: everything that can be done, by the same actions as keys and buttons."""

from collections.abc import Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from gui.language import mark, tr
from gui.state.commands.action import Action

_ORDER = (
    mark("File"),
    mark("View"),
    mark("Colours"),
    mark("Measure"),
    mark("Replay"),
    mark("Help"),
)


def fill_menu_bar(
    bar: QMenuBar,
    actions: tuple[Action, ...],
    qactions: Mapping[str, QAction],
    below: Mapping[str, QMenu],
) -> None:
    """Puts each action into the menu that it names, and other menus below some of them."""
    for title, listed in _by_menu(actions).items():
        _fill(bar.addMenu(f"&{tr(title)}"), listed, qactions, below)


def fill_menu(
    menu: QMenu,
    actions: tuple[Action, ...],
    qactions: Mapping[str, QAction],
    below: Mapping[str, QMenu],
) -> None:
    """The same in one menu, for a window that has no room for the bar."""
    for title, listed in _by_menu(actions).items():
        _fill(menu.addMenu(tr(title)), listed, qactions, below)


def _fill(
    menu: QMenu, actions: list[Action], qactions: Mapping[str, QAction], below: Mapping[str, QMenu]
) -> None:
    menus: dict[str, QMenu] = {"": menu}
    for action in actions:
        if action.submenu not in menus:
            menus[action.submenu] = menu.addMenu(tr(action.submenu))
        menus[action.submenu].addAction(qactions[action.name])
        if action.name in below:
            menus[action.submenu].addMenu(below[action.name])


def _by_menu(actions: tuple[Action, ...]) -> dict[str, list[Action]]:
    titles = sorted({action.menu for action in actions}, key=_ORDER.index)
    return {title: [action for action in actions if action.menu == title] for title in titles}
