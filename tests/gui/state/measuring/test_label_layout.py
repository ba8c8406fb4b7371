import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.state.measuring.label_layout import Rect, Wanted, place_labels

AREA = Rect(100, 50, 640, 480)
LABEL = ((180.0, 20.0), (90.0, 20.0), (30.0, 20.0))


def cross(x, y):
    return Rect(x - 8, y - 8, 16, 16)


def one(around, taken=(), area=AREA, sizes=LABEL):
    (placed,) = place_labels(area, [Wanted(around, sizes)], taken)
    return placed


@pytest.mark.parametrize("x", [100, 108, 400, 732, 740])
@pytest.mark.parametrize("y", [50, 58, 300, 522, 530])
def test_a_label_is_whole_and_beside_its_mark_everywhere(x, y):
    placed = one(cross(x, y))
    assert placed.form == 0
    assert placed.at.within(AREA)
    assert not placed.at.overlaps(cross(x, y))
    assert not placed.apart


def test_a_caption_is_not_written_over():
    caption = Rect(106, 56, 200, 22)
    placed = one(cross(150, 60), [caption])
    assert not placed.at.overlaps(caption)


def test_a_label_that_stands_apart_is_joined():
    around, taken = cross(300, 300), [Rect(100, 270, 640, 60)]
    placed = one(around, taken)
    assert placed.apart
    assert not placed.at.overlaps(taken[0])


def test_what_a_notice_covers_has_no_label():
    notice = Rect(200, 200, 300, 100)
    under, beside = Wanted(cross(300, 250), LABEL), Wanted(cross(550, 250), LABEL)
    hidden, placed = place_labels(AREA, [under, beside], covered=notice)
    assert hidden is None
    assert not placed.at.overlaps(notice)


def test_without_room_for_the_whole_text_a_shorter_one_stands():
    assert one(Rect(0, 0, 10, 10), area=Rect(0, 0, 120, 60)).form == 1
    assert one(Rect(0, 0, 10, 10), area=Rect(0, 0, 20, 15)) is None


def test_the_label_of_a_large_box_stands_in_it():
    box = Rect(110, 60, 620, 460)
    assert one(box).at.within(box)


places = st.tuples(st.integers(100, 740), st.integers(50, 530))


@given(st.lists(places, max_size=12))
def test_no_two_overlap_and_none_leaves_the_picture(spots):
    wanted = [Wanted(cross(x, y), LABEL) for x, y in spots]
    placed = [each.at for each in place_labels(AREA, wanted) if each is not None]
    assert all(at.within(AREA) for at in placed)
    assert not any(a.overlaps(b) for n, a in enumerate(placed) for b in placed[:n])
