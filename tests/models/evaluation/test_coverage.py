import numpy as np
import pytest

from models.evaluation.coverage import LARGEST, Coverage, on_canvas, quantile, within


def test_an_error_stands_for_all_that_rounds_to_it():
    assert within(np.array([0, 0, 0]), np.array([0.1, 0.5, 3.0])) == pytest.approx([0.2, 1, 1])
    assert within(np.array([2, -2, 2, 2]), np.array([1.5, 1.75, 2.5, 9])) == pytest.approx(
        [0, 0.25, 1, 1]
    )


@pytest.mark.parametrize("sigma", [0.3, 0.7, 1.0, 4.0])
def test_the_sigma_of_normal_errors_is_found_again(sigma):
    drawn = np.rint(np.random.default_rng(0).normal(0, sigma, 200_000)).astype(int)
    found = quantile(np.bincount(np.abs(drawn)))
    assert within(drawn, found).mean() == pytest.approx(0.6827, abs=1e-3)
    # Rounding is part of the error: a twelfth of a squared level, and as much in reading it back.
    assert sigma < found < np.hypot(sigma, 0.55)


def test_each_pixel_has_its_cell():
    cells = np.arange(6, dtype=np.float32).reshape(2, 3)
    spread = on_canvas(cells, (4, 7))
    assert spread.shape == (4, 7)
    assert spread[:, 0].tolist() == [0, 0, 3, 3]
    assert spread[0].tolist() == [0, 0, 0, 1, 1, 2, 2]


def test_the_report():
    assert Coverage().report() is None
    truth = np.full((8, 16), 100, np.uint8)
    prediction = truth.copy()
    prediction[:, 8:] += 4
    cells = np.array([[0.5, 3.0]], np.float32)
    counted = Coverage()
    counted.add(prediction, truth, cells, 1.0)
    counted.add(prediction, truth, cells, 1.0)
    report = counted.report()
    # The left half is right, the right half is off by 4 where 3 were foretold.
    assert report["within_1_sigma"] == pytest.approx(0.5)
    assert report["within_2_sigma"] == pytest.approx(1.0)
    left, right = report["calibration"]
    assert (left["sigma"], left["pixels"], left["within_1_sigma"]) == (0.5, 128, 1.0)
    assert left["seen"] == pytest.approx(0.34, abs=0.01)
    assert (right["sigma"], right["within_1_sigma"]) == (3.0, 0.0)
    assert right["seen"] == pytest.approx(3.5 + 0.6827, abs=0.01)


def test_sixteen_bits_are_sorted_by_levels_and_counted_in_counts():
    truth = np.full((4, 4), 7000, np.uint16)
    prediction = truth + np.uint16(60)
    counted = Coverage()
    counted.add(prediction, truth, np.full((1, 1), 30.0, np.float32), 10.0)
    report = counted.report()
    assert report["within_1_sigma"] == 0
    assert report["within_2_sigma"] == pytest.approx(0.5)
    assert report["calibration"][0]["sigma"] == pytest.approx(3.0)
    assert report["calibration"][0]["seen"] == pytest.approx(5.5 + 0.6827, abs=0.01)
    far = Coverage()
    far.add(truth, truth * 0, np.full((1, 1), 9.0, np.float32), 1.0)
    assert far.errors[:, LARGEST].sum() == 16
