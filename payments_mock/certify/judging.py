"""Invariants of money and state: what must hold of an order, and the wait until it does."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from payments_mock.certify.checks import Invariant
from payments_mock.certify.description import Description
from payments_mock.certify.ledger import Ledger, ProviderSide
from payments_mock.certify.merchant import PlacedOrder, SeenOrder, ShopUnderTest

_POLL_SECONDS: Final = 0.15
_LONGEST_POLL_SECONDS: Final = 0.8
_SLOWER: Final = 1.5
"""The factor by which the time between looks at an order grows."""
_STEADY_SECONDS: Final = 0.25
_QUIET_SECONDS: Final = 1.0
_RETRY_AFTER_SECONDS: Final = 0.6
_RECONCILE_EVERY_SECONDS: Final = 1.0
_LEAST_JOBS: Final = 3
"""The least number of runs of the merchant's job before an order counts as unsettled."""
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

    def is_as(self, earlier: "Observation") -> bool:
        """Tell whether nothing has changed since an earlier look."""
        own, old = self.seen, earlier.seen
        told = (own.word, own.refunded, own.delivered) == (old.word, old.refunded, old.delivered)
        return told and self.ledger == earlier.ledger


def won(amount: int) -> str:
    """Write an amount as it is read: 12,000 won."""
    return f"{amount:,} won"


def _taken(ledger: Ledger) -> tuple[int, int]:
    """Return how often the shopper was charged, and how much each time; unequal charges are one sum."""
    taken = [one.amount for one in ledger.payments if one.was_approved]
    are_equal = len(set(taken)) == 1
    return (len(taken), taken[0]) if are_equal else (min(1, len(taken)), sum(taken))


def in_money(observed: Observation) -> str:
    """Say in one sentence what the provider holds, what went back, and what the order says."""
    seen, ledger = observed.seen, observed.ledger
    times, amount = _taken(ledger)
    if not times:
        charged = "The shopper was not charged"
    elif times > 1:
        charged = f"The shopper was charged {times} x {won(amount)}"
    else:
        charged = f"The shopper was charged {won(amount)}"
    back = f", {won(ledger.cancelled)} went back" if ledger.cancelled else ""
    told = f"; the order over {won(observed.amount)} says {seen.word or 'nothing'}"
    told += ", which order.states does not name" if seen.state is None and seen.word else ""
    told += f", refunded {won(seen.refunded)}" if seen.refunded else ""
    told += f", delivered {seen.delivered} times" if seen.delivered and seen.delivered > 1 else ""
    return f"{charged}{back}{told}."


def in_money_korean(observed: Observation) -> str:
    """Say the same in Korean."""
    seen, ledger = observed.seen, observed.ledger
    times, amount = _taken(ledger)
    if not times:
        charged = "구매자에게 청구된 돈은 없고"
    elif times > 1:
        charged = f"구매자에게 {amount:,}원이 {times}번 청구되었고"
    else:
        charged = f"구매자에게 {amount:,}원이 청구되었고"
    back = f" {ledger.cancelled:,}원이 환불되었으며" if ledger.cancelled else ""
    return f"{charged}{back}, {observed.amount:,}원짜리 주문의 상태는 {seen.word or '알 수 없음'}입니다."


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
    # A shopper who asks for a part must not get the whole; a charge that is undone unasked goes back in full.
    if 0 < asked < observed.ledger.cancelled:
        return False
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


@dataclass
class Deal:
    """One order in a scenario, its payments, and what of it was asked back."""

    placed: PlacedOrder
    at_provider: str
    keys: list[str] = field(default_factory=list)
    asked_back: int = 0
    taken_back: int = 0
    may_wait: bool = False
    goods_may_be_out: bool = False
    last: Observation | None = None

    @property
    def id(self) -> str:
        """The merchant's id of it."""
        return self.placed.id

    @property
    def amount(self) -> int:
        """What it costs, in won."""
        return self.placed.amount


class JobPace:
    """Runs the merchant's job once for all waiting scenarios, as a timer would."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._began = 0.0
        self.runs = 0
        """How often the job has run."""

    def is_due(self, moment: float) -> bool:
        """Tell whether the job is due; the caller that gets True runs it."""
        with self._lock:
            if moment - self._began < _RECONCILE_EVERY_SECONDS:
                return False
            self._began = moment
            return True

    def ran(self) -> None:
        """Count a run of the job."""
        with self._lock:
            self.runs += 1


class Watch:
    """Looks at orders from both sides, and waits until they are sound."""

    def __init__(
        self, description: Description, side: ProviderSide, shop: ShopUnderTest, pace: JobPace
    ) -> None:
        self._description = description
        self._pace = pace
        self._side = side
        self._shop = shop

    def observe(self, deal: Deal) -> Observation:
        """Look at an order from both sides."""
        seen = self._shop.order(deal.placed)
        return Observation(
            deal.amount,
            seen,
            self._side.ledger(deal.id),
            deal.asked_back,
            deal.taken_back,
            deal.may_wait,
            "partly_refunded" in self._description.states.values(),
            deal.goods_may_be_out,
        )

    def settle(self, deal: Deal, state: str | None = None) -> Observation:
        """Wait until the order is sound and stays so, or its time is over; returns what is seen then.

        A sound order that is in `state` need not be looked at twice. Meanwhile the merchant's job runs, and
        webhooks that were not answered with 200 come again.
        """
        began = reconciled = resent = time.monotonic()
        runs = self._pace.runs
        pause, patience = _POLL_SECONDS, _RETRY_AFTER_SECONDS
        while True:
            waiting = self._side.wait_until_quiet(deal.at_provider, _QUIET_SECONDS)
            observed = deal.last = self.observe(deal)
            moment = time.monotonic()
            if waiting is not None and not broken(observed):
                if observed.seen.state == state or self._stays(deal, observed):
                    return deal.last
                continue
            if self._is_over(moment - began, self._pace.runs - runs):
                return observed
            if waiting and moment - resent > patience:
                self._side.resend_failed(deal.at_provider)
                resent, patience = moment, 2 * patience
            if moment - reconciled > _RECONCILE_EVERY_SECONDS:
                reconciled = moment
                if self._pace.is_due(moment):
                    self.reconcile()
            time.sleep(pause)
            pause = min(pause * _SLOWER, _LONGEST_POLL_SECONDS)

    def _stays(self, deal: Deal, observed: Observation) -> bool:
        """Look at a sound order once more, a little later; tells whether nothing has changed."""
        time.sleep(_STEADY_SECONDS)
        deal.last = self.observe(deal)
        return deal.last.is_as(observed)

    def _is_over(self, seconds: float, jobs: int) -> bool:
        """Tell whether an order's time is over; on a slow machine the job takes its time, too."""
        most = self._description.settles_within
        return seconds > most and (jobs >= _LEAST_JOBS or not self._has_job or seconds > 3 * most)

    @property
    def _has_job(self) -> bool:
        return self._description.has("reconcile")

    def reconcile(self) -> None:
        """Run the merchant's job that finds out what is unknown, if it has one."""
        if self._has_job:
            self._shop.ask("reconcile", {})
            self._pace.ran()
