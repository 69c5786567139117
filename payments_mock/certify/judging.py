"""Invariants of money and state: what must hold of an order, whatever happened to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from payments_mock.certify.checks import Invariant
from payments_mock.certify.ledger import Ledger
from payments_mock.certify.merchant import SeenOrder

_NOTHING_HELD: Final = frozenset({"open", "failed", "refunded"})
_HAS_MONEY: Final = frozenset({"paid", "partly_refunded"})


@dataclass(frozen=True)
class Observation:
    """What both sides say of one order at one moment; amounts in won.

    `asked_back` is what the shopper asked to have refunded, `taken_back` what was cancelled elsewhere.
    `may_wait` says that the order may go on being pending, as nobody has paid yet. `knows_parts` says that
    the merchant has a state of its own for an order that was refunded in part.
    """

    amount: int
    seen: SeenOrder
    ledger: Ledger
    asked_back: int = 0
    taken_back: int = 0
    may_wait: bool = False
    knows_parts: bool = True
    goods_may_be_out: bool = False


def won(amount: int) -> str:
    """Write an amount as it is read: 12,000 won."""
    return f"{amount:,} won"


def in_money(observed: Observation) -> str:
    """Say in one sentence what the provider holds, what went back, and what the order says."""
    seen, ledger = observed.seen, observed.ledger
    taken = [one.amount for one in ledger.payments if one.was_approved]
    if not taken:
        charged = "The shopper was not charged"
    elif len(taken) > 1 and len(set(taken)) == 1:
        charged = f"The shopper was charged {len(taken)} x {won(taken[0])}"
    else:
        charged = f"The shopper was charged {won(sum(taken))}"
    back = f", {won(ledger.cancelled)} went back" if ledger.cancelled else ""
    told = f"; the order over {won(observed.amount)} says {seen.word or 'nothing'}"
    told += f", refunded {won(seen.refunded)}" if seen.refunded else ""
    told += f", delivered {seen.delivered} times" if seen.delivered and seen.delivered > 1 else ""
    return f"{charged}{back}{told}."


def _charged_once(observed: Observation) -> bool:
    return observed.ledger.held <= observed.amount and observed.ledger.charges <= 1


def _money_not_kept(observed: Observation) -> bool:
    return observed.seen.state not in _NOTHING_HELD or observed.ledger.held == 0


def _paid_is_paid(observed: Observation) -> bool:
    seen, held = observed.seen, observed.ledger.held
    if seen.state == "partly_refunded":
        return held > 0
    if seen.state != "paid" or held >= observed.amount:
        return True
    if held == 0:
        return False
    went_back = observed.amount - held
    if observed.ledger.approved < observed.amount:
        return False
    return seen.refunded == went_back or (seen.refunded is None and not observed.knows_parts)


def _refund_is_true(observed: Observation) -> bool:
    seen, ledger = observed.seen, observed.ledger
    if seen.state in ("refunded", "partly_refunded") and ledger.cancelled == 0:
        return False
    if seen.refunded is None:
        return True
    if seen.refunded > ledger.cancelled:
        return False
    if seen.state in _HAS_MONEY and ledger.approved >= observed.amount:
        return seen.refunded == max(0, observed.amount - ledger.held)
    return seen.state != "refunded" or seen.refunded in (0, observed.amount, ledger.cancelled)


def _refunded_once(observed: Observation) -> bool:
    asked = observed.asked_back + observed.taken_back
    if observed.seen.state not in _HAS_MONEY or observed.ledger.approved < observed.amount:
        return True
    return observed.amount - observed.ledger.held <= asked


def _goods_once(observed: Observation) -> bool:
    delivered = observed.seen.delivered or 0
    unpaid = observed.ledger.approved == 0 and not observed.goods_may_be_out
    return delivered <= (0 if unpaid else 1)


def _order_settles(observed: Observation) -> bool:
    return observed.seen.state not in (None, "pending") or (
        observed.may_wait and observed.seen.state == "pending"
    )


HOLDS: Final[Mapping[Invariant, Callable[[Observation], bool]]] = {
    Invariant.CHARGED_ONCE: _charged_once,
    Invariant.MONEY_NOT_KEPT: _money_not_kept,
    Invariant.PAID_IS_PAID: _paid_is_paid,
    Invariant.REFUND_IS_TRUE: _refund_is_true,
    Invariant.REFUNDED_ONCE: _refunded_once,
    Invariant.GOODS_ONCE: _goods_once,
    Invariant.ORDER_SETTLES: _order_settles,
}


def broken(observed: Observation, invariants: Sequence[Invariant] = tuple(Invariant)) -> list[Invariant]:
    """Return the invariants that do not hold."""
    return [one for one in invariants if not HOLDS[one](observed)]
