"""Bad pixels are found once the scene moves, and nothing else is taken for one."""

from collections.abc import Callable, Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streamer.messages import Radiometry
from streamer.pictures.readings.bad_pixels import BadPixelFinder
from streamer.pictures.readings.pixel_band import WINDOW
from streamer.pictures.readings.reading_mask import ReadingMask
from tests.support.moving_scene import MIDDLE, Picture, as_counts, moving_scene, seen_through

AT = (20, 13)  # column, row
FRAMES = 2 * WINDOW + 2
Put = Callable[[Picture], None]


def stuck_at(counts: float) -> Put:
    def put(picture: Picture) -> None:
        picture[AT[1], AT[0]] = counts

    return put


def off_by(counts: float) -> Put:
    def put(picture: Picture) -> None:
        picture[AT[1], AT[0]] += counts

    return put


def spot(counts: float, sigma_px: float) -> Put:
    shape = counts * seen_through(sigma_px)

    def put(picture: Picture) -> None:
        picture[AT[1] - 4 : AT[1] + 5, AT[0] - 4 : AT[0] + 5] += shape

    return put


def found(scene: Iterable[Picture], *puts: Put, dtype: type = np.uint16) -> BadPixelFinder:
    finder = BadPixelFinder()
    for picture in scene:
        for put in puts:
            put(picture)
        finder.add(as_counts(picture, dtype))
    return finder


@pytest.mark.parametrize(
    "put",
    [
        *(stuck_at(counts) for counts in (3000, MIDDLE - 300, MIDDLE, MIDDLE + 700, 52_000)),
        *(off_by(counts) for counts in (-900, 600, 4000)),
    ],
)
def test_a_bad_pixel_is_found_where_the_scene_moves_and_never_where_it_is_still(put: Put) -> None:
    assert found(moving_scene(FRAMES), put).places == (AT,)
    assert found(moving_scene(FRAMES, moves=False), put).places == ()


def test_it_takes_two_windows() -> None:
    assert found(moving_scene(2 * WINDOW), stuck_at(MIDDLE)).places == ()


@pytest.mark.parametrize("sigma_px", [0.3, 0.5, 0.8])
@pytest.mark.parametrize("counts", [800, 4000])
def test_a_small_hot_spot_through_a_lens_is_none(counts: float, sigma_px: float) -> None:
    """It stands still before a scene that moves, as what is mounted before a camera does."""
    assert found(moving_scene(FRAMES), spot(counts, sigma_px)).places == ()


def test_neither_is_a_camera_that_trembles_before_a_small_hot_spot() -> None:
    rng = np.random.default_rng(3)

    def trembling() -> Iterable[Picture]:
        for picture in moving_scene(FRAMES, moves=False):
            x, y = rng.uniform(-0.4, 0.4, 2)
            around = [(row, column) for row in (-1, 0, 1) for column in (-1, 0, 1)]
            for row, column in around:
                near = max(0.0, 1 - abs(column - x)) * max(0.0, 1 - abs(row - y))
                picture[AT[1] + row, AT[0] + column] += 4000 * near
            yield picture

    assert found(trembling()).places == ()


def test_neither_is_structure_beside_which_something_passes() -> None:
    """A still scene with hot and cold pixels of its own; a warm body goes by, and covers some."""

    def passing() -> Iterable[Picture]:
        for index, picture in enumerate(moving_scene(3 * WINDOW, moves=False)):
            picture[::5, ::4] += 700
            picture[2::5, 2::4] -= 700
            left = index % 40 - 6
            picture[6:24, max(0, left) : max(0, left + 6)] = MIDDLE + 900
            yield picture

    assert found(passing()).places == ()


def test_a_burnt_in_line_or_a_saturated_area_is_none() -> None:
    def drawn(picture: Picture) -> None:
        picture[5, 4:28], picture[2:20, 9] = 60_000, 60_000
        np.minimum(picture, MIDDLE + 200, out=picture, where=picture < 50_000)

    assert found(moving_scene(FRAMES), drawn).places == ()


def test_eight_bits_do() -> None:
    def levels(picture: Picture) -> None:
        picture[...] = (picture - MIDDLE) / 8 + 128

    assert found(moving_scene(FRAMES), levels, stuck_at(140), dtype=np.uint8).places == (AT,)
    assert found(moving_scene(FRAMES), levels, dtype=np.uint8).places == ()


def test_a_pixel_that_lives_again_is_a_reading_again() -> None:
    finder = BadPixelFinder()
    changes = []
    for index, picture in enumerate(moving_scene(8 * WINDOW)):
        if index <= 2 * WINDOW:
            stuck_at(MIDDLE)(picture)
        if finder.add(as_counts(picture)):
            changes.append(finder.places)
    assert changes == [(AT,), ()]


def test_too_many_at_once_are_something_else() -> None:
    def rain(picture: Picture) -> None:
        picture[1::4, 1::4] = 45_000

    assert found(moving_scene(FRAMES), rain).places == ()


def test_another_size_or_scale_begins_anew() -> None:
    finder = found(moving_scene(FRAMES), stuck_at(MIDDLE))
    counts = as_counts(next(iter(moving_scene(1))))
    assert finder.add(counts, Radiometry(0.01, 0.0))
    assert finder.found is None
    assert not finder.add(np.zeros((3, 3), np.uint16))


def test_bands_of_a_large_sensor_are_looked_at_in_turn_and_one_at_their_edge_is_found() -> None:
    height, width = 240, 320  # two bands
    places = [(100, 119), (200, 120), (5, 0)]

    def put(picture: Picture) -> None:
        for column, row in places:
            picture[row, column] = MIDDLE

    finder = found(moving_scene(2 * FRAMES, height, width), put)
    assert sorted(finder.places) == sorted(places)


@settings(max_examples=6, deadline=None)
@given(
    column=st.integers(0, 31),
    row=st.integers(0, 23),
    counts=st.one_of(
        st.integers(1, 28_000), st.integers(29_500, 30_500), st.integers(33_000, 65_000)
    ),
    gain=st.sampled_from([0.2, 1.0, 4.0]),
)
def test_wherever_it_is_and_wherever_it_is_stuck(
    column: int, row: int, counts: int, gain: float
) -> None:
    def put(picture: Picture) -> None:
        picture[...] = (picture - MIDDLE) * gain + MIDDLE
        picture[row, column] = counts

    places = found(moving_scene(6 * WINDOW + 2), put).places
    assert set(places) <= {(column, row)}
    assert places or gain < 1.0


def test_the_mask_fills_in_what_it_found_and_leaves_the_rest_as_it_is(caplog) -> None:
    mask = ReadingMask()
    for index, picture in enumerate(moving_scene(FRAMES)):
        picture[AT[1], AT[0]] = 52_000
        picture[3, 4] = 0  # dead by itself
        counts = as_counts(picture)
        kept = counts.copy()
        filled, valid = mask.take(counts)
        assert np.array_equal(counts, kept)
        assert valid is not None
        assert not valid[3, 4]
        bad = index > 2 * WINDOW - 1
        assert valid[AT[1], AT[0]] == (not bad)
        assert (filled != counts).sum() == 1 + bad
        assert filled.max() == 52_000 or bad
    assert mask.places == (AT,)
    assert "1 pixels of the thermal camera are stuck, hot or dead" in caplog.text
    assert "column, row: 20, 13" in caplog.text


@pytest.mark.parametrize(("finds", "stuck"), [(False, 52_000), (True, None)])
def test_where_nothing_is_found_or_looked_for_the_very_frame_is_handed_on(
    finds: bool, stuck: float | None
) -> None:
    mask = ReadingMask(finds=finds)
    for picture in moving_scene(FRAMES):
        if stuck is not None:
            stuck_at(stuck)(picture)
        counts = as_counts(picture)
        filled, valid = mask.take(counts)
        assert filled is counts
        assert valid is None
