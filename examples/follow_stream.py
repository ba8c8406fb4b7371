"""Follows the super-resolved stream of a run, and prints the hottest pixel of every frame.

corefusion live
python examples/follow_stream.py
"""

import sys

from streamer.messages import SuperResolvedFrame
from streamer.runtime.connection_file import find_run
from streamer.transport import Endpoint, Policy, Subscriber

wanted = int(sys.argv[1]) if len(sys.argv) > 1 else None  # frames; None: until Ctrl-C

seen = 0
with Subscriber(find_run(), Endpoint.SR, Policy.LATEST) as results:
    while wanted is None or seen < wanted:
        frame = results.receive(timeout_ms=1000)  # None: nothing came in a second
        if not isinstance(frame, SuperResolvedFrame):
            continue
        seen += 1
        hottest = float(frame.pixels.max())
        if frame.radiometry is None:  # the camera does not say what its counts mean
            print(frame.sequence, frame.mode, f"{hottest:.0f} counts", flush=True)
        else:
            celsius = frame.radiometry.celsius(hottest)
            print(frame.sequence, frame.mode, f"{celsius:.1f} degrees Celsius", flush=True)
