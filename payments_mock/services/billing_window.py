"""Let a customer register a means of payment in a billing window, once."""

from payments_mock.domain.billing import BillingAuthorization, BillingMeans
from payments_mock.domain.errors import CheckoutOverError
from payments_mock.services.billing import authorize_billing
from payments_mock.services.context import Context
from payments_mock.storage import checkout_windows as store
from payments_mock.storage.checkout_windows import Window
from payments_mock.storage.database import together


def authorize_in_window(
    context: Context, window: Window, customer_key: str, means: BillingMeans
) -> BillingAuthorization:
    """Store what the customer agreed to, and take the window away; of several presses, one gets through.

    Raises:
        CheckoutOverError: the window is gone.
        WidgetKeyError: the window was opened with a key of the payment widget.
    """
    with together() as connection:
        if not store.remove_window(connection, window.token):
            raise CheckoutOverError("something was registered in this window before")
        return authorize_billing(context, customer_key, means)
