import pytest

from streamer.calibration.calibration import Parallax
from streamer.calibration.errors import CalibrationError
from streamer.calibration.geometry import similarity
from streamer.calibration.stored import load_calibration, save_calibration
from tests.streamer.calibration.test_warp import calibration


def test_a_calibration_comes_back_as_it_was(tmp_path):
    path = tmp_path / "new" / "pair.yaml"
    whole = calibration(similarity(1.05, -2.0, (0.1, 0.02)), k1=-0.031, camera="Café: 4K")
    save_calibration(whole, path)
    assert load_calibration(path) == whole
    assert [one.name for one in path.parent.iterdir()] == ["pair.yaml"]


GOOD = """
corefusion_calibration: 1
method: points
visible: {width: 640, height: 480}
thermal: {width: 160, height: 120}
matrix: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
"""


def test_a_file_by_hand_may_leave_out_what_is_not_known(tmp_path):
    path = tmp_path / "hand.yaml"
    path.write_text(
        GOOD + "parallax: {baseline_m: [0.05, 0], field_of_view_deg: 70, distance_m: 3}"
    )
    found = load_calibration(path)
    assert found.visible.size == (480, 640)
    assert found.parallax == Parallax(
        baseline_m=(0.05, 0.0), field_of_view_deg=70.0, distance_m=3.0
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is none"),
        ("capture: {}", "is none"),
        ("{", "is not YAML: line"),
        (GOOD.replace(": 1", ": 2", 1), "its form is 2"),
        (GOOD.replace("[0, 1, 0]", "[0, nan, 0]"), "matrix"),
        (GOOD.replace("[0, 1, 0]", "[0, .nan, 0]"), "finite numbers"),
        (GOOD.replace("[0, 1, 0]", "[2, 0, 0]"), "one that can be inverted"),
        (GOOD.replace("points", "guess"), "method"),
        (GOOD.replace("width: 640", "width: 0"), "8 to 8192 pixels"),
        (GOOD + "colour: red", "unknown field"),
        (
            GOOD + "parallax: {baseline_m: [1, 0], field_of_view_deg: 0, distance_m: 3}",
            "a field of view of 1 to 170",
        ),
    ],
)
def test_what_is_no_calibration_is_told_in_one_line(tmp_path, text, words):
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    with pytest.raises(CalibrationError, match=words) as refusal:
        load_calibration(path)
    assert str(path) in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CalibrationError, match=r"none\.yaml: No such file"):
        load_calibration(tmp_path / "none.yaml")
