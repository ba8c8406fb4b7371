"""How the guide of an item lies, looked at before anything is made of it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from streamer.calibration.calibration import Calibration
from streamer.calibration.registration.offset import Verdict, as_they_come, find_offset, moved_back
from streamer.calibration.registration.patches import Pair
from streamer.clock import NS_PER_MS, NS_PER_S, StreamNs, after, later, since
from streamer.enhance.items import Aligned
from streamer.enhance.making.opened import OpenedItem
from streamer.messages import Frame
from streamer.worker.guides.alignment import GuideAlignment

if TYPE_CHECKING:
    from models.inference.predictor import Predictor

UNFIT = "the visible picture shows nothing of what the thermal one shows"

_PAIRS = 8
_EVERY_NS = NS_PER_S // 2
_APART_NS = 50 * NS_PER_MS


def aligned(
    source: OpenedItem, calibration: Calibration | None, predictor: "Predictor"
) -> tuple[Calibration | None, Aligned | None]:
    """The calibration that an item is made with, and what was seen of it.

    The first pairs of it are looked at together, half a second apart: all of it is made alike,
    whatever piece of it is made first.

    Args:
        source: of the item; it is read here.
        calibration: that it would be made with; None takes guides for aligned.
        predictor: whose canvas the guide is brought to.

    Returns:
        The calibration as it is, moved, or one that lets no guide through; None and None of an
        item without pairs.
    """
    lines_up = GuideAlignment(calibration, 0.0)
    pairs: list[Pair] = []
    sizes = None
    for visible, thermal in _frames(source):
        sensor = thermal.pixels.shape[0], thermal.pixels.shape[1]
        guide = visible.pixels.shape[0], visible.pixels.shape[1]
        canvas = predictor.canvas(sensor)
        if sizes not in (None, (guide, sensor)) or not lines_up.takes(guide, sensor, canvas):
            break
        sizes = guide, sensor
        pairs.append((lines_up.fit(visible.pixels, canvas), thermal.pixels))
        if len(pairs) == _PAIRS:
            break
    if sizes is None:
        return calibration, None
    found = find_offset(pairs)
    shift = round(found.shift_px[0], 2), round(found.shift_px[1], 2)
    told = Aligned(str(found.verdict), shift, round(found.agreement, 3))
    if found.verdict is Verdict.LEFT:
        return calibration, told
    used = calibration or as_they_come(*sizes)
    if found.verdict is Verdict.REFUSED:
        return msgspec.structs.replace(used, unfit=UNFIT), told
    return moved_back(used, found.shift_px), told


def _frames(source: OpenedItem) -> Iterator[tuple[Frame, Frame]]:
    """Visible and thermal frames of one moment, now and then."""
    newest: dict[str, Frame] = {}
    due_ns: StreamNs | None = None
    for given in source.messages():
        message = given.recorded.message
        if not isinstance(message, Frame) or message.stream not in ("visible", "thermal"):
            continue
        newest[message.stream] = message
        if len(newest) < 2:
            continue
        visible, thermal = newest["visible"], newest["thermal"]
        apart_ns = abs(since(visible.timestamp_ns, thermal.timestamp_ns))
        waits = due_ns is not None and later(due_ns, thermal.timestamp_ns)
        if apart_ns > _APART_NS or waits:
            continue
        due_ns = after(thermal.timestamp_ns, _EVERY_NS)
        yield visible, thermal
