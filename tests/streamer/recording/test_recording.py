"""Recordings as they should be: what is written comes back, and other tools can open it."""

import os
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from foxglove_schemas_protobuf.CompressedImage_pb2 import CompressedImage
from foxglove_schemas_protobuf.RawImage_pb2 import RawImage
from mcap.reader import make_reader
from mcap_protobuf.decoder import DecoderFactory

from streamer.clock import StreamNs
from streamer.locks import is_held
from streamer.measuring.shapes import Spot
from streamer.measuring.tool_set import ToolSet
from streamer.messages import CalibrationChange, Frame, ModeChange, TimelineEvent
from streamer.recording import (
    Codec,
    Codecs,
    RecordingError,
    RecordingInfo,
    RecordingReader,
    RecordingWriter,
    SegmentWriter,
    TimestampedMessage,
)
from tests.support.recordings import (
    INFO,
    MS,
    OFFSET,
    PERIOD,
    START,
    as_plain,
    messages,
    record,
    recorded,
    result,
    session,
    thermal,
    visible,
)

LOSSLESS = [Codecs(Codec.PNG, Codec.PNG), Codecs(Codec.RAW, Codec.RAW)]


def info_with(codecs: Codecs) -> RecordingInfo:
    return RecordingInfo(
        **{**{f: getattr(INFO, f) for f in INFO.__struct_fields__}, "codecs": codecs}
    )


def test_everything_comes_back_in_the_order_it_came(tmp_path: Path) -> None:
    reader = RecordingReader(recorded(tmp_path / "a.mcap"))
    assert reader.info == INFO
    assert reader.complete
    assert reader.damage == []
    assert reader.streams == ("visible", "thermal", "truth", "sr")
    given, got = list(messages(30)), list(reader.read())
    assert [one.arrived_ns for one in got] == [one.arrived_ns for one in given]
    assert [as_plain(one.message) for one in got] == [as_plain(one.message) for one in given]
    assert (reader.start_ns, reader.end_ns) == (given[0].arrived_ns, given[-1].arrived_ns)


def test_it_has_the_tools_that_were_there_last(tmp_path: Path) -> None:
    tools = ToolSet(tools=(Spot(name="motor", points=((0.5, 0.5),)),), reference="motor")
    plain = msgspec.to_builtins(tools)
    described = msgspec.structs.replace(INFO, measuring=plain)
    assert RecordingReader(recorded(tmp_path / "a.mcap", 5, described)).tools == tools
    assert RecordingReader(recorded(tmp_path / "b.mcap", 5)).tools is None
    plain["tools"][0]["kind"] = "star"  # of a later version
    reader = RecordingReader(recorded(tmp_path / "c.mcap", 5, described))
    assert reader.tools is None
    assert len(list(reader.read(("thermal",)))) == 5


def test_the_visible_is_nearly_the_same_and_its_array_is_not_writable(tmp_path: Path) -> None:
    got = next(iter(RecordingReader(recorded(tmp_path / "a.mcap")).read(("visible",)))).message
    assert isinstance(got, Frame)
    assert cv2.PSNR(got.pixels, visible(0).pixels) > 30
    assert not got.pixels.flags.writeable


@pytest.mark.parametrize("codecs", LOSSLESS)
def test_a_lossless_codec_loses_nothing(tmp_path: Path, codecs: Codecs) -> None:
    path = recorded(tmp_path / "a.mcap", 5, info_with(codecs))
    pairs = zip(RecordingReader(path).read(), messages(5), strict=True)
    for got, given in pairs:
        if isinstance(given.message, Frame):
            np.testing.assert_array_equal(got.message.pixels, given.message.pixels)


@pytest.mark.parametrize(
    ("codecs", "kinds"),
    [
        (Codecs(), {"visible": CompressedImage, "thermal": CompressedImage}),
        (Codecs(Codec.RAW, Codec.RAW), {"visible": RawImage, "thermal": RawImage}),
    ],
)
def test_public_tools_read_it(tmp_path: Path, codecs: Codecs, kinds: dict[str, type]) -> None:
    path = recorded(tmp_path / "a.mcap", 12, info_with(codecs))
    seen = []
    with path.open("rb") as file:
        reader = make_reader(file, validate_crcs=True, decoder_factories=[DecoderFactory()])
        summary = reader.get_summary()
        assert summary is not None
        assert summary.statistics is not None
        topics = {channel.topic for channel in summary.channels.values()}
        assert {"/visible/image", "/thermal/image", "/truth/image", "/sr/image", "/log"} <= topics
        images = [topic for topic in topics if topic.endswith("/image")]
        for schema, channel, message, image in reader.iter_decoded_messages(topics=images):
            assert schema is not None
            stream = channel.topic.split("/")[1]
            index = sum(one == stream for one in seen)
            seen.append(stream)
            original = {"visible": visible, "thermal": thermal, "sr": result}.get(
                stream, lambda i: thermal(i, "truth")
            )(index)
            assert schema.name == f"foxglove.{type(image).__name__}"
            assert (
                type(image).DESCRIPTOR.full_name
                == kinds.get(stream, kinds["thermal"]).DESCRIPTOR.full_name
            )
            assert image.frame_id == stream
            assert image.timestamp.ToNanoseconds() == original.timestamp_ns + OFFSET
            assert message.sequence == original.sequence % 2**32
            if stream == "visible":
                continue
            if type(image).__name__ == "RawImage":
                assert (image.encoding, image.step) == ("mono16", 2 * original.pixels.shape[1])
                pixels = np.frombuffer(image.data, "<u2").reshape(image.height, image.width)
            else:
                assert image.format == "png"
                pixels = cv2.imdecode(np.frombuffer(image.data, np.uint8), cv2.IMREAD_UNCHANGED)
            np.testing.assert_array_equal(pixels, original.pixels)
    assert sorted(set(seen)) == ["sr", "thermal", "truth", "visible"]
    assert len(seen) == 48


def test_times_are_those_of_arrival_publication_and_capture(tmp_path: Path) -> None:
    with recorded(tmp_path / "a.mcap", 3).open("rb") as file:
        for _, _, message in make_reader(file).iter_messages(topics=["/sr/header"]):
            original = result(message.sequence)
            assert message.publish_time == original.published_ns + OFFSET
            assert message.log_time == START + message.sequence * PERIOD + 16 * MS + OFFSET


def test_a_part_by_stream_and_time(tmp_path: Path) -> None:
    reader = RecordingReader(recorded(tmp_path / "a.mcap"))
    start, end = START + 10 * PERIOD, START + 12 * PERIOD
    got = [one.message.sequence for one in reader.read(("visible",), start, end)]
    assert got == [10, 11]
    kinds = [type(one.message) for one in reader.read(("log",))]
    assert kinds == [ModeChange, TimelineEvent] * 3
    first = next(one.message for one in reader.read(("session",)))
    assert first == session(START + 4 * PERIOD + 8 * MS)


def test_the_newest_of_each_stream_at_a_moment(tmp_path: Path) -> None:
    reader = RecordingReader(recorded(tmp_path / "a.mcap"))
    found = reader.newest(START + 20 * PERIOD + 6 * MS)
    got = {
        "sr" if not isinstance(one.message, Frame) else one.message.stream: one.message
        for one in found
    }
    assert got["visible"].sequence == 20
    assert got["thermal"].sequence == 2**33 + 20
    assert got["sr"].sequence == 19
    assert reader.newest(START - 1) == []


def test_what_it_holds_is_known_at_once_and_when_counted_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    given = [one for one in messages(30) if getattr(one.message, "sequence", None) != 3]
    record(RecordingWriter(path, INFO), given)
    reader = RecordingReader(path)
    tally = reader.tally()
    assert tally == reader.tally(verify=True)
    assert tally.modes == {"guided": 14, "thermal_only": 15}
    one = tally.streams["visible"]
    assert (one.messages, one.gaps) == (29, 1)
    assert (one.first_ns, one.last_ns) == (START, START + 29 * PERIOD)
    assert one.bytes > 0
    assert one.rate_hz() == pytest.approx(28 / (29 * PERIOD / 1e9))


def test_it_has_another_name_until_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    writer = RecordingWriter(path, INFO)
    assert [one.name for one in tmp_path.iterdir()] == ["a.mcap.part"]
    record(writer, messages(2))
    assert [one.name for one in tmp_path.iterdir()] == ["a.mcap"]
    assert writer.path == path
    writer.close()


def test_an_unfinished_one_opens_and_lacks_at_most_the_open_chunk(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path / "a.mcap", INFO)
    for message, arrived_ns in messages(60):
        writer.write(message, arrived_ns)
    reader = RecordingReader(tmp_path / "a.mcap.part")
    assert not reader.complete
    got = list(reader.read())
    assert [one.arrived_ns for one in got] == [one.arrived_ns for one in messages(60)][: len(got)]
    assert START + 59 * PERIOD - got[-1].arrived_ns < 300 * MS
    assert reader.tally().streams["thermal"].messages >= 50
    writer.tick(START + 59 * PERIOD + 400 * MS)
    assert len(list(RecordingReader(tmp_path / "a.mcap.part").read())) == len(list(messages(60)))
    writer.close()


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_nobody_else_may_read_it(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        recorded(tmp_path / "a.mcap", 3)
        record(SegmentWriter(tmp_path / "s", INFO, segment_s=0.05), messages(6))
    finally:
        os.umask(before)
    files = [tmp_path / "a.mcap", *(tmp_path / "s").iterdir()]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_it_is_in_use_until_it_has_its_name(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path / "a.mcap", INFO)
    assert is_held(tmp_path / "a.mcap.part")
    record(writer, messages(3))
    assert not is_held(tmp_path / "a.mcap")


def test_no_name_is_written_over(tmp_path: Path) -> None:
    path = recorded(tmp_path / "a.mcap", 2)
    before = path.read_bytes()
    with pytest.raises(RecordingError, match=r"a\.mcap exists already"):
        RecordingWriter(path, INFO)
    writer = RecordingWriter(tmp_path / "b.mcap", INFO)
    with pytest.raises(RecordingError, match=r"b\.mcap\.part exists already"):
        RecordingWriter(tmp_path / "b.mcap", INFO)
    (tmp_path / "b.mcap").write_bytes(b"came meanwhile")
    for message, arrived_ns in messages(3):
        writer.write(message, arrived_ns)
    with pytest.raises(RecordingError, match="name it was to get has been taken"):
        writer.close()
    assert (tmp_path / "b.mcap").read_bytes() == b"came meanwhile"
    assert len(list(RecordingReader(writer.path).read(("sr",)))) == 3
    assert path.read_bytes() == before


def test_a_folder_that_is_missing_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"the folder .*nowhere does not exist"):
        RecordingWriter(tmp_path / "nowhere" / "a.mcap", INFO)


def test_segments_each_stand_alone_and_together_are_the_whole(tmp_path: Path) -> None:
    folder = tmp_path / "yard"
    writer = SegmentWriter(folder, INFO, segment_s=0.3)
    record(writer, messages(30))
    files = sorted(folder.iterdir())
    assert [path.name for path in files] == [f"yard_{n:04}.mcap" for n in range(4)]
    assert writer.size_bytes == pytest.approx(sum(path.stat().st_size for path in files), rel=0.05)
    whole = RecordingReader(folder)
    assert whole.segments == 4
    assert whole.complete
    assert [as_plain(one.message) for one in whole.read()] == [
        as_plain(one.message) for one in messages(30)
    ]
    second = RecordingReader(files[1])
    assert second.info.segment == 1
    assert second.info.config == INFO.config
    assert len(list(second.read(("sr",)))) >= 9
    assert whole.tally().streams["sr"].messages == 30
    assert whole.tally().streams["sr"].gaps == 0
    assert whole.newest(START + 15 * PERIOD + 20 * MS)
    with pytest.raises(RecordingError, match="holds a recording already"):
        SegmentWriter(folder, INFO, segment_s=1)


def test_each_segment_says_how_its_cameras_are_lined_up(tmp_path: Path) -> None:
    folder = tmp_path / "yard"
    change = CalibrationChange(StreamNs(START + 1), {"method": "hand"})
    given = list(messages(30))
    given.insert(1, TimestampedMessage(change, given[0].arrived_ns))
    record(SegmentWriter(folder, INFO, segment_s=0.3), given)
    files = sorted(folder.iterdir())
    assert len(files) == 4
    assert [RecordingReader(file).calibrations() for file in files] == [[change]] * 4
    assert [RecordingReader(file).start_ns for file in files][1] > given[1].arrived_ns


def test_segments_by_size(tmp_path: Path) -> None:
    writer = SegmentWriter(tmp_path / "s", INFO, segment_s=3600, segment_bytes=30_000)
    record(writer, messages(60))
    assert len(list((tmp_path / "s").iterdir())) > 2


def test_a_lost_segment_is_said_and_frames_between_are_gaps(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    record(SegmentWriter(folder, INFO, segment_s=0.3), messages(30))
    (folder / "s_0001.mcap").unlink()
    reader = RecordingReader(folder)
    assert reader.damage == [f"segment 1 of {folder} is missing"]
    tally = reader.tally().streams["sr"]
    assert tally.messages + tally.gaps == 30


def test_a_device_is_there_but_no_recording() -> None:
    with pytest.raises(RecordingError, match="/dev/null is a device, a pipe or a socket"):
        RecordingReader(Path("/dev/null"))
