"""Find the payment that a receipt page shows."""

from dataclasses import dataclass

from payments_mock.domain.amounts import Split, split
from payments_mock.domain.payment import Payment
from payments_mock.storage import payments as store
from payments_mock.storage.database import reading


@dataclass(frozen=True, slots=True)
class Receipt:
    """An approved payment and the public id of its merchant."""

    payment: Payment
    merchant_code: str

    @property
    def split(self) -> Split:
        """How the whole amount divided when it was paid."""
        return split(self.payment.total_amount, self.payment.tax_free_amount)


def find_receipt(payment_key: str, token: str) -> Receipt | None:
    """Return what was approved under this key with this receipt token, if anything was.

    Merchants may use the same payment key, so the token tells whose is meant.
    """
    with reading() as connection:
        found = store.find_by_receipt(connection, payment_key, token)
    if found is None or found[0].approved_at is None:
        return None
    return Receipt(*found)
