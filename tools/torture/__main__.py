"""Does to runs what nobody wishes them, and says what they did not stand: `make torture`.

A seed makes a campaign: the order of the tries, and everything in them that is left to chance. It
is printed first and last. A finding is repeated by `--seed N --only SCENARIO --index K`, as the
report says. The report is left in `.torture/`, as report.json and report.md, and the files of what
was found beside it. Exit code: 0 when nothing was found, 1 otherwise.
"""

import argparse
import fcntl
import random
import signal
import sys
from itertools import islice

from tools.torture.calibration import CalibrationError
from tools.torture.campaign import Campaign, possible
from tools.torture.plan import one_try, plan
from tools.torture.report import write_report
from tools.torture.runs.site import ROOT, Campsite
from tools.torture.scenarios import SCENARIOS

OUTPUT = ROOT / ".torture"


def _say(words: str) -> None:
    print(words, flush=True)


def main() -> int:
    """Runs what was asked for."""
    parser = argparse.ArgumentParser(prog="make torture", description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, help="of all that is left to chance; fresh without it")
    parser.add_argument("--minutes", type=float, default=15.0, help="ends after so long")
    parser.add_argument("--tries", type=int, help="or after so many")
    parser.add_argument("--only", metavar="NAMES", help="scenarios, with commas between them")
    parser.add_argument("--index", type=int, help="of --only one scenario: this try alone")
    parser.add_argument("--list", action="store_true", help="what there is")
    asked = parser.parse_args()
    names = asked.only.split(",") if asked.only else list(SCENARIOS)
    unknown = set(names) - set(SCENARIOS)
    if unknown:
        parser.error(f"{', '.join(sorted(unknown))}: some of {', '.join(SCENARIOS)} wanted")
    if asked.index is not None and len(names) != 1:
        parser.error("--index: one scenario with --only wanted")
    if asked.list:
        for name, scenario in SCENARIOS.items():
            missing = scenario.missing()
            print(f"{name:<15} {scenario.about}" + (f" (not here: {missing})" if missing else ""))
        return 0
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # each ends the campaign with its report; and no run inherits that they be ignored
        signal.signal(number, signal.default_int_handler)
    seed = random.SystemRandom().randrange(10**6) if asked.seed is None else asked.seed
    OUTPUT.mkdir(exist_ok=True)
    lock = (OUTPUT / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        parser.error(f"another campaign is under way in {OUTPUT}")
    _say(f"seed {seed}")
    shared = Campsite(OUTPUT)
    campaign = Campaign(seed, shared, _say)
    try:
        scenarios = possible({name: SCENARIOS[name] for name in names}, campaign.results)
        tries = plan(seed, scenarios)
        if asked.index is not None:
            tries = iter([one_try(seed, SCENARIOS[names[0]], asked.index)])
        if asked.tries is not None:
            tries = islice(tries, asked.tries)
        campaign.run(tries, asked.minutes * 60)
    except CalibrationError as error:
        _say(f"an undisturbed run already fails here: {error}")
        return 1
    finally:
        shared.close()
    _say(f"\n{write_report(campaign.results, OUTPUT)}")
    _say(f"seed {seed}; {OUTPUT / 'report.md'}")
    return int(bool(campaign.results.findings))


if __name__ == "__main__":
    sys.exit(main())
