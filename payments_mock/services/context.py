"""What every use case is given: whose call it is, what time it is, and how ids are made."""

from dataclasses import dataclass
from datetime import datetime

from payments_mock.clock import Clock
from payments_mock.domain.merchant import Merchant
from payments_mock.domain.payment import KeyFamily
from payments_mock.ids import Ids


@dataclass(frozen=True, slots=True)
class Context:
    """The circumstances of one call; `key_family` is the pair of the key that it came with."""

    merchant: Merchant
    clock: Clock
    ids: Ids
    key_family: KeyFamily = KeyFamily.API

    def now(self) -> datetime:
        """Tell the time by which the call is judged, in UTC: that of the merchant's sandbox."""
        return self.merchant.clock.at(self.clock())
