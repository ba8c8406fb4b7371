"""A recorder stand-in to be killed: writes frames at 100 Hz until it dies, telling each one."""

import sys
import time
from pathlib import Path

from streamer.recording import RecordingInfo, RecordingWriter, SegmentWriter
from tests.support.recordings import thermal, visible


def main() -> None:
    path = Path(sys.argv[1])
    info = RecordingInfo(recording="killed", wall_offset_ns=time.time_ns() - time.monotonic_ns())
    if path.suffix:
        writer: RecordingWriter | SegmentWriter = RecordingWriter(path, info)
    else:
        writer = SegmentWriter(path, info, segment_s=0.4)
    index = 0
    while True:
        for frame in (visible(index), thermal(index)):
            writer.write(frame, time.monotonic_ns())
        print(index, time.monotonic_ns(), flush=True)  # noqa: T201 - to the test
        index += 1
        time.sleep(0.01)


if __name__ == "__main__":
    main()
