"""The parts that charges without a payment window have in common."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from payments_mock.contracts.toss.errors import answer_code
from payments_mock.contracts.toss.present.payment import present_payment
from payments_mock.domain import errors
from payments_mock.domain.card_data import CardData
from payments_mock.domain.key_families import WidgetKeyError
from payments_mock.domain.payment import Payment
from payments_mock.domain.states import State
from payments_mock.services.context import Context
from payments_mock.services.new_payment import PaymentOrder

CHARGE_ERRORS: tuple[type[Exception], ...] = (
    WidgetKeyError,
    errors.OrderAlreadyPaidError,
    errors.AmountNotPositiveError,
    errors.AmountTooSmallError,
    errors.TooFewInstallmentsError,
    errors.TooManyInstallmentsError,
    errors.InstallmentBelowAmountError,
    errors.InstallmentsForCardError,
)


def read_order(fields: Mapping[str, Any]) -> PaymentOrder:
    """Return the order that a request names."""
    return PaymentOrder(
        order_id=fields["orderId"],
        order_name=fields["orderName"],
        amount=fields["amount"],
        tax_free_amount=fields.get("taxFreeAmount") or 0,
    )


def read_card(fields: Mapping[str, Any]) -> CardData:
    """Return the card that a request names."""
    return CardData(
        number=fields["cardNumber"],
        expiration_year=fields["cardExpirationYear"],
        expiration_month=fields["cardExpirationMonth"],
        identity_number=fields["customerIdentityNumber"],
        password=fields.get("cardPassword"),
    )


def answer_charge(context: Context, payment: Payment) -> dict[str, Any] | Response:
    """Show a payment that was charged, or tell by its code why the issuer refused."""
    if payment.state is State.ABORTED and payment.failure_code is not None:
        return answer_code(payment.failure_code)
    return present_payment(context, payment)
