"""Reads crafted input in this process: `python -m tools.torture.crafted SUBJECT SEED FIRST COUNT`.

Works in the present folder: the number of the case at hand is kept in the file `case`, so that
whoever waits knows which one has taken this process with it or does not end; what was found goes to
the file `found`, a line each.
"""

import os
import resource
import shutil
import sys
from pathlib import Path
from random import Random

from streamer.errors import CorefusionError
from tools.torture.crafted.subject import Broken, check_refusal
from tools.torture.crafted.subjects import SUBJECTS

_MORE_MB = 1500  # than the first cases have taken: a picture may have 100 megapixels
_MOST_BYTES = 12 * 2**30
_WARM = 20


def main(name: str, seed: int, first: int, count: int) -> None:
    """Reads so many cases."""
    subject, folder = SUBJECTS[name], Path.cwd()
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))
    number = os.open(folder / "case", os.O_RDWR | os.O_CREAT, 0o600)
    subject.prepare(folder)
    scratch = folder / "scratch"
    warm_mb = 0
    with (folder / "found").open("a") as found:
        for index in range(first, first + count):
            os.pwrite(number, f"{index:12}".encode(), 0)
            if index == first or any(scratch.iterdir()):
                shutil.rmtree(scratch, ignore_errors=True)
                scratch.mkdir()
            before_mb = _most_mb()
            warm_mb = before_mb if index - first <= _WARM else warm_mb
            try:
                subject.read(subject.craft(Random(f"{seed}/{index}"), scratch))
                words = ""
            except CorefusionError as error:
                words = _of_refusal(error)
            except Broken as error:
                words = str(error)
            except Exception as error:  # what is looked for
                words = f"{type(error).__name__}: {str(error)[:200]}"
            if _most_mb() - max(before_mb, warm_mb) > _MORE_MB:
                words = words or f"{_most_mb() - before_mb} MB of memory"
            if words:
                print(f"case {index}: {' '.join(words.split())}", file=found, flush=True)
    shutil.rmtree(scratch, ignore_errors=True)
    os.pwrite(number, b"done        ", 0)


def _of_refusal(error: CorefusionError) -> str:
    try:
        check_refusal(error)
    except Broken as broken:
        return str(broken)
    return ""


def _most_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))
