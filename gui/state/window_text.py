"""Everything written in the window at one moment, as values. No Qt; time is handed in."""

from collections.abc import Collection, Sequence

import msgspec

from gui.language import tr
from gui.panes import Pane
from gui.state.annotations import Annotations, ToolMark
from gui.state.captions import Captions, FrozenStamps, NoticeTimer, with_marks
from gui.state.comparison import behind_text, model_caption, readout_line
from gui.state.looks.look import Look
from gui.state.measuring.readings import ToolReader, ToolValues
from gui.state.measuring.tool_text import tool_mark
from gui.state.pane_images import Pictures
from gui.state.picture import Picture
from gui.state.readout import Readout, read_off
from gui.state.viewer_state import ViewerState
from gui.status.alarm_words import alarm_name, alarm_words
from gui.status.diagnosis import Diagnosis, diagnose
from gui.status.run_status import RunStatus
from gui.status.wording import camera_pace
from streamer.clock import HostNs
from streamer.messages.alarms import AlarmState
from streamer.thermal.readings import Extremes


class ModelStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How one of the shown models is doing.

    Attributes:
        name: as configured; the worker's status tells what it runs, once there is one.
        run: the run as its worker has it.
        rate_hz: how many results come a second.
        behind_ms: how much older what is shown of it is than what is shown of the others.
    """

    name: str
    run: RunStatus
    rate_hz: float = 0.0
    behind_ms: float = 0.0


class WindowText(msgspec.Struct, frozen=True, kw_only=True):
    """What the widgets are to show besides pictures.

    Attributes:
        diagnosis: of the first model; its badge is in the header.
        slots: onto the view of each slot, the large one first.
        others: onto the view of each further model.
        readout: the line of values.
        large: what the large view shows.
        cursor: the count under the pointer there.
        values: what every tool reads, off the first model's result and off the sensor.
    """

    diagnosis: Diagnosis
    slots: tuple[Annotations, ...]
    others: tuple[Annotations, ...]
    readout: str
    large: Picture | None
    cursor: float | None
    values: tuple[ToolValues, ...] = ()


class WindowWriter:
    """Composes the window's text; remembers since when a notice is shown, where extremes were.

    Args:
        models: how many are shown.
    """

    def __init__(self, models: int) -> None:
        self._notices = [NoticeTimer() for _ in range(models)]
        self._stamps = FrozenStamps()
        self._reader = ToolReader()

    def text(
        self,
        models: Sequence[ModelStatus],
        pictures: Pictures,
        state: ViewerState,
        now_ns: HostNs,
    ) -> WindowText:
        """The text of a moment.

        Args:
            models: how each is doing, the first one first.
            pictures: the newest.
            state: the user's choices.
            now_ns: the moment.
        """
        diagnoses = [diagnose(model.run) for model in models]
        visible = Pane.VISIBLE in pictures.frames and not visible_is_old(diagnoses[0], state)
        look = state.look.possible(visible=visible)
        run = models[0].run
        paces = {pane: camera_pace(run, pane.value) for pane in (Pane.VISIBLE, Pane.THERMAL)}
        captions = Captions(run.config, state, pictures, now_ns, paces, look)
        notices = [
            timer.update(diagnosis.notice, now_ns)
            for timer, diagnosis in zip(self._notices, diagnoses, strict=True)
        ]
        for number, notice in enumerate(notices[1:], 1):  # what both say is said once
            if notice is not None and notices[0] is not None and notice.title == notices[0].title:
                notices[number] = None
        names = ["" for _ in models]
        if len(models) > 1:
            names = [
                model_caption(number, model.name, model.run, model.rate_hz)
                for number, model in enumerate(models)
            ]
        behind = [behind_text(model.behind_ms) for model in models]
        others = range(1, len(models))
        panes = [state.large, *(Pane.RESULT for _ in others)]
        shown = [pictures.picture(pane, state, number) for number, pane in enumerate(panes)]
        extremes = [None if picture is None else self._extremes(picture) for picture in shown]
        read = [
            (read_off(picture, state, found), picture)
            for picture, found in zip(shown, extremes, strict=True)
        ]
        values = [self._values(pictures, state, number) for number in range(len(models))]
        under = _under_pointer(shown[0], pictures, state, look)
        slots = []
        for pane in state.slots:
            notice = notices[0] if pane is state.large else None
            if pane is Pane.RESULT:
                slot = captions.of_result(diagnoses[0], notice, names[0], behind[0])
            else:
                slot = captions.of_frame(pane, diagnoses[0], notice)
            slots.append(self._stamps.over(slot, pane, frozen=state.frozen))
        session = models[0].run.session
        alarms = [alarm for alarm in (session.alarms if session else ()) if alarm.active]
        watched = {alarm.tool for alarm in alarms}
        slots[0] = with_marks(
            slots[0], *read[0], _marks_of(values[0], state, state.large, slots[0], watched)
        )
        slots[0] = msgspec.structs.replace(
            slots[0], alarms=tuple(_alarm_words(alarm) for alarm in alarms)
        )
        compared = [
            self._stamps.over(
                captions.of_result(diagnoses[n], notices[n], names[n], behind[n], n),
                Pane.RESULT,
                n,
                frozen=state.frozen,
            )
            for n in others
        ]
        return WindowText(
            diagnosis=diagnoses[0],
            slots=tuple(slots),
            others=tuple(
                with_marks(each, *read[n], _marks_of(values[n], state, Pane.RESULT, each, watched))
                for n, each in zip(others, compared, strict=True)
            ),
            readout=readout_line(read) if under is None else under.line,
            large=shown[0],
            cursor=read[0][0].cursor,
            values=values[0],
        )

    def _extremes(self, picture: Picture) -> Extremes | None:
        if picture.pane not in (Pane.RESULT, Pane.THERMAL):
            return None
        return self._reader.extremes(picture)

    def _values(self, pictures: Pictures, state: ViewerState, model: int) -> tuple[ToolValues, ...]:
        tools = state.measuring.shown()
        if not tools:
            return ()
        return self._reader.read(
            tools,
            state.measuring.tools,
            pictures.picture(Pane.RESULT, state, model),
            pictures.measured(state, model),
        )


def visible_is_old(diagnosis: Diagnosis, state: ViewerState) -> bool:
    """Whether the visible picture is of a scene that has gone by; frozen, it is as old as all."""
    return Pane.VISIBLE in diagnosis.stale and not state.frozen


def _under_pointer(
    large: Picture | None, pictures: Pictures, state: ViewerState, look: Look
) -> Readout | None:
    """What is read where another picture than the large one lies under the pointer."""
    if large is None or large.scale is None or large.pane is Pane.INFLUENCE:
        return None
    seen = None if state.cursor is None else state.orientation.seen(state.cursor)
    shown = None if seen is None else look.pane_at(seen, state.split)
    if shown is None or shown is large.pane:
        return None
    picture = pictures.picture(shown, state)
    return None if picture is None else read_off(picture, state)


def _alarm_words(alarm: AlarmState) -> tuple[str, ...]:
    """An alarm that holds, in full, and with its value alone."""
    name, value = alarm_name(alarm.name), alarm.text.rpartition(": ")[2]
    return (
        tr("ALARM  {name}, {words}", name=name, words=alarm_words(alarm.text)),
        tr("ALARM  {name}, {value}", name=name, value=value),
        name,
    )


def _marks_of(
    values: tuple[ToolValues, ...],
    state: ViewerState,
    pane: Pane,
    onto: Annotations,
    alarmed: Collection[str],
) -> tuple[ToolMark, ...]:
    """The tools as they are drawn onto a pane; without values where what it shows is dimmed."""
    if not state.markers:
        return ()
    editor = state.measuring
    marks = [
        tool_mark(
            each,
            Pane.VISIBLE if onto.dimmed else pane,
            selected=each.tool.name == editor.selected,
            marked=True,
            alarmed=each.tool.name in alarmed,
        )
        for each in values
    ]
    if editor.corners:
        marks.append(ToolMark(outline=editor.sketch(), handles=editor.corners))
    return tuple(marks)
