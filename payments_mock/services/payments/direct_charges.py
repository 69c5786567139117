"""Charge a card without the payment window: keyed in, or by its billing key."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from payments_mock.domain.cards import CardData, card_of_number, check_card_data, find_decline
from payments_mock.domain.errors import OrderAlreadyPaidError
from payments_mock.domain.payments.confirmation import Choice, abort, authenticate, check_api_key
from payments_mock.domain.payments.instruments import Instruments
from payments_mock.domain.payments.limits import check_chargeable, check_positive
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.payments.payment import Payment
from payments_mock.services.checkout import check_order_free
from payments_mock.services.context import Context
from payments_mock.services.payments.changes import PaymentOrder, new_payment, store_new
from payments_mock.services.payments.lifecycle import approve_now
from payments_mock.storage.payments import payments as store


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
    except store.OrderHeldError:
        raise OrderAlreadyPaidError(f"the order {payment.order_id} is paid for already") from None
    return charged


FREE_INSTALLMENTS_PAYER = "CARD_COMPANY"


@dataclass(frozen=True, slots=True)
class CardTerms:
    """How a card is to pay; 0 months pays at once."""

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
