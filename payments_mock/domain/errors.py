"""The tree of rules that a call can break.

PaymentError
    PaymentNotFoundError
        SessionNotFoundError
    PaymentMismatchError
        KeyPairMismatchError
    OrderAlreadyPaidError
    NotAuthenticatedError
    CheckoutOverError
    AlreadyApprovedError
        ConfirmUnderwayError
    AlreadyCanceledError
        ConfirmOfCanceledError
    NotApprovedError
    PaymentAbortedError
    PaymentExpiredError
    PartialCancelError
        PartialCancelOfUnpaidError
    CancelAmountError
    RefundableAmountError
    RefundAccountMissingError
    RefundAccountInvalidError
        RefundAccountNumberError
        RefundBankUnknownError
        RefundBankRefusesError
    CurrencyMismatchError
    SettledError
    CancelTooLateError
    RapidRepeatError
    CancelAmountNotPositiveError
    AmountNotPositiveError
    AmountTooSmallError
    InstallmentError
        TooFewInstallmentsError
        TooManyInstallmentsError
        InstallmentBelowAmountError
        InstallmentsForCardError
    PointUseError
    TaxFreeAmountError
    AmountTooLargeError
        MonthlyPhoneLimitError
        OneTimeTransferLimitError
        DailyTransferLimitError
    QueryError
        PeriodError
        QueryLimitError
        PagingKeyError

None carries a status or a wire code: each contract maps the tree in one table of its own. An outcome
of a good call, such as a declined card, is a state of the payment and not an error.
"""

from payments_mock.domain.values import immutable


@immutable
class Reason:
    """Why a call is refused, for the tester; the merchant is told less.

    Where two values were compared, `field` is the one that the call had `sent`, and `expected` says what
    would have been right.
    """

    message: str
    field: str | None = None
    expected: str | int | None = None
    sent: str | int | None = None


def differs(field: str, expected: str | int, sent: str | int) -> Reason:
    """Return the reason of a call that sent another value than the stored one."""
    return Reason(f"{field} is {expected}, not {sent}", field, expected, sent)


def outside(field: str, allowed: str, sent: int) -> Reason:
    """Return the reason of a call that sent a number that is not `allowed`: "at most 7000", say."""
    return Reason(f"{field} must be {allowed}, not {sent}", field, allowed, sent)


class PaymentError(Exception):
    """A call that breaks a rule of payments; nothing was changed.

    The message is for the merchant; `reason` has the values that were compared, where there were some.
    """

    def __init__(self, message: str = "", reason: Reason | None = None) -> None:
        super().__init__(message)
        self.reason = reason


class PaymentNotFoundError(PaymentError):
    """The merchant has no payment under that payment key or order."""


class SessionNotFoundError(PaymentNotFoundError):
    """There is no such payment to confirm."""


class PaymentMismatchError(PaymentError):
    """The order or the amount is not the one that the payment was made with."""


class KeyPairMismatchError(PaymentMismatchError):
    """The payment was begun with the client key of another pair of the merchant's keys."""


class OrderAlreadyPaidError(PaymentError):
    """Another payment of the same order is approved."""


class NotAuthenticatedError(PaymentError):
    """The shopper has not finished in the payment window."""


class CheckoutOverError(PaymentError):
    """The payment does not wait for its shopper any more."""


class AlreadyApprovedError(PaymentError):
    """The payment was confirmed before."""


class ConfirmUnderwayError(AlreadyApprovedError):
    """The confirm that approved the payment is not answered yet.

    This is no outcome: the same call may end otherwise in a moment.
    """


class AlreadyCanceledError(PaymentError):
    """The payment is canceled in full."""


class ConfirmOfCanceledError(AlreadyCanceledError):
    """The payment to confirm was approved before, and has been canceled in full."""


class NotApprovedError(PaymentError):
    """The payment is not approved, so there is nothing to cancel."""


class PaymentAbortedError(PaymentError):
    """The payment was refused earlier and can't be confirmed any more.

    `code` is that of the refusal.
    """

    def __init__(self, code: str) -> None:
        message = f"the payment was refused: {code}"
        super().__init__(message, Reason(message))
        self.code = code


class PaymentExpiredError(PaymentError):
    """The time to confirm the payment has run out."""


class PartialCancelError(PaymentError):
    """The call cancels a part of a payment that can only be canceled as a whole."""


class PartialCancelOfUnpaidError(PartialCancelError):
    """The call cancels a part of a virtual account that nobody has paid into."""


class CancelAmountError(PaymentError):
    """The call cancels more than is left of the amount or of its tax-free part."""


class RefundableAmountError(PaymentError):
    """The caller believes that another amount is left than there is."""


class RefundAccountMissingError(PaymentError):
    """A deposit can't be given back without an account to pay it to."""


class RefundAccountInvalidError(PaymentError):
    """The account that a deposit is to be paid back to can't be one."""


class RefundAccountNumberError(RefundAccountInvalidError):
    """The number of the account can't be one."""


class RefundBankUnknownError(RefundAccountInvalidError):
    """There is no such bank."""


class RefundBankRefusesError(RefundAccountInvalidError):
    """The bank takes no refund for the account."""


class CurrencyMismatchError(PaymentError):
    """The currency is not the payment's."""


class SettledError(PaymentError):
    """The money was paid out to the merchant, so it can't go back this way."""


class CancelTooLateError(PaymentError):
    """The method allows no cancel so long after the approval."""


class RapidRepeatError(PaymentError):
    """The same call was made a moment ago, and such repetition is refused."""


class CancelAmountNotPositiveError(PaymentError):
    """The amount to cancel is 0 or below."""


class AmountNotPositiveError(PaymentError):
    """The amount is 0 or below."""


class AmountTooSmallError(PaymentError):
    """The amount is below what the method takes."""


class InstallmentError(PaymentError):
    """The card can't pay in these instalments."""


class TooFewInstallmentsError(InstallmentError):
    """There are fewer months than instalments can have."""


class TooManyInstallmentsError(InstallmentError):
    """There are more months than instalments can have."""


class InstallmentBelowAmountError(InstallmentError):
    """The amount is below what is paid in instalments."""


class InstallmentsForCardError(InstallmentError):
    """This kind of card pays at once."""


class PointUseError(PaymentError):
    """The card has no points to pay with."""


class TaxFreeAmountError(PaymentError):
    """The untaxed part is below 0, or above the amount that it is a part of."""


class AmountTooLargeError(PaymentError):
    """The amount is above what the method takes."""


class MonthlyPhoneLimitError(AmountTooLargeError):
    """The phone bill would go above what a month's can hold."""


class OneTimeTransferLimitError(AmountTooLargeError):
    """The amount is above what a bank transfers at once."""


class DailyTransferLimitError(AmountTooLargeError):
    """The transfers of the customer would go above what a bank transfers in a day."""


class QueryError(PaymentError):
    """The query asks for a list that can't be given."""


class PeriodError(QueryError):
    """The dates of the query make no period."""


class QueryLimitError(QueryError):
    """The query asks for more than one answer holds."""


class PagingKeyError(QueryError):
    """The page begins after a transaction that the merchant does not have."""
