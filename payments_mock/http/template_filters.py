"""How the pages of several parts show the same kinds of value."""

from datetime import datetime

from payments_mock.domain.values import KOREA


def korea_time(moment: datetime) -> str:
    """Show a moment by the clock on a Korean wall."""
    return f"{moment.astimezone(KOREA):%Y-%m-%d %H:%M:%S}"


def won(amount: int) -> str:
    """Show an amount in KRW with its thousands set apart."""
    return f"{amount:,}"
