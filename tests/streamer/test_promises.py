"""What release 0.1.0 wrote opens as it did: wire messages, recordings, reports, configurations."""

import hashlib

import msgspec
import numpy as np

from streamer.config.loading import load_config
from streamer.config.schema import Config
from streamer.messages import decode, encode
from streamer.recording import RecordingReader
from streamer.recording.summary import summarise
from streamer.supervision.report import Report
from tests.support.paths import ROOT

OLD = ROOT / "tests" / "data" / "0.1"


def plain(value):
    """As JSON has it; of pixels only type and shape."""
    return msgspec.json.decode(
        msgspec.json.encode(value, enc_hook=lambda pixels: [pixels.dtype.name, *pixels.shape])
    )


def old_json(name: str):
    return msgspec.json.decode((OLD / name).read_bytes())


def holds(new, old) -> bool:
    """Whether everything that was there is there, and the same; more may have come."""
    if isinstance(old, dict):
        return isinstance(new, dict) and all(
            key in new and holds(new[key], value) for key, value in old.items()
        )
    return new == old


def test_wire_messages_are_read() -> None:
    data, fields = (OLD / "wire.bin").read_bytes(), old_json("wire.json")
    for old in fields:
        length = int.from_bytes(data[:4], "little")
        message = decode(data[4 : 4 + length])
        assert holds(plain(message), old)
        assert holds(plain(decode(encode(message))), old)
        data = data[4 + length :]
    assert len(fields) == 7
    assert data == b""


def test_every_message_of_a_recording_is_as_it_was() -> None:
    """Counts are stored without loss; JPEGs are left out: decoders differ in the last bit."""
    reader = RecordingReader(OLD / "recording.mcap")
    new = list(reader.read(("visible", "thermal", "sr", "log", "session")))
    for (message, arrived_ns), (old_arrived_ns, fields, pixels) in zip(
        new, old_json("messages.json"), strict=True
    ):
        assert arrived_ns == old_arrived_ns
        assert holds(plain(message), fields)
        if pixels is not None:
            assert hashlib.sha256(np.ascontiguousarray(message.pixels)).hexdigest() == pixels


def test_a_recording_is_summed_up_as_it_was() -> None:
    summary, reader = summarise(OLD / "recording.mcap")
    old = old_json("info.json")
    del old["file"]
    assert holds(plain(summary), old)
    assert reader.info.software == "corefusion-live 0.1.0"


def test_a_report_has_every_key_it_had() -> None:
    old = old_json("replay.json")
    assert holds(plain(msgspec.convert(old, Report)), old)


def test_a_configuration_means_what_it_meant() -> None:
    assert load_config(OLD / "config.yaml") == Config()
