import numpy as np
import pytest

from capture.formats import FormatChoice, LayoutError
from capture.formats.counting import RepeatedPictures, SensorCounter
from tests.capture.formats.test_formats import EXAMPLES
from tests.support import thermal_frames as frames
from tests.support.thermal_frames import as_words, gradient

LEPTON = gradient(160, 120, 28_500, 31_000)


@pytest.mark.parametrize(
    "name", [name for name, each in EXAMPLES.items() if each.format not in ("y14", "agc8")]
)
def test_a_layout_is_found_by_size_and_content(name):
    example = EXAMPLES[name]
    choice = FormatChoice("camera", "auto")
    decoded = choice.decode(as_words(example.make(example.picture), example.columns))
    assert choice.format.name == example.format
    assert np.array_equal(decoded.counts, example.picture)


def test_a_setting_is_kept_to_and_what_does_not_fit_is_shown():
    choice = FormatChoice("camera", "double_height")
    words = as_words(frames.lepton(LEPTON), 160)
    shown = (
        r"format double_height wants frames of 256x384 or 256x386, 160x122 of 16 bits came; "
        r"160x122 of 16 bits came: row 0 \d+ to \d+ \(mean \d+\), .*row 121 .*; "
        r"formats that fit: lepton, y16, y14"
    )
    with pytest.raises(LayoutError, match=shown):
        choice.decode(words)
    assert np.array_equal(FormatChoice("camera", "y16").decode(words).counts, words)


def test_a_plain_picture_of_a_known_size_stays_one_and_that_is_said(caplog):
    words = gradient(160, 122, 7_000, 9_000)
    choice = FormatChoice("cam", "auto", "1e4e:0100")
    assert np.array_equal(choice.decode(words).counts, words)
    assert choice.format.name == "y16"
    assert "cam: frames of the size of lepton and not in that layout" in caplog.text


def test_eight_bits_are_all_picture(caplog):
    grey = np.zeros((60, 80), np.uint8)
    decoded = FormatChoice("camera", "auto").decode(grey)
    assert decoded.counts is grey
    assert not decoded.relative
    assert not caplog.records
    choice = FormatChoice("camera", "agc8")
    assert "AGC" in choice.decode(grey).relative
    choice.decode(grey)
    assert caplog.text.count("camera gives pictures with the camera's own contrast (AGC)") == 1


def test_packed_frames_are_counts_only_where_a_layout_says_so():
    grey = as_words(frames.yuyv_grey(256, 192), 256)
    assert FormatChoice("cam", "auto", packed=True).decode(grey).counts.dtype == np.uint8
    noise = np.random.default_rng(0).integers(0, 65_536, (192, 256), np.uint16)
    with pytest.raises(LayoutError, match="two bytes a pixel in no layout that is known: 256x192"):
        FormatChoice("cam", "auto", packed=True).decode(noise)


def test_a_layout_once_found_is_kept_to():
    choice = FormatChoice("cam", "auto")
    choice.decode(as_words(frames.lepton(LEPTON), 160))
    with pytest.raises(LayoutError, match="neither the first nor the last 2 rows"):
        choice.decode(gradient(160, 122, 7_000, 9_000))


@pytest.mark.parametrize(
    ("counters", "numbers"),
    [
        ([5, 6, 7, 9], [50, 51, 52, 54]),
        ([300, 303, 306, 315, 318], [50, 51, 52, 55, 56]),  # three for each picture
        ([7, 8, 2, 3], [50, 51, 52, 53]),  # the camera began anew
        ([None, None, None], [50, 51, 52]),
    ],
)
def test_a_sensors_counter_becomes_a_sequence(counters, numbers):
    counter = SensorCounter(50)
    assert [counter.sequence(each) for each in counters] == numbers


def test_pictures_sent_three_times_count_once_and_a_frozen_sensor_is_seen():
    repeated = RepeatedPictures()
    first, second = gradient(8, 6, 0, 900, seed=1), gradient(8, 6, 0, 900, seed=2)
    shown = [repeated.again(each, None) for each in (first, first, first, second, second, second)]
    assert shown == [False, True, True, False, True, True]
    assert repeated.count == 4
    frozen = [repeated.again(second, None) for _ in range(3)]
    assert frozen == [False, False, False]


def test_of_a_grey_picture_above_its_heat_in_no_known_layout_the_heat_is_taken(caplog):
    luma = 128 * 256 + np.arange(24 * 32).reshape(24, 32) % 40
    heat = np.full((24, 32), 19000)
    words = np.vstack([luma, heat]).astype(np.uint16)
    choice = FormatChoice("a folder", "auto")
    for _ in range(2):
        assert np.array_equal(choice.decode(words).counts, heat)
    assert caplog.text.count("above each other") == 1
    assert np.array_equal(FormatChoice("a folder", "y16").decode(words).counts, words)
