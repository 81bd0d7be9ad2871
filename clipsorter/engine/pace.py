"""How fast it goes and how long it will take."""

from collections import deque

WINDOW_SECONDS = 20.0  # long enough to smooth over one huge photo, short enough to notice a slower disk


class Pace:
    """Photos per second over the last seconds; the clock is handed in, so tests need no waiting."""

    def __init__(self, now: float) -> None:
        self._marks: deque[tuple[float, int]] = deque([(now, 0)])

    def mark(self, now: float, done: int) -> None:
        """Note that ``done`` photos are finished at ``now`` (seconds of a monotonic clock)."""
        self._marks.append((now, done))
        while len(self._marks) > 2 and now - self._marks[0][0] > WINDOW_SECONDS:
            self._marks.popleft()

    @property
    def rate(self) -> float:
        """Photos per second, 0.0 before the first are done."""
        (start, before), (end, after) = self._marks[0], self._marks[-1]
        return (after - before) / (end - start) if end > start else 0.0

    def seconds_left(self, remaining: int) -> float | None:
        """Estimate for ``remaining`` photos; None while nothing is known."""
        return remaining / self.rate if self.rate > 0 else None
