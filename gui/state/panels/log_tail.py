"""Follows the log file of a run, while somebody looks. No Qt."""

import os
from io import BufferedReader
from pathlib import Path

_MOST_BYTES = 1 << 18  # at once: older lines are in the file


class LogTail:
    """Reads what was appended since it was asked last; opens nothing in between.

    A part that is full is renamed and a new one begun (`streamer.logs`): the rest of it is read
    first, wherever it is now.

    Args:
        path: of the part that is written.

    Attributes:
        problem: why it cannot be read, in the system's words; empty if all is well.
        left_out: bytes of a long log that were passed over, at its beginning or in a flood.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem = ""
        self.left_out = 0
        self._inode: int | None = None
        self._offset = 0
        self._rest = b""

    def lines(self) -> list[str]:
        """The whole lines that came, without their ends."""
        found: list[str] = []
        try:
            with self.path.open("rb") as file:
                inode = os.fstat(file.fileno()).st_ino
                if self._inode not in (None, inode):
                    found += self._of_renamed()
                    self._offset, self._rest = 0, b""
                self._inode = inode
                found += self._read(file)
        except OSError as error:
            self.problem = error.strerror or str(error)
            return found
        self.problem = ""
        return found

    def _of_renamed(self) -> list[str]:
        """What was still written into the part that this was reading before."""
        for part in sorted(self.path.parent.glob(f"{self.path.name}.*")):
            try:
                with part.open("rb") as file:
                    if os.fstat(file.fileno()).st_ino == self._inode:
                        return self._read(file)
            except OSError:  # removed just now: what was in it is lost to the view
                continue
        return []

    def _read(self, file: BufferedReader) -> list[str]:
        size = os.fstat(file.fileno()).st_size
        if size < self._offset:  # emptied by somebody
            self._offset, self._rest = 0, b""
        begin = max(self._offset, size - _MOST_BYTES)
        skipped = begin - self._offset
        self.left_out += skipped
        file.seek(begin)
        data = file.read(size - begin)
        self._offset = begin + len(data)
        if skipped:  # the first line is half a line, unless it is whole by chance
            self._rest = b""
            half = data.find(b"\n") + 1
            self.left_out += half
            data = data[half:]
        *whole, self._rest = (self._rest + data).split(b"\n")
        return [line.decode(errors="replace") for line in whole]
