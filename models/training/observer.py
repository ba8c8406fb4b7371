"""Who follows a training run, and may end it."""

from typing import Protocol


class TrainingObserver(Protocol):
    """Called by a run, in its own thread, as it reads its data and between its steps."""

    def on_read(self, words: str) -> None:
        """Another picture or video is decoded.

        Args:
            words: which, a few words.
        """
        ...

    def on_source(self, line: str) -> None:
        """A data folder is in memory; the line has its pictures, memory and share of samples."""
        ...

    def on_step(self, progress: float, words: str) -> None:
        """A step is done.

        Args:
            progress: of the budget, 0..1 and a little over.
            words: epoch and speed, a few words.
        """
        ...

    def on_save(self, line: str) -> None:
        """Everything is on disk; the line has step, speed, loss and, if new, metrics."""
        ...

    def stop_requested(self) -> bool:
        """Whether to save and return, asked after every step."""
        ...


class SilentObserver:
    """Follows nothing, and lets a run go to its end."""

    def on_read(self, words: str) -> None:
        """See `TrainingObserver.on_read`."""

    def on_source(self, line: str) -> None:
        """See `TrainingObserver.on_source`."""

    def on_step(self, progress: float, words: str) -> None:
        """See `TrainingObserver.on_step`."""

    def on_save(self, line: str) -> None:
        """See `TrainingObserver.on_save`."""

    def stop_requested(self) -> bool:
        """Never."""
        return False
