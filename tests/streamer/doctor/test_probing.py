"""Probes are real processes here: one that answers, and each way of not answering."""

from pathlib import Path

import msgspec
import pytest

from streamer.doctor.probing import ProbeError, probe


class Answer(msgspec.Struct):
    seen: str


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def write(text: str) -> str:
        (tmp_path / "asked.py").write_text(text)
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
        return "asked"

    return write


def test_an_answer_comes_back(module) -> None:
    name = module("import os; print('{\"seen\": \"%s\"}' % os.environ['LOOK'])")
    assert probe(name, Answer, 60, LOOK="here") == Answer("here")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("raise ImportError('libEGL.so.1: cannot open')", "ImportError: libEGL.so.1"),
        ("import os, sys; sys.stderr.write('no plugin\\nCore\\n'); os.abort()", "SIGABRT"),
        ("print('hello')", "cannot be read"),
        ("raise SystemExit(4)", "exit code 4"),
    ],
)
def test_a_failure_is_one_line(module, text: str, words: str) -> None:
    with pytest.raises(ProbeError, match=words) as failed:
        probe(module(text), Answer, 60)
    assert "\n" not in str(failed.value)


def test_the_first_thing_that_an_aborting_process_said_is_told(module) -> None:
    text = "import os, sys; sys.stderr.write('xcb-cursor0 is needed\\nmore\\n'); os.abort()"
    with pytest.raises(ProbeError, match=r"SIGABRT.*: xcb-cursor0 is needed"):
        probe(module(text), Answer, 60)


def test_one_that_hangs_is_killed(module) -> None:
    with pytest.raises(ProbeError, match=r"no answer within 0\.5 s"):
        probe(module("import time; time.sleep(600)"), Answer, 0.5)


def test_a_module_that_is_not_there_is_named() -> None:
    with pytest.raises(ProbeError, match="nowhere_at_all"):
        probe("nowhere_at_all", Answer, 60)
