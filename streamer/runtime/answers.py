"""What the rooms answer when `corefusion doctor` asks them, each in a process of its own."""

import msgspec


class ScreenFacts(msgspec.Struct, frozen=True):
    """One screen. Sizes in device-independent pixels."""

    width: int
    height: int
    scale: float
    refresh_hz: float


class WindowAnswer(msgspec.Struct, frozen=True):
    """The answer of `gui.probe`: which Qt, on which platform, with which screens."""

    qt: str
    platform: str
    screens: list[ScreenFacts]


class NetworkAnswer(msgspec.Struct, frozen=True):
    """The answer of `models.probe`.

    Attributes:
        library: version of the CPU engine.
        precisions: those the default model can run in on this CPU, the exactest last.
        cores: that this process may run on.
        threads: the engine's own choice.
        cuda_devices: that the driver reports.
        torch: its version; None where it is not installed.
        cuda_usable: whether torch reaches the CUDA device; None where there is none or no torch.
        default_model: the model that runs when none is named.
        weights: what is wrong with the shipped weights, by model name; empty text where nothing is.
        trial: what went wrong with one frame through the default model; empty where nothing did.
    """

    library: str
    precisions: list[str]
    cores: int
    threads: int
    cuda_devices: int
    torch: str | None
    cuda_usable: bool | None
    default_model: str
    weights: dict[str, str]
    trial: str


class PaintRow(msgspec.Struct, frozen=True):
    """What painting costs the window's thread; milliseconds a picture, "p50" and "p95".

    Attributes:
        shown: what.
        paint_ms: from a result to the end of paint.
    """

    shown: str
    paint_ms: dict[str, float]


class PaintAnswer(msgspec.Struct, frozen=True):
    """The answer of `gui.paint_bench`.

    Attributes:
        platform: of Qt.
        picture: width and height of the result.
        view: width and height that it is painted at.
        frames: timed for each row.
        rows: of paint times.
    """

    platform: str
    picture: tuple[int, int]
    view: tuple[int, int]
    frames: int
    rows: list[PaintRow]
