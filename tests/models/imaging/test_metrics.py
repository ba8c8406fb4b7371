import numpy as np
import pytest

from models.imaging import metrics


@pytest.fixture
def pictures() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 256, (60, 80)).astype(np.float32)
    return np.clip(truth + rng.normal(0, 12, truth.shape), -20, 280).astype(np.float32), truth


def test_both_figures_are_those_of_scikit_image(pictures):
    # brings scipy.stats: a second, for every worker that only collects this file
    from skimage.metrics import peak_signal_noise_ratio, structural_similarity

    prediction, truth = pictures
    levels = np.clip(np.rint(prediction), 0, 255)
    assert metrics.psnr_db(prediction, truth) == pytest.approx(
        peak_signal_noise_ratio(truth, levels, data_range=255), abs=1e-4
    )
    assert metrics.ssim(prediction, truth) == pytest.approx(
        structural_similarity(
            truth.astype(np.float64),
            levels.astype(np.float64),
            data_range=255,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
        ),
        abs=1e-6,
    )


def test_equal_pictures_are_infinitely_alike(pictures):
    _, truth = pictures
    assert metrics.psnr_db(truth, truth) == np.inf
    assert metrics.ssim(truth, truth) == pytest.approx(1.0)


def test_fractions_are_rounded_before_they_are_compared(pictures):
    _, truth = pictures
    assert metrics.psnr_db(truth + 0.4, truth) == np.inf


def test_the_official_figures_are_one_per_batch(pictures):
    prediction, truth = pictures
    worse = np.clip(truth + 40, 0, 255)
    psnr, ssim = metrics.official([prediction, worse], [truth, truth])
    x = np.stack([prediction, worse]) / 127.5 - 1
    y = np.stack([truth, truth]) / 127.5 - 1
    assert psnr == pytest.approx(10 * np.log10(4 / np.mean((x - y) ** 2)), abs=1e-4)
    assert ssim < metrics.ssim(prediction, truth)


def test_different_sizes_are_refused(pictures):
    prediction, truth = pictures
    with pytest.raises(ValueError, match=r"one size, got \(60, 80\) and \(60, 79\)"):
        metrics.psnr_db(prediction, truth[:, 1:])
    with pytest.raises(ValueError, match="at least 11"):
        metrics.ssim(truth[:10], truth[:10])


def test_the_bootstrap_interval_holds_the_mean_and_narrows_with_more_images():
    rng = np.random.default_rng(1)
    few, many = rng.normal(28, 2, 20), rng.normal(28, 2, 2000)
    narrow, wide = (metrics.interval_95(list(v)) for v in (many, few))
    assert wide[0] < np.mean(few) < wide[1]
    # 1.96 standard errors either way, as theory has it.
    assert wide[1] - wide[0] == pytest.approx(2 * 1.96 * np.std(few) / 20**0.5, rel=0.15)
    assert narrow[1] - narrow[0] < 0.2 * (wide[1] - wide[0])
    assert metrics.interval_95([3.0]) == (3.0, 3.0)
    assert metrics.interval_95([3.0, float("inf")]) is None
    with pytest.raises(ValueError, match="wanted values"):
        metrics.interval_95([])
