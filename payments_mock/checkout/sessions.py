"""Begin a payment for a merchant's page: store the order, and open its window."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from payments_mock.checkout.schemas import WishesSchema
from payments_mock.checkout.wishes import make_wishes
from payments_mock.http.errors import InvalidFieldsError
from payments_mock.services.checkout import open_checkout
from payments_mock.services.checkout_window import Window, open_window
from payments_mock.services.context import Context
from payments_mock.services.new_payment import PaymentOrder

ANONYMOUS = "@@ANONYMOUS"

_WISHES = tuple(WishesSchema().fields)


def begin_session(context: Context, fields: Mapping[str, Any], origin: str | None) -> dict[str, str]:
    """Open a checkout and its window; returns the payment key and the path of the window.

    `fields` are the request as its schema read it, and `origin` is that of the page which sent it.

    Raises:
        InvalidFieldsError: one of the two URLs is missing, or the due date will not do.
        OrderAlreadyPaidError, AmountNotPositiveError: as `open_checkout`.
    """
    _check_both_urls(fields)
    wishes = {name: fields[name] for name in _WISHES if name in fields}
    make_wishes(wishes).deposit_time(context.now())
    payment = open_checkout(context, _order(fields))
    window = open_window(context, payment.payment_key, {"wishes": wishes, "origin": origin})
    return {"paymentKey": payment.payment_key, "windowPath": window_path(window)}


def window_path(window: Window) -> str:
    """Return where a payment's window is on this server, with the token that opens it."""
    return f"/checkout/{quote(window.payment_key or '', safe='')}?token={window.token}"


def _check_both_urls(fields: Mapping[str, Any]) -> None:
    success, fail = fields.get("successUrl"), fields.get("failUrl")
    if success and not fail:
        raise InvalidFieldsError({"failUrl": ["Is missing beside successUrl."]}, "INCORRECT_FAIL_URL_FORMAT")
    if fail and not success:
        wrong = {"successUrl": ["Is missing beside failUrl."]}
        raise InvalidFieldsError(wrong, "INCORRECT_SUCCESS_URL_FORMAT")


def _order(fields: Mapping[str, Any]) -> PaymentOrder:
    customer_key = fields.get("customerKey")
    return PaymentOrder(
        order_id=fields["orderId"],
        order_name=fields["orderName"],
        amount=fields["amount"],
        success_url=fields.get("successUrl"),
        fail_url=fields.get("failUrl"),
        tax_free_amount=fields.get("taxFreeAmount", 0),
        culture_expense=fields.get("cultureExpense", False),
        use_escrow=fields.get("useEscrow", False),
        customer_key=None if customer_key == ANONYMOUS else customer_key,
        metadata=fields.get("metadata"),
    )
