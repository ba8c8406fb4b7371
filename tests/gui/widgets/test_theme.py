"""Text can be read: on the window's ground, in both themes, and on every colour."""

import pytest
from PySide6.QtGui import QColor

from gui.widgets import theme

ENOUGH = 4.5  # of WCAG 2, for small text


def luminance(colour: QColor) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: QColor, other: QColor) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(params=["dark", "light"])
def themed(request, qapp):
    theme.apply_theme(qapp, theme=request.param)
    yield request.param
    theme.apply_theme(qapp)


def test_text_on_the_windows_ground(themed):
    for ink in (theme.INK, theme.QUIET):
        for ground in (theme.BACKGROUND, theme.CANVAS, theme.FIELD):
            assert contrast(ink, ground) >= ENOUGH, (ink.name(), ground.name())
    for ground in (theme.BUTTON, theme.ON):
        assert contrast(theme.INK, ground) >= ENOUGH, ground.name()


def test_text_on_badges(themed):
    for ground in theme.SEVERITY_COLOURS.values():
        assert contrast(theme.TEXT, ground) >= ENOUGH, ground.name()


def test_what_was_imported_by_name_changes_too(qapp):
    from gui.widgets.scale.color_bar import INK

    theme.apply_theme(qapp, theme="light")
    try:
        assert luminance(INK) < 0.1
    finally:
        theme.apply_theme(qapp)
    assert luminance(INK) > 0.5
