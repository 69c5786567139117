"""The states of a webhook on its way, apart from its rules: the table is there before anybody needs those."""

from enum import StrEnum


class DeliveryState(StrEnum):
    """How far a delivery has come."""

    PENDING = "PENDING"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"
