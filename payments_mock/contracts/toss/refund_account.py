"""The account of a refund, as a cancel names it."""

from collections.abc import Mapping

from payments_mock.domain.methods import RefundAccount
from payments_mock.domain.refund_accounts import checked_refund_account


def read_refund_account(fields: Mapping[str, str] | None) -> RefundAccount | None:
    """Return the account that `refundReceiveAccount` names, None where there is none.

    Raises:
        RefundBankUnknownError, RefundAccountNumberError, RefundAccountInvalidError,
        RefundBankRefusesError: as named.
    """
    if fields is None:
        return None
    return checked_refund_account(fields["bank"], fields["accountNumber"], fields["holderName"])
