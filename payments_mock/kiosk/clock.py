"""The time of day, passed to whoever needs it so that tests can move it."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Tells the present moment in UTC."""


def utc_now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)
