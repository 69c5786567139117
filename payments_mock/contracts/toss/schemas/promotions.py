"""What card companies and banks offer, in two shapes."""

from marshmallow import Schema, fields, validate


def _text(*, null: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=null)


def _whole(*, null: bool = False) -> fields.Integer:
    return fields.Integer(required=True, strict=True, allow_none=null)


class CardDiscount(Schema):
    """An instant discount of a card."""

    issuerCode = _text()  # noqa: N815
    discountAmount = _whole()  # noqa: N815
    balance = _whole()
    discountCode = _text()  # noqa: N815
    dueDate = _text()  # noqa: N815
    minimumPaymentAmount = _whole()  # noqa: N815
    maximumPaymentAmount = _whole()  # noqa: N815
    currency = _text()


class InterestFreeCard(Schema):
    """Months that a card takes no interest for."""

    issuerCode = _text()  # noqa: N815
    minimumPaymentAmount = _whole()  # noqa: N815
    dueDate = _text()  # noqa: N815
    installmentFreeMonths = fields.List(fields.Integer(strict=True), required=True)  # noqa: N815


class CardPromotions(Schema):
    """The offers of card companies."""

    discountCards = fields.List(fields.Nested(CardDiscount), required=True)  # noqa: N815
    interestFreeCards = fields.List(fields.Nested(InterestFreeCard), required=True)  # noqa: N815


class CardInterestFree(InterestFreeCard):
    """Months that a card takes no interest for, with the currency."""

    currency = _text()


class CardPoint(Schema):
    """A card that can pay with its points."""

    issuerCode = _text()  # noqa: N815
    minimumPaymentAmount = _whole()  # noqa: N815
    currency = _text()
    dueDate = _text()  # noqa: N815


class BankDiscount(Schema):
    """An instant discount of a bank."""

    type = fields.String(required=True, validate=validate.OneOf(("FIXED_AMOUNT", "FIXED_RATE")))
    bankCode = _text()  # noqa: N815
    discountAmount = _whole(null=True)  # noqa: N815
    discountRate = fields.Float(required=True, allow_none=True)  # noqa: N815
    minimumPaymentAmount = _whole()  # noqa: N815
    maximumPaymentAmount = _whole()  # noqa: N815
    currency = _text()
    discountCode = _text()  # noqa: N815
    dueDate = _text()  # noqa: N815


class Promotion(Schema):
    """One offer; of the four kinds, the one that `type` names is there."""

    payType = fields.String(  # noqa: N815
        required=True, validate=validate.OneOf(("NORMAL", "BILLING", "BRANDPAY"))
    )
    type = fields.String(
        required=True,
        validate=validate.OneOf(("CARD_DISCOUNT", "CARD_INTEREST_FREE", "CARD_POINT", "BANK_DISCOUNT")),
    )
    cardDiscount = fields.Nested(CardDiscount, required=True, allow_none=True)  # noqa: N815
    cardInterestFree = fields.Nested(CardInterestFree, required=True, allow_none=True)  # noqa: N815
    cardPoint = fields.Nested(CardPoint, required=True, allow_none=True)  # noqa: N815
    bankDiscount = fields.Nested(BankDiscount, required=True, allow_none=True)  # noqa: N815
