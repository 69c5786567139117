"""The rules that the issue of a virtual account can break.

PaymentError
    VirtualAccountError
        DueTimeGivenTwiceError
        TooManyValidHoursError
        DueDateTooFarError
        DueDatePastError
        AccountBankError
        AccountTypeError

A part of the tree of `payments_mock.domain.errors`.
"""

from payments_mock.domain.errors import PaymentError


class VirtualAccountError(PaymentError):
    """No virtual account can be opened as it was asked for."""


class DueTimeGivenTwiceError(VirtualAccountError):
    """Both ways of saying until when to deposit were used."""


class TooManyValidHoursError(VirtualAccountError):
    """The account would wait for more hours than accounts do."""


class DueDateTooFarError(VirtualAccountError):
    """The account would wait until a later day than accounts do."""


class DueDatePastError(VirtualAccountError):
    """The account would have had to be paid into already."""


class AccountBankError(VirtualAccountError):
    """There is no such bank, or it has no virtual accounts."""


class AccountTypeError(VirtualAccountError):
    """An account that stays with a customer was asked for where it can't be."""
