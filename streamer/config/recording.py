"""What a recorder is told: where to, which streams, how, and from when on."""

import re
import uuid
from enum import StrEnum
from pathlib import Path
from typing import Final, Self

import msgspec

from streamer.config.schema import LARGEST, RecordingConfig
from streamer.errors import CorefusionError
from streamer.paths import check_name

STREAMS: Final = ("visible", "thermal", "truth", "sr")
"""Every stream of pictures that a recording may hold."""

ASKED: Final = "asked"
"""The condition of a recorder that keeps the last seconds until the window asks for them."""


class Codec(StrEnum):
    """How pixels are stored."""

    JPEG = "jpeg"
    PNG = "png"
    RAW = "raw"


class Codecs(msgspec.Struct, frozen=True):
    """How each kind of picture is stored. Counts are never stored with loss."""

    visible: Codec = Codec.JPEG
    counts: Codec = Codec.PNG
    jpeg_quality: int = 90

    def of(self, stream: str) -> Codec:
        """The codec of a stream."""
        return self.visible if stream == "visible" else self.counts


_DEFAULT: Final = RecordingConfig()


class RecordSettingsError(CorefusionError):
    """An order to record that does not parse; says what was wanted."""


class RecordSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The order to record.

    `output` that ends in .mcap becomes one file, any other a folder of segments. With `when`,
    nothing is kept until one of these conditions holds; then also the `before_s` seconds before it,
    and all that follows until none has held for `after_s` seconds. With `every_s`, one set of
    frames is kept per so many seconds. Segments of `family`, the name as it was typed, are kept for
    `keep_days` and up to `keep_mb` together; 0 keeps them all. What other recordings of its family
    left unfinished is completed beside it, with `take` that of others a window made in its folder.
    """

    output: str
    recording: str
    family: str = ""
    streams: tuple[str, ...] = STREAMS
    codecs: Codecs = Codecs()
    segment_s: float = _DEFAULT.segment_s
    segment_mb: float = _DEFAULT.segment_mb
    warn_mb: float = _DEFAULT.warn_mb
    stop_mb: float = _DEFAULT.stop_mb
    queue_mb: float = _DEFAULT.queue_mb
    keep_days: float = _DEFAULT.keep_days
    keep_mb: float = _DEFAULT.keep_mb
    when: tuple[str, ...] = ()
    before_s: float = 0.0
    after_s: float = 10.0
    every_s: float = 0.0
    take: bool = False

    @classmethod
    def ordered(
        cls,
        output: Path,
        *,
        streams: str,
        segment: str | None,
        when: list[str],
        before: str,
        after: str,
        every: str | None = None,
        config: RecordingConfig = _DEFAULT,
    ) -> Self:
        """Reads an order as it is typed: `10s`, `5min`, `500MB`, `visible,thermal`.

        Raises:
            PathError: the output's name, or that of a folder above it, is not UTF-8.
            RecordSettingsError: an amount or a stream that is none; says what was wanted.
        """
        names = tuple(name.strip() for name in streams.split(","))
        for name in names:
            if name not in STREAMS:
                raise RecordSettingsError(
                    f"--streams {name:.40}: some of {', '.join(STREAMS)} wanted"
                )
        every_s = 0.0 if every is None else _interval(every, names, when)
        segment_s, segment_mb = config.segment_s, config.segment_mb
        if segment is not None:
            number, unit = _amount("--segment", segment, {**_SECONDS, **_MEGABYTES})
            if not number:
                raise RecordSettingsError(f"--segment {segment}: more than nothing wanted")
            if unit in _MEGABYTES:
                segment_mb = number
            else:
                segment_s = number
        target = _absolute(output)
        check_name(target)
        return cls(
            output=str(target),
            recording=_recording_of(target),
            family=target.name,
            streams=names,
            codecs=Codecs(visible=Codec(config.visible), jpeg_quality=config.jpeg_quality),
            warn_mb=config.warn_mb,
            stop_mb=config.stop_mb,
            queue_mb=config.queue_mb,
            keep_days=config.keep_days,
            keep_mb=config.keep_mb,
            when=tuple(when),
            before_s=_amount("--pre-trigger", before, _SECONDS)[0],
            after_s=_amount("--post-trigger", after, _SECONDS)[0],
            every_s=every_s,
            segment_s=segment_s,
            segment_mb=segment_mb,
        )

    def at(self, output: Path) -> Self:
        """The same order, recorded to another place of its family."""
        return msgspec.structs.replace(self, output=str(output), recording=_recording_of(output))


def _recording_of(output: Path) -> str:
    """What the segments of a recording share, and no other has."""
    return f"{output.stem}-{uuid.uuid4().hex[:8]}"


def _absolute(output: Path) -> Path:
    """The whole path, its last name as it was typed: that says whether a file is wanted."""
    path = output.expanduser()
    if path.name in ("", ".."):
        return path.resolve()
    return path.parent.resolve() / path.name


_SHORTEST_S = 0.1
_SECONDS = {"s": 1.0, "min": 60.0, "h": 3600.0}
_MEGABYTES = {"MB": 1.0, "GB": 1000.0}


def _interval(text: str, streams: tuple[str, ...], when: list[str]) -> float:
    every_s = _amount("--interval", text, _SECONDS)[0]
    if every_s < _SHORTEST_S:
        raise RecordSettingsError(f"--interval {text}: {_SHORTEST_S:g}s or longer wanted")
    if when:
        raise RecordSettingsError("--interval and --trigger: one of them wanted, both came")
    if "sr" not in streams:
        raise RecordSettingsError(
            f"--interval {text}: a set of frames is found by its result, so --streams with sr "
            f"wanted; {','.join(streams)} came"
        )
    return every_s


def _amount(option: str, text: str, units: dict[str, float]) -> tuple[float, str]:
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]+)", text.strip())
    if found is None or found[2] not in units:
        raise RecordSettingsError(
            f"{option} {text:.40}: a number and one of {', '.join(units)} wanted"
        )
    amount = float(found[1]) * units[found[2]]
    if amount > LARGEST:
        raise RecordSettingsError(f"{option} {text:.40}: {LARGEST:.0f} at most wanted")
    return amount, found[2]
