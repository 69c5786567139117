"""Let the lists of transactions and settlements lag behind what happened, as those of real providers may."""

from datetime import timedelta

from payments_mock.domain.errors import PaymentError
from payments_mock.domain.merchant import ContractName, Merchant
from payments_mock.services.sandboxes import SandboxNotFoundError
from payments_mock.storage import merchants
from payments_mock.storage import reports as store
from payments_mock.storage.database import reading, writing


class NoReportsError(PaymentError):
    """The merchant's contract lists neither transactions nor settlements."""


def find_report_lag(merchant: Merchant) -> timedelta:
    """Return how late the merchant's lists are, on the clock of its sandbox."""
    with reading() as connection:
        return store.find_lag(connection, merchant.id)


def set_report_lag(merchant: Merchant, lag: timedelta) -> None:
    """Let the merchant's lists be so late from now on; looking a payment up is never late.

    Raises:
        NoReportsError: the merchant's contract has no such lists.
        SandboxNotFoundError: the sandbox was deleted meanwhile.
    """
    if merchant.contract is ContractName.KIOSK:
        raise NoReportsError("only sandboxes on the contract toss list transactions and settlements")
    with writing() as connection:
        if merchants.find_merchant(connection, merchant.code) is None:
            raise SandboxNotFoundError(f"there is no sandbox {merchant.code}")
        store.set_lag(connection, merchant.id, lag)
