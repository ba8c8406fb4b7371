"""One item, whole or not at all: the function that every engine calls.

What is made is written to a folder of its own below the output folder, and gets its name when it is
whole. The predictor stays for the next item of this process.
"""

import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from streamer.calibration.calibration import Calibration
from streamer.calibration.chosen import chosen_calibration, chosen_changes
from streamer.calibration.timeline import TimedCalibration
from streamer.config.schema import Config
from streamer.enhance.items import (
    UNCUT,
    Aligned,
    EnhanceError,
    EnhanceOptions,
    Item,
    Kind,
    Outcome,
    Piece,
    Target,
)
from streamer.enhance.making.aligned import aligned
from streamer.enhance.making.files import (
    description,
    export_results,
    give_names,
    palette_of,
    write_export,
    write_joined,
    write_recording,
    write_still,
)
from streamer.enhance.making.network import configured, predictor_for
from streamer.enhance.making.opened import OpenedItem, opened
from streamer.enhance.making.passage import Making, Progress
from streamer.enhance.making.pieces import (
    PieceWriter,
    file_of,
    outcome_of,
    place_of,
    stored_in,
    with_results,
)
from streamer.enhance.making.results import Lockstep
from streamer.enhance.making.tally import Tally
from streamer.enhance.source_digest import digest_of, stamp_of
from streamer.recording import SUFFIX
from streamer.recording.schema import EncodedMessage

if TYPE_CHECKING:
    from models.inference.predictor import Predictor


def enhance_item(
    item: Item, options: EnhanceOptions, folder: Path, parts: Path, progress: Progress
) -> Outcome:
    """Makes an item, or a piece of it, or joins its pieces.

    Args:
        item: what to make.
        options: how.
        folder: where it gets its name.
        parts: an empty folder on the same file system, for what is not whole yet. Pieces lie
            beside it.
        progress: told how far it is, now and then.

    Raises:
        CorefusionError: it cannot be made; nothing of it is left.
        OSError: the disk is full, or a file cannot be read or written.
    """
    if item.piece is not None:
        return _make_piece(item, item.piece, options, parts, progress)
    if item.joined:
        return _join(item, options, folder, parts, progress)
    began = time.perf_counter()
    stamp, digest = stamp_of(item.sources), digest_of(item.sources)
    with _opened(item, options, digest) as work:
        source, predictor = work.source, work.predictor
        making = work.making(item, progress)
        outputs = item.outputs(options.target)
        paths = [parts / Path(name).name for name in outputs]
        target = options.target
        if item.kind is Kind.STILL and target in (None, Target.tiff, Target.png):
            write_still(making, paths, work.config.viewer)
        elif target in (None, Target.recording):
            write_recording(making, paths[0], predictor)
        else:
            palette = palette_of(work.config.viewer)
            write_export(making, paths[0], target, predictor, palette)
        tally = making.tally
        _refuse_nothing(item, tally, source.damage)
        give_names(parts, folder, outputs)
        return _outcome(
            tally,
            began,
            dropped=making.dropped,
            left_out=source.left_out(),
            damage=list(source.damage),
            source_sha256=digest,
            model_sha256=predictor.weights_sha256,
            precision=predictor.precision,
            stamp=stamp,
            align=work.align,
        )


def _make_piece(
    item: Item, piece: Piece, options: EnhanceOptions, parts: Path, progress: Progress
) -> Outcome:
    """Makes a part of an item and keeps it beside the folder of what is not whole."""
    began = time.perf_counter()
    stamp = stamp_of(item.sources)
    with _opened(item, options, "") as work:
        making = work.making(item, progress)
        if making.follows_others:
            return UNCUT
        info = description(work.source, work.calibration, work.predictor)
        file = file_of(parts.parent, item, piece.number)
        with PieceWriter(file, parts / file.name, info) as writer:
            for made in making.made(writer.write_stored):
                writer.write(made.message, made.at_ns)
            outcome = _outcome(
                making.tally,
                began,
                dropped=making.dropped,
                left_out=work.source.left_out(),
                damage=list(work.source.damage),
                model_sha256=work.predictor.weights_sha256,
                precision=work.predictor.precision,
                stamp=stamp,
            )
            writer.close(outcome)
        return outcome


def _join(
    item: Item, options: EnhanceOptions, folder: Path, parts: Path, progress: Progress
) -> Outcome:
    """Puts an item together of its pieces, which are gone afterwards."""
    began = time.perf_counter()
    place = place_of(parts.parent, item)
    made = [outcome_of(parts.parent, item, number) for number in range(item.joined)]
    last = made[-1]  # it went through all of the source
    stamp, digest = stamp_of(item.sources), digest_of(item.sources)
    with _opened(item, options, digest) as work:
        info = description(work.source, work.calibration, work.predictor)
        outputs = item.outputs(options.target)
        path = parts / Path(outputs[0]).name
        exported = options.target not in (None, Target.recording)
        recording = path.with_name(f"{path.name}{SUFFIX}") if exported else path
        tally = Tally()

        def stored() -> Iterator[EncodedMessage]:
            for number in range(item.joined):
                kept = stored_in(file_of(parts.parent, item, number))
                for message, result in with_results(kept):
                    if result is not None:
                        fits.append(result.sequence == tally.frames)
                        tally.add(result)
                    yield message
                progress((number + 1) / item.joined)

        fits = [all(one.stamp == stamp for one in made)]
        write_joined(recording, info, work.source.clocks, stored(), last.left_out)
        shutil.rmtree(place, ignore_errors=True)
        if not all(fits):  # the source was written to meanwhile
            recording.unlink()
            return UNCUT
        _refuse_nothing(item, tally, last.damage)
        if exported:
            assert options.target is not None
            palette = palette_of(work.config.viewer)
            export_results(recording, path, options.target, palette, any_made=True)
        give_names(parts, folder, outputs)
        return _outcome(
            tally,
            began,
            dropped=last.dropped,
            left_out=last.left_out,
            damage=last.damage,
            source_sha256=digest,
            model_sha256=work.predictor.weights_sha256,
            precision=work.predictor.precision,
            stamp=stamp,
            align=work.align,
            before_s=sum(one.seconds for one in made),
        )


class _Opened(NamedTuple):
    """A source, and by what it is made into what."""

    source: OpenedItem
    config: Config
    predictor: "Predictor"
    calibration: Calibration | None
    changes: tuple[TimedCalibration, ...]
    align: Aligned | None = None

    def making(self, item: Item, progress: Progress) -> Making:
        """What goes through the network, of all or of a piece of it."""
        lockstep = Lockstep(
            self.config, self.source.info, self.predictor, self.calibration, self.changes
        )
        realigned = bool(self.changes)
        return Making(self.source, lockstep, self.calibration, realigned, progress, item.piece)


@contextmanager
def _opened(item: Item, options: EnhanceOptions, digest: str) -> Iterator[_Opened]:
    with opened(item, options.config, digest) as source:
        if not {"visible", "thermal"} & set(source.streams):
            raise EnhanceError(f"{item.source} holds no picture of a sensor")
        config = configured(item, options, source)
        predictor = predictor_for(config.inference)
        calibration = chosen_calibration(config, source.info.calibration)
        changes = chosen_changes(config, source.calibrations)
        seen = None
        if options.align and not changes:  # which say it themselves
            with opened(item, options.config, digest) as looked_at:  # a source is read once
                calibration, seen = aligned(looked_at, calibration, predictor)
        yield _Opened(source, config, predictor, calibration, tuple(changes), seen)


def _refuse_nothing(item: Item, tally: Tally, damage: Sequence[str]) -> None:
    if not tally.frames:
        told = "; ".join(damage) or "its pictures make no result"
        raise EnhanceError(f"{item.source}: nothing came of it: {told}")


def _outcome(tally: Tally, began_s: float, *, before_s: float = 0.0, **fields: Any) -> Outcome:
    return Outcome(
        frames=tally.frames,
        modes=dict(tally.modes),
        residual=tally.residual,
        result_sha256=tally.result_sha256(),
        seconds=round(before_s + time.perf_counter() - began_s, 3),
        **fields,
    )
