"""Confirm a payment: the moment at which the shopper is charged."""

from payments_mock.domain.confirmation import check_confirmable, check_same_request
from payments_mock.domain.errors import PaymentNotFoundError, SessionNotFoundError
from payments_mock.domain.limits import check_chargeable, check_positive
from payments_mock.domain.payment import Payment, Transaction
from payments_mock.domain.refusal import abort
from payments_mock.domain.states import PAID_STATES
from payments_mock.services.approval import approve_now
from payments_mock.services.context import Context
from payments_mock.services.spending import check_spending
from payments_mock.services.transition import change_payment


def confirm_payment(
    context: Context, payment_key: str, order_id: str, amount: int, *, replay: bool
) -> Payment:
    """Charge the payment, if `order_id` and `amount` (KRW) are its own; an issuer's refusal aborts it.

    `replay` says how the contract takes a second confirm with the same values: true returns the payment as
    it was approved (the integration guide), false refuses.

    Raises:
        SessionNotFoundError, PaymentMismatchError, NotAuthenticatedError, AlreadyApprovedError,
        AlreadyCanceledError, PaymentAbortedError, PaymentExpiredError, OrderAlreadyPaidError,
        AmountNotPositiveError, AmountTooSmallError, AmountTooLargeError, InstallmentError, PointUseError: as
        named; nothing was changed.
    """
    check_positive(amount)

    def decide(payment: Payment) -> tuple[Payment, Transaction | None] | None:
        check_same_request(payment, order_id, amount, context.key_family)
        if replay and payment.state in PAID_STATES:
            return None
        check_confirmable(payment)
        check_chargeable(payment)
        check_spending(context, payment)
        if payment.decline_code is not None:
            return abort(payment, payment.decline_code), None
        return approve_now(context, payment)

    try:
        return change_payment(context, payment_key, decide)
    except PaymentNotFoundError as error:
        raise SessionNotFoundError(*error.args) from None
