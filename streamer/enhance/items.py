"""What is to be made of what, and what came of it."""

from enum import StrEnum

import msgspec

from streamer.config.schema import Config
from streamer.errors import CorefusionError


class EnhanceError(CorefusionError):
    """What cannot be enhanced; names the source, what was wanted and what came."""


class Kind(StrEnum):
    """What a source is."""

    STILL = "still"
    VIDEO = "video"
    RECORDING = "recording"


class Target(StrEnum):
    """What is made of it."""

    recording = "recording"
    tiff = "tiff"
    png = "png"
    mp4 = "mp4"
    ffv1 = "ffv1"
    csv = "csv"


_STILL_SUFFIXES = {Target.tiff: (".tiff",), Target.png: (".png",)}
_SUFFIXES = {
    Target.recording: (".mcap",),
    Target.tiff: (".tiff",),
    Target.png: (".frames",),
    Target.mp4: (".mp4",),
    Target.ffv1: (".mkv", ".times.csv"),
    Target.csv: (".csv",),
}


class Piece(msgspec.Struct, frozen=True):
    """A part of a long item that is made by itself: of its length one of `count` equal parts."""

    number: int
    count: int

    def of(self, share: float) -> int:
        """In which piece something is, by the share of the item that lies before it."""
        return min(max(int(share * self.count), 0), self.count - 1)


class Item(msgspec.Struct, frozen=True):
    """One source, or a visible and a thermal one that belong together.

    Attributes:
        sources: a recording, a still or video of heat; or the visible one before it.
        kind: what they are.
        name: below the output folder, without suffix.
        size: bytes of the sources.
        piece: which part of it is to be made; None for all of it.
        joined: of how many pieces it is to be put together, which are made; 0 for none.
    """

    sources: tuple[str, ...]
    kind: Kind
    name: str
    size: int = 0
    piece: Piece | None = None
    joined: int = 0

    @property
    def source(self) -> str:
        """As reports name it."""
        return " + ".join(self.sources)

    def outputs(self, target: Target | None) -> tuple[str, ...]:
        """The files to be, below the output folder; of its own kind without a target."""
        if self.kind is Kind.STILL:
            suffixes: tuple[str, ...] = (".tiff", ".png")
            if target is not None:
                suffixes = _STILL_SUFFIXES.get(target, _SUFFIXES[target])
        else:
            suffixes = _SUFFIXES[target or Target.recording]
        return tuple(f"{self.name}{suffix}" for suffix in suffixes)


class EnhanceOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How every item is made.

    Attributes:
        config: the whole configuration.
        overrides: what was given with `--set`; it goes before what a recording says.
        model: as named on the command line; without it, the recorded one, else the configured one.
        engine: as named on the command line.
        precision: as named on the command line.
        target: what to make; None makes of each its own kind.
        align: whether guides are lined up with their thermal pictures first, item by item.
    """

    config: Config
    overrides: tuple[str, ...] = ()
    model: str | None = None
    engine: str | None = None
    precision: str | None = None
    target: Target | None = None
    align: bool = False


class Aligned(msgspec.Struct, frozen=True):
    """How the guide of an item was seen to lie.

    Attributes:
        verdict: lined_up, left (as it lies) or refused (it shows another scene: not used).
        shift_px: how far it lay to the right and down, pixels of a canvas 640 wide.
        agreement: of the edges of both, at most 1.
    """

    verdict: str
    shift_px: tuple[float, float]
    agreement: float


class Residual(msgspec.Struct, frozen=True):
    """The largest departure of the network from the measurement before it was brought back."""

    max_counts: float | None
    mk: float | None


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an item; the same in every run, but for `seconds`.

    Attributes:
        frames: results.
        modes: results by mode.
        residual: the largest of all.
        dropped: frames that made no result, by `STREAM/CAUSE`.
        left_out: pictures of the source that could not be taken, by cause.
        damage: what of a recording was broken, in words.
        result_sha256: of every result, as a headless replay has it.
        source_sha256: of the sources.
        model_sha256: of the weights; empty of an interpolation.
        precision: what the network computed in.
        seconds: how long it took.
        stamp: size and time of change of the sources, before they were read.
        align: how its guide lay, where that was asked for and there is one.
        uncut: nothing was made: it has to be made in one, as its results depend on each other.
    """

    frames: int
    modes: dict[str, int]
    residual: Residual
    dropped: dict[str, int] = {}
    left_out: dict[str, int] = {}
    damage: list[str] = []
    result_sha256: str = ""
    source_sha256: str = ""
    model_sha256: str = ""
    precision: str = ""
    seconds: float = 0.0
    stamp: tuple[tuple[int, int], ...] = ()
    align: Aligned | None = None
    uncut: bool = False


UNCUT = Outcome(frames=0, modes={}, residual=Residual(None, None), uncut=True)
"""Of a piece, or of pieces that do not fit together."""
