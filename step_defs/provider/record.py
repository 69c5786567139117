"""What a scenario knows of its payments."""

from dataclasses import dataclass

from testkit.answer import Answer
from testkit.checks import granted
from testkit.provider_client import Payment, Provider


@dataclass
class Record:
    """One payment of a scenario, and what the provider answered when its state changed."""

    payment: Payment
    approval: Answer | None = None
    cancellation: Answer | None = None

    def bring_to(self, state: str, provider: Provider) -> None:
        """Create the payment and take it to `state`: created, approved or canceled."""
        granted(provider.create(self.payment))
        if state in ("approved", "canceled"):
            self.approval = granted(provider.confirm(self.payment))
        if state == "canceled":
            self.cancellation = granted(provider.cancel(self.payment))

    @property
    def receipt_url(self) -> str:
        """Return the address of the receipt, from the approval."""
        assert self.approval is not None
        return str(self.approval.body["receipt"]["url"])
