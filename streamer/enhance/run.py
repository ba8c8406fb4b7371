"""All items: what is there is passed over, the rest goes to an engine, each result is told."""

import hashlib
import queue
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Protocol

import msgspec

from streamer.calibration.chosen import NONE, chosen_calibration
from streamer.config.schema import InferenceConfig
from streamer.enhance.discovery import Discovery
from streamer.enhance.items import EnhanceError, EnhanceOptions, Item, Outcome
from streamer.enhance.making.network import ChosenNetworks
from streamer.enhance.making.pieces import LEAST_BYTES, pieces_of
from streamer.enhance.output import OutputFolder
from streamer.enhance.report import EnhanceReport, ItemReport
from streamer.enhance.words import in_words

_LOOK_S = 0.2  # between two looks at what is in work


class Engine(Protocol):
    """What makes items: processes of this machine, or a cluster."""

    name: str
    workers: int
    retried: int

    def resolved(self, inference: InferenceConfig) -> InferenceConfig:
        """What `auto` comes to where items are made."""

    def submit(self, item: Item, options: EnhanceOptions) -> "Future[Outcome]":
        """Hands an item in."""

    def running(self) -> list[tuple[Item, float]]:
        """The items in work, and which share of each is done, as far as that is known."""

    def close(self, *, at_once: bool = False) -> None:
        """Ends when all is done, or at once."""


EngineOf = Callable[[int], Engine]
"""An engine for so many items, made where there are any."""


class Watcher(Protocol):
    """Told how a run goes."""

    def begin(self, sizes: Sequence[int]) -> None:
        """So many items are to be made, of these sizes in bytes."""

    def working(self, running: Sequence[tuple[Item, float]]) -> None:
        """These are in work."""

    def ended(self, item: ItemReport, size: int) -> None:
        """One is done, passed over or failed."""


def enhance(
    found: Discovery,
    options: EnhanceOptions,
    weights_sha256: str,
    folder: OutputFolder,
    engine_of: EngineOf,
    watcher: Watcher,
    *,
    force: bool = False,
    least_bytes: int = LEAST_BYTES,
) -> EnhanceReport:
    """Makes all items that are not there, or that have changed.

    Ctrl-C ends it: what is in work is given up, what is done stays, and the report says so.

    Args:
        found: the items.
        options: how.
        weights_sha256: of the weights that are asked for; empty of an interpolation.
        folder: where to.
        engine_of: makes what makes them.
        watcher: told of it.
        force: make all of them.
        least_bytes: of a piece of a long recording: shorter ones are not cut.

    Raises:
        CorefusionError: the network cannot be loaded, the engine not begun, or the output folder
            not be written.
    """
    began = time.monotonic()
    options_sha256 = _digest_of(options, weights_sha256)
    reports: dict[str, ItemReport] = {}
    todo: list[Item] = []

    def end(item: Item, report: ItemReport) -> None:
        reports[item.name] = report
        watcher.ended(report, item.size)

    for refused in found.refused:
        watcher.ended(_refused(refused.source, refused.why), 0)
    for item in found.items:
        known = None if force else folder.done(item, options_sha256, options.target)
        if known is not None:
            end(item, _report(item, options, "skipped", known))
            continue
        try:
            folder.begin(item, options.target)
            todo.append(item)
        except EnhanceError as error:
            end(item, _report(item, options, "failed", why=in_words(item, error)))
    watcher.begin([item.size for item in todo])
    interrupted, workers, retried, engine_name = False, 0, 0, ""
    if todo:
        engine = engine_of(len(todo))
        engine_name, workers = engine.name, engine.workers
        at_once = True
        try:
            networks = ChosenNetworks(options, engine.resolved)
            work = []
            for item in todo:
                try:
                    work.append((item, networks.options_of(item)))
                except Exception as error:  # one item's, whatever it is: the others go on
                    end(item, _report(item, options, "failed", why=in_words(item, error)))
            for item, future in _made(engine, work, watcher, least_bytes):
                try:
                    outcome = future.result()
                    folder.end(item, options_sha256, options.target, outcome)
                    end(item, _report(item, options, "done", outcome))
                except Exception as error:  # as above
                    end(item, _report(item, options, "failed", why=in_words(item, error)))
            at_once = False
        except KeyboardInterrupt:
            interrupted = True
        finally:
            engine.close(at_once=at_once)
            retried = engine.retried
    items = [reports[item.name] for item in found.items if item.name in reports]
    items += [_refused(refused.source, refused.why) for refused in found.refused]
    count = {status: sum(item.status == status for item in items) for status in _STATUSES}
    return EnhanceReport(
        items=items,
        **count,
        seconds=round(time.monotonic() - began, 3),
        engine=engine_name or "local",
        workers=workers,
        retried=retried,
        left_out=found.losses.counts,
        interrupted=interrupted,
    )


_STATUSES = ("done", "skipped", "failed")


def _made(
    engine: Engine,
    todo: Sequence[tuple[Item, EnhanceOptions]],
    watcher: Watcher,
    least_bytes: int,
) -> Iterator[tuple[Item, "Future[Outcome]"]]:
    """Items as they come to their end, the large ones begun first, long ones in pieces."""
    ended: queue.SimpleQueue[tuple[Item, Future[Outcome]]] = queue.SimpleQueue()

    def submit(work: Item) -> None:
        engine.submit(work, how[work.name]).add_done_callback(partial(_put, ended, work))

    whole = {item.name: item for item, _ in todo}
    how = {item.name: options for item, options in todo}
    pending: dict[str, list[Future[Outcome]]] = {}  # pieces that have come to their end
    total = sum(item.size for item in whole.values())
    for item in sorted(whole.values(), key=lambda item: -item.size):
        for work in pieces_of(item, total, engine.workers, least_bytes):
            submit(work)
    left = len(todo)
    while left:
        watcher.working(engine.running())
        try:
            work, future = ended.get(timeout=_LOOK_S)
        except queue.Empty:
            continue
        item = whole[work.name]
        if work.piece is not None:
            done = pending.setdefault(item.name, [])
            done.append(future)
            if len(done) < work.piece.count:
                continue
            failed = next((one for one in done if one.exception() is not None), None)
            if failed is None:
                cut = not any(one.result().uncut for one in done)
                joined = msgspec.structs.replace(item, joined=work.piece.count)
                submit(joined if cut else item)
                continue
            future = failed
        elif work.joined and future.exception() is None and future.result().uncut:
            submit(item)
            continue
        yield item, future
        left -= 1


def _put(
    ended: "queue.SimpleQueue[tuple[Item, Future[Outcome]]]", item: Item, future: "Future[Outcome]"
) -> None:
    ended.put((item, future))


def _report(
    item: Item,
    options: EnhanceOptions,
    status: str,
    outcome: Outcome | None = None,
    why: str = "",
) -> ItemReport:
    output = item.outputs(options.target)[0]
    report = ItemReport.of(item.source, output, status, outcome, why)
    return report if status == "done" else msgspec.structs.replace(report, seconds=0.0)


def _refused(source: str, why: str) -> ItemReport:
    words = why if source in why else f"{source}: {why}"
    return ItemReport(source=source, output="", status="failed", why=words)


def _digest_of(options: EnhanceOptions, weights_sha256: str) -> str:
    """Of everything but the source that a result depends on."""
    config = options.config
    told = (
        *(config.capture, config.pairing, config.health, config.inference),
        *(config.recording.visible, config.recording.jpeg_quality),
        *(config.viewer.palette, config.viewer.unit),
        *(options.overrides, options.model, options.engine, options.precision),
        *(options.target, weights_sha256),
        *(config.calibration.file == NONE, chosen_calibration(config)),
        *(("align",) if options.align else ()),
    )
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()
