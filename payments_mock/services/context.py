"""What every use case is given: whose call it is, what time it is, and how ids are made."""

from dataclasses import dataclass
from datetime import datetime

from payments_mock.clock import Clock
from payments_mock.domain.merchant import Merchant
from payments_mock.ids import Ids


@dataclass(frozen=True, slots=True)
class Context:
    """The circumstances of one call."""

    merchant: Merchant
    clock: Clock
    ids: Ids

    def now(self) -> datetime:
        """Tell the time by which the call is judged, in UTC."""
        return self.clock()
