"""All tools of a picture, and the steps that led to them."""

import re
from collections.abc import Iterable, Sequence
from typing import Self

import msgspec

from streamer.measuring.object_parameters import ObjectParameters
from streamer.measuring.shapes import KINDS, AnyTool
from streamer.measuring.tool import NAME_LENGTH, Place

MOST_TOOLS = 64
_MOST_STEPS = 200


class ToolSet(msgspec.Struct, frozen=True, kw_only=True):
    """The tools of a picture. Changing it makes another one.

    Attributes:
        tools: in the order they were made; no two have one name.
        reference: the name of the tool that the others are compared with; empty for none.
        parameters: of the objects in the picture; a tool may have its own.
    """

    tools: tuple[AnyTool, ...] = ()
    reference: str = ""
    parameters: ObjectParameters = ObjectParameters()

    def __post_init__(self) -> None:
        names = [tool.name for tool in self.tools]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"tools with names of their own wanted, two are called {twice}")
        if len(names) > MOST_TOOLS:
            raise ValueError(f"{MOST_TOOLS} tools at most wanted, {len(names)} came")
        if self.reference and self.reference not in names:
            raise ValueError(f"reference: the name of a tool wanted, {self.reference!r:.50} came")

    def tool(self, name: str) -> AnyTool | None:
        """The tool of a name."""
        return next((tool for tool in self.tools if tool.name == name), None)

    def made(self, kind: str, points: Sequence[Place]) -> AnyTool:
        """A new tool of a kind with a name that is free: Sp1, Bx2."""
        of_kind = KINDS[kind]
        taken = {tool.name for tool in self.tools}
        number = next(n for n in range(1, MOST_TOOLS + 2) if f"{of_kind.prefix}{n}" not in taken)
        return of_kind(name=f"{of_kind.prefix}{number}", points=tuple(points))

    def added(self, tool: AnyTool) -> Self:
        """With one more, if there is room."""
        if len(self.tools) >= MOST_TOOLS:
            return self
        return msgspec.structs.replace(self, tools=(*self.tools, tool))

    def replaced(self, tool: AnyTool) -> Self:
        """With another shape, or other parameters, of the tool of that name."""
        return self._with(tool if old.name == tool.name else old for old in self.tools)

    def removed(self, name: str) -> Self:
        """Without a tool."""
        reference = "" if name == self.reference else self.reference
        left = tuple(tool for tool in self.tools if tool.name != name)
        return msgspec.structs.replace(self, tools=left, reference=reference)

    def renamed(self, name: str, wanted: str) -> Self:
        """With another name for a tool; the same where that is taken, empty or too long."""
        wanted = re.sub(r"\s+", " ", wanted).strip()[:NAME_LENGTH]
        if not wanted or not wanted.isprintable() or self.tool(wanted) is not None:
            return self
        reference = wanted if name == self.reference else self.reference
        tools = tuple(
            msgspec.structs.replace(tool, name=wanted) if tool.name == name else tool
            for tool in self.tools
        )
        return msgspec.structs.replace(self, tools=tools, reference=reference)

    def compared_with(self, name: str) -> Self:
        """With another reference; the one it has is taken away."""
        reference = "" if name == self.reference or self.tool(name) is None else name
        return msgspec.structs.replace(self, reference=reference)

    def parameters_of(self, tool: AnyTool) -> ObjectParameters:
        """What holds for a tool."""
        return self.parameters if tool.parameters is None else tool.parameters

    def with_parameters(self, parameters: ObjectParameters | None, name: str = "") -> Self:
        """With other parameters of a tool, or without a name of the picture.

        None means, for a tool, that the picture's hold; for the picture, that nothing is changed.
        """
        if not name:
            return msgspec.structs.replace(self, parameters=parameters or ObjectParameters())
        return self._with(
            msgspec.structs.replace(tool, parameters=parameters) if tool.name == name else tool
            for tool in self.tools
        )

    def _with(self, tools: Iterable[AnyTool]) -> Self:
        return msgspec.structs.replace(self, tools=tuple(tools))


class ToolHistory:
    """A set of tools that can be taken back step by step, and brought forward again.

    Attributes:
        current: the tools of now.
    """

    def __init__(self, current: ToolSet) -> None:
        self.current = current
        self._before: list[ToolSet] = []
        self._after: list[ToolSet] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to take again."""
        return bool(self._after)

    def change(self, to: ToolSet) -> bool:
        """A step; nothing where nothing changes."""
        if to == self.current:
            return False
        self._before = [*self._before, self.current][-_MOST_STEPS:]
        self._after.clear()
        self.current = to
        return True

    def undo(self) -> bool:
        """Takes the last step back, if there is one."""
        return self._step(self._before, self._after)

    def redo(self) -> bool:
        """Takes a step again that was taken back."""
        return self._step(self._after, self._before)

    def begin(self, current: ToolSet) -> None:
        """Other tools altogether, of another recording or camera: no way back from them."""
        self.current = current
        self._before.clear()
        self._after.clear()

    def _step(self, source: list[ToolSet], target: list[ToolSet]) -> bool:
        if not source:
            return False
        target.append(self.current)
        self.current = source.pop()
        return True
