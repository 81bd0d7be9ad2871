"""Work for a share of the time, and leave the rest of it to the person."""

SLICE_SECONDS = 2.0  # worked in one go; the batches under way, up to a second of work on two cores, go on while we rest
LONGEST_REST = 30.0  # s; one huge photo on a slow machine must not look like a halt


class DutyCycle:
    """Says how long to rest after each step so that ``share`` of the time is worked, in the long run."""

    def __init__(self, share: float = 1.0) -> None:
        if not 0.0 < share <= 1.0:
            raise ValueError("The share must be in (0, 1].")
        self.share = share
        self._worked = 0.0  # s since the last rest

    def rest_after(self, seconds: float) -> float:
        """Note a step of ``seconds``; returns how many seconds to rest now, usually 0."""
        self._worked += seconds
        if self.share == 1.0 or self._worked < SLICE_SECONDS:
            return 0.0
        rest = self._worked * (1.0 / self.share - 1.0)
        self._worked = 0.0
        return min(rest, LONGEST_REST)
