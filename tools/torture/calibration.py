"""What an idle run needs on this host, measured before anything is done to one."""

import signal

from tools.torture.runs.kinds import LIVE
from tools.torture.runs.site import Campsite
from tools.torture.scenarios.strikes import Strike, Struck

_TRIES = 2


class CalibrationError(Exception):
    """Not even an undisturbed run does what it should here; says what it said."""


def calibrate(shared: Campsite) -> None:
    """Measures `Pace.idle_s`: the best of two runs.

    Raises:
        CalibrationError: a run did not start, come back or end.
    """
    idle_s: dict[str, float] = {}
    for number in range(_TRIES):
        site = shared.site(f"calibration-{number}")
        allowed_s = shared.pace.allowed_s("first result") * 4
        with site.start(*LIVE.arguments(site)) as run:
            run.wait_for_results(allowed_s, 0)
            evidence = run.evidence
            evidence.idle_s["first result"] = evidence.idle_s.get("a result", allowed_s)
            one = Struck(Strike("capture.thermal", 0.0, 0.0), run)
            one.wait_back(allowed_s)
            run.signal(run.pid, signal.SIGINT)
            evidence = run.finish(allowed_s, allowed_s)
        if evidence.hung or evidence.code != 0:
            raise CalibrationError(f"{evidence.hung} exit code {evidence.code}: {evidence.errors}")
        evidence.idle_s["back"] = one.back_s
        for what in ("first result", "back", "ended", "gone"):
            idle_s[what] = min(evidence.idle_s[what], idle_s.get(what, evidence.idle_s[what]))
        site.clear()
    shared.pace.idle_s = idle_s
