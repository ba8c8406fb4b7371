import shutil

import cv2
import numpy as np
import pytest

from models.data.dataset import find_pairs, read_pair
from models.engines.openvino import precisions_of
from models.errors import ModelError
from models.evaluation.evaluate import EvaluateSettings, evaluate
from models.imaging import degradation, metrics
from models.registry import WEIGHTS
from tests.support.scenes import write_rig_pairs, write_thermal, write_video

KEYS = {
    "model", "images", "psnr_db", "ssim", "bilinear", "interval_95", "missing", "guide",
    "thermal", "degradation", "recipe", "scale", "metric", "views", "uncertainty", "per_image",
    "pictures", "left_out", "split", "bounded", "align",
}  # fmt: skip


def run(folder, **options):
    asked = {"engine": "openvino", "precision": "f32", "threads": 1, **options}
    return evaluate(EvaluateSettings(data=folder, **asked))


def test_the_report_and_bilinears_figures(make_folder):
    folder = make_folder(rows=131, columns=163)  # cropped to a multiple of the scale
    report = run(folder, model="bilinear")
    assert set(report) == KEYS
    assert report["images"] == 3
    assert (report["degradation"], report["scale"], report["missing"]) == ("sensor", 8, None)
    figures = []
    for path in find_pairs(folder):
        truth = read_pair(path).thermal[:128, :160]
        low = degradation.sensor(truth, 8).astype(np.float32)
        up = cv2.resize(low, (160, 128), interpolation=cv2.INTER_LINEAR)
        figures.append((metrics.psnr_db(up, truth), metrics.ssim(up, truth)))
    psnr, ssim = np.mean(figures, axis=0)
    assert report["bilinear"]["psnr_db"] == pytest.approx(psnr)
    assert report["psnr_db"] == pytest.approx(psnr)
    assert report["ssim"] == pytest.approx(ssim)
    assert [row["psnr_db"] for row in report["per_image"]] == pytest.approx([p for p, _ in figures])


def test_defaults_follow_the_folder(make_folder):
    with_low, without = make_folder("a", low=True), make_folder("b")
    given = run(with_low)
    assert (given["degradation"], given["model"]) == ("given", "fast:benchmark")
    made = run(with_low, degradation="benchmark")
    assert made["psnr_db"] == pytest.approx(given["psnr_db"], abs=1e-6)
    assert run(without)["model"] == "fast:sensor"
    with pytest.raises(ModelError, match="there is no thermal_lr"):
        run(without, degradation="given")


def test_thermal_pictures_without_a_partner_are_pairs_whose_visible_is_missing(
    make_folder, tmp_path
):
    folder = make_folder(count=2, low=True)
    of_pairs = run(folder, missing="visible")
    shutil.rmtree(folder / "visible")
    alone = run(folder, picture=tmp_path / "panel.png")
    assert (of_pairs.pop("pictures"), alone.pop("pictures")) == ("pairs", "thermal pictures")
    assert alone == of_pairs
    assert alone["missing"] == "visible"
    assert (tmp_path / "panel.png").exists()
    for options, asked in (({"missing": "thermal"}, "missing thermal"), ({"guide": "black"}, "gu")):
        with pytest.raises(ModelError, match=f"{asked}.* wants a visible picture, and visible/ is"):
            run(folder, **options)


def test_what_training_holds_out_is_measured_apart(tmp_path):
    folder = write_thermal(tmp_path / "set", 26)
    names = {
        split: [row["name"] for row in run(folder, model="bilinear", split=split)["per_image"]]
        for split in ("all", "train", "dev")
    }
    assert names["dev"] == ["006", "018"]
    assert sorted(names["train"] + names["dev"]) == names["all"]
    small = write_thermal(tmp_path / "small", 3)
    with pytest.raises(ModelError, match="split dev is empty; 24 pictures and more have one held"):
        run(small, split="dev")


def test_videos_are_not_measured(tmp_path):
    write_video(tmp_path / "videos" / "a.mp4")
    with pytest.raises(ModelError, match="wanted pairs or thermal pictures, found videos"):
        run(tmp_path / "videos")


@pytest.mark.parametrize("scale", [2, 3, 4, 5, 16])
def test_other_scales(make_folder, scale):
    report = run(make_folder(count=1), scale=scale)
    assert report["scale"] == scale


def test_a_scale_that_is_not_the_given_one(make_folder):
    with pytest.raises(ModelError, match="is x8, not x4"):
        run(make_folder(count=1, low=True), scale=4)


def test_missing_and_replaced_guides(make_folder):
    folder = make_folder()
    own = run(folder)["psnr_db"]
    others = {
        "missing": run(folder, missing="visible")["psnr_db"],
        **{name: run(folder, guide=name)["psnr_db"] for name in ("swapped", "black", "shifted:5")},
    }
    assert len({round(value, 6) for value in (own, *others.values())}) == 5
    assert run(folder, guide="shifted:0")["psnr_db"] == pytest.approx(own)
    # Whatever is shown instead of thermal, it is not this scene's thermal.
    assert run(folder, missing="thermal")["psnr_db"] < own


def test_a_flat_folder_of_thermal_pictures_is_measured_too(make_folder, tmp_path):
    folder = make_folder()
    expected = {**run(folder, missing="visible"), "pictures": "thermal pictures"}
    assert run(folder / "thermal", picture=tmp_path / "panel.png") == expected
    assert cv2.imread(str(tmp_path / "panel.png")).shape == (3 * 360, 3 * 480, 3)


def test_the_guide_of_another_pair_may_have_another_size(make_folder):
    folder = make_folder(count=2)
    visible, thermal = cv2.imread(str(folder / "visible/000_01.jpg")), None
    thermal = cv2.imread(str(folder / "thermal/000_01.png"), cv2.IMREAD_GRAYSCALE)
    cv2.imwrite(str(folder / "visible/000_01.jpg"), visible[:96, :128])
    cv2.imwrite(str(folder / "thermal/000_01.png"), thermal[:96, :128])
    assert run(folder, guide="swapped")["images"] == 2


def test_the_official_metric(make_folder):
    folder = make_folder(count=3)
    report = run(folder, model="bilinear", metric="official")
    integer = run(folder, model="bilinear")
    assert report["metric"] == "official"
    assert report["psnr_db"] != pytest.approx(integer["psnr_db"], abs=1e-6)
    # One PSNR over a batch is never above the mean of its pictures' (the log is concave).
    assert report["psnr_db"] <= integer["psnr_db"] + 0.05


def test_a_mean_over_views(make_folder):
    folder = make_folder(low=True)
    one, four = run(folder), run(folder, views=4)
    assert (one["views"], four["views"]) == (1, 4)
    assert one["psnr_db"] != four["psnr_db"]
    with pytest.raises(ModelError, match="views: wanted 1, 2, 4, 8, got 5"):
        run(folder, views=5)


def test_predictions_and_panel_are_written(make_folder, tmp_path):
    folder = make_folder()
    seen: list[tuple[int, int]] = []
    settings = EvaluateSettings(
        data=folder, engine="openvino", precision="f32",
        save=tmp_path / "out", picture=tmp_path / "panels" / "panel.png",
    )  # fmt: skip
    report = evaluate(settings, lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]
    for row in report["per_image"]:
        saved = cv2.imread(str(tmp_path / "out" / f"{row['name']}.png"), cv2.IMREAD_UNCHANGED)
        truth = cv2.imread(str(folder / "thermal" / f"{row['name']}.png"), cv2.IMREAD_UNCHANGED)
        assert metrics.psnr_db(saved, truth) == pytest.approx(row["psnr_db"])
    panel = cv2.imread(str(settings.picture))
    assert panel.shape == (3 * 360, 4 * 480, 3)


def test_a_picture_that_cannot_be_written(make_folder, tmp_path):
    folder = make_folder(count=1)
    with pytest.raises(ModelError, match=r"panel\.odd: OpenCV writes no such picture"):
        run(folder, model="bilinear", picture=tmp_path / "panel.odd")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelError, match=r"000_01\.png: "):
        run(folder, model="bilinear", save=tmp_path / "file")


def test_sixteen_bits_are_measured_in_their_own_span(make_folder):
    folder = make_folder(count=1)
    path = folder / "thermal" / "000_01.png"
    grey = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    eight = run(folder, model="bilinear")
    cv2.imwrite(str(path), grey.astype(np.uint16) * 100 + 3000)
    sixteen = run(folder, model="bilinear")
    span = float(np.ptp(grey))
    expected = eight["psnr_db"] - 20 * np.log10(255 / span)
    assert sixteen["psnr_db"] == pytest.approx(expected, abs=0.2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"guide": "shifted:x"}, "guide: wanted own, swapped, black or shifted:PX"),
        ({"metric": "psnr"}, "metric: wanted integer or official"),
        ({"missing": "both"}, "missing: wanted visible or thermal"),
        ({"degradation": "blurry"}, "degradation: wanted"),
        ({"scale": 100}, "too small for x100"),
    ],
)
def test_wrong_options(make_folder, options, message):
    with pytest.raises(ModelError, match=message):
        run(make_folder(count=1), **options)


def fast(folder, **options):
    """What is measured with the least arithmetic that this CPU has, which many choose."""
    precision = precisions_of(WEIGHTS / "fast-benchmark.safetensors")[0]
    return run(folder, precision=precision.value, **options)


def test_the_shipped_network_beats_the_paper_on_its_own_split(shared_data):
    folder = shared_data / "pbvs23" / "val"
    both = run(folder)
    assert both["bilinear"]["psnr_db"] == pytest.approx(27.456, abs=0.001)
    assert both["bilinear"]["ssim"] == pytest.approx(0.8263, abs=0.0001)
    assert both["psnr_db"] > 28.039
    assert both["ssim"] > 0.8322
    alone = fast(folder, missing="visible")
    assert alone["psnr_db"] > 27.456
    wrong = fast(folder, guide="swapped")
    assert wrong["psnr_db"] > 27.456
    blind = fast(folder, missing="thermal")
    assert blind["psnr_db"] > 11.626


def test_what_has_no_partner_is_counted(make_folder):
    folder = make_folder(count=12, rows=32, columns=32)
    assert run(folder, model="bilinear")["left_out"] == {}
    (folder / "visible" / "003_01.jpg").unlink()
    report = run(folder, model="bilinear")
    assert report["images"] == 11
    assert report["left_out"] == {"no partner": 1}


def test_guides_are_lined_up_first_where_that_is_asked_for(tmp_path):
    """Pictures of the simulated rig: what lies beside comes back, another scene is left out."""
    folder = write_rig_pairs(tmp_path / "rig")
    truth = fast(folder)["psnr_db"]
    beside = fast(folder, guide="shifted:6")["psnr_db"]
    lined_up = fast(folder, guide="shifted:6", align=True)
    assert beside < truth - 0.2
    assert lined_up["psnr_db"] == pytest.approx(truth, abs=0.1)
    told = lined_up["align"]
    assert (told["lined_up"], told["left"], told["refused"]) == (2, 0, 0)
    assert told["median_shift_px"] == pytest.approx(6, abs=0.5)
    stays = fast(folder, align=True)
    assert (stays["align"]["left"], stays["align"]["median_shift_px"]) == (2, None)
    assert stays["psnr_db"] == truth
    refused = fast(folder, guide="black", align=True)
    assert refused["align"]["refused"] == 2
    assert refused["psnr_db"] == fast(folder, missing="visible")["psnr_db"]
    with pytest.raises(ModelError, match="align wants both pictures, and visible is missing"):
        fast(folder, missing="visible", align=True)
