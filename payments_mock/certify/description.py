"""What is known of a merchant: where it is, how it is spoken to, and what its words mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

STATES: Final = ("open", "pending", "paid", "failed", "refunded", "partly_refunded")
"""The states that an order can be in, in our words; a merchant's words are mapped to them."""

VERBS: Final = (
    "log_in",
    "place_order",
    "place_single",
    "returned",
    "failed",
    "pay",
    "order",
    "refund",
    "partial_refund",
    "reconcile",
    "reset",
    "virtual_account",
)
"""What a merchant can be asked to do: a section each, or a verb of the driver program."""


class DescriptionError(Exception):
    """The file can't be read as a description; the text is one line that names key and line."""


@dataclass(frozen=True)
class Recipe:
    """How one verb is carried out over HTTP; `outputs` say where the answer has its values."""

    verb: str
    method: str
    path: str
    json: Any = None
    form: Mapping[str, Any] | None = None
    query: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class GoodsOnSale:
    """An item there is plenty of, and items of which there is one piece each."""

    plenty: str | None = None
    single: tuple[str, ...] = ()


@dataclass(frozen=True)
class Description:
    """A merchant as its file tells it; times are in seconds."""

    name: str
    base_url: str
    contract: str = "toss"
    webhook_url: str | None = None
    settles_within: float = 20.0
    timeout: float = 5.0
    order_at_provider: str = "{orderId}"
    start: tuple[str, ...] = ()
    driver: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    secret_key: str | None = None
    client_key: str | None = None
    provider_port: int | None = None
    shopper: str = "control"
    signing_key: str | None = None
    recipes: Mapping[str, Recipe] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()
    states: Mapping[str, str] = field(default_factory=dict)
    goods: GoodsOnSale = field(default_factory=GoodsOnSale)

    def has(self, verb: str) -> bool:
        """Tell whether the merchant can be asked to do this; a driver says so itself."""
        return verb in self.declared

    @property
    def pays_by(self) -> str:
        """The verb that charges: `pay` on the kiosk contract, `returned` on Toss's."""
        return "pay" if self.contract == "kiosk" else "returned"
