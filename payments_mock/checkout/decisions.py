"""What the shopper does in a window, or what a tester lets happen in it."""

from collections.abc import Mapping
from typing import Any

from payments_mock.checkout.choices import make_choice
from payments_mock.checkout.outcomes import closed, outcome_of
from payments_mock.checkout.redirects import FAILED
from payments_mock.checkout.wishes import Selection, Wishes, read_selection
from payments_mock.domain.errors import CheckoutOverError
from payments_mock.domain.instrument_choice import InstrumentChoice
from payments_mock.domain.methods import Method
from payments_mock.domain.payment import Payment
from payments_mock.http.errors import InvalidFieldsError
from payments_mock.services.checkout import abort_payment, authenticate_payment, expire_payment
from payments_mock.services.context import Context
from payments_mock.services.lookup import find_payment


def decide(
    context: Context, payment_key: str, wishes: Wishes, decision: Mapping[str, Any], language: str
) -> dict[str, Any]:
    """Carry out a decision, and return the outcome of the window.

    A window that is over stays as it ended, so that pressing a button twice tells the same twice.

    Raises:
        InvalidFieldsError: something is missing that the decision needs.
        PaymentNotFoundError: the payment is gone.
    """
    payment = find_payment(context, payment_key)
    if outcome_of(payment, language) is None:
        if decision["action"] == "close":
            return closed(payment, language)
        try:
            payment = _act(context, payment, wishes, decision)
        except CheckoutOverError:
            payment = find_payment(context, payment_key)
    outcome = outcome_of(payment, language)
    assert outcome is not None  # noqa: S101
    return outcome


def _act(context: Context, payment: Payment, wishes: Wishes, decision: Mapping[str, Any]) -> Payment:
    action = decision["action"]
    if action == "expire":
        return expire_payment(context, payment.payment_key)
    if action == "fail":
        return abort_payment(context, payment.payment_key, decision.get("code", FAILED))
    chosen = _chosen(context, payment, wishes, read_selection(decision["selection"]))
    if wishes.fails:
        return abort_payment(context, payment.payment_key, FAILED)
    choice = make_choice(context, payment, chosen, decision.get("decline"))
    return authenticate_payment(context, payment.payment_key, choice)


def _chosen(context: Context, payment: Payment, wishes: Wishes, selection: Selection) -> InstrumentChoice:
    if selection.method is None:
        raise InvalidFieldsError({"selection": ["Must name the method."]}, "NOT_SUPPORTED_METHOD")
    said: dict[str, Any] = {
        "issuer": selection.issuer,
        "easy_pay": selection.easy_pay if selection.method is Method.EASY_PAY else None,
        "bank": selection.bank,
        "customer_name": selection.depositor,
        "mobile_phone": selection.mobile_phone,
    }
    return InstrumentChoice(
        method=selection.method,
        installment_months=selection.installment_months,
        use_card_point=wishes.use_card_point,
        deposit_time=wishes.deposit_time(max(context.now(), payment.requested_at)),
        **{name: value for name, value in said.items() if value is not None},
    )
