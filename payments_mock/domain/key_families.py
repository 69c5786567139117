"""Which operations are for which pair of a merchant's keys."""

from payments_mock.domain.errors import PaymentError
from payments_mock.domain.payment import KeyFamily


class WidgetKeyError(PaymentError):
    """A key of the payment widget came where an API key belongs."""


def check_api_key(family: KeyFamily) -> None:
    """Refuse a key of the payment widget where only API keys may call.

    Raises:
        WidgetKeyError: it is one.
    """
    if family is KeyFamily.WIDGET:
        raise WidgetKeyError("the keys of the payment widget can't call this; use the API keys")
