"""Times as the contract writes them: on the Korean clock, in whole seconds."""

from datetime import datetime

from payments_mock.domain.korea import KOREA


def present_time(moment: datetime | None) -> str | None:
    """Show a moment as `yyyy-MM-dd'T'HH:mm:ss+09:00`."""
    return None if moment is None else moment.astimezone(KOREA).isoformat(timespec="seconds")


def present_local_time(moment: datetime) -> str:
    """Show a moment on the Korean clock without its offset, as due dates are written."""
    return moment.astimezone(KOREA).replace(tzinfo=None).isoformat(timespec="seconds")
