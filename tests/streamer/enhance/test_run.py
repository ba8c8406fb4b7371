"""All items over an engine that is none: what is told of each, and when it ends."""

import errno
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

import pytest

from streamer.calibration.calibration import Calibration, View
from streamer.calibration.stored import save_calibration
from streamer.config.loading import changed_config
from streamer.config.schema import Config, InferenceConfig
from streamer.enhance.discovery import Discovery, Refused
from streamer.enhance.items import (
    Aligned,
    EnhanceError,
    EnhanceOptions,
    Item,
    Kind,
    Outcome,
    Residual,
)
from streamer.enhance.output import OutputFolder
from streamer.enhance.report import EnhanceReport, ItemReport, print_summary
from streamer.enhance.run import enhance
from streamer.enhance.source_digest import digest_of, stamp_of

Make = Callable[[Item], None]


class Engine:
    """Makes each item at once, in this process."""

    name, workers, retried = "local", 1, 0

    def __init__(self, out: Path, make: Make) -> None:
        self.submitted: list[str] = []
        self.closed: list[bool] = []
        self._out, self._make = out, make

    def resolved(self, inference: InferenceConfig) -> InferenceConfig:
        return inference

    def submit(self, item: Item, options: EnhanceOptions) -> "Future[Outcome]":
        self.submitted.append(item.name)
        future: Future[Outcome] = Future()
        try:
            self._make(item)
            (self._out / f"{item.name}.mcap").write_bytes(b"made")
            future.set_result(
                Outcome(
                    frames=2,
                    modes={"guided": 2},
                    residual=Residual(3.0, 30.0),
                    source_sha256=digest_of(item.sources),
                    stamp=stamp_of(item.sources),
                    seconds=0.5,
                )
            )
        except Exception as error:
            future.set_exception(error)
        return future

    def running(self) -> list[tuple[Item, float]]:
        return []

    def close(self, *, at_once: bool = False) -> None:
        self.closed.append(at_once)


class Watcher:
    def __init__(self) -> None:
        self.told: list[ItemReport] = []

    def begin(self, sizes: Sequence[int]) -> None:
        self.sizes = list(sizes)

    def working(self, running: Sequence[tuple[Item, float]]) -> None:
        pass

    def ended(self, item: ItemReport, size: int) -> None:
        self.told.append(item)


@pytest.fixture
def run(tmp_path):
    """Runs three items of growing size; the report, the engine and the watcher."""
    out = tmp_path / "out"

    def go(make: Make = lambda item: None, *, force: bool = False, options=None):
        found = Discovery(out)
        for size, name in enumerate("abc", 1):
            source = tmp_path / f"{name}.mcap"
            if not source.exists():
                source.write_bytes(name.encode() * size)
            found.items.append(Item((str(source),), Kind.RECORDING, name, size))
        found.refused.append(Refused("nix", "it does not exist"))
        engine, watcher = Engine(out, make), Watcher()
        options = options or EnhanceOptions(config=Config())
        with OutputFolder(out) as folder:
            report = enhance(
                found, options, "w", folder, lambda items: engine, watcher, force=force
            )
        return report, engine, watcher

    return go


def statuses(report: EnhanceReport) -> list[str]:
    return [item.status for item in report.items]


def test_large_items_begin_first_and_the_report_has_the_order_of_the_sources(run):
    report, engine, watcher = run()
    assert engine.submitted == ["c", "b", "a"]
    assert [item.output for item in report.items] == ["a.mcap", "b.mcap", "c.mcap", ""]
    assert statuses(report) == ["done"] * 3 + ["failed"]
    assert (report.done, report.skipped, report.failed) == (3, 0, 1)
    assert report.items[-1].why == "nix: it does not exist"
    assert watcher.sizes == [1, 2, 3]
    assert len(watcher.told) == 4
    assert engine.closed == [False]


def test_run_again_it_makes_what_is_missing_or_was_changed(run, tmp_path):
    run()
    report, engine, _ = run()
    assert statuses(report) == ["skipped"] * 3 + ["failed"]
    assert engine.submitted == []
    assert (report.items[0].frames, report.items[0].seconds) == (2, 0.0)
    (tmp_path / "out" / "a.mcap").unlink()
    (tmp_path / "b.mcap").write_bytes(b"another")
    assert run()[1].submitted == ["b", "a"]
    assert run(force=True)[1].submitted == ["c", "b", "a"]
    assert run(options=EnhanceOptions(config=Config(), model="bilinear"))[0].done == 3


def test_another_calibration_makes_all_anew_and_the_same_one_nothing(run, tmp_path):
    file = tmp_path / "c.yaml"
    config = changed_config(Config(), [f"calibration.file={file}"])
    made = []
    for shift in (0.1, 0.1, 0.2):
        view = View(width=32, height=24)
        rows = ((1.0, 0.0, shift), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
        save_calibration(
            Calibration(method="points", visible=view, thermal=view, matrix=rows), file
        )
        made.append(run(options=EnhanceOptions(config=config))[0].done)
    assert made == [3, 0, 3]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (EnhanceError("it is damaged"), "b.mcap: it is damaged"),
        (OSError(errno.ENOSPC, "No space left on device"), "b.mcap: No space left on device"),
        (ZeroDivisionError("by\nzero"), "b.mcap: ZeroDivisionError: by zero"),
    ],
)
def test_a_bad_item_is_told_on_one_line_and_the_others_are_made(run, error, words):
    def make(item: Item) -> None:
        if item.name == "b":
            raise error

    report, _, _ = run(make)
    assert statuses(report) == ["done", "failed", "done", "failed"]
    assert report.items[1].why.endswith(words)
    again, engine, _ = run()
    assert engine.submitted == ["b"]
    assert statuses(again) == ["skipped", "done", "skipped", "failed"]


def test_ctrl_c_ends_it_and_what_is_done_stays(run, monkeypatch):
    def pressed(watcher: Watcher, item: ItemReport, size: int) -> None:
        if item.status == "done":
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Watcher, "ended", pressed)
        report, engine, _ = run()
    assert report.interrupted
    assert engine.closed == [True]
    assert statuses(report) == ["done", "failed"]
    assert run()[1].submitted == ["b", "a"]


def test_how_guides_lay_is_a_row_of_the_summary(capsys):
    seen = [
        Aligned("lined_up", (3.0, 4.0), 0.4),
        Aligned("left", (0.3, 0.0), 0.4),
        Aligned("refused", (0.0, 0.0), 0.03),
    ]
    items = [ItemReport(source="a", output="b", status="done", align=one) for one in seen]
    report = EnhanceReport(items=items, done=3, skipped=0, failed=0, seconds=1.0, engine="local")
    print_summary(report)
    told = " ".join(capsys.readouterr().out.split())
    assert "lined up 1 by 5.0 px of 640 in the median, left 1, refused 1" in told
