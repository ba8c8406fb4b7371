"""All panels of a window: where they are, which are up, and how that is kept."""

from collections.abc import Mapping

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QTabBar, QWidget

from gui.language import tr
from gui.widgets.panels.facts import FactsView
from gui.widgets.panels.log import LogList
from gui.widgets.panels.model import ModelPanel
from gui.widgets.panels.network import NetworkBoxes
from gui.widgets.panels.panel import Panel
from gui.widgets.theme import px

_FORM = 1  # of what is kept; another one is not read
_DOCKED_FROM = QSize(640, 420)  # in a smaller window a panel would leave nothing of the picture
_SHARE = 0.4  # of the window, at most, when it is docked first
_ALONE = QSize(400, 440)  # as a window of its own
_FRAME = QSize(8, 32)  # of a window's borders and title
_GAP_PX = 8
_RIGHT = Qt.DockWidgetArea.RightDockWidgetArea
_BELOW = Qt.DockWidgetArea.BottomDockWidgetArea


class Panels:
    """Shows and hides panels by their actions.

    In a small window a panel is a window of its own, and what is docked makes way until there is
    room again.

    Args:
        window: beside whose picture they are.
        qactions: the actions of the window, by name.

    Attributes:
        facts: what the panels of facts hold, by name.
        log: what the panel of the log holds.
        network: where another network is chosen, in the panel of the model.
    """

    def __init__(self, window: QMainWindow, qactions: Mapping[str, QAction]) -> None:
        self._window, self._qactions = window, qactions
        self.log = LogList()
        titles = {name: qactions[name].text() for name in ("cameras", "model", "health")}
        self.facts = {name: FactsView(title) for name, title in titles.items()}
        self.network = NetworkBoxes()
        self._panels: dict[str, Panel] = {}
        contents = dict[str, QWidget](self.facts)
        contents["model"] = ModelPanel(self.facts["model"], self.network)
        for name, content in contents.items():
            self._add(Panel(name, titles[name], content, _RIGHT, window))
        self._add(Panel("log", tr("Log"), self.log, _BELOW, window))
        first, *others = (self._panels[name] for name in self.facts)
        for other in others:
            window.tabifyDockWidget(first, other)
        self._making_way: set[str] = set()
        self._placed = False
        self._show_checks()

    def __getitem__(self, name: str) -> Panel:
        """The panel of an action."""
        return self._panels[name]

    @property
    def stops(self) -> list[QWidget]:
        """Where Tab goes, in this order."""
        cameras, model, health = self.facts.values()
        return [cameras, *self.network.stops, model, health, *self.log.stops]

    def toggle(self, name: str) -> None:
        """Shows a panel, brings it before the others of its place, or hides it."""
        panel = self._panels[name]
        if panel.isHidden():
            self._show(panel)
        elif not panel.seen and self._window.isVisible() and not panel.isFloating():
            panel.raise_()  # another one lies over it
        else:
            panel.hide()
        self._show_checks()

    def choose_network(self) -> None:
        """Shows where a network is chosen, and gives it the keyboard."""
        panel = self._panels["model"]
        if panel.isHidden() or not panel.seen:
            self._show(panel)
        panel.activateWindow()
        self.network.boxes["model"].setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._show_checks()

    def fit(self, size: QSize) -> None:
        """Lets what is docked make way in a small window; brings it back in a larger one."""
        roomy = self._has_room(size)
        if roomy and self._making_way:
            names, self._making_way = self._making_way, set()
            for name in names:
                self._panels[name].show()
        elif not roomy:
            for name, panel in self._panels.items():
                if not panel.isHidden() and not panel.isFloating():
                    self._making_way.add(name)
                    panel.hide()
        self._show_checks()

    def state(self) -> QByteArray:
        """Which are up and where, to be kept; what makes way is up."""
        for name in self._making_way:
            self._panels[name].show()
        self._making_way.clear()
        return self._window.saveState(_FORM)

    def restore(self, state: object) -> bool:
        """Takes what was kept; returns whether it made sense."""
        if not isinstance(state, QByteArray) or not self._window.restoreState(state, _FORM):
            return False
        self._placed = True
        self.fit(self._window.size())
        return True

    def _add(self, panel: Panel) -> None:
        self._panels[panel.name] = panel
        self._window.addDockWidget(panel.area, panel)
        action = self._qactions[panel.name]
        action.triggered.connect(lambda _=False, name=panel.name: self.toggle(name))
        panel.visibilityChanged.connect(lambda _: self._show_checks())

    def _show(self, panel: Panel) -> None:
        self._making_way.discard(panel.name)
        docked = self._has_room(self._window.size())
        if not docked and not panel.isFloating():
            panel.setFloating(True)
        panel.show()
        if panel.isFloating():
            self._place(panel)
        else:
            panel.raise_()
            self._share_room(panel)

    def _share_room(self, panel: Panel) -> None:
        """The picture keeps most of the window, until somebody drags the border."""
        if self._placed:
            return
        size, hint = self._window.size(), panel.widget().sizeHint()
        if panel.area is _BELOW:
            room = min(hint.height(), round(size.height() * _SHARE))
            self._window.resizeDocks([panel], [room], Qt.Orientation.Vertical)
        else:
            room = min(hint.width(), round(size.width() * _SHARE))
            self._window.resizeDocks([panel], [room], Qt.Orientation.Horizontal)

    def _place(self, panel: Panel) -> None:
        """Beside the window where the screen has room, else at its right edge, never beyond it."""
        screen, window = panel.screen().availableGeometry(), self._window.frameGeometry()
        screen = screen.adjusted(0, 0, -_FRAME.width(), -_FRAME.height())
        panel.resize(QSize(px(_ALONE.width()), px(_ALONE.height())).boundedTo(screen.size()))
        left = min(window.right() + _GAP_PX, screen.right() - panel.width())
        top = min(window.top(), screen.bottom() - panel.height())
        panel.move(max(screen.left(), left), max(screen.top(), top))

    def _has_room(self, size: QSize) -> bool:
        return size.width() >= px(_DOCKED_FROM.width()) and size.height() >= px(
            _DOCKED_FROM.height()
        )

    def _show_checks(self) -> None:
        for name, panel in self._panels.items():
            self._qactions[name].setChecked(not panel.isHidden())
        tabs = self._window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        for bar in tabs:  # Qt makes them; they are there unseen as well, and keys do what they do
            bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
