"""How the shopper authenticates a payment, what it must be to be confirmed, and how else it ends."""

from datetime import datetime, timedelta

from payments_mock.domain.errors import (
    AlreadyApprovedError,
    CheckoutOverError,
    ConfirmOfCanceledError,
    KeyPairMismatchError,
    NotAuthenticatedError,
    PaymentAbortedError,
    PaymentError,
    PaymentExpiredError,
    PaymentMismatchError,
    Reason,
    differs,
)
from payments_mock.domain.payments.instruments import Instruments
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.payments.payment import (
    CONFIRMED_STATES,
    Event,
    KeyFamily,
    Payment,
    State,
    Transaction,
    TransactionKind,
)
from payments_mock.domain.values import immutable

TIME_TO_AUTHENTICATE = timedelta(minutes=30)
"""How long the window waits for the shopper."""

TIME_TO_CONFIRM = timedelta(minutes=10)
"""How long the merchant has to confirm then (the approval guide: within 10 minutes)."""


@immutable
class Choice:
    """How the shopper decided to pay; `decline_code` is why the issuer is going to refuse, if it is."""

    method: Method
    instruments: Instruments
    decline_code: str | None = None


def check_open(payment: Payment) -> None:
    """Refuse to let the shopper act twice, or too late.

    Raises:
        CheckoutOverError: the payment does not wait for its shopper.
    """
    if payment.state is not State.INITIATED:
        raise CheckoutOverError(f"the shopper can't act any more: the payment is {payment.state}")


def authenticate(payment: Payment, choice: Choice, at: datetime) -> Payment:
    """Return the payment as authenticated by the shopper at `at`, waiting for the merchant."""
    return payment.after(
        Event.AUTHENTICATE,
        method=choice.method,
        instruments=choice.instruments,
        decline_code=choice.decline_code,
        expires_at=at + TIME_TO_CONFIRM,
    )


def check_same_request(
    payment: Payment, order_id: str, amount: int, key_family: KeyFamily | None = None
) -> None:
    """Refuse an order, an amount (KRW) or a pair of keys that is not the payment's own, whatever its state.

    Raises:
        PaymentMismatchError: one of them differs (the integration guide: 409 AMOUNT_MISMATCH).
    """
    if payment.order_id != order_id:
        raise PaymentMismatchError(
            "orderId is not the one this payment was created with",
            differs("orderId", payment.order_id, order_id),
        )
    if payment.total_amount != amount:
        raise PaymentMismatchError(
            "amount is not the one this payment was created with",
            differs("amount", payment.total_amount, amount),
        )
    if payment.key_family is not None and payment.key_family != key_family:
        raise KeyPairMismatchError(
            "the payment was begun with a client key of another pair than this secret key",
            _of_another_pair(payment.key_family, key_family),
        )


_KEYS = {KeyFamily.API: "the API key", KeyFamily.WIDGET: "the widget key"}


def _of_another_pair(begun: KeyFamily, sent: KeyFamily | None) -> Reason:
    confirmed = _KEYS[sent or KeyFamily.API]
    return Reason(
        f"begun with {_KEYS[begun]}, confirmed with {confirmed}", "secretKey", _KEYS[begun], confirmed
    )


def check_confirmable(payment: Payment) -> None:
    """Refuse a payment whose state has no approval ahead.

    Raises:
        NotAuthenticatedError, AlreadyApprovedError, ConfirmOfCanceledError, PaymentAbortedError,
        PaymentExpiredError: as named.
    """
    if payment.state in CONFIRMED_STATES:
        raise AlreadyApprovedError("the payment is already approved")
    if payment.state is State.CANCELED:
        raise ConfirmOfCanceledError("the payment is already canceled")
    if payment.state is State.ABORTED:
        raise PaymentAbortedError(payment.failure_code or "ABORTED")
    if payment.state is State.EXPIRED:
        raise PaymentExpiredError("the payment expired before it was confirmed")
    if payment.state is State.INITIATED:
        raise NotAuthenticatedError("the shopper has not authenticated the payment yet")


def approve(payment: Payment, at: datetime, key: str) -> tuple[Payment, Transaction]:
    """Return the payment as charged at `at`, or as waiting for its deposit, with the transaction `key`."""
    if payment.waits_for_deposit:
        return _step(payment, Event.ISSUE_ACCOUNT, TransactionKind.ISSUE, at, key)
    return _step(payment, Event.APPROVE, TransactionKind.APPROVAL, at, key)


def _step(
    payment: Payment, event: Event, kind: TransactionKind, at: datetime, key: str
) -> tuple[Payment, Transaction]:
    changed = payment.after(
        event,
        approved_at=at if event is Event.APPROVE else None,
        expires_at=None,
        method=payment.method or Method.CARD,
        last_transaction_key=key,
    )
    amount = payment.total_amount
    return changed, Transaction(key, kind, changed.state, amount, at, amount, payment.tax_free_amount)


EXPIRED_CODE = "EXPIRED_PAYMENT"


def abort(payment: Payment, code: str) -> Payment:
    """Return the payment as refused, for the reason that `code` names."""
    return payment.after(Event.ABORT, failure_code=code, expires_at=None)


def expire(payment: Payment) -> Payment:
    """Return the payment as run out of time."""
    return payment.after(Event.EXPIRE, failure_code=EXPIRED_CODE)


def happened_at(after: Payment, now: datetime) -> datetime:
    """Return when a change happened that is stored `now`.

    A payment whose time ran out did so at the end of its time, however much later somebody looked.
    """
    if after.state is State.EXPIRED and after.expires_at is not None:
        return min(now, after.expires_at)
    return now


def expire_if_due(payment: Payment, now: datetime) -> Payment | None:
    """Return the payment as run out of time if it has, else None."""
    return expire(payment) if payment.is_due(now) else None


class WidgetKeyError(PaymentError):
    """A key of the payment widget came where an API key belongs."""


def check_api_key(family: KeyFamily) -> None:
    """Refuse a key of the payment widget where only API keys may call.

    Raises:
        WidgetKeyError: it is one.
    """
    if family is KeyFamily.WIDGET:
        raise WidgetKeyError("the keys of the payment widget can't call this; use the API keys")
