"""What the billing operations take, and the Billing object."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from payments_mock.contracts.toss.schemas.card_requests import (
    CARD_EXAMPLE,
    CardFields,
    ChargeFields,
    CustomerFields,
)
from payments_mock.contracts.toss.schemas.values import ORDER_EXAMPLE, Text
from payments_mock.http.patterns import WholeText

CUSTOMER_KEY_PATTERN = r"^[A-Za-z0-9\-_=.@]{2,300}$"


def customer_key(**arguments: Any) -> fields.String:
    """Make the field of a customer's key: 2 to 300 letters, digits, `-`, `_`, `=`, `.` and `@`."""
    message = "Must be 2 to 300 characters of A-Z, a-z, 0-9, -, _, =, . and @."
    checks = WholeText(CUSTOMER_KEY_PATTERN, error=message)
    return fields.String(
        required=True, validate=checks, metadata={"code": "INVALID_CUSTOMER_KEY"}, **arguments
    )


class IssueRequest(Schema):
    """What the billing window gave to the merchant's success page."""

    example: Mapping[str, Any] = {"authKey": "bln_7dLkYOvxWr5", "customerKey": "customer-1"}
    missing_code = "INVALID_REQUIRED_PARAM"

    authKey = Text(300, required=True)  # noqa: N815
    customerKey = customer_key()  # noqa: N815


class CardRegistrationRequest(CardFields, CustomerFields):
    """A card, and the customer it is going to pay for."""

    example: Mapping[str, Any] = {**CARD_EXAMPLE, "customerKey": "customer-1"}

    customerKey = customer_key()  # noqa: N815


class BillingChargeRequest(ChargeFields):
    """The order, and the customer that the billing key was issued for."""

    example: Mapping[str, Any] = {**ORDER_EXAMPLE, "customerKey": "customer-1"}

    customerKey = customer_key()  # noqa: N815


class BillingCard(Schema):
    """The card that a billing key stands for."""

    issuerCode = fields.String(required=True)  # noqa: N815
    acquirerCode = fields.String(required=True, allow_none=True)  # noqa: N815
    number = fields.String(required=True)
    cardType = fields.String(required=True)  # noqa: N815
    ownerType = fields.String(required=True)  # noqa: N815


class Billing(Schema):
    """A billing key and what it stands for; version 2024-06-01 has no `cardCompany` and `cardNumber`."""

    mId = fields.String(required=True)  # noqa: N815
    customerKey = fields.String(required=True)  # noqa: N815
    authenticatedAt = fields.String(required=True)  # noqa: N815
    method = fields.String(required=True)
    billingKey = fields.String(required=True)  # noqa: N815
    card = fields.Nested(BillingCard, required=True, allow_none=True)
    cardCompany = fields.String(allow_none=True)  # noqa: N815
    cardNumber = fields.String(allow_none=True)  # noqa: N815
