"""One line a cause a minute; the others are counted. Time is handed in."""

import logging

import pytest

from streamer.logs.rate_limit import RateLimit


class Kept(logging.Handler):
    """What was written."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


class Clock:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(kept: Kept, clock: Clock):
    logger = logging.Logger("of.a.test")
    logger.addHandler(RateLimit(kept, clock))
    return logger


def test_what_repeats_itself_is_counted(log, kept: Kept, clock: Clock) -> None:
    for number in range(40):
        log.warning("frame %d of %s refused: %s", number, "visible", "too large")
        clock.now_s += 1
    assert kept.lines == ["frame 0 of visible refused: too large"]
    clock.now_s += 30
    log.warning("frame %d of %s refused: %s", 99, "visible", "too large")
    assert kept.lines[1:] == ["frame 99 of visible refused: too large (39 more like this)"]


def test_after_a_minute_it_is_news_again(log, kept: Kept, clock: Clock) -> None:
    for _ in range(3):
        log.warning("the disk is slow")
        clock.now_s += 61
    assert kept.lines == ["the disk is slow"] * 3


def test_causes_do_not_hide_each_other(log, kept: Kept) -> None:
    for stream in ("visible", "thermal"):
        for reason in ("too large", "too small"):
            log.warning("frame %d of %s refused: %s", 1, stream, reason)
    log.error("frame %d of %s refused: %s", 1, "visible", "too large")
    assert len(kept.lines) == 5


def test_a_line_that_is_different_each_time_is_one_cause(log, kept: Kept, clock: Clock) -> None:
    for letters in range(1000):
        log.warning("%s cannot be read", chr(0x4E00 + letters))
    assert len(kept.lines) == 6
    clock.now_s += 61
    log.warning("something else")
    assert kept.lines[6].endswith("cannot be read (994 more like this)")


def test_what_was_left_out_is_told_by_whoever_comes_next_or_at_the_end(
    log, kept: Kept, clock: Clock
) -> None:
    for _ in range(3):
        log.warning("a")
    clock.now_s += 61
    log.warning("b")
    assert kept.lines == ["a", "a (2 more like this)", "b"]
    log.warning("b")
    log.handlers[0].close()
    assert kept.lines[3:] == ["b (1 more like this)"]


def test_details_for_developers_are_all_there(log, kept: Kept) -> None:
    for _ in range(5):
        log.debug("again")
    assert kept.lines == ["again"] * 5


def test_what_is_remembered_is_bounded(log, kept: Kept, clock: Clock) -> None:
    for number in range(3000):
        log.warning("".join(chr(97 + int(digit)) for digit in str(number)))
    assert len(log.handlers[0]._seen) <= 501
