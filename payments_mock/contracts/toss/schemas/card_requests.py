"""Fields of a card that is keyed in, and of the charge of a card."""

from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from payments_mock.contracts.toss.schemas.values import Text, Won, order_id, order_name


class Digits(fields.String):
    """Digits as text, or as the number that some clients send; the domain judges what they say."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        return super()._deserialize(str(value) if type(value) is int else value, attr, data, **more)


class Months(Won):
    """A number of months: whole, or text of a whole number."""

    default_error_messages = {"invalid": "Must be a whole number of months."}  # noqa: RUF012


class CardHolderAuthentication(Schema):
    """What a card company's own check of the holder gave; accepted, and not looked at."""

    cavv = Text(200, 0, allow_none=True)
    xid = Text(200, 0, allow_none=True)
    eci = Text(10, 0, allow_none=True)


class CardFields(Schema):
    """The card that the merchant keys in, and whose it is."""

    missing_code = "INVALID_REQUIRED_PARAM"

    cardNumber = Digits(required=True, metadata={"code": "INVALID_CARD_NUMBER"})  # noqa: N815
    cardExpirationYear = Digits(required=True, metadata={"code": "INVALID_CARD_EXPIRATION"})  # noqa: N815
    cardExpirationMonth = Digits(required=True, metadata={"code": "INVALID_CARD_EXPIRATION"})  # noqa: N815
    customerIdentityNumber = Digits(  # noqa: N815
        required=True, metadata={"code": "INVALID_BIRTH_DAY_FORMAT"}
    )
    cardPassword = Digits(allow_none=True, metadata={"code": "INVALID_CARD_PASSWORD"})  # noqa: N815
    vbv = fields.Nested(CardHolderAuthentication, allow_none=True, unknown=EXCLUDE)


class CustomerFields(Schema):
    """Who pays, as far as the merchant tells; checked, and not kept."""

    customerEmail = fields.Email(  # noqa: N815
        allow_none=True, validate=validate.Length(max=100), metadata={"code": "INVALID_EMAIL"}
    )
    customerName = Text(100, 0, allow_none=True)  # noqa: N815
    customerIp = Text(45, 0, allow_none=True)  # noqa: N815


class ChargeFields(CustomerFields):
    """The order that is charged at once; amounts in KRW."""

    missing_code = "INVALID_REQUIRED_PARAM"

    amount = Won(required=True)
    orderId = order_id()  # noqa: N815
    orderName = order_name()  # noqa: N815
    taxFreeAmount = Won(allow_none=True, validate=validate.Range(min=0))  # noqa: N815
    cardInstallmentPlan = Months(  # noqa: N815
        allow_none=True,
        validate=validate.Range(min=0),
        metadata={"code": "INVALID_CARD_INSTALLMENT_PLAN"},
    )

    @validates_schema
    def _check_tax(self, data: dict[str, Any], **more: Any) -> None:
        if (data.get("taxFreeAmount") or 0) > max(data["amount"], 0):
            raise ValidationError("Must not be above amount.", "taxFreeAmount")


class KeyInRequest(CardFields, ChargeFields):
    """A card, and what it is to be charged for."""

    useFreeInstallmentPlan = fields.Boolean(allow_none=True)  # noqa: N815
    useCardPoint = fields.Boolean(allow_none=True)  # noqa: N815
