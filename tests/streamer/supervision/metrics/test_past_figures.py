from streamer.messages import PastUse
from streamer.supervision.metrics.past_figures import PastFigures


def test_without_a_past_there_is_nothing_to_report():
    assert PastFigures().report() is None


def test_what_the_frames_before_gave_is_added_up():
    figures = PastFigures()
    for past in (
        PastUse(1, 0.0, 0.3),
        PastUse(2, 0.5, 1.0, 30.0),
        PastUse(3, 0.7, 1.1, 40.04),
        PastUse(1, 0.0, 1.1, 40.04, "scene", pattern_counts=1.2, pattern_mk=12.34),
    ):
        figures.add(past)
    report = figures.report()
    assert report is not None
    assert (report.window, report.share, report.alone) == (3, 0.6, 2)
    assert (report.let_go, report.noise_mk) == ({"scene": 1}, 40.0)
    assert report.pattern_mk == 12.3
