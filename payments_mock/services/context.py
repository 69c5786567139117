"""What every use case is given: whose call it is, what time it is, and how ids are made."""

from dataclasses import dataclass, field
from datetime import datetime

from payments_mock.clock import Clock
from payments_mock.domain.merchant import Merchant
from payments_mock.domain.payment import KeyFamily, Payment
from payments_mock.domain.states import State
from payments_mock.ids import Ids


@dataclass(slots=True)
class Trail:
    """Which payment a call touched, and its state before and after; None where there was none."""

    payment_key: str | None = None
    order_id: str | None = None
    before: State | None = None
    after: State | None = None

    def note(self, before: Payment | None, after: Payment) -> None:
        """Remember a payment that was read, or changed from `before`; the first state seen stays."""
        if self.payment_key is None:
            self.before = None if before is None else before.state
        self.payment_key, self.order_id, self.after = after.payment_key, after.order_id, after.state


@dataclass(frozen=True, slots=True)
class Context:
    """The circumstances of one call; `key_family` is the pair of the key that it came with."""

    merchant: Merchant
    clock: Clock
    ids: Ids
    key_family: KeyFamily = KeyFamily.API
    trail: Trail = field(default_factory=Trail)

    def now(self) -> datetime:
        """Tell the time by which the call is judged, in UTC: that of the merchant's sandbox."""
        return self.merchant.clock.at(self.clock())
