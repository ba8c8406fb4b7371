import zipfile
from pathlib import Path

import pytest

from streamer.doctor.bundle import BundleError, write_bundle
from streamer.doctor.page import Finding, Page

PAGE = Page(version="9.9", able=True, versions={}, findings=[Finding("a", "one", "well")])


def test_a_bundle_holds_the_page_and_what_was_attached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    report, log = tmp_path / "r.json", tmp_path / "doctor.txt"
    report.write_text('{"recording": "/home/somebody/a.mcap"}')
    log.write_text("a log with an unlucky name")
    write_bundle(tmp_path / "b.zip", PAGE, [report, log])
    with zipfile.ZipFile(tmp_path / "b.zip") as bundle:
        texts = {name: bundle.read(name).decode() for name in bundle.namelist()}
    assert set(texts) == {"doctor.txt", "doctor.json", "r.json", "3-doctor.txt"}
    assert texts["r.json"] == '{"recording": "a.mcap"}'
    assert texts["doctor.txt"].startswith("corefusion 9.9")
    assert texts["3-doctor.txt"] == "a log with an unlucky name"


def test_neither_page_nor_log_names_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Path("/home/place of somebody")  # spaces are known of what is the user's alone
    monkeypatch.setenv("HOME", str(home))
    cache = Finding("folders", "cache", f"{home}/cache/corefusion, 3 MB", remedy=f"rm {home}/x")
    page = Page(version="9.9", able=True, versions={}, findings=[cache])
    (tmp_path / "a.log").write_text(f"cannot read {home}/set/visible/000.jpg of /srv/sets/b\n")
    write_bundle(tmp_path / "b.zip", page, [tmp_path / "a.log"])
    with zipfile.ZipFile(tmp_path / "b.zip") as bundle:
        for name in bundle.namelist():
            text = bundle.read(name).decode()
            assert "somebody" not in text
            assert "/srv" not in text
        assert bundle.read("a.log") == b"cannot read 000.jpg of b\n"


def test_the_logs_of_the_last_runs_are_in_it(tmp_path: Path) -> None:
    log = tmp_path / "run-00007.log"
    log.write_text("cut off\n" + "reads /srv/a.mp4\n" * 100_000)
    gone = tmp_path / "run-00008.log"
    write_bundle(tmp_path / "b.zip", PAGE, (), [log, gone])
    with zipfile.ZipFile(tmp_path / "b.zip") as bundle:
        lines = bundle.read("logs/run-00007.log").decode().splitlines()
        assert set(lines) == {"reads a.mp4"}
        assert 50_000 < len(lines) < 70_000
        assert bundle.read("logs/run-00008.log") == b"No such file or directory\n"


def test_what_is_no_text_is_refused_with_what_to_attach(tmp_path: Path) -> None:
    recording = tmp_path / "a.mcap"
    recording.write_bytes(b"\x89MCAP0\r\n\xff")
    with pytest.raises(BundleError, match=r"a\.mcap: .*corefusion info --json"):
        write_bundle(tmp_path / "b.zip", PAGE, [recording])
    assert not (tmp_path / "b.zip").exists()


def test_what_is_too_large_or_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"nowhere\.log: No such file"):
        write_bundle(tmp_path / "b.zip", PAGE, [tmp_path / "nowhere.log"])
    large = tmp_path / "large.log"
    with large.open("wb") as file:
        file.truncate(20_000_000)
    with pytest.raises(BundleError, match=r"large\.log: .*at most 10 MB"):
        write_bundle(tmp_path / "b.zip", PAGE, [large])


def test_a_bundle_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"bundle .*b\.zip: No such file"):
        write_bundle(tmp_path / "nowhere" / "b.zip", PAGE)
