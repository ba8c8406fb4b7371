import getpass
import json
import socket
from pathlib import Path

import pytest

from streamer.doctor.page import (
    Finding,
    Level,
    Page,
    as_json,
    as_text,
    shareable_page,
)
from streamer.shareable import shareable

HOME = "/home/somebody"


@pytest.fixture(autouse=True)
def somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", HOME)
    monkeypatch.setattr(getpass, "getuser", lambda: "somebody")
    monkeypatch.setattr(socket, "gethostname", lambda: "den")


def page(*findings: Finding) -> Page:
    able = all(finding.level is not Level.ERROR for finding in findings)
    return Page(version="9.9", able=able, versions={"numpy": "2"}, findings=list(findings))


@pytest.mark.parametrize(
    ("private", "shared"),
    [
        (f"{HOME}/.cache/corefusion", "~/.cache/corefusion"),
        (f"'{HOME}' is full", "'~' is full"),
        (f"{HOME}-old/x and {HOME}2", f"{HOME}-old/x and {HOME}2"),
        ("/media/somebody/disk", "/media/USER/disk"),
        ("somebody's camera", "somebody's camera"),
        ("on den, den.local: garden", "on HOST, HOST.local: garden"),
    ],
)
def test_nothing_names_the_user_or_the_machine(private: str, shared: str) -> None:
    assert shareable(private) == shared


def test_a_home_that_is_the_root_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/")
    assert shareable("/usr/lib") == "/usr/lib"


def test_a_user_without_a_name_or_home_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("uid not found")

    monkeypatch.delenv("HOME")
    monkeypatch.setattr(getpass, "getuser", nameless)
    assert shareable("/usr/lib") == "/usr/lib"


def test_every_text_of_a_page_is_made_shareable() -> None:
    found = Finding("folders", "cache", f"{HOME}/c", Level.WARNING, f"rm -r {HOME}/c")
    shared = shareable_page(page(found)).findings[0]
    assert (shared.value, shared.remedy) == ("~/c", "rm -r ~/c")
    assert shared.level is Level.WARNING


def test_the_page_says_first_how_it_stands() -> None:
    well = Finding("a", "one", "well")
    mend = Finding("a", "two", "ill", Level.WARNING, "mend it")
    must = Finding("b", "three", "broken", Level.ERROR, "mend that")
    assert as_text(page(well)).startswith("corefusion 9.9: all is well\n")
    assert as_text(page(well, mend)).startswith("corefusion 9.9: it runs; 1 thing marked !")
    text = as_text(page(well, mend, must))
    assert text.startswith("corefusion 9.9: it cannot run here")
    assert "\n! two            ill\n                 -> mend it\n" in text
    assert "\nb\nx three          broken\n" in text


def test_lines_are_of_a_width_that_can_be_read() -> None:
    long = Finding("a", "long", "word " * 80, Level.WARNING, "word " * 80)
    assert max(map(len, as_text(page(long)).splitlines())) <= 100


def test_the_json_has_its_keys() -> None:
    told = json.loads(as_json(page(Finding("a", "one", "well"))))
    assert list(told) == ["version", "able", "versions", "findings"]
    assert told["findings"] == [
        {"section": "a", "name": "one", "value": "well", "level": "ok", "remedy": ""}
    ]


def test_home_may_be_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    monkeypatch.setenv("HOME", str(link))
    assert shareable(f"{real}/x {link}/y") == "~/x ~/y"
