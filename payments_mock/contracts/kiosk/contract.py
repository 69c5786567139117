"""The whole kiosk contract: its operations, and payments in its words."""

from typing import Any

from payments_mock.api.catalogue import ENGLISH, method_name
from payments_mock.api.errors import AuthenticationError
from payments_mock.api.links import receipt_url
from payments_mock.api.operation import Call, Contract, Operation
from payments_mock.contracts.kiosk import schemas
from payments_mock.contracts.kiosk.errors import answer_code, answer_of, present_error, status_by_code
from payments_mock.contracts.kiosk.schemas import KioskErrorSchema
from payments_mock.domain import errors
from payments_mock.domain.payments.cancellation import CancelOrder
from payments_mock.domain.payments.payment import Payment, State
from payments_mock.domain.sandboxes import ContractName
from payments_mock.services.context import Context
from payments_mock.services.payments.lifecycle import cancel_payment, confirm_payment, create_payment
from payments_mock.services.payments.lookup import find_payment, find_payment_of_order

STATUS_OF_STATE = {
    State.INITIATED: "INITIATED",
    State.AUTHENTICATED: "INITIATED",
    State.AWAITING_DEPOSIT: "INITIATED",
    State.APPROVED: "APPROVED",
    State.PARTIALLY_CANCELED: "APPROVED",
    State.CANCELED: "CANCELED",
    State.ABORTED: "ABORTED",
    State.EXPIRED: "EXPIRED",
}


def present_created(payment: Payment) -> dict[str, Any]:
    """Show what create answers."""
    return {
        "paymentKey": payment.payment_key,
        "orderId": payment.order_id,
        "status": STATUS_OF_STATE[payment.state],
    }


def present_confirmed(context: Context, payment: Payment) -> dict[str, Any]:
    """Show what confirm answers; before approval there is neither method nor receipt."""
    approved = payment.approved_at is not None
    return {
        "paymentKey": payment.payment_key,
        "orderId": payment.order_id,
        "method": method_name(context.merchant, payment.method, ENGLISH) if approved else None,
        "approvedAt": payment.approved_at,
        "totalAmount": payment.total_amount,
        "status": STATUS_OF_STATE[payment.state],
        "receipt": {"url": receipt_url(payment, context.reader.base_url)} if approved else None,
    }


def present_payment(context: Context, payment: Payment) -> dict[str, Any]:
    """Show a payment as the look-ups answer it."""
    return {
        **present_confirmed(context, payment),
        "canceledAt": payment.canceled_at,
        "cancelReason": payment.cancel_reason,
    }


def present_canceled(payment: Payment) -> dict[str, Any]:
    """Show what cancel answers."""
    return {"status": STATUS_OF_STATE[payment.state], "canceledAt": payment.canceled_at}


def _create(call: Call) -> dict[str, Any]:
    body = call.body
    payment = create_payment(
        call.context, call.connection, body["paymentKey"], body["orderId"], body["amount"]
    )
    return present_created(payment)


def _confirm(call: Call) -> dict[str, Any]:
    body = call.body
    payment = confirm_payment(
        call.context, call.connection, body["paymentKey"], body["orderId"], body["amount"], replay=True
    )
    if payment.state is State.ABORTED:
        raise errors.PaymentAbortedError(payment.failure_code or "ABORTED")
    return present_confirmed(call.context, payment)


def _cancel(call: Call) -> dict[str, Any]:
    body = call.body
    order = CancelOrder(body["cancelReason"], body.get("cancelAmount"), whole_only=True)
    payment = cancel_payment(call.context, call.connection, call.path["payment_key"], order)
    return present_canceled(payment)


def _find(call: Call) -> dict[str, Any]:
    payment = find_payment(call.context, call.path["payment_key"])
    return present_payment(call.context, payment)


def _find_of_order(call: Call) -> dict[str, Any]:
    payment = find_payment_of_order(call.context, call.path["order_id"])
    return present_payment(call.context, payment)


OPERATIONS = (
    Operation(
        "create",
        "POST",
        "/v1/payments",
        "Create a payment; a known paymentKey returns the stored one",
        _create,
        body=schemas.PaymentRequest(),
        answer=schemas.CreatedPayment,
    ),
    Operation(
        "confirm",
        "POST",
        "/v1/payments/confirm",
        "Approve a payment; the same values again return the same approval",
        _confirm,
        body=schemas.PaymentRequest(),
        answer=schemas.ConfirmedPayment,
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
        body=schemas.WholeCancelRequest(),
        answer=schemas.CanceledPayment,
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
        answer=schemas.FoundPayment,
        errors=(errors.PaymentNotFoundError,),
    ),
    Operation(
        "get-by-order",
        "GET",
        "/v1/payments/orders/<order_id>",
        "Look up the payment of an order: the approved one, else the newest",
        _find_of_order,
        answer=schemas.FoundPayment,
        errors=(errors.PaymentNotFoundError,),
    ),
)


KIOSK_CONTRACT = Contract(
    name=ContractName.KIOSK,
    operations=OPERATIONS,
    answer_of=answer_of,
    present_error=present_error,
    error_schema=KioskErrorSchema,
    access_errors=(AuthenticationError,),
    answer_code=answer_code,
    codes=status_by_code,
    present_payment=present_payment,
)
