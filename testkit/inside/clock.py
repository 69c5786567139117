"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta


class MovableClock:
    """Tells the integration guide's moment of approval, and what was added to it since."""

    def __init__(self) -> None:
        self.now = datetime(2024, 1, 1, 12, 34, 56, 789_000, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **time: float) -> None:
        self.now += timedelta(**time)
