import numpy as np
import pytest

from models.imaging import metrics
from models.imaging.scores import Scores, mean_score


def test_means_are_taken_name_by_name():
    truth = np.full((16, 16), 100.0)
    scores = Scores()
    for name, offset in (("near", 1), ("near", 2), ("far", 40)):
        found = scores.add(name, truth + offset, truth)
        assert found == metrics.score(truth + offset, truth)
    means = scores.means()
    assert list(means) == ["near", "far"]
    expected = [metrics.psnr_db(truth + offset, truth) for offset in (1, 2)]
    assert means["near"][0] == pytest.approx(np.mean(expected))
    assert means["far"][0] < means["near"][0]


def test_pictures_may_be_scored_otherwise():
    truth = np.full((16, 16), 100.0)
    scores = Scores(metrics.unrounded)
    scores.add("quarter", truth + 0.25, truth)
    assert scores.means()["quarter"][0] == pytest.approx(60.17, abs=0.01)


def test_a_mean_score():
    assert mean_score([(10.0, 0.5), (20.0, 1.0)]) == (15.0, 0.75)
