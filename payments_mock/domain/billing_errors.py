"""Rules of billing that a call can break, a branch of the tree in `payments_mock.domain.errors`.

PaymentError
    BillingError
        BillingNotFoundError
        BillingAuthorizationOverError
        CustomerMismatchError
        BillingKeyRemovedError
        BillingCardExpiredError
"""

from payments_mock.domain.errors import PaymentError


class BillingError(PaymentError):
    """A rule of billing is broken."""


class BillingNotFoundError(BillingError):
    """The merchant has no such billing key, or no such authorization of one."""


class BillingAuthorizationOverError(BillingError):
    """The customer's authorization was used before, or is too old."""


class CustomerMismatchError(BillingError):
    """The customer is not the one who authorized the billing key."""


class BillingKeyRemovedError(BillingError):
    """The billing key was deleted."""


class BillingCardExpiredError(BillingError):
    """The billing key has outlived its card."""
