"""One item, whole: the bytes of a replay, its own streams kept, nothing half made."""

from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
import tifffile

from streamer.calibration.calibration import Calibration, View
from streamer.calibration.stored import save_calibration
from streamer.config.loading import changed_config, load_config
from streamer.convert.importing import import_files
from streamer.enhance.items import EnhanceOptions, Item, Kind, Outcome, Target
from streamer.enhance.making.item import enhance_item
from streamer.errors import CorefusionError
from streamer.messages import Mode, ModeChange, TimelineEvent
from streamer.recording import RecordingReader, SegmentWriter
from tests.support.pictures import coloured, ramp, write
from tests.support.recordings import INFO, messages, record, recorded
from tests.support.scenes import write_rig_pairs, write_video
from tests.support.steady_recording import steady_recording

CONFIG = load_config(None, ["inference.model=bilinear", "capture.thermal.gain_k=0.01"])


class Maker:
    """Makes items one after another into a folder."""

    def __init__(self, folder: Path) -> None:
        self.out = folder / "out"
        self.parts = folder / "parts"
        self.shares: list[float] = []
        self.parts.mkdir()

    def __call__(
        self,
        *sources: Path,
        kind: Kind,
        name: str = "made",
        target: Target | None = None,
        calibration: str = "",
        align: bool = False,
    ) -> Outcome:
        item = Item(tuple(map(str, sources)), kind, name)
        config = changed_config(CONFIG, [f"calibration.file={calibration!r}"])
        options = EnhanceOptions(config=config, model="bilinear", target=target, align=align)
        try:
            return enhance_item(item, options, self.out, self.parts, self.shares.append)
        finally:
            for left in self.parts.iterdir():
                left.unlink()

    def made(self) -> set[str]:
        return {str(path.relative_to(self.out)) for path in self.out.rglob("*") if path.is_file()}


@pytest.fixture
def make(tmp_path):
    return Maker(tmp_path)


def test_a_recording_keeps_its_own_streams_and_has_new_results(make, tmp_path):
    source = recorded(tmp_path / "s.mcap", 12)
    outcome = make(source, kind=Kind.RECORDING)
    before, after = RecordingReader(source), RecordingReader(make.out / "made.mcap")
    kept = ("visible", "thermal", "truth", "session")
    assert [one.payloads for one in after.stored(kept)] == [
        one.payloads for one in before.stored(kept)
    ]
    results = [one.message for one in after.read(("sr",))]
    assert len(results) == outcome.frames == sum(outcome.modes.values()) > 0
    assert results[0].pixels.shape == (192, 256)
    lines = [one.message for one in after.read(("log",))]
    assert sum(isinstance(line, TimelineEvent) for line in lines) == 1
    changes = [line for line in lines if isinstance(line, ModeChange)]
    assert changes[0].previous is Mode.NO_SIGNAL  # those of these results, not of the ones before
    assert (after.info.model, after.info.wall_offset_ns) == ("bilinear", before.info.wall_offset_ns)
    assert after.complete
    assert max(make.shares) == pytest.approx(1.0, abs=0.1)


def test_made_again_of_what_was_made_it_is_the_same_to_the_byte(make, tmp_path):
    source = steady_recording(tmp_path / "s.mcap", 1.5)
    first = make(source, kind=Kind.RECORDING)
    second = make(make.out / "made.mcap", kind=Kind.RECORDING, name="again")
    assert first.result_sha256 == second.result_sha256
    assert first.modes.keys() == {"guided", "thermal_only"}
    one, two = ((make.out / f"{name}.mcap").read_bytes() for name in ("made", "again"))
    assert one == two


def test_a_folder_of_segments_becomes_one_recording(make, tmp_path):
    whole = recorded(tmp_path / "s.mcap", 20)
    record(SegmentWriter(tmp_path / "day", INFO, segment_s=0.2, segment_bytes=2**30), messages(20))
    assert RecordingReader(tmp_path / "day").segments > 1
    outcome = make(tmp_path / "day", kind=Kind.RECORDING)
    assert outcome.result_sha256 == make(whole, kind=Kind.RECORDING, name="one").result_sha256
    made = RecordingReader(make.out / "made.mcap")
    assert (made.segments, made.info.segment) == (1, 0)
    assert made.tally().streams["thermal"].messages == 20


def test_a_calibration_goes_into_what_is_made(make, tmp_path):
    source = steady_recording(tmp_path / "s.mcap", 0.3, faults=False)
    calibration = Calibration(
        method="points",
        visible=View(width=128, height=96),
        thermal=View(width=32, height=24),
        matrix=((1.0, 0.0, 0.1), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    )
    file = tmp_path / "c.yaml"
    save_calibration(calibration, file)
    make(source, kind=Kind.RECORDING, calibration=str(file))
    make(make.out / "made.mcap", kind=Kind.RECORDING, name="again")
    make(make.out / "made.mcap", kind=Kind.RECORDING, name="without", calibration="none")
    carried = [
        RecordingReader(make.out / f"{name}.mcap").info.calibration
        for name in ("made", "again", "without")
    ]
    assert carried[0] == carried[1] != carried[2] is None
    assert carried[0]["matrix"][0][2] == 0.1


def test_a_guide_that_lies_beside_is_lined_up_and_a_replay_is_the_same(make, tmp_path):
    folder = write_rig_pairs(tmp_path / "rig", (7,))
    guide = cv2.imread(str(folder / "visible" / "007.png"))
    heat = cv2.imread(str(folder / "thermal" / "007.png"), cv2.IMREAD_GRAYSCALE)
    visible = write(tmp_path / "v.png", np.roll(guide, (-3, 5), axis=(0, 1)))
    low = cv2.resize(heat, (80, 60), interpolation=cv2.INTER_AREA).astype(np.uint16)
    thermal = write(tmp_path / "t.png", 29000 + 8 * low)
    found = make(visible, thermal, kind=Kind.VIDEO, align=True).align
    assert found.verdict == "lined_up"
    assert found.shift_px == pytest.approx((5, -3), abs=0.7)
    carried = RecordingReader(make.out / "made.mcap").info.calibration
    assert carried["matrix"][0][2] == pytest.approx(found.shift_px[0] / 320, abs=1e-3)
    assert carried["matrix"][1][2] == pytest.approx(found.shift_px[1] / 320, abs=1e-3)
    assert make(visible, thermal, kind=Kind.STILL).align is None
    right = make(write(tmp_path / "r.png", guide), thermal, kind=Kind.STILL, align=True)
    assert right.align.verdict == "left"
    assert make(thermal, kind=Kind.STILL, name="alone", align=True).align is None


def test_a_guide_of_another_scene_is_not_used_and_its_replay_knows(make, tmp_path):
    thermal = write(tmp_path / "t.png", ramp(low=29000))
    noise = np.random.default_rng(1).integers(0, 255, (96, 128, 3), np.uint8)
    visible = write(tmp_path / "v.png", noise)
    assert make(visible, thermal, kind=Kind.STILL).modes == {"guided": 1}
    made = make(visible, thermal, kind=Kind.VIDEO, align=True)
    assert (made.align.verdict, made.modes) == ("refused", {"thermal_only": 1})
    again = make(make.out / "made.mcap", kind=Kind.RECORDING, name="again")
    assert again.modes == {"thermal_only": 1}
    assert again.result_sha256 == made.result_sha256


def test_a_pair_of_stills_is_what_a_replay_of_its_import_is(make, tmp_path):
    visible = write(tmp_path / "v.png", np.dstack([ramp().astype(np.uint8)] * 3))
    thermal = write(tmp_path / "t.png", ramp(low=29000))
    outcome = make(visible, thermal, kind=Kind.STILL)
    assert outcome.modes == {"guided": 1}
    assert make.made() == {"made.tiff", "made.png"}
    imported = tmp_path / "i.mcap"
    import_files([visible, thermal], imported, CONFIG)
    assert make(imported, kind=Kind.RECORDING).result_sha256 == outcome.result_sha256
    result = next(iter(RecordingReader(make.out / "made.mcap").read(("sr",)))).message
    np.testing.assert_array_equal(tifffile.imread(make.out / "made.tiff"), result.pixels)


def test_a_pair_of_videos_is_what_a_replay_of_its_import_is(make, tmp_path):
    small = {"repeats": 4, "rows": 24, "columns": 32}
    visible = write_video(tmp_path / "v.mp4", colour=True, **small)
    thermal = write_video(tmp_path / "t.mp4", **small)
    outcome = make(visible, thermal, kind=Kind.VIDEO)
    assert outcome.modes == {"guided": 8}
    import_files([visible, thermal], tmp_path / "i.mcap", CONFIG)
    again = make(tmp_path / "i.mcap", kind=Kind.RECORDING, name="again")
    assert again.result_sha256 == outcome.result_sha256
    videos, imported = (RecordingReader(make.out / f"{one}.mcap") for one in ("made", "again"))
    kept = ("visible", "thermal")
    assert [one.payloads for one in videos.stored(kept)] == [
        one.payloads for one in imported.stored(kept)
    ]


def test_a_still_alone_has_its_degrees_and_a_legend(make, tmp_path):
    still = write(tmp_path / "t.tiff", ramp(low=29000))
    assert make(still, kind=Kind.STILL).modes == {"thermal_only": 1}
    with tifffile.TiffFile(make.out / "made.tiff") as tiff:
        assert tiff.imagej_metadata["gain_k"] == 0.01
        height, width = tiff.asarray().shape
    shown = cv2.imread(str(make.out / "made.png"))
    assert shown.shape[0] == height
    assert shown.shape[1] > width  # the colour bar stands beside it


def test_other_kinds(make, tmp_path):
    still = write(tmp_path / "t.tiff", ramp(low=29000))
    source = steady_recording(tmp_path / "s.mcap", 0.3, faults=False)
    make(still, kind=Kind.STILL, name="only", target=Target.tiff)
    make(still, kind=Kind.STILL, name="one", target=Target.recording)
    make(source, kind=Kind.RECORDING, name="film", target=Target.mp4)
    make(source, kind=Kind.RECORDING, name="table", target=Target.csv)
    assert make.made() == {"only.tiff", "one.mcap", "film.mp4", "table.csv"}


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"no picture", "cannot be decoded"), (None, "in colour")],
)
def test_a_bad_still_leaves_nothing(make, tmp_path, content, why):
    bad = write(tmp_path / "t.png", coloured())
    if content is not None:
        bad.write_bytes(content)
    with pytest.raises(CorefusionError, match=why):
        make(bad, kind=Kind.STILL)
    assert not make.out.exists()


def test_a_recording_that_nothing_comes_of_is_a_failure(make, tmp_path):
    with pytest.raises(CorefusionError, match="holds no picture of a sensor"):
        make(recorded(tmp_path / "s.mcap", 0), kind=Kind.RECORDING)


def test_options_of_every_item_survive_the_way_to_a_worker():
    options = EnhanceOptions(config=CONFIG, overrides=("inference.views=2",), target=Target.mp4)
    encoded = msgspec.json.encode(options)
    assert msgspec.json.decode(encoded, type=EnhanceOptions) == options
