"""Clocks. They are passed in, as tests must decide what time it is."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Tells the time, in UTC."""


def system_clock() -> datetime:
    """Tell the time of the machine."""
    return datetime.now(UTC)
