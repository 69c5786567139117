"""The pitfalls, and the checks by which a merchant passes them; ids never change."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Final


class Severity(StrEnum):
    """What a check that does not hold means."""

    MUST = "must"
    SHOULD = "should"


class Invariant(StrEnum):
    """What must hold of an order's money and state, whatever happened to it."""

    CHARGED_ONCE = "charged-once"
    """The provider holds at most the order's amount, in one payment."""
    MONEY_NOT_KEPT = "money-not-kept"
    """An order that is open, failed or refunded has no money at the provider."""
    PAID_IS_PAID = "paid-is-paid"
    """An order that is paid has its money at the provider."""
    REFUND_IS_TRUE = "refund-is-true"
    """What the order says was refunded is what the provider gave back."""
    REFUNDED_ONCE = "refunded-once"
    """No more went back than the shopper asked for."""
    GOODS_ONCE = "goods-once"
    """The goods of an order are delivered once, and never without money."""
    ORDER_SETTLES = "order-settles"
    """The order has a final state in time."""


MONEY: Final = (
    Invariant.CHARGED_ONCE,
    Invariant.MONEY_NOT_KEPT,
    Invariant.PAID_IS_PAID,
    Invariant.GOODS_ONCE,
    Invariant.ORDER_SETTLES,
)
REFUNDS: Final = (*MONEY, Invariant.REFUND_IS_TRUE, Invariant.REFUNDED_ONCE)


@dataclass(frozen=True)
class Check:
    """Something a merchant must or should do; its id is `pitfall/name`."""

    id: str
    expects: str
    severity: Severity = Severity.MUST
    korean: str = ""

    @property
    def pitfall(self) -> str:
        """The pitfall that it belongs to."""
        return self.id.split("/")[0]


EXPECTED: Final = {
    Invariant.CHARGED_ONCE: "The shopper is charged once, however often the order is pressed.",
    Invariant.MONEY_NOT_KEPT: "An order that is open, failed or refunded holds none of the shopper's money.",
    Invariant.PAID_IS_PAID: "An order counts as paid only while the provider holds its whole amount.",
    Invariant.REFUND_IS_TRUE: "The order says that money went back exactly when it did.",
    Invariant.REFUNDED_ONCE: "No more goes back than was asked for.",
    Invariant.GOODS_ONCE: "The goods are delivered once, and only for money.",
    Invariant.ORDER_SETTLES: "The order has a final state within `settles_within`.",
}

EXPECTED_IN_KOREAN: Final = {
    Invariant.CHARGED_ONCE: "주문을 몇 번 결제하려 해도 구매자에게 한 번만 청구됩니다.",
    Invariant.MONEY_NOT_KEPT: "결제 전이거나 실패했거나 환불된 주문에는 구매자의 돈이 남아 있지 않습니다.",
    Invariant.PAID_IS_PAID: "결제사가 주문 금액 전체를 가지고 있을 때만 결제 완료입니다.",
    Invariant.REFUND_IS_TRUE: "실제로 환불된 만큼만 주문에 환불로 기록됩니다.",
    Invariant.REFUNDED_ONCE: "요청한 금액보다 많이 환불되지 않습니다.",
    Invariant.GOODS_ONCE: "상품은 돈을 받은 주문에 한 번만 지급됩니다.",
    Invariant.ORDER_SETTLES: "주문이 `settles_within` 안에 최종 상태가 됩니다.",
}


@dataclass(frozen=True)
class Pitfall:
    """Something that breaks merchants; `number` is its place in docs/pitfalls.md."""

    number: int
    id: str
    title: str
    why: str
    cause: str
    mend: str
    korean: tuple[str, ...] = ()
    """Title, why, cause and mend, in Korean."""
    invariants: tuple[Invariant, ...] = MONEY
    own: tuple[Check, ...] = ()

    @property
    def checks(self) -> tuple[Check, ...]:
        """Its checks: the invariants that it can break, and those of its own."""
        shared = [
            Check(f"{self.id}/{one}", EXPECTED[one], korean=EXPECTED_IN_KOREAN[one])
            for one in self.invariants
        ]
        return (*shared, *self.own)


_GROUPS: Final = {"money": MONEY, "refunds": REFUNDS, "none": ()}


def _read() -> Iterator[Pitfall]:
    text = files("payments_mock.certify").joinpath("pitfalls.toml").read_text("utf-8")
    for table in tomllib.loads(text)["pitfall"]:
        invariants = _GROUPS[table.pop("invariants")]
        own = [
            Check(f"{table['id']}/{one['name']}", one["expects"], Severity(one["severity"]), one["korean"])
            for one in table.pop("check", ())
        ]
        yield Pitfall(invariants=invariants, own=tuple(own), **table)


PITFALLS: Final = tuple(_read())
PITFALL_BY_ID: Final = {pitfall.id: pitfall for pitfall in PITFALLS}
CHECKS: Final = tuple(check for pitfall in PITFALLS for check in pitfall.checks)
CHECK_BY_ID: Final = {check.id: check for check in CHECKS}
