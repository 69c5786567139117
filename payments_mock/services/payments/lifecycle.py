"""Create, confirm and cancel a payment, charge a card without the payment window, and take deposits."""

from dataclasses import replace
from datetime import timedelta
from itertools import count

from sqlalchemy import Connection

from payments_mock.domain.accounts import AccountOrder, Deposit, deposit, open_account, reverse_deposit
from payments_mock.domain.cards import CardData, card_of_number, check_card_data, find_decline
from payments_mock.domain.errors import (
    ConfirmUnderwayError,
    OrderAlreadyPaidError,
    PaymentNotFoundError,
    SessionNotFoundError,
)
from payments_mock.domain.payments.cancellation import CancelOrder, cancel
from payments_mock.domain.payments.confirmation import (
    Choice,
    abort,
    approve,
    authenticate,
    check_api_key,
    check_confirmable,
    check_same_request,
)
from payments_mock.domain.payments.instruments import Instruments, RequestedCashReceipt
from payments_mock.domain.payments.limits import (
    check_chargeable,
    check_daily_transfers,
    check_monthly_phone_bill,
    check_positive,
)
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.payments.payment import CONFIRMED_STATES, PAID_STATES, Payment, State, Transaction
from payments_mock.domain.reports import day_in_korea, first_of_month, midnight
from payments_mock.domain.values import immutable
from payments_mock.services.checkout import check_order_free
from payments_mock.services.context import Context
from payments_mock.services.payments.changes import (
    PaymentOrder,
    change_now,
    change_payment,
    new_payment,
    store_new,
)
from payments_mock.storage import payment_history as history_store
from payments_mock.storage import payments as payments_store


def create_payment(
    context: Context, connection: Connection, payment_key: str, order_id: str, amount: int
) -> Payment:
    """Store a payment of `amount` KRW, or return the one that the merchant has under this key as it is.

    A known key wins over other values (the integration guide); a difference shows at the confirm.
    """
    merchant_id = context.merchant.id
    payment = Payment(
        merchant_id=merchant_id,
        payment_key=payment_key,
        order_id=order_id,
        total_amount=amount,
        balance_amount=amount,
        state=State.AUTHENTICATED,
        requested_at=context.now(),
        receipt_token=context.ids.receipt_token(merchant_id),
        secret=context.ids.payment_secret(),
    )
    try:
        store_new(context, connection, payment)
    except payments_store.PaymentKeyTakenError:
        known = payments_store.find_by_key(connection, merchant_id, payment_key)
        if known is None:  # The sandbox was reset between the two statements.
            return create_payment(context, connection, payment_key, order_id, amount)
        context.change.note(known, known)
        return known
    return payment


def approve_now(context: Context, payment: Payment) -> tuple[Payment, Transaction]:
    """Return the payment as charged, or with its virtual account issued, and the transaction of that."""
    return approve(payment, context.now(), context.ids.transaction_key())


def check_spending(context: Context, connection: Connection, payment: Payment) -> None:
    """Refuse a payment above the limit of the phone's bill, or of the customer's bank.

    Shoppers without a `customerKey` count as different people.

    Raises:
        MonthlyPhoneLimitError, DailyTransferLimitError: as named.
    """
    if payment.method is Method.MOBILE_PHONE:
        _check_phone_bill(context, connection, payment)
    if payment.method is Method.TRANSFER and payment.customer_key is not None:
        _check_transfers(context, connection, payment, payment.customer_key)


def _check_phone_bill(context: Context, connection: Connection, payment: Payment) -> None:
    phone = payment.instruments.mobile_phone if payment.instruments else None
    if phone is None:
        return
    since = first_of_month(context.now())
    spent = history_store.spent_by_phone(connection, context.merchant.id, phone, since)
    check_monthly_phone_bill(spent, payment.total_amount)


def _check_transfers(context: Context, connection: Connection, payment: Payment, customer_key: str) -> None:
    since = midnight(day_in_korea(context.now()))
    spent = history_store.spent_by_transfer(connection, context.merchant.id, customer_key, since)
    check_daily_transfers(spent, payment.total_amount)


def confirm_payment(
    context: Context,
    connection: Connection,
    payment_key: str,
    order_id: str,
    amount: int,
    *,
    replay: bool,
) -> Payment:
    """Charge the payment, if `order_id` and `amount` (KRW) are its own; an issuer's refusal aborts it.

    `replay` says how the contract takes a second confirm with the same values: true returns the payment as
    it was approved (the integration guide), false refuses.

    Raises:
        ConfirmUnderwayError: the confirm that approved it is not answered yet.
        SessionNotFoundError, PaymentMismatchError, NotAuthenticatedError, AlreadyApprovedError,
        ConfirmOfCanceledError, PaymentAbortedError, PaymentExpiredError, OrderAlreadyPaidError,
        AmountNotPositiveError, AmountTooSmallError, AmountTooLargeError, InstallmentError, PointUseError: as
        named; nothing was changed.
    """
    check_positive(amount)
    rounds = count()

    def decide(payment: Payment) -> tuple[Payment, Transaction | None] | None:
        check_same_request(payment, order_id, amount, context.key_family)
        if replay and payment.state in PAID_STATES:
            return None
        has_lost = context.change.has_lost or next(rounds) > 0
        if payment.state in CONFIRMED_STATES and (has_lost or _is_underway(context, connection, payment)):
            raise ConfirmUnderwayError("another confirm of this payment is under way")
        check_confirmable(payment)
        check_chargeable(payment)
        check_spending(context, connection, payment)
        if payment.decline_code is not None:
            return abort(payment, payment.decline_code), None
        return approve_now(context, payment)

    try:
        return change_payment(context, connection, payment_key, decide)
    except PaymentNotFoundError as error:
        raise SessionNotFoundError(*error.args) from None


def _is_underway(context: Context, connection: Connection, payment: Payment) -> bool:
    return history_store.is_answer_held(connection, payment.id, context.clock())


def hold_answer(context: Context, connection: Connection, seconds: float) -> None:
    """Note that the answer to a confirm leaves in this many seconds; until then it is under way."""
    change = context.change
    if change.payment_key and change.before is State.AUTHENTICATED and change.after in CONFIRMED_STATES:
        until = context.clock() + timedelta(seconds=seconds)
        history_store.hold_answer(connection, context.merchant.id, change.payment_key, until)


def cancel_payment(context: Context, connection: Connection, payment_key: str, order: CancelOrder) -> Payment:
    """Cancel the payment, or a part of it, as `order` asks.

    Raises:
        PaymentNotFoundError: the merchant has no such payment.
        PaymentError: what `payments_mock.domain.payments.cancellation.cancel` raises; nothing was changed.
    """
    return change_payment(
        context,
        connection,
        payment_key,
        lambda payment: cancel(payment, order, context.now(), context.ids.transaction_key()),
    )


def charge(context: Context, connection: Connection, payment: Payment, choice: Choice) -> Payment:
    """Charge a new payment at once in the way of `choice`; an issuer's refusal stores it as aborted.

    By virtual account, it then waits for its deposit.

    Raises:
        AmountNotPositiveError, AmountTooSmallError, InstallmentError: the method does not take it.
        OrderAlreadyPaidError: another payment holds the order.
    """
    check_positive(payment.total_amount)
    ready = authenticate(payment, choice, context.now())
    check_chargeable(ready)
    if choice.decline_code is not None:
        charged, movement = abort(ready, choice.decline_code), None
    else:
        charged, movement = approve_now(context, ready)
    try:
        store_new(context, connection, replace(charged, revision=0), movement)
    except payments_store.OrderHeldError:
        raise OrderAlreadyPaidError(f"the order {payment.order_id} is paid for already") from None
    return charged


FREE_INSTALLMENTS_PAYER = "CARD_COMPANY"


@immutable
class CardTerms:
    """The terms of a card payment; 0 months means that it is paid at once."""

    installment_months: int = 0
    has_free_installments: bool = False
    use_card_point: bool = False


def pay_by_key_in(
    context: Context, connection: Connection, order: PaymentOrder, card: CardData, terms: CardTerms
) -> Payment:
    """Charge the card at once; an issuer's refusal stores the payment as aborted.

    Raises:
        WidgetKeyError: the call came with a key of the payment widget.
        CardDetailsError: the card can't be a valid one.
        AmountNotPositiveError, AmountTooSmallError, InstallmentError: the card does not pay this.
        OrderAlreadyPaidError: another payment holds the order.
    """
    check_api_key(context.key_family)
    check_card_data(card, context.now())
    check_order_free(context, connection, order.order_id)
    choice = _choice(card, order.amount, terms)
    return charge(context, connection, new_payment(context, order), choice)


def _choice(card: CardData, amount: int, terms: CardTerms) -> Choice:
    is_interest_free = terms.has_free_installments and terms.installment_months > 0
    charged = replace(
        card_of_number(card.number, is_corporate=card.is_corporate),
        amount=amount,
        installment_months=terms.installment_months,
        is_interest_free=is_interest_free,
        interest_payer=FREE_INSTALLMENTS_PAYER if is_interest_free else None,
        use_card_point=terms.use_card_point,
    )
    refusal = find_decline(card.number)
    decline_code = None if refusal is None else refusal.of_amount(amount)
    return Choice(Method.CARD, Instruments(card=charged), decline_code)


def deposit_to_payment(context: Context, payment_key: str, paid_in: Deposit) -> Payment:
    """Approve the payment by the deposit that it waits for.

    Raises:
        PaymentNotFoundError: the merchant has no such payment.
        DepositError: the bank takes no such deposit; nothing was changed.
    """
    return change_now(
        context,
        payment_key,
        lambda payment: deposit(payment, paid_in, context.now(), context.ids.transaction_key()),
    )


def reverse_payment_deposit(context: Context, payment_key: str) -> Payment:
    """Make the payment wait for its deposit again.

    Raises:
        PaymentNotFoundError: the merchant has no such payment.
        DepositError: there is no deposit that can be taken back; nothing was changed.
    """
    return change_now(
        context,
        payment_key,
        lambda payment: reverse_deposit(payment, context.now(), context.ids.transaction_key()),
    )


def issue_virtual_account(
    context: Context,
    connection: Connection,
    order: PaymentOrder,
    wanted: AccountOrder,
    cash_receipt: RequestedCashReceipt | None = None,
) -> Payment:
    """Store a payment that waits for its deposit, with the account and the secret that it was given.

    Raises:
        WidgetKeyError: the call came with a key of the payment widget.
        VirtualAccountError: the account can't be as it is wanted.
        AmountNotPositiveError, AmountTooSmallError, OrderAlreadyPaidError: as `charge`.
    """
    check_api_key(context.key_family)
    account = open_account(wanted, context.merchant.code, f"X{context.ids.digits(13)}", context.now())
    instruments = Instruments(virtual_account=account, cash_receipt=cash_receipt)
    choice = Choice(Method.VIRTUAL_ACCOUNT, instruments)
    return charge(context, connection, new_payment(context, order), choice)
