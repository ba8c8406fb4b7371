import numpy as np

from gui.imaging.visible import colours_of_visible


def test_visible_keeps_its_channels():
    picture = np.zeros((4, 8, 3), np.uint8)
    picture[...] = (1, 2, 3)  # blue, green, red
    assert (colours_of_visible(picture, 8) == 0xFF030201).all()
    assert colours_of_visible(picture, 4).shape == (2, 4)
    assert (colours_of_visible(picture[..., 0], 100) == 0xFF010101).all()


def test_sixteen_bits_show_their_upper_half():
    assert (colours_of_visible(np.full((2, 2), 0x7FFF, np.uint16), 2) == 0xFF7F7F7F).all()
