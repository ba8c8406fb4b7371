"""Whether the sources of a run may begin: nobody who is to see their first frame is missing."""

from streamer.messages import ProcessState, Status, captured_stream
from streamer.supervision.processes.supervisor import WORKERS


def may_begin(name: str, status: Status | None) -> bool:
    """Whether sources whose frames can wait need not wait for this process any longer.

    Args:
        name: of the process.
        status: its newest heartbeat, if there was one.
    """
    if status is None:
        return False
    in_place = status.state in (ProcessState.READY, ProcessState.RUNNING)
    if captured_stream(name) is not None:
        if status.camera is None:  # a camera that is absent is not waited for
            return status.state is not ProcessState.STARTING
        return status.camera.live or in_place
    return in_place if name in WORKERS else status.state is not ProcessState.STARTING
