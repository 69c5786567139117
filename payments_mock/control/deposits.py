"""A shopper's bank: deposits to virtual accounts, and deposits that it takes back."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

from payments_mock.contracts.toss.present.payment import present_payment
from payments_mock.contracts.toss.schemas.values import Text, Won
from payments_mock.control.schemas import CLIENT_KEY_EXAMPLE, client_key
from payments_mock.domain.deposits import Deposit
from payments_mock.services.context import Context
from payments_mock.services.deposit import deposit_to_payment, reverse_payment_deposit


class ReversalRequest(Schema):
    """Whose payment it is: a client or secret key of the merchant."""

    example: Mapping[str, Any] = {"clientKey": CLIENT_KEY_EXAMPLE}
    missing_code = "INVALID_REQUIRED_PARAM"

    clientKey = client_key()  # noqa: N815


class DepositRequest(ReversalRequest):
    """Whose payment it is, how much is paid in (the exact amount, unless said), and by whom."""

    example: Mapping[str, Any] = {**ReversalRequest.example, "depositorName": "김토스"}

    amount = Won(allow_none=True)
    depositorName = Text(100, allow_none=True)  # noqa: N815


def run_deposit(context: Context, payment_key: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Pay into the payment's virtual account; returns the Payment object.

    Raises:
        PaymentNotFoundError: the merchant has no such payment.
        DepositError: the bank takes no such deposit.
    """
    paid_in = Deposit(fields.get("amount"), fields.get("depositorName"))
    return present_payment(context, deposit_to_payment(context, payment_key, paid_in))


def run_reversal(context: Context, payment_key: str) -> dict[str, Any]:
    """Take the payment's deposit back; returns the Payment object.

    Raises:
        PaymentNotFoundError: the merchant has no such payment.
        DepositError: there is no deposit that can be taken back.
    """
    return present_payment(context, reverse_payment_deposit(context, payment_key))
