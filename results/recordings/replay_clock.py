"""The clock of a replay: a recorded moment that goes on with real time, faster or slower."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock


class ReplayClock:
    """Starts at a moment and goes on at a speed; stays at its end, or begins again.

    speed      recorded seconds a real second
    loop       begin again at the end, instead of staying there
    monotonic  real seconds, for tests that tell time themselves

    Safe to use from several threads.
    """

    def __init__(
        self,
        start: datetime,
        end: datetime,
        speed: float = 60.0,
        *,
        loop: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises ValueError for a speed that is not above 0."""
        if not speed > 0:
            raise ValueError(f"the speed must be above 0, not {speed}")
        self.start = start
        self.end = max(start, end)
        self.speed = speed
        self.loop = loop
        self._monotonic = monotonic
        self._lock = Lock()
        self._from = start
        self._since: float | None = monotonic()
        """The real time at which the clock stood at _from; None while it is paused."""

    def now(self) -> datetime:
        """The replayed moment (aware)."""
        with self._lock:
            return self._now()

    def jump(self, moment: datetime) -> None:
        """Go on from a moment (aware); one past the end becomes the end."""
        with self._lock:
            self.end = max(self.end, moment)
            self._set(moment)

    def pause(self) -> None:
        """Stand still until resume or, at the moment jumped to, after a jump."""
        with self._lock:
            self._from = self._now()
            self._since = None

    def resume(self) -> None:
        """Go on from where the clock stands."""
        with self._lock:
            self._from = self._now()
            self._since = self._monotonic()

    def _set(self, moment: datetime) -> None:
        self._from = moment
        if self._since is not None:
            self._since = self._monotonic()

    def _now(self) -> datetime:
        if self._since is None:
            return self._from
        moment = self._from + timedelta(seconds=(self._monotonic() - self._since) * self.speed)
        if moment <= self.end:
            return moment
        length = self.end - self.start
        if not self.loop or not length:
            return self.end
        return self.start + (moment - self.start) % length
