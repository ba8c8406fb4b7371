import pytest

from streamer.supervision.metrics.remembered import Remembered


def numbers(kept: Remembered[str]) -> list[int]:
    return [number for number in range(100) if kept.get(number) is not None]


def test_the_oldest_are_forgotten_by_count_and_by_bytes() -> None:
    kept: Remembered[str] = Remembered(most=4, most_bytes=100)
    for number in range(10):
        kept.add(number, "a", 10)
    assert numbers(kept) == [6, 7, 8, 9]
    kept.add(10, "b", 75)
    assert numbers(kept) == [8, 9, 10]
    assert kept.size_bytes == 95


def test_two_are_kept_however_long_they_are() -> None:
    kept: Remembered[str] = Remembered(most_bytes=100)
    for number in range(5):
        kept.add(number, "a", 1000)
    assert numbers(kept) == [3, 4]


@pytest.mark.parametrize("size", [3, 30])
def test_one_in_the_place_of_another_and_one_taken_away(size: int) -> None:
    kept: Remembered[str] = Remembered()
    kept.add(1, "a", size)
    kept.add(1, "b", 7)
    assert (kept.get(1), kept.size_bytes, len(kept)) == ("b", 7, 1)
    assert kept.pop(1) == "b"
    assert (kept.pop(1), kept.get(1), kept.size_bytes) == (None, None, 0)
