"""Runs `make test` under conditions that other machines have: `make test-anywhere`.

ARGS names conditions (none: all), `--again` repeats those that have passed this very state of the
checkout, `--list` says what there is. A condition that this host cannot make (no root, no
mmdebstrap, no time namespaces) is skipped with its reason and counts as not shown. Logs and
results.json are left in `.anywhere/`. Exit code: 0 when nothing failed, 1 otherwise.
"""

import argparse
import hashlib
import json
import os
import shutil
import signal
import sys
from dataclasses import asdict
from pathlib import Path

from tools.anywhere.bare_root import checkout_files
from tools.anywhere.conditions import CONDITIONS
from tools.anywhere.suite import OUTPUT, ROOT, Outcome, Session


def _state() -> str:
    """A digest of every file of the checkout, so that results are of this very state."""
    digest = hashlib.sha256()
    for name in sorted(checkout_files(ROOT)):
        digest.update(name.encode() + b"\0" + (ROOT / name).read_bytes())
    return digest.hexdigest()[:16]


def _table(outcomes: list[Outcome]) -> str:
    lines = [f"{'condition':<10} {'verdict':<8} {'tests':>5} {'skipped':>7}  seconds"]
    for one in outcomes:
        times = " ".join(f"{seconds:.0f}" for seconds in one.seconds)
        lines.append(
            f"{one.condition:<10} {one.verdict:<8} {one.tests:>5} {one.skipped_tests:>7}  "
            f"{times}  {one.why}".rstrip()
        )
        lines += [f"    {name}" for name in one.failed_tests]
    return "\n".join(lines)


def main() -> int:
    """Runs what was asked for; a stopped run goes on with what had not passed."""
    parser = argparse.ArgumentParser(prog="make test-anywhere", description=__doc__.splitlines()[0])
    parser.add_argument("conditions", nargs="*", metavar="CONDITION", help=", ".join(CONDITIONS))
    parser.add_argument("--again", action="store_true", help="those that have passed, too")
    parser.add_argument("--list", action="store_true", help="what there is")
    parser.add_argument("--limit", type=float, default=240, help="seconds a run of repeat may take")
    asked = parser.parse_args()
    unknown = set(asked.conditions) - set(CONDITIONS)
    if unknown:
        parser.error(f"{', '.join(sorted(unknown))}: one of {', '.join(CONDITIONS)} wanted")
    if asked.list:
        for name, (run, missing) in CONDITIONS.items():
            print(f"{name:<10} {run.__doc__}" + (f" Not here: {missing()}" if missing() else ""))
        return 0
    for number in (signal.SIGINT, signal.SIGTERM):  # what runs is taken along, not left behind
        signal.signal(number, lambda *_: sys.exit(130))
    OUTPUT.mkdir(exist_ok=True)
    kept, state = OUTPUT / "results.json", _state()
    before = json.loads(kept.read_text()) if kept.exists() else {}
    outcomes = [Outcome(**one) for one in before.get("outcomes", []) if before["state"] == state]
    named = os.environ.get("COREFUSION_TEST_DATA", ROOT.parent / "shared" / "data")
    data = Path(named) if Path(named).is_dir() else None
    names = asked.conditions or list(CONDITIONS)
    for name in names:
        have = next((one for one in outcomes if one.condition == name), None)
        if have is not None and have.verdict == "passed" and not asked.again:
            print(f"{name}: has passed this state of the checkout (--again repeats it)")
            continue
        run, missing = CONDITIONS[name]
        outcome = Outcome(name)
        reason = missing()
        print(f"{name}: {run.__doc__}", flush=True)
        if reason:
            outcome.verdict, outcome.why = "skipped", reason
        else:
            session = Session(asked.limit, data)
            try:
                run(session, outcome)
            finally:
                shutil.rmtree(session.scratch, ignore_errors=True)
        outcomes = [one for one in outcomes if one.condition != name] + [outcome]
        outcomes.sort(key=lambda one: list(CONDITIONS).index(one.condition))
        written = {"state": state, "outcomes": [asdict(one) for one in outcomes]}
        kept.write_text(json.dumps(written, indent=1) + "\n")
    print(_table([one for one in outcomes if one.condition in names]))
    return int(any(one.verdict == "failed" for one in outcomes if one.condition in names))


if __name__ == "__main__":
    sys.exit(main())
