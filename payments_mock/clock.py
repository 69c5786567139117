"""Clocks. They are passed in, never reached for: the time decides what is expired."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Tells the time, in UTC."""


def system_clock() -> datetime:
    """Tell the time of the machine."""
    return datetime.now(UTC)
