"""The Transaction object, and the query that lists them."""

from marshmallow import Schema, fields

from payments_mock.contracts.toss.schemas.queries import Count, Moment
from payments_mock.contracts.toss.schemas.values import Text

DEFAULT_LIMIT = 100


class TransactionsQuery(Schema):
    """Which transactions are asked for; both ends belong to the period, and a page begins behind a key."""

    startDate = Moment(required=True)  # noqa: N815
    endDate = Moment(required=True)  # noqa: N815
    startingAfter = Text(  # noqa: N815
        64,
        metadata={"code": "INVALID_PAGING_KEY", "description": "The key of a transaction of this merchant."},
    )
    limit = Count(load_default=DEFAULT_LIMIT)


class Transaction(Schema):
    """One movement of money: an approval, or a cancel."""

    mId = fields.String(required=True)  # noqa: N815
    transactionKey = fields.String(required=True)  # noqa: N815
    paymentKey = fields.String(required=True)  # noqa: N815
    orderId = fields.String(required=True)  # noqa: N815
    method = fields.String(required=True, allow_none=True)
    customerKey = fields.String(required=True, allow_none=True)  # noqa: N815
    useEscrow = fields.Boolean(required=True)  # noqa: N815
    receiptUrl = fields.String(required=True, allow_none=True)  # noqa: N815
    status = fields.String(required=True)
    transactionAt = fields.String(required=True)  # noqa: N815
    currency = fields.String(required=True)
    amount = fields.Integer(required=True, strict=True)
