from pathlib import Path

import pytest

from gui.state.aligning.words import Score, saved_text, score_text


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (None, "Looking how well"),
        (Score(0.4, (0.0, 0.0)), "agree well (0.40 of 1)"),
        (Score(0.25, (0.0, 0.0)), "agree fairly"),
        (Score(0.1, (0.0, 0.0)), "agree little"),
        (Score(0.1, None), "too few are seen"),
        (Score(0.3, (8.0, -4.0)), "8 px to the right and 4 px too high"),
        (Score(0.3, (-8.0, 0.0)), "lies 8 px to the left."),
        (Score(0.0, None, "the calibration mirrors it"), "would refuse this: the calibration mir"),
    ],
)
def test_a_score_is_told_in_words(score, words):
    assert words in score_text(score)


def test_what_to_do_with_the_file_can_be_pasted():
    assert "--calibration '/my files/pair.yaml'" in saved_text(Path("/my files/pair.yaml"))
