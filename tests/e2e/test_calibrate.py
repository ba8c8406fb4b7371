"""Two cameras are lined up by the real command, and a run uses what it found."""

from pathlib import Path

import msgspec
import pytest

from streamer.calibration.plain_data import as_recorded, calibration_of
from streamer.calibration.stored import load_calibration
from tests.e2e.conftest import InPlace, Refused

pytestmark = pytest.mark.e2e

KEYS = {
    *("method", "residual_px", "confidence", "accepted", "shift_px", "scale", "rotation_deg"),
    *("distance_m", "offset_ms", "truth_error_px"),
}
BRACKET = tuple(
    word
    for setting in ("scale=1.04", "rotation_deg=1.5", "shift_x_px=14", "shift_y_px=-10")
    for word in ("--set", f"capture.simulated.bracket.{setting}")
)
RIG = (
    *("--set", "capture.visible.width=320", "--set", "capture.visible.height=240"),
    *("--set", "capture.visible.rate_hz=4", "--set", "capture.thermal.rate_hz=4"),
)


def test_the_rig_is_lined_up_and_a_recording_can_carry_that(
    in_place: InPlace, tmp_path: Path
) -> None:
    found, report = tmp_path / "pair.yaml", tmp_path / "pair.json"
    done = in_place(
        *("calibrate", *RIG, *BRACKET, "--seconds", "0.1", "--output", found),
        *("--report", report, "--picture", tmp_path / "pair.png"),
    )
    assert done.returncode == 0, done.stderr
    told = msgspec.json.decode(report.read_bytes())
    assert set(told) == KEYS
    assert told["accepted"]
    assert told["truth_error_px"]["median"] < 1.5
    assert told["scale"] == pytest.approx(1.04, abs=0.02)
    assert (tmp_path / "pair.png").stat().st_size > 1000
    saved = load_calibration(found)
    assert saved.method == "itself"
    carried = as_recorded(saved)  # what a run writes down is in test_realigned.py
    assert carried is not None
    assert calibration_of(carried, "carried") == saved


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("calibrate", "nothing.mcap"), 1, "nothing.mcap does not exist"),
        (("calibrate", "a.mcap", "--visible", "sim"), 2, "one file, or --visible and --thermal"),
        (("calibrate", "--visible", "none"), 2, "a visible source wanted"),
        (("calibrate", "--point", "3,4"), 2, "TX,TY=VX,VY wanted"),
        (("calibrate", "--board", "9"), 2, "as 9x6 wanted"),
        (
            ("calibrate", "--board", "9x6", "--point", "1,1=2,2"),
            2,
            "one of --point, --board wanted",
        ),
        (("calibrate", "--method", "fields_of_view"), 2, "--fields-of-view VISIBLE,THERMAL wanted"),
        (("calibrate", "--baseline", "0.05"), 2, "--baseline wants --distance"),
        (("live", "--headless", "--calibration", "none.yaml"), 1, "none.yaml: No such file"),
    ],
)
def test_what_makes_no_calibration_is_told_in_one_line(
    refused: Refused, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = refused(*arguments)
    assert done.returncode == code
    assert words in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr


def test_points_on_a_line_save_nothing(refused: Refused, tmp_path: Path) -> None:
    line = [f"{x},{x}={4 * x},{4 * x}" for x in (10, 20, 40, 55)]
    points = [word for point in line for word in ("--point", point)]
    output = tmp_path / "pair.yaml"
    done = refused("calibrate", *RIG, "--seconds", "0.1", *points, "--output", output)
    assert done.returncode == 1
    assert "lie on a line" in done.stderr
    assert not output.exists()
    assert not list(tmp_path.iterdir())
