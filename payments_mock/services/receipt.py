"""Find the payment that a receipt page shows."""

import re
from dataclasses import dataclass

from payments_mock.domain.amounts import Split, split
from payments_mock.domain.payment import Payment
from payments_mock.storage import payments as store
from payments_mock.storage.database import reading

MERCHANT_OF_TOKEN = re.compile(r"([0-9a-f]{1,12})-")


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
    """Return what was approved under this key by the merchant that the token names, if anything was.

    Merchants may use the same payment key. Whether the token is the payment's own, the caller compares.
    """
    owner = MERCHANT_OF_TOKEN.match(token)
    if owner is None:
        return None
    with reading() as connection:
        found = store.find_with_merchant(connection, int(owner[1], 16), payment_key)
    if found is None or found[0].approved_at is None:
        return None
    return Receipt(*found)
