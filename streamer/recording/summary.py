"""What `corefusion info` tells of a recording."""

from datetime import datetime
from pathlib import Path

import msgspec
from rich.table import Table

from streamer.clock import NS_PER_S
from streamer.recording import STREAMS, RecordingReader
from streamer.recording.statistics import StreamStatistics
from streamer.terminal.console import PlainConsole


class StreamSummary(msgspec.Struct, frozen=True):
    """One stream of pictures; times are capture times.

    Attributes:
        messages: pictures.
        first_ns: the oldest.
        last_ns: the newest.
        rate_hz: pictures a second; None below two.
        gaps: pictures that are missing between them.
        bytes: as stored.
    """

    messages: int
    first_ns: int
    last_ns: int
    rate_hz: float | None
    gaps: int
    bytes: int


class RecordedChange(msgspec.Struct, frozen=True):
    """From when on another network made the results.

    Attributes:
        from_ns: capture time of its first result.
        model: its name.
        engine: what computed it.
        precision: what it computed in.
        views: mirrored views averaged.
        model_sha256: digest of its weights.
    """

    from_ns: int
    model: str
    engine: str
    precision: str
    views: int
    model_sha256: str | None


class RecordingSummary(msgspec.Struct, frozen=True):
    """What `corefusion info --json` prints. Times are nanoseconds since 1970, None if it is empty.

    Attributes:
        file: as it was named.
        complete: whether it was closed and nothing in it is damaged.
        segments: how many files.
        start_ns: capture time of the oldest picture.
        end_ns: capture time of the newest picture.
        duration_s: between the two.
        streams: each stream of pictures that it holds.
        modes: results by mode.
        model: the name of the network that it began with.
        engine: what computed it.
        precision: what it computed in.
        left_out: pictures of the files it was made from that are not in it, by cause.
        network_changes: which network made the results later, where that changed.
    """

    file: str
    complete: bool
    segments: int
    start_ns: int | None
    end_ns: int | None
    duration_s: float
    streams: dict[str, StreamSummary]
    modes: dict[str, int]
    model: str | None
    engine: str | None
    precision: str | None
    left_out: dict[str, int]
    network_changes: list[RecordedChange] | msgspec.UnsetType = msgspec.UNSET


def summarise(path: Path, *, verify: bool = False) -> tuple[RecordingSummary, RecordingReader]:
    """Opens a recording and says what is in it; the reader knows the damage.

    Args:
        path: a file, an unfinished one, or a folder of segments.
        verify: read all of it, instead of believing what was counted when it was written.

    Raises:
        RecordingError: it cannot be opened.
    """
    reader = RecordingReader(path)
    tallies = reader.tallies(verify=verify)
    tally = reader.total(each for each, _ in tallies)
    start_ns, end_ns = tally.start_ns(), tally.end_ns()
    length_ns = 0 if start_ns is None or end_ns is None else end_ns - start_ns

    def edges(name: str, stream: StreamStatistics) -> tuple[int, int]:
        """When a stream began and ended, each by the clock of the file it did so in."""
        files = [(each.streams[name], clock) for each, clock in tallies if name in each.streams]
        first = next(clock for each, clock in files if each.first_ns == stream.first_ns)
        last = next(clock for each, clock in files if each.last_ns == stream.last_ns)
        return first.wall_ns(stream.first_ns), last.wall_ns(stream.last_ns)

    found = {name: edges(name, stream) for name, stream in tally.streams.items()}
    summary = RecordingSummary(
        file=str(path),
        complete=reader.complete and not reader.damage,
        segments=reader.segments,
        start_ns=next(
            (found[name][0] for name, it in tally.streams.items() if it.first_ns == start_ns), None
        ),
        end_ns=next(
            (found[name][1] for name, it in tally.streams.items() if it.last_ns == end_ns), None
        ),
        duration_s=round(length_ns / NS_PER_S, 3),
        streams={
            name: StreamSummary(
                messages=stream.messages,
                first_ns=found[name][0],
                last_ns=found[name][1],
                rate_hz=None if (rate := stream.rate_hz()) is None else round(rate, 3),
                gaps=stream.gaps,
                bytes=stream.bytes,
            )
            for name, stream in sorted(
                tally.streams.items(), key=lambda item: STREAMS.index(item[0])
            )
        },
        modes=tally.modes,
        model=reader.info.model,
        engine=reader.info.engine,
        precision=reader.info.precision,
        left_out=reader.info.left_out,
        network_changes=[
            RecordedChange(
                reader.clock_at(change.timestamp_ns).wall_ns(change.timestamp_ns),
                *(change.network.model, change.network.engine, change.network.precision),
                *(change.network.views, change.network.model_sha256),
            )
            for change in reader.networks()
        ]
        or msgspec.UNSET,
    )
    return summary, reader


def print_summary(
    summary: RecordingSummary, reader: RecordingReader, console: PlainConsole
) -> None:
    """Prints it for a person."""
    info = reader.info
    facts = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    state = "complete" if summary.complete else "unfinished or damaged"
    parts = f", {summary.segments} segments" if summary.segments > 1 else ""
    facts.add_row("recording", f"{summary.file} ({state}{parts})")
    if summary.start_ns is not None:
        began = datetime.fromtimestamp(summary.start_ns / NS_PER_S).astimezone()
        facts.add_row("from", f"{began:%Y-%m-%d %H:%M:%S %Z}, {summary.duration_s:.1f} s")
    for stream, camera in info.cameras.items():
        if stream not in summary.streams:
            continue  # left out by another program, or nothing came
        size = f"{camera.width}x{camera.height} {camera.pixel_format}"
        facts.add_row(stream, f"{camera.name}, {size}, {camera.rate_hz:g} Hz")
    if summary.model is not None:
        digest = f" ({info.model_sha256[:12]})" if info.model_sha256 else ""
        threads = f", {info.threads} threads" if info.threads else ""
        views = f", {info.views} views" if info.views > 1 else ""
        engine = f"{summary.engine} {summary.precision}{threads}{views}"
        network = f"{summary.model}{digest} on {engine}"
        facts.add_row("network", network)
    for later in summary.network_changes or ():
        digest = f" ({later.model_sha256[:12]})" if later.model_sha256 else ""
        views = f", {later.views} views" if later.views > 1 else ""
        after_s = (later.from_ns - (summary.start_ns or later.from_ns)) / NS_PER_S
        network = f"{later.model}{digest} on {later.engine} {later.precision}{views}"
        facts.add_row(f"from {max(0.0, after_s):.1f} s", network)
    if summary.modes:
        facts.add_row("modes", ", ".join(f"{mode} {n}" for mode, n in summary.modes.items()))
    if summary.left_out:
        facts.add_row(
            "left out", ", ".join(f"{cause} {n}" for cause, n in summary.left_out.items())
        )
    if info.note:
        facts.add_row("note", info.note)
    for words in reader.damage:
        facts.add_row("damage", words)
    console.print(facts)
    table = Table("stream", box=None, padding=(0, 2, 0, 0))
    for heading in ("pictures", "rate", "missing", "MB"):
        table.add_column(heading, justify="right")
    for name, one in summary.streams.items():
        rate = "-" if one.rate_hz is None else f"{one.rate_hz:.2f} Hz"
        table.add_row(name, str(one.messages), rate, str(one.gaps), f"{one.bytes / 1e6:.1f}")
    console.print(table)
