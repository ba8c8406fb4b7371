"""Follows the super-resolved stream of a run, and prints the hottest pixel of every frame.

corefusion live --set transport.kind=tcp
python examples/follow_stream.py tcp://127.0.0.1:47800
"""

import sys

from streamer.messages import SuperResolvedFrame
from streamer.transport import Addresses, Endpoint, Policy, Subscriber

address = sys.argv[1] if len(sys.argv) > 1 else "tcp://127.0.0.1:47800"
wanted = int(sys.argv[2]) if len(sys.argv) > 2 else None  # frames; None: until Ctrl-C

seen = 0
with Subscriber(Addresses(address), Endpoint.SR, Policy.LATEST) as results:
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
