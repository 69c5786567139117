"""Which account a deposit can be paid back to."""

import re

from payments_mock.domain.banks import find_bank
from payments_mock.domain.errors import (
    RefundAccountInvalidError,
    RefundAccountNumberError,
    RefundBankRefusesError,
    RefundBankUnknownError,
)
from payments_mock.domain.methods import RefundAccount

ACCOUNT_NUMBER = re.compile(r"[0-9]{6,20}")

REFUSING_ACCOUNT_END = "0000"
"""Our own trigger: a bank refuses refunds to an account number that ends so."""

MISMATCHING_HOLDER = "불일치"
"""Our own trigger: no account belongs to a holder of this name, which means "mismatch"."""


def checked_refund_account(bank: str, account_number: str, holder_name: str) -> RefundAccount:
    """Return the account at `bank`, which is a code, or a Korean or English name.

    Raises:
        RefundBankUnknownError, RefundAccountNumberError, RefundAccountInvalidError,
        RefundBankRefusesError: as named.
    """
    found = find_bank(bank)
    if found is None:
        raise RefundBankUnknownError(f"{bank} is not a bank")
    if ACCOUNT_NUMBER.fullmatch(account_number) is None:
        raise RefundAccountNumberError("accountNumber must be 6 to 20 digits")
    if holder_name == MISMATCHING_HOLDER:
        raise RefundAccountInvalidError("the account belongs to somebody else")
    if account_number.endswith(REFUSING_ACCOUNT_END):
        raise RefundBankRefusesError("the bank takes no refund for this account")
    return RefundAccount(found.code, account_number, holder_name)
