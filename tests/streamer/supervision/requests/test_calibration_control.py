"""The calibration file of a run, written anew while the run goes on. Real files."""

import logging

from streamer.calibration.plain_data import calibration_of
from streamer.calibration.stored import save_calibration
from streamer.clock import NS_PER_S, HostNs
from streamer.config.schema import CalibrationConfig
from streamer.supervision.requests.calibration_control import CalibrationControl
from tests.streamer.calibration.test_warp import calibration


def test_what_is_written_to_the_file_is_ordered(tmp_path, caplog):
    file = tmp_path / "pair.yaml"
    save_calibration(calibration(), file)
    control = CalibrationControl(CalibrationConfig(file=str(file)))
    assert not control.poll(HostNs(0))
    assert control.order is None
    save_calibration(calibration(k1=0.01), file)
    assert not control.poll(HostNs(1))  # it is looked at now and then
    assert control.poll(HostNs(NS_PER_S))
    assert control.order is not None
    assert control.order.number == 1
    assert calibration_of(control.order.calibration, "ordered") == calibration(k1=0.01)
    assert not control.poll(HostNs(2 * NS_PER_S))
    file.write_text("nothing of ours")
    with caplog.at_level(logging.WARNING):
        assert not control.poll(HostNs(3 * NS_PER_S))
    assert "the run goes on as it was" in caplog.text
    assert control.order.number == 1
    file.unlink()
    assert not control.poll(HostNs(4 * NS_PER_S))
    save_calibration(calibration(k1=0.02), file)
    assert control.poll(HostNs(5 * NS_PER_S))
    assert control.order.number == 2


def test_the_window_names_another_file(tmp_path):
    control = CalibrationControl(CalibrationConfig())
    assert not control.poll(HostNs(0))
    file = tmp_path / "pair.yaml"
    control.take(file)  # it is not there
    assert control.order is None
    save_calibration(calibration(), file)
    control.take(file)
    assert control.order is not None
    assert control.order.number == 1
    assert not control.poll(HostNs(NS_PER_S))  # it was read already
    save_calibration(calibration(k1=0.01), file)
    assert control.poll(HostNs(2 * NS_PER_S))


def test_a_distance_that_no_baseline_gives_is_no_order(tmp_path, caplog):
    file = tmp_path / "pair.yaml"
    save_calibration(calibration(), file)
    control = CalibrationControl(CalibrationConfig(distance_m=3.0))
    with caplog.at_level(logging.WARNING):
        control.take(file)
    assert control.order is None
    assert "does not know the cameras' baseline" in caplog.text
