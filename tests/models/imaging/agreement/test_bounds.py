import cv2
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.imaging.agreement.bounds import LOCAL_SHARE, THIN_GAIN, bound, reading_bounds
from models.imaging.agreement.consistency import make_consistent, missed_of

LIMITS = (0.0, 65535.0)


def consistent(measured, scale, interpolation=cv2.INTER_CUBIC, bounded=True):
    size = (measured.shape[1] * scale, measured.shape[0] * scale)
    picture = np.asarray(cv2.resize(measured, size, interpolation=interpolation), np.float32)
    make_consistent(picture, measured, missed_of(picture, measured), LIMITS, bounded)
    return picture


def means_of(picture, scale):
    rows = len(picture)
    blocks = np.rint(picture.astype(np.float64)).reshape(rows // scale, scale, -1, scale)
    return blocks.mean(axis=(1, 3))


@given(
    st.integers(2, 5),
    st.integers(2, 5),
    st.integers(2, 5),
    st.integers(2, 7),
    st.integers(-9000, 30000),
    st.sampled_from((2, 3, 4, 8, 16)),
    st.sampled_from((cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_LANCZOS4)),
)
def test_beside_a_block_nothing_is_read_beyond_five_percent_of_the_step(
    rows, columns, top, left, step, scale, interpolation
):
    measured = np.full((12, 14), 20000, np.float32)
    measured[top : top + rows, left : left + columns] += step
    picture = consistent(measured, scale, interpolation)
    beyond = 0.05 * abs(step) + 1e-2  # what float32 rounds counts of 50000 by
    assert measured.min() - picture.min() <= beyond
    assert picture.max() - measured.max() <= beyond
    assert np.abs(means_of(picture, scale) - measured).max() <= 0.5


@given(st.integers(0, 2**32 - 1), st.sampled_from((1, 2, 3, 4, 8)), st.integers(0, 3000))
def test_blocks_keep_their_averages_within_bounds(seed, scale, amplitude):
    rng = np.random.default_rng(seed)
    measured = rng.integers(0, 65536, (7, 9)).astype(np.float32)
    cv2.GaussianBlur(measured, (0, 0), 1.0, dst=measured)
    np.rint(measured, out=measured)
    size = (9 * scale, 7 * scale)
    picture = np.asarray(cv2.resize(measured, size, interpolation=cv2.INTER_CUBIC), np.float32)
    picture += rng.normal(0, amplitude, picture.shape).astype(np.float32)
    make_consistent(picture, measured, missed_of(picture, measured), LIMITS)
    below, above = (
        np.kron(each, np.ones((scale, scale))) for each in reading_bounds(measured, LIMITS)
    )
    assert (picture >= below - 1e-2).all()
    assert (picture <= above + 1e-2).all()
    assert np.abs(means_of(picture, scale) - measured).max() <= 0.5


def test_a_picture_within_its_bounds_stays_as_it_is_to_the_last_bit():
    y, x = np.mgrid[0:12, 0:14].astype(np.float32)
    measured = np.rint(20000 + 900 * np.sin(x / 3) + 500 * np.cos(y / 4)).astype(np.float32)
    plain, bounded = (consistent(measured, 8, bounded=each) for each in (False, True))
    assert (plain == bounded).all()
    measured[5:8, 5:9] += 5000
    plain, bounded = (consistent(measured, 8, bounded=each) for each in (False, True))
    changed = (plain != bounded).reshape(12, 8, 14, 8).any(axis=(1, 3))
    assert changed[4:9, 4:10].any()
    changed[2:11, 2:12] = False
    assert not changed.any(), "only beside the step"


def test_what_is_thinner_than_a_sensor_pixel_may_read_beyond_it():
    measured = np.full((12, 14), 20000, np.float32)
    measured[:, 6] += 1000  # a wire: its own heat is more than what a pixel saw of it
    _, above = reading_bounds(measured, LIMITS)
    assert (above[:, 5:8] == 20000 + 1000 * (1 + LOCAL_SHARE + 2)).all()
    measured = np.full((12, 14), 20000, np.float32)
    measured[5, 6] += 1000  # a lone pixel may as well be a bad one
    _, above = reading_bounds(measured, LIMITS)
    assert above.max() == 20000 + 1000 * (1 + LOCAL_SHARE)
    assert above[0, 0] == 20000, "where nothing was measured to differ, nothing is made up"
    measured[-1] -= 1000  # the last row of a frame is as thin as one in its midst
    below, _ = reading_bounds(measured, LIMITS)
    assert below[-1, 0] == np.float32(19000 - 1000 * (LOCAL_SHARE + 2))


def test_counts_stay_within_their_type():
    measured = np.full((4, 4), 250, np.float32)
    measured[1:3, 1:3] = 255
    picture = np.kron(measured, np.ones((4, 4), np.float32))
    picture[4:12, 4:12] += np.tile(np.float32([3, -3]), (8, 4))
    bound(picture, measured, (0.0, 255.0))
    assert picture.max() == 255
    assert np.abs(means_of(picture, 4) - measured).max() <= 0.5


def plain_bounds(measured, limits):
    """What `reading_bounds` says, pixel by pixel, without any of its haste."""
    rows, columns = measured.shape

    def mirrored(at, end):
        return -at if at < 0 else 2 * end - 2 - at if at >= end else at

    def around(plane, row, column):
        return [
            (y, x)
            for y in range(row - 1, row + 2)
            for x in range(column - 1, column + 2)
            if 0 <= y < rows and 0 <= x < columns
        ]

    def thin(plane):
        seen = plane.copy()
        for row, column in np.ndindex(rows, columns):
            beside = [plane[at] for at in around(plane, row, column) if at != (row, column)]
            seen[row, column] = min(plane[row, column], max(beside))
        apart = np.zeros_like(plane)
        for row, column in np.ndindex(rows, columns):
            squares = []
            for top, left in ((-1, -1), (-1, 0), (0, -1), (0, 0)):
                places = [(row + top + y, column + left + x) for y in (0, 1) for x in (0, 1)]
                squares.append(
                    min(seen[mirrored(y, rows), mirrored(x, columns)] for y, x in places)
                )
            apart[row, column] = seen[row, column] - max(squares)
        return apart

    thin_hot, thin_cold = thin(measured), thin(-measured)
    below, above = np.empty_like(measured), np.empty_like(measured)
    for row, column in np.ndindex(rows, columns):
        near = around(measured, row, column)
        low, high = min(measured[at] for at in near), max(measured[at] for at in near)
        beyond = np.float32(high - low) * np.float32(LOCAL_SHARE)
        hot, cold = (THIN_GAIN * max(each[at] for at in near) for each in (thin_hot, thin_cold))
        above[row, column] = min(np.float32(limits[1]), np.float32(high + beyond) + hot)
        below[row, column] = max(np.float32(limits[0]), np.float32(low - beyond) - cold)
    return below, above


def plain_bound(picture, measured, limits):
    """What `bound` does, block by block."""
    scale = len(picture) // len(measured)
    below, above = plain_bounds(measured, limits)
    for row, column in np.ndindex(measured.shape):
        block = picture[row * scale : (row + 1) * scale, column * scale : (column + 1) * scale]
        low, high = below[row, column], above[row, column]
        if block.min() < low or block.max() > high:
            kept = np.clip(block, low, high)[None]
            missing = measured[row, column] - kept.mean(axis=(1, 2), keepdims=True)
            room = np.where(missing > 0, high - kept, kept - low)
            share = missing / np.maximum(room.mean(axis=(1, 2), keepdims=True), 1e-6)
            block[...] = np.clip(kept + share * room, low, high)[0]


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(2, 7),
    st.integers(2, 7),
    st.sampled_from((2, 3, 4, 8)),
    st.sampled_from((np.uint8, np.uint16)),
    st.sampled_from((0.0, 0.02, 0.3)),
)
def test_in_its_haste_it_does_what_it_says_to_the_last_bit(
    seed, rows, columns, scale, dtype, amplitude
):
    rng = np.random.default_rng(seed)
    top = np.iinfo(dtype).max
    counts = rng.integers(0, top + 1, (rows, columns)).astype(dtype)
    if seed % 2:
        counts = np.sort(counts, axis=0) // 2
        counts[rng.random(counts.shape) < 0.1] = top
    measured, limits = counts.astype(np.float32), (0.0, float(top))
    size = (columns * scale, rows * scale)
    picture = np.asarray(cv2.resize(measured, size, interpolation=cv2.INTER_CUBIC), np.float32)
    picture += rng.normal(0, amplitude * top, picture.shape).astype(np.float32)
    wanted, of_counts = picture.copy(), picture.copy()
    plain_bound(wanted, measured, limits)
    bound(of_counts, counts, limits)
    assert of_counts.tobytes() == wanted.tobytes()
    bound(picture, measured, limits)
    assert picture.tobytes() == wanted.tobytes()
    both = zip(reading_bounds(counts, limits), plain_bounds(measured, limits), strict=True)
    for found, plain in both:
        assert found.tobytes() == plain.tobytes()
