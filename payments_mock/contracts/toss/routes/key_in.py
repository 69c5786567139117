"""Payments by a card that the merchant keys in."""

from typing import Any

from flask import Response

from payments_mock.contracts.toss import paths
from payments_mock.contracts.toss.charged import CHARGE_ERRORS, answer_charge, read_card, read_order
from payments_mock.contracts.toss.schemas.card_requests import KeyInRequest
from payments_mock.contracts.toss.schemas.payment import Payment
from payments_mock.domain import card_errors
from payments_mock.http.call import Call
from payments_mock.http.contract import Operation
from payments_mock.services.key_in import CardTerms, pay_by_key_in

CARD_ERRORS: tuple[type[Exception], ...] = (
    card_errors.CardNumberError,
    card_errors.CardExpirationError,
    card_errors.IdentityFormatError,
    card_errors.IdentityMismatchError,
    card_errors.CardPasswordError,
)


def _key_in(call: Call) -> dict[str, Any] | Response:
    body = call.body
    terms = CardTerms(
        installment_months=body.get("cardInstallmentPlan") or 0,
        has_free_installments=bool(body.get("useFreeInstallmentPlan")),
        use_card_point=bool(body.get("useCardPoint")),
    )
    payment = pay_by_key_in(call.context, read_order(body), read_card(body), terms)
    return answer_charge(call.context, payment)


OPERATIONS = (
    Operation(
        *paths.KEY_IN,
        "Charge a card that the merchant keys in",
        _key_in,
        body=KeyInRequest(),
        answer=Payment(),
        errors=(*CHARGE_ERRORS, *CARD_ERRORS),
    ),
)
