"""Charge a card that the merchant keyed in for its holder."""

from dataclasses import dataclass, replace

from payments_mock.domain.card_data import CardData, check_card_data
from payments_mock.domain.card_numbers import card_of_number
from payments_mock.domain.card_refusals import find_refusal
from payments_mock.domain.checkout import Choice
from payments_mock.domain.key_families import check_api_key
from payments_mock.domain.methods import Instruments, Method
from payments_mock.domain.payment import Payment
from payments_mock.services.charge import charge
from payments_mock.services.checkout import check_order_free
from payments_mock.services.context import Context
from payments_mock.services.new_payment import PaymentOrder, new_payment

FREE_INSTALLMENTS_PAYER = "CARD_COMPANY"


@dataclass(frozen=True, slots=True)
class CardTerms:
    """How a card is to pay; 0 months pays at once."""

    installment_months: int = 0
    has_free_installments: bool = False
    use_card_point: bool = False


def pay_by_key_in(context: Context, order: PaymentOrder, card: CardData, terms: CardTerms) -> Payment:
    """Charge the card at once; an issuer's refusal stores the payment as aborted.

    Raises:
        WidgetKeyError: the call came with a key of the payment widget.
        CardDetailsError: the card can't be a valid one.
        AmountNotPositiveError, AmountTooSmallError, InstallmentError: the card does not pay this.
        OrderAlreadyPaidError: another payment holds the order.
    """
    check_api_key(context.key_family)
    check_card_data(card, context.now())
    check_order_free(context, order.order_id)
    return charge(context, new_payment(context, order), _choice(card, order.amount, terms))


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
    refusal = find_refusal(card.number)
    decline_code = None if refusal is None else refusal.of_amount(amount)
    return Choice(Method.CARD, Instruments(card=charged), decline_code)
