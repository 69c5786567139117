"""What a shopper picked in the window or a widget: its fields, and the choice that it comes to."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from payments_mock.api.errors import InvalidFieldsError
from payments_mock.api.schemas import WholeText
from payments_mock.api.values import Text
from payments_mock.domain.institutions import find_bank, find_issuer
from payments_mock.domain.payments.instruments import find_easy_pay_provider
from payments_mock.domain.payments.methods import InstrumentChoice, Method
from payments_mock.domain.values import immutable


def known_issuer(name: str) -> None:
    """Take the name of a card issuer alone, else raise `ValidationError`."""
    if find_issuer(name) is None:
        raise ValidationError("Must be the code or the name of a card issuer, such as 41 or SHINHAN.")


def known_bank(name: str) -> None:
    """Take the name of a bank alone, else raise `ValidationError`."""
    if find_bank(name) is None:
        raise ValidationError("Must be the code or the name of a bank, such as 88 or SHINHAN.")


def known_easy_pay(name: str) -> None:
    """Take the name of an easy pay provider alone, else raise `ValidationError`."""
    if find_easy_pay_provider(name) is None:
        raise ValidationError("Must be the name of an easy pay provider, such as TOSSPAY.")


INSTALLMENT_MONTHS = validate.Range(min=0, max=12)
PHONE = WholeText(r"^[0-9]{8,15}$")


MONEY = "MONEY"
"""What pays in a wallet, where it is not a card in it."""


class SelectionSchema(Schema):
    """What a shopper picked: in a widget before the window opens, or in the window."""

    method = fields.Enum(Method)
    issuer = fields.String(validate=known_issuer)
    installmentMonths = fields.Integer(strict=True, validate=INSTALLMENT_MONTHS)  # noqa: N815
    easyPay = fields.String(validate=known_easy_pay)  # noqa: N815
    easyPayWith = fields.String(validate=validate.OneOf(("CARD", MONEY)))  # noqa: N815
    bank = fields.String(validate=known_bank)
    depositor = Text(100)
    mobilePhone = fields.String(validate=PHONE)  # noqa: N815


@immutable
class Selection:
    """What a shopper picked so far; names are codes, or Korean or English names."""

    method: Method | None = None
    issuer: str | None = None
    installment_months: int = 0
    easy_pay: str | None = None
    easy_pay_with: str | None = None
    bank: str | None = None
    depositor: str | None = None
    mobile_phone: str | None = None


def read_selection(loaded: Mapping[str, Any]) -> Selection:
    """Return what the schema read of a selection."""
    return Selection(**{_NAMES.get(name, name): value for name, value in loaded.items()})


_NAMES = {
    "installmentMonths": "installment_months",
    "easyPay": "easy_pay",
    "easyPayWith": "easy_pay_with",
    "mobilePhone": "mobile_phone",
}


def proposal_fields(selection: Selection) -> dict[str, Any]:
    """Return a selection as the window sends it: what was not picked is left out."""
    return {name: value for name, value in asdict(selection).items() if value is not None}


def choice_of(
    selection: Selection, deposit_time: timedelta, *, use_card_point: bool = False
) -> InstrumentChoice:
    """Return how the shopper pays; a virtual account waits for `deposit_time`.

    Raises:
        InvalidFieldsError: no method is picked.
    """
    if selection.method is None:
        raise InvalidFieldsError({"selection": ["Must name the method."]}, "NOT_SUPPORTED_METHOD")
    said: dict[str, Any] = {
        "issuer": selection.issuer,
        "easy_pay": selection.easy_pay if selection.method is Method.EASY_PAY else None,
        "easy_pay_money": selection.easy_pay_with == MONEY,
        "bank": selection.bank,
        "customer_name": selection.depositor,
        "mobile_phone": selection.mobile_phone,
    }
    return InstrumentChoice(
        method=selection.method,
        installment_months=selection.installment_months,
        use_card_point=use_card_point,
        deposit_time=deposit_time,
        **{name: value for name, value in said.items() if value is not None},
    )
