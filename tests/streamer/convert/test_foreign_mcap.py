"""MCAP files of other programs: image topics of ROS 2 and Foxglove become a recording."""

import base64
import struct
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from foxglove_schemas_protobuf.CompressedImage_pb2 import CompressedImage
from foxglove_schemas_protobuf.RawImage_pb2 import RawImage
from hypothesis import given, settings
from hypothesis import strategies as st
from mcap.writer import CompressionType, Writer

from streamer.config.loading import load_config
from streamer.convert.foreign_mcap import import_mcap, is_mcap
from streamer.recording import RecordingError, RecordingReader
from streamer.thermal.validity import valid_pixels
from tests.support.pictures import ramp

BEGAN = 1_760_000_000_000_000_000
PERIOD = 111_111_111
ROS, ROS_COMPRESSED = "sensor_msgs/msg/Image", "sensor_msgs/msg/CompressedImage"
THERMAL = [(29000 + 7 * np.arange(48 * 64).reshape(48, 64) + 11 * i) % 65536 for i in range(4)]
THERMAL = [picture.astype(np.uint16) for picture in THERMAL]
VISIBLE = [np.dstack([np.full((24, 32), value) for value in (10, 20 * i, 200)]) for i in range(4)]
VISIBLE = [picture.astype(np.uint8) for picture in VISIBLE]


class Cdr:
    """Writes CDR, little or big endian."""

    def __init__(self, order: str = "<") -> None:
        self.order, self.data = order, b""

    def put(self, kind: str, value: int) -> "Cdr":
        self.data += b"\0" * (-len(self.data) % struct.calcsize(kind))
        self.data += struct.pack(self.order + kind, value)
        return self

    def array(self, data: bytes) -> "Cdr":
        self.put("I", len(data)).data += data
        return self

    def text(self, text: str) -> "Cdr":
        return self.array(text.encode() + b"\0")

    def stamp(self, at_ns: int, frame: str = "cam") -> "Cdr":
        return self.put("i", at_ns // 10**9).put("I", at_ns % 10**9).text(frame)

    def done(self) -> bytes:
        return b"\0" + (b"\1" if self.order == "<" else b"\0") + b"\0\0" + self.data


def ros(pixels, encoding, at_ns, *, order="<", big=False, padding=0, frame="cam") -> bytes:
    rows = pixels.astype(pixels.dtype.newbyteorder(">" if big else "<"))
    lines = [row.tobytes() + b"\xaa" * padding for row in rows]
    cdr = Cdr(order).stamp(at_ns, frame).put("I", pixels.shape[0]).put("I", pixels.shape[1])
    return cdr.text(encoding).put("B", big).put("I", len(lines[0])).array(b"".join(lines)).done()


def ros_compressed(pixels, suffix, at_ns) -> bytes:
    data = cv2.imencode(suffix, pixels)[1].tobytes()
    return Cdr().stamp(at_ns).text(suffix[1:]).array(data).done()


def written(path: Path, topics: dict[str, tuple[str, str, list[bytes]]], **options) -> Path:
    """topic -> schema, encoding, messages; taken and logged at the same moment."""
    with path.open("wb") as file:
        writer = Writer(file, **options)
        writer.start(profile="ros2")
        channels = {
            topic: writer.register_channel(
                topic, encoding, writer.register_schema(schema, "ros2msg", b"")
            )
            for topic, (schema, encoding, _) in topics.items()
        }
        longest = max(len(messages) for _, _, messages in topics.values())
        for index in range(longest):
            for topic, (_, _, messages) in topics.items():
                if index < len(messages):
                    at = BEGAN + index * PERIOD
                    writer.add_message(channels[topic], at + 5_000_000, messages[index], at)
        writer.finish()
    return path


def at(index: int) -> int:
    return BEGAN + index * PERIOD


def imported(source: Path, config=None, **topics: str):
    output = source.with_name("out.mcap")
    done = import_mcap(source, output, config or load_config(), topics)
    reader = RecordingReader(done.path)
    found: dict[str, list] = {}
    for message, _ in reader.read(("visible", "thermal")):
        found.setdefault(message.stream, []).append(message)
    return done, reader, found


def thermal_ros() -> tuple[str, str, list[bytes]]:
    return ROS, "cdr", [ros(one, "mono16", at(i)) for i, one in enumerate(THERMAL)]


def visible_ros() -> tuple[str, str, list[bytes]]:
    pictures = [one[..., ::-1] for one in VISIBLE]
    return ROS, "cdr", [ros(one, "rgb8", at(i)) for i, one in enumerate(pictures)]


def test_topics_of_ros_are_found_by_schema_and_name(tmp_path: Path) -> None:
    source = written(
        tmp_path / "a.mcap",
        {
            "/rosout": ("rcl_interfaces/msg/Log", "cdr", [b"\0\1\0\0"]),
            "/camera/color/image_raw": visible_ros(),
            "/camera/color/image_raw/compressed": (
                ROS_COMPRESSED, "cdr",
                [ros_compressed(one, ".jpg", at(i)) for i, one in enumerate(VISIBLE)],
            ),
            "/lwir/image_raw": thermal_ros(),
        },
    )  # fmt: skip
    config = load_config(None, ["capture.thermal.gain_k=0.01"])
    done, reader, found = imported(source, config)
    assert done.words().endswith("out.mcap: 4 thermal, 4 visible")
    for stream, wanted in (("thermal", THERMAL), ("visible", VISIBLE)):
        assert len(found[stream]) == 4
        for message, picture in zip(found[stream], wanted, strict=True):
            if stream == "thermal":
                assert np.array_equal(message.pixels, picture)
            else:  # stored as JPEG
                assert np.abs(message.pixels.astype(int) - picture).max() < 12
    times = [message.timestamp_ns + reader.info.wall_offset_ns for message in found["thermal"]]
    assert times == [at(index) for index in range(4)]
    assert reader.info.cameras["thermal"].rate_hz == pytest.approx(9.0)
    assert found["thermal"][0].radiometry.gain_k == 0.01


@pytest.mark.parametrize("encoding", ["protobuf", "json"])
@pytest.mark.parametrize("compressed", [True, False])
def test_topics_of_foxglove(tmp_path: Path, encoding: str, compressed: bool) -> None:
    def message(pixels, layout: str, index: int) -> bytes:
        png = cv2.imencode(".png", pixels)[1].tobytes()
        fields = {"format": "png", "data": png} if compressed else {
            "width": pixels.shape[1], "height": pixels.shape[0], "encoding": layout,
            "step": pixels[0].nbytes, "data": pixels.tobytes(),
        }  # fmt: skip
        if encoding == "json":
            fields["data"] = base64.b64encode(fields["data"]).decode()
            stamp = {"sec": at(index) // 10**9, "nsec": at(index) % 10**9}
            return msgspec.json.encode({"timestamp": stamp, "frame_id": "", **fields})
        image = (CompressedImage if compressed else RawImage)(**fields)
        image.timestamp.FromNanoseconds(at(index))
        return image.SerializeToString()

    schema = "foxglove.CompressedImage" if compressed else "foxglove.RawImage"
    source = written(
        tmp_path / "a.mcap",
        {
            "/one": (schema, encoding, [message(p, "mono16", i) for i, p in enumerate(THERMAL)]),
            "/two": (schema, encoding, [message(p, "bgr8", i) for i, p in enumerate(VISIBLE)]),
        },
        compression=CompressionType.LZ4,
    )
    _, _, found = imported(source)  # by their depth: neither name says anything
    assert len(found["visible"]) == 4
    assert all(map(np.array_equal, [one.pixels for one in found["thermal"]], THERMAL))
    assert found["thermal"][0].radiometry is None


@settings(max_examples=40)
@given(
    height=st.integers(1, 9),
    width=st.integers(1, 9),
    kind=st.sampled_from((("mono16", "u2"), ("16UC1", "u2"), ("mono8", "u1"), ("8UC1", "u1"))),
    order=st.sampled_from("<>"),
    big=st.booleans(),
    padding=st.integers(0, 5),
    frame=st.text("abc/_é", max_size=9),
    seed=st.integers(0, 999),
)
def test_every_bit_of_a_plain_image_is_kept(
    tmp_path_factory, height, width, kind, order, big, padding, frame, seed
) -> None:
    encoding, dtype = kind
    top = 2 ** (8 * np.dtype(dtype).itemsize)
    pixels = np.random.default_rng(seed).integers(0, top, (height, width)).astype(dtype)
    message = ros(pixels, encoding, BEGAN, order=order, big=big, padding=padding, frame=frame)
    folder = tmp_path_factory.mktemp("plain")
    source = written(folder / "a.mcap", {"/thermal": (ROS, "cdr", [message])})
    _, _, found = imported(source)
    assert np.array_equal(found["thermal"][0].pixels, pixels)


def test_what_is_unclear_is_asked_for(tmp_path: Path) -> None:
    source = written(
        tmp_path / "a.mcap",
        {"/left/ir": thermal_ros(), "/right/ir": thermal_ros(), "/color": visible_ros()},
    )
    with pytest.raises(RecordingError, match="--thermal-topic wanted, of: /left/ir, /right/ir"):
        imported(source)
    with pytest.raises(RecordingError, match="no topic of images; there are: /color, /left/ir"):
        imported(source, thermal="/ir")
    done, _, _ = imported(source, thermal="/right/ir")
    assert done.frames == {"thermal": 4, "visible": 4}
    only = written(tmp_path / "b.mcap", {"/color": visible_ros()})
    with pytest.raises(RecordingError, match="no topic of images is thermal"):
        imported(only)


def test_what_is_no_heat_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    source = written(tmp_path / "a.mcap", {"/thermal": visible_ros()})
    config = load_config(None, ["capture.thermal.gain_k=0.01"])
    with pytest.raises(RecordingError, match=r"4 of 4 thermal pictures are lost.*in colour"):
        imported(source, config)
    odd = [ros(one, "bayer_rggb16", at(i)) for i, one in enumerate(THERMAL)]
    source = written(tmp_path / "b.mcap", {"/thermal": (ROS, "cdr", odd)})
    with pytest.raises(RecordingError, match="bayer_rggb16"):
        imported(source)
    short = [message[:-9] for message in thermal_ros()[2]]
    source = written(tmp_path / "c.mcap", {"/thermal": (ROS, "cdr", short)})
    with pytest.raises(RecordingError, match="ends too early"):
        imported(source)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mcap", "b.mcap", "c.mcap"]
    assert is_mcap(source)


def test_what_is_left_out_is_in_the_file_and_nan_is_no_reading(tmp_path: Path) -> None:
    degrees = [20 + ramp(np.float32, 24, 32) / 100 + index for index in range(12)]
    degrees[0][3, 4] = np.nan
    messages = [ros(one, "32FC1", at(i)) for i, one in enumerate(degrees)]
    messages[7] = messages[7][:-9]
    source = written(tmp_path / "a.mcap", {"/thermal": (ROS, "cdr", messages)})
    done, reader, found = imported(source)
    assert done.losses.counts == reader.info.left_out == {"undecodable": 1}
    first = found["thermal"][0]
    valid = valid_pixels(first.pixels)
    assert valid is not None
    assert np.argwhere(~valid).tolist() == [[3, 4]]
    assert first.radiometry.celsius(float(first.pixels[0, 0])) == pytest.approx(20, abs=0.01)
