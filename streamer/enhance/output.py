"""The folder of what is made: who works on it, what is done already, what is under way.

Below it, `.enhance/` holds a lock, a journal of one line an item, and the parts of what is not
whole. The journal remembers what each output was made of and how, so that a run does what is
missing or has changed; when a run ends it is put in order, and says the same as any other's.
"""

import logging
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Self

import msgspec

from streamer.enhance.items import EnhanceError, Item, Outcome, Target
from streamer.enhance.source_digest import Stamp, digest_of, stamp_of
from streamer.errors import CorefusionError
from streamer.locks import try_hold

log = logging.getLogger(__name__)

WORK = ".enhance"
_LOCK, _JOURNAL, _PARTS = "lock", "journal.jsonl", "parts"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the journal. The last one of a name holds.

    Attributes:
        name: of the item.
        outputs: its files, below the output folder.
        options_sha256: of everything but the source that it depends on.
        stamp: size and time of change of each source.
        sizes: bytes of each output; empty while it is being made.
        outcome: what came of it; None while it is being made.
        others: files of the item that other runs made, of another kind.
    """

    name: str
    outputs: tuple[str, ...]
    options_sha256: str = ""
    stamp: Stamp = ()
    sizes: tuple[int, ...] = ()
    outcome: Outcome | None = None
    others: tuple[str, ...] = ()

    @property
    def ours(self) -> tuple[str, ...]:
        """Every file of the item that some run made."""
        return tuple(sorted({*self.outputs, *self.others}))


class OutputFolder:
    """The output folder, in use by this run alone until it is closed.

    Args:
        path: made where it is missing.

    Attributes:
        path: the folder.
        parts: where items are made, each in a folder of its own.

    Raises:
        EnhanceError: another run has it in use, or it cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._work = path / WORK
        self.parts = self._work / _PARTS
        self._known: dict[str, Entry] = {}
        try:
            self._work.mkdir(parents=True, exist_ok=True)
            lock = os.open(self._work / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise EnhanceError(f"output {path}: {error.strerror or error}") from error
        try:
            if not try_hold(lock):
                raise EnhanceError(
                    f"output {path} is in use by another run (its lock is {self._work / _LOCK})"
                )
            self._lock = lock
            shutil.rmtree(self.parts, ignore_errors=True)  # of a run that was killed
            self.parts.mkdir()
            self._read()
            self._journal = (self._work / _JOURNAL).open("ab", buffering=0)
            self._journal.write(b"\n")  # behind a line that was cut off
        except BaseException as error:
            os.close(lock)
            if isinstance(error, OSError):
                raise EnhanceError(f"output {path}: {error.strerror or error}") from error
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def done(self, item: Item, options_sha256: str, target: Target | None) -> Outcome | None:
        """What came of an item before, where nothing that it depends on has changed since."""
        entry = self._known.get(item.name)
        if entry is None or entry.outcome is None or entry.options_sha256 != options_sha256:
            return None
        if entry.outputs != item.outputs(target) or entry.sizes != self._sizes(entry.outputs):
            return None
        try:
            if stamp_of(item.sources) == entry.stamp:
                return entry.outcome
            same = digest_of(item.sources) == entry.outcome.source_sha256
        except (OSError, CorefusionError):
            return None  # making it will say what is wrong
        if same:  # copied or touched, and the same
            self._note(msgspec.structs.replace(entry, stamp=stamp_of(item.sources)))
        return entry.outcome if same else None

    def begin(self, item: Item, target: Target | None) -> None:
        """Notes that an item is being made: what stands under its names is ours from then on.

        Raises:
            EnhanceError: a file that is not ours has a name of it, or nothing can be noted.
        """
        outputs = item.outputs(target)
        ours = self._ours(item)
        for output in outputs:
            if output not in ours and os.path.lexists(self.path / output):
                raise EnhanceError(
                    f"{self.path / output} is there already, and was not made by this command"
                )
        self._note(Entry(name=item.name, outputs=outputs, others=ours))

    def end(self, item: Item, options_sha256: str, target: Target | None, outcome: Outcome) -> None:
        """Notes that an item is done.

        Raises:
            EnhanceError: it cannot be noted; the item will be made again.
        """
        outputs = item.outputs(target)
        self._note(
            Entry(
                name=item.name,
                outputs=outputs,
                options_sha256=options_sha256,
                stamp=outcome.stamp,
                sizes=self._sizes(outputs),
                outcome=msgspec.structs.replace(outcome, seconds=0.0, stamp=()),
                others=tuple(one for one in self._ours(item) if one not in outputs),
            )
        )

    def close(self) -> None:
        """Puts the journal in order, and lets others use the folder."""
        try:
            self._journal.close()
            shutil.rmtree(self.parts, ignore_errors=True)
            ordered = self._work / f"{_JOURNAL}.part"
            with ordered.open("wb") as file:
                file.writelines(_lines(self._known[name] for name in sorted(self._known)))
            ordered.replace(self._work / _JOURNAL)
        except OSError as error:  # the journal as it was written says the same
            log.warning("output %s: %s", self.path, error.strerror or error)
        finally:
            os.close(self._lock)

    def _ours(self, item: Item) -> tuple[str, ...]:
        entry = self._known.get(item.name)
        return () if entry is None else entry.ours

    def _note(self, entry: Entry) -> None:
        self._known[entry.name] = entry
        try:
            self._journal.writelines(_lines([entry]))
        except OSError as error:
            raise EnhanceError(
                f"output {self.path}: its journal: {error.strerror or error}"
            ) from error

    def _read(self) -> None:
        journal = self._work / _JOURNAL
        if not journal.is_file():
            return
        for line in journal.read_bytes().split(b"\n"):
            try:
                entry = msgspec.json.decode(line, type=Entry)
            except msgspec.MsgspecError:
                continue  # cut off with the run that wrote it: its item is made again
            self._known[entry.name] = entry

    def _sizes(self, outputs: Iterable[str]) -> tuple[int, ...]:
        """Bytes of each; -1 of one that is not there."""
        return tuple(_size(self.path / output) for output in outputs)


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(each.stat().st_size for each in path.iterdir())
    return path.stat().st_size if path.is_file() else -1


def _lines(entries: Iterable[Entry]) -> list[bytes]:
    return [msgspec.json.encode(entry) + b"\n" for entry in entries]
