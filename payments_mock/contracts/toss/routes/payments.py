"""Payments: confirm, look-ups, cancel."""

from typing import Any

from flask import Response

from payments_mock.contracts.toss import paths
from payments_mock.contracts.toss.errors import answer_code
from payments_mock.contracts.toss.present.payment import present_payment
from payments_mock.contracts.toss.refund_account import read_refund_account
from payments_mock.contracts.toss.schemas.payment import Payment as PaymentSchema
from payments_mock.contracts.toss.schemas.payment_requests import (
    CancelRequest,
    ConfirmRequest,
    OldConfirmRequest,
)
from payments_mock.domain import errors
from payments_mock.domain.cancellation import CancelOrder
from payments_mock.domain.states import State
from payments_mock.http.call import Call
from payments_mock.http.contract import Operation
from payments_mock.services.cancel import cancel_payment
from payments_mock.services.confirm import confirm_payment
from payments_mock.services.lookup import find_payment, find_payment_of_order


def _confirm(call: Call) -> dict[str, Any] | Response:
    return _confirmed(call, call.body["paymentKey"])


def _old_confirm(call: Call) -> dict[str, Any] | Response:
    return _confirmed(call, call.path["payment_key"])


def _confirmed(call: Call, payment_key: str) -> dict[str, Any] | Response:
    body = call.body
    payment = confirm_payment(call.context, payment_key, body["orderId"], body["amount"], replay=False)
    if payment.state is State.ABORTED and payment.failure_code is not None:
        return answer_code(payment.failure_code)
    return present_payment(call.context, payment)


def _find(call: Call) -> dict[str, Any]:
    return present_payment(call.context, find_payment(call.context, call.path["payment_key"]))


def _find_of_order(call: Call) -> dict[str, Any]:
    return present_payment(call.context, find_payment_of_order(call.context, call.path["order_id"]))


def _cancel(call: Call) -> dict[str, Any]:
    body = call.body
    order = CancelOrder(
        reason=body["cancelReason"],
        amount=body.get("cancelAmount"),
        tax_free_amount=body.get("taxFreeAmount"),
        believed_balance=body.get("refundableAmount"),
        currency=body.get("currency"),
        refund_account=read_refund_account(body.get("refundReceiveAccount")),
    )
    return present_payment(call.context, cancel_payment(call.context, call.path["payment_key"], order))


_CONFIRM_ERRORS = (
    errors.SessionNotFoundError,
    errors.PaymentMismatchError,
    errors.OrderAlreadyPaidError,
    errors.NotAuthenticatedError,
    errors.AlreadyApprovedError,
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
        *paths.CONFIRM,
        "Charge a payment that the shopper has authenticated",
        _confirm,
        body=ConfirmRequest(),
        answer=PaymentSchema(),
        errors=_CONFIRM_ERRORS,
    ),
    Operation(
        *paths.OLD_CONFIRM,
        "Charge a payment, by the older path",
        _old_confirm,
        body=OldConfirmRequest(),
        answer=PaymentSchema(),
        errors=_CONFIRM_ERRORS,
    ),
    Operation(
        *paths.GET,
        "Look a payment up by its paymentKey",
        _find,
        answer=PaymentSchema(),
        errors=(errors.PaymentNotFoundError,),
    ),
    Operation(
        *paths.GET_BY_ORDER,
        "Look up the payment of an order",
        _find_of_order,
        answer=PaymentSchema(),
        errors=(errors.PaymentNotFoundError,),
    ),
    Operation(
        *paths.CANCEL,
        "Cancel a payment, or a part of it",
        _cancel,
        body=CancelRequest(),
        answer=PaymentSchema(),
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
            errors.CurrencyMismatchError,
            errors.RefundAccountMissingError,
            errors.RefundAccountNumberError,
            errors.RefundBankUnknownError,
            errors.RefundBankRefusesError,
        ),
    ),
)
