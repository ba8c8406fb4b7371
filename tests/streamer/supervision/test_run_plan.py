from pathlib import Path

import pytest

from streamer.config.loading import load_config
from streamer.config.recording import Codec, Codecs, RecordSettings, RecordSettingsError
from streamer.config.replay import ReplaySettings
from streamer.config.schema import Config
from streamer.faults.injection import parse_injection
from streamer.recording import RecordingError, check_free
from streamer.runtime.process import ProcessSpec
from streamer.runtime.roles import RecorderRole
from streamer.supervision.run_plan import RunPlan, StopConditions
from streamer.transport import SUPERVISOR, Addresses, Endpoint


def process_specs(plan: RunPlan) -> dict[str, ProcessSpec]:
    return {one.name: one for one in plan.process_specs(Addresses("x"))}


def test_a_window_and_a_report_are_readers_too() -> None:
    given = process_specs(RunPlan(config=Config(), score=True))
    assert list(given) == ["viewer", "inference", "capture.visible", "capture.thermal"]
    readers = given["inference"].readers
    assert set(readers[Endpoint.VISIBLE]) == {"inference", "viewer"}
    assert set(readers[Endpoint.THERMAL]) == {"inference", "viewer", SUPERVISOR}  # the report
    assert readers[Endpoint.TRUTH] == (SUPERVISOR,)  # the report alone, never the worker
    assert set(readers[Endpoint.SR]) == {"viewer", SUPERVISOR}
    assert given["capture.thermal"].role.publish_truth
    assert not given["capture.visible"].role.publish_truth


def test_a_source_that_is_none_has_no_process() -> None:
    config = load_config(None, ["capture.visible.source=none"])
    assert list(process_specs(RunPlan(config=config, headless=True))) == [
        "inference",
        "capture.thermal",
    ]


def test_a_fault_goes_to_the_stream_it_is_for() -> None:
    faults = (parse_injection("drop:visible@2-4", 1), parse_injection("kill:inference@1", 1))
    given = process_specs(RunPlan(config=Config(), injections=faults))
    assert given["capture.visible"].role.injections == faults[:1]
    assert given["capture.thermal"].role.injections == ()


def test_a_grabbed_run_ends_by_itself() -> None:
    assert RunPlan(config=Config(), screenshot=Path("x.png")).bounds == StopConditions(duration_s=3)
    asked = StopConditions(frames=5)
    assert RunPlan(config=Config(), screenshot=Path("x.png"), bounds=asked).bounds == asked


def test_a_window_that_is_grabbed_has_time_to_write_its_picture() -> None:
    plain, grabbed = (
        process_specs(RunPlan(config=Config(), screenshot=path)) for path in (None, Path("x.png"))
    )
    assert plain["viewer"].stop_s == plain["inference"].stop_s == Config().supervision.stop_s
    assert grabbed["viewer"].stop_s > grabbed["inference"].stop_s == plain["inference"].stop_s


def test_a_recorder_is_a_reader_and_has_time_to_finish() -> None:
    order = RecordSettings(output="/tmp/a.mcap", recording="a", streams=("thermal", "sr"))
    given = process_specs(RunPlan(config=Config(), headless=True, record=order))
    readers = given["recorder"].readers
    assert readers[Endpoint.VISIBLE] == ("inference",)
    assert set(readers[Endpoint.THERMAL]) == {"inference", "recorder"}
    assert set(readers[Endpoint.SR]) == {"recorder", SUPERVISOR}
    assert readers[Endpoint.TRUTH] == ()
    assert given["recorder"].role == RecorderRole(settings=order)
    assert given["recorder"].stop_s > given["inference"].stop_s


def test_two_models_side_by_side_hear_the_same_frames() -> None:
    config, other = (load_config(None, [f"inference.model={name}"]) for name in ("fast", "bicubic"))
    replay = ReplaySettings(path="/x.mcap", cameras={}, compare="bicubic")
    given = process_specs(RunPlan(config=config, replay=replay, compare=other))
    assert set(given) == {"viewer", "inference", "compare", "player"}
    assert given["inference"].config is given["viewer"].config is config
    assert given["compare"].config is other
    readers = given["player"].readers
    assert set(readers[Endpoint.VISIBLE]) == {"inference", "compare", "viewer"}
    assert set(readers[Endpoint.CLOCK]) == {"inference", "compare", "viewer", SUPERVISOR}
    assert set(readers[Endpoint.SR]) == set(readers[Endpoint.COMPARE]) == {"viewer", SUPERVISOR}


def order(**typed: object) -> RecordSettings:
    given: dict[str, object] = {
        "output": Path("x.mcap"),
        "streams": "visible,thermal",
        "segment": None,
        "when": [],
        "before": "0s",
        "after": "10s",
    }
    return RecordSettings.ordered(**{**given, **typed})  # type: ignore[arg-type]


def test_an_order_to_record_as_it_is_typed() -> None:
    typed = order(segment="2min", before="1.5s", when=["max_celsius > 60"])
    assert typed.segment_s == 120
    assert typed.before_s == 1.5
    assert typed.after_s == 10
    assert typed.streams == ("visible", "thermal")
    assert typed.output == str(Path("x.mcap").resolve())
    assert order(segment="2GB").segment_mb == 2000
    assert order(every="2min", streams="thermal,sr").every_s == 120


def test_the_name_as_it_was_typed_says_whether_a_file_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "to").symlink_to(tmp_path / "folder")
    (tmp_path / "link.mcap").symlink_to(tmp_path / "recording")  # no .mcap, and not there
    for typed, output in (
        ("to/link.mcap", tmp_path / "folder" / "link.mcap"),
        ("link.mcap", tmp_path / "link.mcap"),
        ("to/../s", tmp_path / "s"),
        ("to/..", tmp_path),
    ):
        assert order(output=tmp_path / typed).output == str(output)
    with pytest.raises(RecordingError, match=r"link\.mcap exists already"):
        check_free(tmp_path / "link.mcap")


def test_an_order_is_completed_by_the_configuration() -> None:
    config = load_config(None, ["recording.visible=raw", "recording.segment_s=5"]).recording
    assert order(config=config).codecs.visible is Codec.RAW
    assert order(config=config).segment_s == 5
    assert order(config=config, segment="7s").segment_s == 7
    assert order().codecs == Codecs()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"segment": "5"}, "--segment 5: a number and one of s, min, h, MB, GB"),
        ({"before": "10MB"}, "--pre-trigger 10MB"),
        ({"segment": "0s"}, "--segment 0s: more than nothing wanted"),
        ({"every": "1"}, "--interval 1: a number and one of s, min, h"),
        ({"every": "10s"}, "--interval 10s: a set of frames is found by its result"),
        ({"every": "0.01s", "streams": "sr"}, "--interval 0.01s: 0.1s or longer wanted"),
        ({"every": "1s", "streams": "sr", "when": ["mode"]}, "one of them wanted, both came"),
        ({"streams": "visible,heat"}, "--streams heat: some of visible, thermal, truth, sr"),
    ],
)
def test_an_order_that_does_not_parse(typed: dict[str, object], words: str) -> None:
    with pytest.raises(RecordSettingsError, match=words):
        order(**typed)
