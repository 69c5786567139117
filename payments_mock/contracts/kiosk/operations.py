"""The kiosk contract's operations, a row each."""

from typing import Any

from payments_mock.api.operation import Call, Operation
from payments_mock.contracts.kiosk import present, schemas
from payments_mock.domain import errors
from payments_mock.domain.payments.cancellation import CancelOrder
from payments_mock.receipts.links import receipt_url
from payments_mock.services.payments.lifecycle import cancel_payment, confirm_payment, create_payment
from payments_mock.services.payments.lookup import find_payment, find_payment_of_order


def _create(call: Call) -> dict[str, Any]:
    body = call.body
    payment = create_payment(call.context, body["paymentKey"], body["orderId"], body["amount"])
    return present.present_created(payment)


def _confirm(call: Call) -> dict[str, Any]:
    body = call.body
    payment = confirm_payment(call.context, body["paymentKey"], body["orderId"], body["amount"], replay=True)
    return present.present_confirmed(payment, receipt_url(payment))


def _cancel(call: Call) -> dict[str, Any]:
    body = call.body
    order = CancelOrder(body["cancelReason"], body.get("cancelAmount"), whole_only=True)
    payment = cancel_payment(call.context, call.path["payment_key"], order)
    return present.present_canceled(payment)


def _find(call: Call) -> dict[str, Any]:
    payment = find_payment(call.context, call.path["payment_key"])
    return present.present_payment(call.context, payment)


def _find_of_order(call: Call) -> dict[str, Any]:
    payment = find_payment_of_order(call.context, call.path["order_id"])
    return present.present_payment(call.context, payment)


OPERATIONS = (
    Operation(
        "create",
        "POST",
        "/v1/payments",
        "Create a payment; a known paymentKey returns the stored one",
        _create,
        body=schemas.PaymentRequest(),
        answer=schemas.CreatedPayment(),
    ),
    Operation(
        "confirm",
        "POST",
        "/v1/payments/confirm",
        "Approve a payment; the same values again return the same approval",
        _confirm,
        body=schemas.PaymentRequest(),
        answer=schemas.ConfirmedPayment(),
        errors=(
            errors.PaymentNotFoundError,
            errors.PaymentMismatchError,
            errors.OrderAlreadyPaidError,
            errors.AlreadyCanceledError,
            errors.PaymentAbortedError,
            errors.PaymentExpiredError,
        ),
    ),
    Operation(
        "cancel",
        "POST",
        "/v1/payments/<payment_key>/cancel",
        "Cancel the whole payment",
        _cancel,
        body=schemas.CancelRequest(),
        answer=schemas.CanceledPayment(),
        errors=(
            errors.PaymentNotFoundError,
            errors.PartialCancelError,
            errors.NotApprovedError,
            errors.AlreadyCanceledError,
        ),
    ),
    Operation(
        "get",
        "GET",
        "/v1/payments/<payment_key>",
        "Look a payment up by its paymentKey",
        _find,
        answer=schemas.FoundPayment(),
        errors=(errors.PaymentNotFoundError,),
    ),
    Operation(
        "get-by-order",
        "GET",
        "/v1/payments/orders/<order_id>",
        "Look up the payment of an order: the approved one, else the newest",
        _find_of_order,
        answer=schemas.FoundPayment(),
        errors=(errors.PaymentNotFoundError,),
    ),
)
