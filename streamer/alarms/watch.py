"""Watches results by all rules."""

import math
from collections.abc import Sequence

from streamer.alarms.alarm import Alarm, RateMeter
from streamer.clock import NS_PER_MS, StreamNs, since
from streamer.measuring.alarm_rule import AlarmRule
from streamer.measuring.shapes import AnyTool, Box
from streamer.measuring.tool_set import ToolSet
from streamer.messages import ZERO_CELSIUS_K, Mode, SuperResolvedFrame
from streamer.messages.alarms import AlarmState
from streamer.thermal.scale import Scale, Unit
from streamer.thermal.tool_readings import ToolReading, difference, read_tool
from streamer.thermal.validity import valid_pixels

_EVERY_MS = 90.0  # no scene changes faster than a person reads
_ALL = Box(name="picture", points=((0.0, 0.0), (1.0, 1.0)))
_MEASURED = (Mode.GUIDED, Mode.THERMAL_ONLY)


class AlarmWatch:
    """Judges each result by the rules, and says which alarms have begun or ended.

    Args:
        rules: what is watched.
        tools: where; the window's own replace them.
    """

    def __init__(self, rules: Sequence[AlarmRule], tools: ToolSet) -> None:
        self.tools = tools
        self._alarms: list[Alarm] = []
        self._rates: list[RateMeter] = []
        self._problems: list[str] = []
        self._last_ns: StreamNs | None = None
        self.set_rules(rules)

    def set_rules(self, rules: Sequence[AlarmRule]) -> None:
        """Takes other rules; those that stay go on as they were."""
        known = {
            alarm.rule: (alarm, rate) for alarm, rate in zip(self._alarms, self._rates, strict=True)
        }
        kept = [known.get(rule) or (Alarm(rule), RateMeter()) for rule in rules]
        if [alarm.rule for alarm in self._alarms] != list(rules):
            self._alarms = [alarm for alarm, _ in kept]
            self._rates = [rate for _, rate in kept]
            self._problems = ["" for _ in rules]

    @property
    def states(self) -> tuple[AlarmState, ...]:
        """Where every alarm stands."""
        return tuple(
            AlarmState(
                name=alarm.rule.name,
                tool=alarm.rule.tool,
                text=_text(alarm),
                since_ns=alarm.since_ns,
                problem=problem,
                sound=alarm.rule.sound,
                snapshot=alarm.rule.snapshot,
                record=alarm.rule.record,
            )
            for alarm, problem in zip(self._alarms, self._problems, strict=True)
        )

    def update(self, result: SuperResolvedFrame) -> list[Alarm]:
        """Takes a result; the alarms that it begins or ends.

        A held picture is no new value, and a picture without the thermal camera is none at all.
        """
        at_ns = result.timestamp_ns
        if not self._alarms or result.mode not in _MEASURED or result.pixels.ndim != 2:
            return []
        if self._last_ns is not None and 0 <= since(at_ns, self._last_ns) < _EVERY_MS * NS_PER_MS:
            return []
        self._last_ns = at_ns
        read: dict[str, ToolReading] = {}
        changed = []
        for number, alarm in enumerate(self._alarms):
            value, problem = self._value(number, alarm.rule, result, read)
            self._problems[number] = problem
            if alarm.end() if problem else alarm.update(at_ns, value):
                changed.append(alarm)
        return changed

    def _value(
        self,
        number: int,
        rule: AlarmRule,
        result: SuperResolvedFrame,
        read: dict[str, ToolReading],
    ) -> tuple[float, str]:
        """What a rule watches, in its unit, or why it has none."""
        tool = self.tools.tool(rule.tool) if rule.tool else _ALL
        if tool is None:
            return math.nan, f"there is no tool called {rule.tool}"
        if result.radiometry is None or not result.radiometry.invertible:
            return math.nan, "the thermal camera gives counts and no degrees"
        reading = self._read(tool, result, read)
        match rule.quantity:
            case "delta":
                reference = self.tools.tool(self.tools.reference)
                if reference is None or reference is tool:
                    return math.nan, "there is no reference to compare with"
                return difference(reading, self._read(reference, result, read)), ""
            case "rate":
                return self._rates[number].update(result.timestamp_ns, reading.mean), ""
            case "max":
                return reading.maximum - ZERO_CELSIUS_K, ""
            case "min":
                return reading.minimum - ZERO_CELSIUS_K, ""
            case _:
                return reading.mean - ZERO_CELSIUS_K, ""

    def _read(
        self, tool: AnyTool, result: SuperResolvedFrame, read: dict[str, ToolReading]
    ) -> ToolReading:
        if tool.name not in read:
            parameters = self.tools.parameters_of(tool)
            scale = Scale.of(result.radiometry, Unit.KELVIN, parameters)
            valid = valid_pixels(result.pixels)
            read[tool.name] = read_tool(tool, result.pixels, scale, valid=valid)
        return read[tool.name]


def _text(alarm: Alarm) -> str:
    if math.isnan(alarm.value):
        return alarm.rule.condition
    return f"{alarm.rule.condition}: {alarm.value:.1f} {alarm.rule.unit}"
