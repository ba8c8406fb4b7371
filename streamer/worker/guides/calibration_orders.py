"""Follows the calibrations that are given while a run goes on."""

import logging

from streamer.calibration.errors import CalibrationError
from streamer.calibration.plain_data import calibration_of
from streamer.messages import SessionStatus
from streamer.worker.guides.alignment import GuideAlignment

log = logging.getLogger(__name__)


class CalibrationOrders:
    """Hands each to what lines up the guide, once.

    Args:
        live: whether frames are of now; a recording's are lined up anew from its first on.
    """

    def __init__(self, *, live: bool) -> None:
        self._live = live
        self._order: int | None = None  # the newest that was looked at

    def follow(self, session: SessionStatus, alignment: GuideAlignment) -> None:
        """Takes the newest state of the run.

        A worker that was started again goes on with what was used last.
        """
        order, newest = session.calibration_order, session.calibration
        number = 0 if order is None else order.number
        if number == self._order:
            return
        began, self._order = self._order is None, number
        plain = None if order is None else order.calibration
        if began and self._live and newest is not None and newest.order == number:
            plain = newest.calibration
        if plain is None:
            return
        try:
            calibration = calibration_of(plain, "the calibration that was given")
        except CalibrationError as error:
            log.warning("%s", error)
            return
        (alignment.order if self._live else alignment.replace)(calibration, number)
