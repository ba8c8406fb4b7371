"""Damage done to files on purpose, and what must hold of the reader whatever was done."""

from pathlib import Path

from hypothesis import strategies as st

from streamer.recording import RecordingError, RecordingReader, recover


def check_mutated(path: Path) -> None:
    """Whatever was done to a file: it opens and gives good messages, or one error; so recover."""
    try:
        reader = RecordingReader(path)
        for one in reader.read():
            assert one.message is not None
        reader.tally(verify=True)
    except RecordingError:
        pass
    try:
        done = recover(path)
    except RecordingError:
        return
    assert RecordingReader(done.path, lenient=True).complete
    done.path.unlink()


MUTATION = st.lists(
    st.tuples(
        st.sampled_from(["flip", "cut", "insert", "delete", "repeat", "zero"]),
        st.floats(0, 1),
        st.integers(0, 255),
    ),
    min_size=1,
    max_size=4,
)


def mutated(data: bytes, steps: list[tuple[str, float, int]]) -> bytes:
    for kind, share, value in steps:
        at = int(share * len(data))
        match kind:
            case "flip":
                changed = bytes(byte ^ (value or 1) for byte in data[at : at + 1])
                data = data[:at] + changed + data[at + 1 :]
            case "cut":
                data = data[:at]
            case "insert":
                data = data[:at] + bytes([value]) * (value + 1) + data[at:]
            case "delete":
                data = data[:at] + data[at + value + 1 :]
            case "repeat":
                data = data[:at] + data[at : at + 40 * value] + data[at:]
            case "zero":
                data = data[:at] + bytes(len(data[at : at + 8 * value])) + data[at + 8 * value :]
    return data
