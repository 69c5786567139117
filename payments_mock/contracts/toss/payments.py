"""Operations of payments: begin, confirm, look up and cancel."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from marshmallow import EXCLUDE, fields

from payments_mock.api.operation import Call, Operation
from payments_mock.api.payment_schema import PaymentSchema
from payments_mock.api.schemas import PlainRequestSchema, RequestSchema, whole
from payments_mock.api.values import (
    ORDER_EXAMPLE,
    WON_FROM_0,
    WON_FROM_1,
    MethodName,
    NumberAsText,
    Text,
    Won,
    order_id,
    order_name,
    return_url,
)
from payments_mock.contracts.toss.accounts import read_refund_account
from payments_mock.contracts.toss.errors import refuse_payment
from payments_mock.contracts.toss.payment_presentation import present_payment
from payments_mock.domain import errors
from payments_mock.domain.institutions import BANK_NAMES
from payments_mock.domain.payments.cancellation import (
    ACCOUNT_NUMBER,
    CURRENCY,
    MISMATCHING_HOLDER,
    REFUSING_ACCOUNT_END,
    CancelOrder,
)
from payments_mock.domain.payments.payment import Payment, State
from payments_mock.services.checkout import begin_checkout, store_window
from payments_mock.services.payments.changes import PaymentOrder
from payments_mock.services.payments.lifecycle import cancel_payment, confirm_payment
from payments_mock.services.payments.lookup import check_look_up, find_payment, find_payment_of_order


class StartRequest(PlainRequestSchema):
    """What to pay, by which method, and where the shopper comes back to."""

    example: Mapping[str, Any] = {
        **ORDER_EXAMPLE,
        "method": "CARD",
        "successUrl": "http://localhost:8080/success",
        "failUrl": "http://localhost:8080/fail",
    }

    method = MethodName(required=True, metadata={"code": "NOT_SUPPORTED_METHOD"})
    amount = Won(required=True, metadata=WON_FROM_1)
    orderId = order_id()  # noqa: N815
    orderName = order_name()  # noqa: N815
    successUrl = return_url("success", required=True)  # noqa: N815
    failUrl = return_url("fail", required=True)  # noqa: N815


class OldConfirmRequest(PlainRequestSchema):
    """The order and the amount of a payment whose key stands in the path."""

    example: Mapping[str, Any] = {"orderId": "order_0001", "amount": 15000}

    orderId = NumberAsText(required=True)  # noqa: N815
    amount = Won(required=True, metadata=WON_FROM_1)


class ConfirmRequest(OldConfirmRequest):
    """The three values that the shop's success page was given."""

    example: Mapping[str, Any] = {
        **OldConfirmRequest.example,
        "paymentKey": "JpEWqaYEY5bPh7ttGgRNXK13F40fjYY9dZY532GjdA5m67aZ",
    }

    paymentKey = Text(200, required=True)  # noqa: N815


class RefundAccountRequest(RequestSchema):
    """Where a deposit is to go back to; `bank` is a code, or the Korean or English name.

    An impossible bank or account has a code of its own, so the domain checks it, not the schema.
    """

    bank = Text(30, required=True, metadata={"enum": BANK_NAMES})
    accountNumber = Text(  # noqa: N815
        200,
        required=True,
        metadata={
            "pattern": whole(ACCOUNT_NUMBER.pattern),
            "not": {"pattern": f"{REFUSING_ACCOUNT_END}$"},
            "example": "123456789012",
        },
    )
    holderName = Text(60, required=True, metadata={"not": {"enum": [MISMATCHING_HOLDER]}})  # noqa: N815


class CancelRequest(PlainRequestSchema):
    """Why the payment is canceled, and how much of it; without an amount, all that is left."""

    example: Mapping[str, Any] = {"cancelReason": "One cup too many", "cancelAmount": 5000}

    cancelReason = Text(200, required=True)  # noqa: N815
    cancelAmount = Won(metadata=WON_FROM_1)  # noqa: N815
    taxFreeAmount = Won(metadata=WON_FROM_0)  # noqa: N815
    refundableAmount = Won(metadata={**WON_FROM_1, "description": "What is left of the payment."})  # noqa: N815
    currency = Text(10, metadata={"code": "INVALID_CURRENCY", "enum": [CURRENCY]})
    refundReceiveAccount = fields.Nested(  # noqa: N815
        RefundAccountRequest,
        allow_none=True,
        unknown=EXCLUDE,
        metadata={"code": "INVALID_REFUND_ACCOUNT_INFO"},
    )


def _start(call: Call) -> dict[str, Any]:
    body = call.body
    order = PaymentOrder(
        order_id=body["orderId"],
        order_name=body["orderName"],
        amount=body["amount"],
        success_url=body["successUrl"],
        fail_url=body["failUrl"],
    )
    payment = begin_checkout(call.context, call.connection, order)
    asked = {"window_options": {"method": body["method"].value}}
    store_window(call.context, call.connection, payment.payment_key, asked)
    return present_payment(call.context, payment)


def _confirm(call: Call) -> dict[str, Any] | Response:
    return _confirmed(call, call.body["paymentKey"])


def _old_confirm(call: Call) -> dict[str, Any] | Response:
    return _confirmed(call, call.path["payment_key"])


def _confirmed(call: Call, payment_key: str) -> dict[str, Any] | Response:
    body = call.body
    payment = confirm_payment(
        call.context, call.connection, payment_key, body["orderId"], body["amount"], replay=False
    )
    if payment.state is State.ABORTED and payment.failure_code is not None:
        return refuse_payment(call.record, payment.failure_code)
    return present_payment(call.context, payment)


def _find(call: Call) -> dict[str, Any]:
    return _looked_up(call, find_payment(call.context, call.path["payment_key"]))


def _find_of_order(call: Call) -> dict[str, Any]:
    return _looked_up(call, find_payment_of_order(call.context, call.path["order_id"]))


def _looked_up(call: Call, payment: Payment) -> dict[str, Any]:
    check_look_up(call.context, payment)
    return present_payment(call.context, payment)


def _cancel(call: Call) -> dict[str, Any]:
    body = call.body
    order = CancelOrder(
        reason=body["cancelReason"],
        amount=body.get("cancelAmount"),
        tax_free_amount=body.get("taxFreeAmount"),
        believed_balance=body.get("refundableAmount"),
        currency=body.get("currency"),
        refund_account=read_refund_account(body.get("refundReceiveAccount")),
        least_pause=call.context.merchant.least_pause,
    )
    payment = cancel_payment(call.context, call.connection, call.path["payment_key"], order)
    return present_payment(call.context, payment)


_CONFIRM_ERRORS = (
    errors.SessionNotFoundError,
    errors.PaymentMismatchError,
    errors.KeyPairMismatchError,
    errors.OrderAlreadyPaidError,
    errors.NotAuthenticatedError,
    errors.AlreadyApprovedError,
    errors.ConfirmUnderwayError,
    errors.PaymentExpiredError,
    errors.AmountNotPositiveError,
    errors.AmountTooSmallError,
    errors.TooFewInstallmentsError,
    errors.TooManyInstallmentsError,
    errors.InstallmentBelowAmountError,
    errors.InstallmentError,
    errors.InstallmentsForCardError,
    errors.PointUseError,
    errors.MonthlyPhoneLimitError,
    errors.OneTimeTransferLimitError,
    errors.DailyTransferLimitError,
)

OPERATIONS = (
    Operation(
        "start",
        "POST",
        "/v1/payments",
        "Begin a payment, whose `checkout.url` opens the window for the shopper",
        _start,
        body=StartRequest(),
        answer=PaymentSchema,
        errors=(errors.AmountNotPositiveError, errors.OrderAlreadyPaidError),
    ),
    Operation(
        "confirm",
        "POST",
        "/v1/payments/confirm",
        "Charge a payment that the shopper has authenticated",
        _confirm,
        body=ConfirmRequest(),
        answer=PaymentSchema,
        errors=_CONFIRM_ERRORS,
    ),
    Operation(
        "old-confirm",
        "POST",
        "/v1/payments/<payment_key>",
        "Charge a payment, by the older path",
        _old_confirm,
        body=OldConfirmRequest(),
        answer=PaymentSchema,
        errors=_CONFIRM_ERRORS,
    ),
    Operation(
        "get",
        "GET",
        "/v1/payments/<payment_key>",
        "Look a payment up by its paymentKey",
        _find,
        answer=PaymentSchema,
        errors=(errors.PaymentNotFoundError, errors.RapidRepeatError),
    ),
    Operation(
        "get-by-order",
        "GET",
        "/v1/payments/orders/<order_id>",
        "Look up the payment of an order",
        _find_of_order,
        answer=PaymentSchema,
        errors=(errors.PaymentNotFoundError, errors.RapidRepeatError),
    ),
    Operation(
        "cancel",
        "POST",
        "/v1/payments/<payment_key>/cancel",
        "Cancel a payment, or a part of it",
        _cancel,
        body=CancelRequest(),
        answer=PaymentSchema,
        errors=(
            errors.PaymentNotFoundError,
            errors.AlreadyCanceledError,
            errors.NotApprovedError,
            errors.PartialCancelError,
            errors.PartialCancelOfUnpaidError,
            errors.CancelAmountError,
            errors.CancelAmountNotPositiveError,
            errors.RefundableAmountError,
            errors.CancelTooLateError,
            errors.RapidRepeatError,
            errors.CurrencyMismatchError,
            errors.RefundAccountMissingError,
            errors.RefundAccountNumberError,
            errors.RefundBankUnknownError,
            errors.RefundBankRefusesError,
        ),
    ),
)
