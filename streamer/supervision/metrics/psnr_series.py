"""PSNR over the length of a run, in bounded memory."""

from streamer.supervision.report import PsnrDb

_MOST = 3600  # entries


class PsnrSeries:
    """Sums of the PSNR of the results and of bilinear, by second.

    A run of more than an hour has an entry every two seconds, of more than two every four, and so
    on, so that there are never more than 3,600.
    """

    def __init__(self) -> None:
        self._every_s = 1
        self._sums: dict[int, tuple[int, float, float]] = {}  # scored frames, ours, bilinear

    def add(self, at_s: float, ours_db: float, bilinear_db: float) -> None:
        """Takes a scored frame, at seconds since the first result."""
        self._add(int(at_s // self._every_s), (1, ours_db, bilinear_db))
        while len(self._sums) > _MOST:
            finer, self._sums = self._sums, {}
            self._every_s *= 2
            for index, sums in finer.items():
                self._add(index // 2, sums)

    def mean(self) -> PsnrDb | None:
        """The mean over all frames; None without any."""
        if not self._sums:
            return None
        count, ours, plain = map(sum, zip(*self._sums.values(), strict=True))
        return PsnrDb(round(ours / count, 3), round(plain / count, 3))

    def entries(self) -> list[tuple[float, float, float]]:
        """Where each entry begins in seconds, and its means in dB."""
        return [
            (float(index * self._every_s), round(ours / count, 3), round(plain / count, 3))
            for index, (count, ours, plain) in sorted(self._sums.items())
        ]

    def _add(self, index: int, sums: tuple[int, float, float]) -> None:
        count, ours, plain = self._sums.get(index, (0, 0.0, 0.0))
        self._sums[index] = (count + sums[0], ours + sums[1], plain + sums[2])
