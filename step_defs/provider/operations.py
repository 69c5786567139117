"""The operations of the contract, under the names that the features give to an attempt."""

from collections.abc import Callable

from testkit.answer import Answer
from testkit.provider_client import Payment, Provider

OPERATIONS: dict[str, Callable[[Provider, Payment], Answer]] = {
    "create a payment": lambda provider, payment: provider.create(Payment(payment.amount)),
    "confirm the payment": lambda provider, payment: provider.confirm(payment),
    "cancel the payment": lambda provider, payment: provider.cancel(payment),
    "look the payment up": lambda provider, payment: provider.look_up(payment),
    "look the order up": lambda provider, payment: provider.look_up_order(payment),
}
"""What a caller tries, with the client's credentials."""
