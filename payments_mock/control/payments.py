"""Operations of payments."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from marshmallow import Schema, fields, validate

from payments_mock.api.links import receipt_url, window_url
from payments_mock.api.operation import Call, Operation
from payments_mock.api.values import StrictText
from payments_mock.control.checkout import act_in_window, close_checkout
from payments_mock.control.clock import shown
from payments_mock.control.journal.schemas import LARGEST_ID, MOST_ENTRIES
from payments_mock.control.requests import KnownCode, Paging, context_of_sandbox, provider_of
from payments_mock.control.schemas import Checkout, WindowChoice
from payments_mock.domain.errors import CheckoutOverError, NotApprovedError, PaymentNotFoundError
from payments_mock.domain.payments.payment import Payment, State
from payments_mock.domain.receipts import CashReceiptInfoError
from payments_mock.domain.sandboxes import ContractName
from payments_mock.services.context import Context
from payments_mock.services.journal import list_entries
from payments_mock.services.payments.lookup import (
    History,
    decline_confirm,
    expire_now,
    find_history,
    list_payments,
)
from payments_mock.services.reports import settle_payment
from payments_mock.services.sandboxes import SandboxNotFoundError
from payments_mock.storage.journal import JournalEntry, JournalFilter
from payments_mock.storage.payment_history import PaymentFilter


class PaymentsQuery(Paging):
    """Which payments are listed; those behind the one numbered `after` only."""

    orderId = StrictText(64)  # noqa: N815
    state = fields.Enum(State, by_value=True)
    after = fields.Integer(validate=validate.Range(min=0, max=LARGEST_ID), load_default=0)
    limit = fields.Integer(validate=validate.Range(min=1, max=MOST_ENTRIES), load_default=100)


class ShownPayment(Schema):
    """A payment as it stands, in words that no contract has; amounts in KRW, times by the sandbox's clock.

    `declineCode` is why its confirm is going to be declined, where that was asked for.
    """

    number = fields.Integer(required=True)
    paymentKey = fields.String(required=True)  # noqa: N815
    orderId = fields.String(required=True)  # noqa: N815
    orderName = fields.String(required=True, allow_none=True)  # noqa: N815
    state = fields.String(required=True)
    method = fields.String(required=True, allow_none=True)
    amount = fields.Integer(required=True)
    balance = fields.Integer(required=True)
    requestedAt = fields.String(required=True)  # noqa: N815
    expiresAt = fields.String(required=True, allow_none=True)  # noqa: N815
    approvedAt = fields.String(required=True, allow_none=True)  # noqa: N815
    settledAt = fields.String(required=True, allow_none=True)  # noqa: N815
    failureCode = fields.String(required=True, allow_none=True)  # noqa: N815
    declineCode = fields.String(required=True, allow_none=True)  # noqa: N815
    windowUrl = fields.String(required=True, allow_none=True)  # noqa: N815
    receiptUrl = fields.String(required=True, allow_none=True)  # noqa: N815


class DeclineRequest(Schema):
    """Why the payment is going to be declined: a code of the catalogue of errors."""

    example: Mapping[str, Any] = {"code": "REJECT_CARD_COMPANY"}

    code = fields.String(required=True, validate=KnownCode())


class Payments(Schema):
    """The payments, the oldest first, unless the newest were asked for."""

    payments = fields.List(fields.Nested(ShownPayment), required=True)


class Step(Schema):
    """One thing that happened to a payment, and its state then; `at` is null if that was not stored."""

    at = fields.String(required=True, allow_none=True)
    what = fields.String(required=True)
    state = fields.String(required=True)
    amount = fields.Integer(required=True, allow_none=True)
    transactionKey = fields.String(required=True, allow_none=True)  # noqa: N815


class PaymentCall(Schema):
    """One call about a payment; more of it is in the journal under `id`."""

    id = fields.Integer(required=True)
    at = fields.String(required=True)
    operation = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True, allow_none=True)
    stateBefore = fields.String(required=True, allow_none=True)  # noqa: N815
    stateAfter = fields.String(required=True, allow_none=True)  # noqa: N815
    faults = fields.List(fields.String(), required=True)


class PaymentHistory(ShownPayment):
    """A payment with all that happened to it, and the calls about it that the journal still has."""

    timeline = fields.List(fields.Nested(Step), required=True)
    calls = fields.List(fields.Nested(PaymentCall), required=True)


def present_payment(context: Context, payment: Payment) -> dict[str, Any]:
    """Show a payment in the control API's own words."""
    base = context.reader.base_url
    return {
        "number": payment.id,
        "paymentKey": payment.payment_key,
        "orderId": payment.order_id,
        "orderName": payment.order_name,
        "state": payment.state,
        "method": payment.method,
        "amount": payment.total_amount,
        "balance": payment.balance_amount,
        "requestedAt": shown(payment.requested_at),
        "expiresAt": _shown(payment.expires_at),
        "approvedAt": _shown(payment.approved_at),
        "settledAt": _shown(payment.settled_at),
        "failureCode": payment.failure_code,
        "declineCode": payment.decline_code,
        "windowUrl": window_url(payment, base) if payment.state is State.INITIATED else None,
        "receiptUrl": receipt_url(payment, base) if payment.last_transaction_key else None,
    }


def _shown(moment: datetime | None) -> str | None:
    return None if moment is None else shown(moment)


def _step(
    at: datetime | None, what: str, state: State, amount: int | None = None, key: str | None = None
) -> dict[str, Any]:
    return {"at": _shown(at), "what": what, "state": state, "amount": amount, "transactionKey": key}


def _timeline(history: History, begins: State) -> Iterator[dict[str, Any]]:
    """Yield the steps of a payment that begins in a state; money moves between authentication and end."""
    payment, turns = history.payment, history.turns
    yield _step(payment.requested_at, "REQUESTED", begins, payment.total_amount)
    if State.AUTHENTICATED in turns:
        yield _step(turns[State.AUTHENTICATED], "AUTHENTICATED", State.AUTHENTICATED)
    for movement in history.movements:
        yield _step(movement.at, movement.kind, movement.state, movement.amount, movement.key)
    if payment.state in (State.ABORTED, State.EXPIRED):
        yield _step(turns.get(payment.state), payment.state, payment.state)
    if payment.settled_at is not None:
        yield _step(payment.settled_at, "SETTLED", payment.state, payment.balance_amount)


def _present_call(entry: JournalEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": shown(entry.at),
        "operation": entry.operation,
        "status": entry.status,
        "code": entry.code,
        "stateBefore": entry.state_before,
        "stateAfter": entry.state_after,
        "faults": entry.details["faults"],
    }


def _list(call: Call) -> dict[str, Any]:
    query = call.query
    chosen = PaymentFilter(query.get("orderId"), query.get("state"), query["after"], query.get("before"))
    is_newest = query["order"] == "newest"
    context = context_of_sandbox(call)
    found = list_payments(context, chosen, query["limit"], newest_first=is_newest)
    return {"payments": [present_payment(context, payment) for payment in found]}


def _show(call: Call) -> dict[str, Any]:
    context, payment_key = context_of_sandbox(call), call.path["payment_key"]
    history = find_history(context, payment_key)
    # A payment of the kiosk contract counts as authenticated from the start.
    is_kiosk = context.merchant.contract is ContractName.KIOSK
    begins = State.AUTHENTICATED if is_kiosk else State.INITIATED
    provider_of(call).journal.write()
    chosen = JournalFilter(payment_key=payment_key)
    calls = list_entries(context.database, context.merchant, chosen, MOST_ENTRIES)
    return {
        **present_payment(context, history.payment),
        "timeline": list(_timeline(history, begins)),
        "calls": [_present_call(entry) for entry in calls],
    }


def _settle(call: Call) -> dict[str, Any]:
    context = context_of_sandbox(call)
    return present_payment(context, settle_payment(context, call.path["payment_key"]))


def _expire(call: Call) -> dict[str, Any]:
    context = context_of_sandbox(call)
    return present_payment(context, expire_now(context, call.path["payment_key"]))


def _decline(call: Call) -> dict[str, Any]:
    context = context_of_sandbox(call)
    return present_payment(context, decline_confirm(context, call.path["payment_key"], call.body["code"]))


def _pay(call: Call) -> dict[str, Any]:
    return act_in_window(context_of_sandbox(call), call.path["payment_key"], call.body)


def _close(call: Call) -> dict[str, Any]:
    return close_checkout(context_of_sandbox(call), call.path["payment_key"])


_ALL = "/control/sandboxes/<sandbox>/payments"
_ONE = f"{_ALL}/<payment_key>"

OPERATIONS = (
    Operation(
        "list-payments",
        "GET",
        _ALL,
        "List the payments of a sandbox",
        _list,
        query=PaymentsQuery(),
        answer=Payments,
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "show-payment",
        "GET",
        _ONE,
        "Show a payment with all that happened to it, and every call about it",
        _show,
        answer=PaymentHistory,
        errors=(SandboxNotFoundError, PaymentNotFoundError),
    ),
    Operation(
        "settle",
        "POST",
        f"{_ONE}/settle",
        "Mark a payment as paid out to the merchant, after which it can't be canceled",
        _settle,
        answer=ShownPayment,
        errors=(SandboxNotFoundError, PaymentNotFoundError, NotApprovedError),
    ),
    Operation(
        "expire",
        "POST",
        f"{_ONE}/expire",
        "Let the time of a payment run out that is not approved yet",
        _expire,
        answer=ShownPayment,
        errors=(SandboxNotFoundError, PaymentNotFoundError, CheckoutOverError),
    ),
    Operation(
        "decline",
        "POST",
        f"{_ONE}/decline",
        "Have the card company decline the payment when the merchant confirms it",
        _decline,
        body=DeclineRequest(),
        answer=ShownPayment,
        errors=(SandboxNotFoundError, PaymentNotFoundError, CheckoutOverError),
    ),
    Operation(
        "pay-in-window",
        "POST",
        f"{_ONE}/pay",
        "Let the shopper pay, or fail, in a window that waits, such as one that the shop's server began",
        _pay,
        body=WindowChoice(),
        answer=Checkout,
        errors=(SandboxNotFoundError, PaymentNotFoundError, CheckoutOverError, CashReceiptInfoError),
    ),
    Operation(
        "close-checkout",
        "POST",
        f"{_ONE}/close",
        "Let the shopper close the window; the payment goes on waiting",
        _close,
        answer=Checkout,
        errors=(SandboxNotFoundError, PaymentNotFoundError, CheckoutOverError),
    ),
)
