from itertools import product

import msgspec
import numpy as np
import pytest

from gui.state.framing.orientation import Orientation

ALL = [Orientation(turns, mirrored) for turns, mirrored in product(range(4), (False, True))]
PLACE = (0.2, 0.7)


def painted(orientation: Orientation, picture: np.ndarray) -> np.ndarray:
    """What numpy makes of the same words."""
    picture = picture[:, ::-1] if orientation.mirrored else picture
    return np.rot90(picture, -orientation.quarter_turns)


@pytest.mark.parametrize("orientation", ALL)
def test_places_go_where_their_pixels_go(orientation):
    picture = np.arange(12).reshape(3, 4)
    seen = painted(orientation, picture)
    for row, column in np.ndindex(picture.shape):
        u, v = orientation.seen(((column + 0.5) / 4, (row + 0.5) / 3))
        height, width = seen.shape
        assert seen[int(v * height), int(u * width)] == picture[row, column]
        assert orientation.stored((u, v)) == pytest.approx(((column + 0.5) / 4, (row + 0.5) / 3))


@pytest.mark.parametrize("orientation", ALL)
def test_turning_and_flipping_are_what_the_screen_shows(orientation):
    picture = np.arange(12).reshape(3, 4)
    seen = painted(orientation, picture)
    assert np.array_equal(painted(orientation.turned(), picture), np.rot90(seen, -1))
    assert np.array_equal(painted(orientation.flipped_sideways(), picture), seen[:, ::-1])
    assert np.array_equal(painted(orientation.flipped_over(), picture), seen[::-1])


@pytest.mark.parametrize("orientation", ALL)
def test_a_step_on_the_screen_is_the_same_step_in_the_picture(orientation):
    picture = np.zeros((5, 5), int)
    picture[2, 2] = 1
    columns, rows = orientation.stored_step(1, 0)
    moved = np.roll(picture, (rows, columns), (0, 1))
    assert np.array_equal(
        painted(orientation, moved), np.roll(painted(orientation, picture), 1, axis=1)
    )


def test_what_is_no_quarter_of_a_turn_is_refused():
    with pytest.raises(msgspec.ValidationError, match="quarter_turns: 0 to 3 wanted"):
        msgspec.convert({"quarter_turns": 4}, Orientation)
