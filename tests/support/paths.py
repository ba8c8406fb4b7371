"""Where the checkout lies, and where real data that is not part of it may lie."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

WEIGHTS = ROOT / "tests" / "data" / "0.1" / "models" / "tiny.safetensors"
"""A network of few weights, for what is held of any: a result costs a quarter of a release's."""

_VARIABLE = "COREFUSION_TEST_DATA"


def _data_folder() -> Path:
    named = os.environ.get(_VARIABLE)
    if not named:
        return ROOT.parent / "shared" / "data"
    if not Path(named).is_dir():
        raise pytest.UsageError(f"{_VARIABLE}={named}: no such folder")
    return Path(named)


DATA = _data_folder()
"""Real pictures and videos; tests of theirs are skipped where the folder is not there, and fail to
start where COREFUSION_TEST_DATA names one that does not exist."""
