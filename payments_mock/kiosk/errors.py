"""Calls that the kiosk refuses.

::

    KioskError
    ├── InvalidInputError        what was sent breaks a rule; names the fields
    ├── OrderNotFoundError       there is no such order
    ├── OrderNotPayableError     the order is refunded, or on its way there
    ├── OrderNotRefundableError  the order is not paid
    └── OutOfStockError          fewer pieces are left than were wanted
"""

from collections.abc import Mapping, Sequence

FieldErrors = Mapping[str, Sequence[str]]
"""Reasons by field; a nested field is written as a path, such as ``items.0.quantity``."""


class KioskError(Exception):
    """Base of every refusal; ``code`` is stable, the message is for people."""

    code = "KIOSK_ERROR"

    def __init__(self, message: str, errors: FieldErrors | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.errors = errors


class InvalidInputError(KioskError):
    """What was sent breaks a rule."""

    code = "INVALID_REQUEST"


class OrderNotFoundError(KioskError):
    """There is no order of that id."""

    code = "NOT_FOUND"

    def __init__(self, order_id: str) -> None:
        super().__init__(f"There is no order {order_id}.")


class OrderNotPayableError(KioskError):
    """A refunded order, or one being refunded, cannot be paid again."""

    code = "ORDER_NOT_PAYABLE"


class OrderNotRefundableError(KioskError):
    """Only a paid order can be refunded."""

    code = "ORDER_NOT_REFUNDABLE"


class OutOfStockError(KioskError):
    """Fewer pieces are left than the order wants."""

    code = "OUT_OF_STOCK"
