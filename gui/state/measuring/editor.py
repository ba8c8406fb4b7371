"""The tools of the window, and what pointer and keys do to them. No Qt."""

import math
from dataclasses import dataclass, field
from enum import StrEnum

from streamer.measuring.object_parameters import ObjectParameters
from streamer.measuring.shapes import KINDS, AnyTool
from streamer.measuring.tool import Place, Size, clamped
from streamer.measuring.tool_set import ToolHistory, ToolSet

REACH_PX = 8.0
"""A press this near to an outline or a handle takes hold of it, in pixels of the screen."""

_DRAG_PX = 8.0  # a hand is not that steady when it clicks
_MOVE_PX = 3.0


class Grip(StrEnum):
    """What a press has begun."""

    MOVE = "move"
    RESHAPE = "reshape"
    DRAW = "draw"


@dataclass
class _Press:
    grip: Grip
    at: Place
    tool: AnyTool | None = None  # as it was when it was pressed
    handle: int = 0
    dragged: bool = False


@dataclass
class ToolEditor:
    """Makes, selects, moves, reshapes, names and takes away tools.

    Without a kind to draw, a press on a tool takes hold of it, a click beside them all pins a spot,
    and a drag there draws a box. With a kind, one tool of it is drawn, wherever others lie.

    Attributes:
        history: all tools, and the way back.
        kind: what is drawn next; empty for the above.
        selected: the name of the tool that keys act on; empty for none.
        draft: the tool that is being drawn, moved or reshaped.
        corners: of the polygon that is being drawn.
    """

    history: ToolHistory = field(default_factory=lambda: ToolHistory(ToolSet()))
    kind: str = ""
    selected: str = ""
    draft: AnyTool | None = None
    corners: tuple[Place, ...] = ()
    _press: _Press | None = None
    _hover: Place | None = None

    @property
    def tools(self) -> ToolSet:
        """All tools, without what is being done at this moment."""
        return self.history.current

    def shown(self) -> tuple[AnyTool, ...]:
        """All tools as they are to be seen."""
        draft = self.draft
        if draft is None:
            return self.tools.tools
        known = self.tools.tool(draft.name) is not None
        return self.tools.replaced(draft).tools if known else (*self.tools.tools, draft)

    def sketch(self) -> tuple[Place, ...]:
        """The unfinished outline of a polygon, up to the pointer."""
        if not self.corners:
            return ()
        return self.corners if self._hover is None else (*self.corners, self._hover)

    def choose(self, kind: str) -> None:
        """Draws one of a kind next; the same kind again, or none: points and pins."""
        self._let_go()
        self.kind = "" if kind == self.kind else kind

    def press(self, place: Place, size: Size) -> None:
        """The button went down.

        Args:
            place: in shares of the picture; beyond 0..1 beside it.
            size: of the picture on the screen.
        """
        self._press = _Press(Grip.DRAW, place)
        if self.kind:
            return
        tools = self.tools
        chosen = tools.tool(self.selected)
        if chosen is not None:
            handle = chosen.handle_at(place, size, REACH_PX)
            if handle is not None:
                grip = Grip.RESHAPE if len(chosen.points) > 1 else Grip.MOVE
                self._press = _Press(grip, place, chosen, handle)
                return
        hit = self.tool_at(place, size)
        if hit is not None:
            self.selected = hit.name
            self._press = _Press(Grip.MOVE, place, hit)
        elif chosen is not None and chosen.contains(place):
            self._press = _Press(Grip.MOVE, place, chosen)

    def drag(self, place: Place, size: Size) -> None:
        """The pointer moved with the button down."""
        press = self._press
        if press is None or self.kind == "polygon":
            return
        away = math.hypot(
            (place[0] - press.at[0]) * size.width, (place[1] - press.at[1]) * size.height
        )
        if not press.dragged and away <= (_DRAG_PX if press.grip is Grip.DRAW else _MOVE_PX):
            return
        press.dragged = True
        if press.tool is not None and press.grip is Grip.MOVE:
            self.draft = press.tool.moved((place[0] - press.at[0], place[1] - press.at[1]))
        elif press.tool is not None:
            self.draft = press.tool.reshaped(press.handle, place)
        elif self.kind == "spot":
            self.draft = self.tools.made("spot", (clamped(place),))
        else:
            kind = self.kind or "box"
            self.draft = self.tools.made(kind, (clamped(press.at), clamped(place)))

    def release(self, place: Place, size: Size) -> None:
        """The button came up: what was begun is done, or it was a click."""
        press, self._press = self._press, None
        draft, self.draft = self.draft, None
        if press is None:
            return
        if draft is not None:
            self._keep(draft)
        elif not _inside(press.at):
            return
        elif self.kind == "polygon":
            self._add_corner(press.at, size)
        elif self.kind == "spot" or (not self.kind and self._is_free(press, size)):
            self._keep(self.tools.made("spot", (press.at,)))

    def double_click(self, place: Place, size: Size) -> str:
        """Ends a polygon; else the name of the tool that is to be renamed, or nothing."""
        if self.kind == "polygon":
            self.finish()
            return ""
        hit = self.tool_at(place, size)
        if hit is None:
            hit = next((tool for tool in self.tools.tools if tool.contains(place)), None)
        if hit is not None:
            self.selected = hit.name
        return "" if hit is None else hit.name

    def hover(self, place: Place | None) -> None:
        """The pointer moved."""
        self._hover = None if place is None else clamped(place)

    def finish(self) -> None:
        """Closes the polygon that is being drawn, where it has corners enough."""
        if len(self.corners) >= KINDS["polygon"].fewest:
            self._keep(self.tools.made("polygon", self.corners))
        self.corners = ()

    def cancel(self) -> None:
        """Lets go of what is being done, then of the kind to draw, then of the selection."""
        if self.draft is not None or self.corners or self._press is not None:
            self._let_go()
        elif self.kind:
            self.kind = ""
        else:
            self.selected = ""

    def tool_at(self, place: Place, size: Size) -> AnyTool | None:
        """The tool whose outline is nearest, within reach; the newer of equal ones."""
        within = [
            (away, -number, tool)
            for number, tool in enumerate(self.tools.tools)
            if (away := tool.distance(place, size)) <= REACH_PX
        ]
        return min(within, key=lambda each: each[:2])[2] if within else None

    def select_next(self, step: int) -> None:
        """Goes through the tools in their order, around the end."""
        names = [tool.name for tool in self.tools.tools]
        if self.selected in names:
            self.selected = names[(names.index(self.selected) + step) % len(names)]
        elif names:
            self.selected = names[0 if step > 0 else -1]

    def nudge(self, columns: int, rows: int, size: Size) -> None:
        """Moves the selected tool by pixels of a picture of that size."""
        chosen = self.tools.tool(self.selected)
        if chosen is not None:
            by = columns / size.width, rows / size.height
            self.history.change(self.tools.replaced(chosen.moved(by)))

    def delete(self) -> None:
        """Takes the selected tool away; of a polygon that is being drawn, the last corner."""
        if self.corners:
            self.corners = self.corners[:-1]
        else:
            self.history.change(self.tools.removed(self.selected))
            self.selected = ""

    def clear(self) -> None:
        """Takes all tools away."""
        self._let_go()
        self.history.change(ToolSet(parameters=self.tools.parameters))
        self.selected = ""

    def rename(self, name: str, wanted: str) -> None:
        """Gives a tool another name, where that is free."""
        names = [tool.name for tool in self.tools.tools]
        if self.history.change(self.tools.renamed(name, wanted)) and self.selected == name:
            self.selected = self.tools.tools[names.index(name)].name

    def compare(self) -> None:
        """Compares all others with the selected tool, or no longer."""
        self.history.change(self.tools.compared_with(self.selected))

    def set_parameters(self, parameters: ObjectParameters | None, name: str = "") -> None:
        """Sets what holds for a tool, or for the picture; None: the picture's hold for the tool."""
        self.history.change(self.tools.with_parameters(parameters, name))

    def undo(self) -> None:
        """The step before."""
        self._let_go()
        self.history.undo()
        self._check_selected()

    def redo(self) -> None:
        """The step again."""
        self._let_go()
        self.history.redo()
        self._check_selected()

    def begin(self, tools: ToolSet) -> None:
        """Other tools altogether: of another camera, or of a recording."""
        self._let_go()
        self.selected = ""
        self.history.begin(tools)

    def _let_go(self) -> None:
        self.draft, self.corners, self._press = None, (), None

    def _keep(self, tool: AnyTool) -> None:
        known = self.tools.tool(tool.name) is not None
        self.history.change(self.tools.replaced(tool) if known else self.tools.added(tool))
        self._check_selected()
        if self.tools.tool(tool.name) is not None:
            self.selected = tool.name
        self.kind = ""

    def _add_corner(self, place: Place, size: Size) -> None:
        first = self.corners[0] if self.corners else None
        if first is not None and len(self.corners) >= KINDS["polygon"].fewest:
            away = math.hypot(
                (place[0] - first[0]) * size.width, (place[1] - first[1]) * size.height
            )
            if away <= REACH_PX:
                self.finish()
                return
        if len(self.corners) < KINDS["polygon"].most:
            self.corners = (*self.corners, place)

    def _is_free(self, press: _Press, size: Size) -> bool:
        """Whether a click was beside all outlines: inside of a selected area counts as beside."""
        return press.grip is Grip.DRAW or (
            press.grip is Grip.MOVE and self.tool_at(press.at, size) is None
        )

    def _check_selected(self) -> None:
        if self.tools.tool(self.selected) is None:
            self.selected = ""


def _inside(place: Place) -> bool:
    return 0 <= place[0] <= 1 and 0 <= place[1] <= 1
