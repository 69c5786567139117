"""Orders are judged by money and by state, never by a status alone."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from payments_mock.certify import judging
from payments_mock.certify.checks import CHECK_BY_ID, CHECKS, PITFALLS, Invariant
from payments_mock.certify.description import Description
from payments_mock.certify.judging import Deal, JobPace, Observation, Watch, broken, in_money
from payments_mock.certify.ledger import Ledger, LedgerPayment
from payments_mock.certify.merchant import PlacedOrder, SeenOrder
from payments_mock.certify.scenarios.catalog import PROFILES, SCENARIOS

PRICE = 12_000
RECONCILES = frozenset({"reconcile"})


def payment(held: int = PRICE, amount: int = PRICE, *, approved: bool = True) -> LedgerPayment:
    state = "APPROVED" if held == amount else "PARTIALLY_CANCELED" if held else "CANCELED"
    return LedgerPayment("key", "order", state if approved else "AUTHENTICATED", amount, held, approved)


def seen(
    state: str | None,
    *payments: LedgerPayment,
    refunded: int | None = None,
    delivered: int | None = None,
    **more: bool | int,
) -> Observation:
    order = SeenOrder(state, (state or "?").upper(), refunded, delivered)
    return Observation(PRICE, order, Ledger(payments), **more)  # type: ignore[arg-type]


UNPAID = payment(approved=False)
PAID = payment()
RETURNED = payment(held=0)
HALF = payment(held=6_000)


@pytest.mark.every_case
@pytest.mark.parametrize(
    "sound",
    [
        seen("paid", PAID),
        seen("open", UNPAID),
        seen("failed"),
        seen("failed", RETURNED),
        seen("open", RETURNED, refunded=PRICE),
        seen("refunded", RETURNED, refunded=PRICE, asked_back=PRICE),
        seen("partly_refunded", HALF, refunded=6_000, asked_back=6_000),
        seen("paid", HALF, refunded=6_000, asked_back=6_000),
        seen("paid", HALF, asked_back=6_000, knows_parts=False),
        seen("paid", RETURNED, PAID, refunded=0),
        seen("pending", UNPAID, may_wait=True),
        seen("paid", PAID, delivered=1),
        seen("open", UNPAID, delivered=1, goods_may_be_out=True),
    ],
)
def test_money_where_the_order_says_it_is_is_sound(sound: Observation) -> None:
    assert broken(sound) == []


@pytest.mark.every_case
@pytest.mark.parametrize(
    ("unsound", "invariant"),
    [
        (seen("paid", PAID, PAID), Invariant.CHARGED_ONCE),
        (seen("open", PAID), Invariant.MONEY_NOT_KEPT),
        (seen("failed", PAID), Invariant.MONEY_NOT_KEPT),
        (seen("refunded", PAID, asked_back=PRICE), Invariant.MONEY_NOT_KEPT),
        (seen("paid", UNPAID), Invariant.PAID_IS_PAID),
        (seen("paid", RETURNED, asked_back=PRICE), Invariant.PAID_IS_PAID),
        (seen("paid", payment(1_000, 1_000)), Invariant.PAID_IS_PAID),
        (seen("paid", HALF, taken_back=6_000), Invariant.PAID_IS_PAID),
        (seen("refunded", UNPAID), Invariant.REFUND_IS_TRUE),
        (seen("partly_refunded", PAID, asked_back=6_000), Invariant.REFUND_IS_TRUE),
        (seen("paid", PAID, refunded=6_000), Invariant.REFUND_IS_TRUE),
        (seen("partly_refunded", HALF, asked_back=4_000), Invariant.REFUNDED_ONCE),
        (seen("paid", PAID, delivered=2), Invariant.GOODS_ONCE),
        (seen("open", UNPAID, delivered=1), Invariant.GOODS_ONCE),
        (seen("pending", PAID), Invariant.ORDER_SETTLES),
        (seen(None, PAID), Invariant.ORDER_SETTLES),
    ],
)
def test_what_is_never_sound_is_named(unsound: Observation, invariant: Invariant) -> None:
    assert invariant in broken(unsound)


@pytest.mark.every_case
@pytest.mark.parametrize(
    ("observed", "sentence"),
    [
        (
            seen("failed", PAID, PAID),
            "The shopper was charged 2 x 12,000 won; the order over 12,000 won says FAILED.",
        ),
        (
            replace(seen("paid", PAID), seen=SeenOrder(None, "SOLD")),
            "The shopper was charged 12,000 won; the order over 12,000 won says SOLD, which order.states "
            "does not name.",
        ),
        (seen("paid", UNPAID), "The shopper was not charged; the order over 12,000 won says PAID."),
        (
            seen("paid", HALF, refunded=1_000),
            "The shopper was charged 12,000 won, 6,000 won went back; the order over 12,000 won says PAID, "
            "refunded 1,000 won.",
        ),
        (
            seen("paid", PAID, delivered=3),
            "The shopper was charged 12,000 won; the order over 12,000 won says PAID, delivered 3 times.",
        ),
    ],
)
def test_what_came_of_it_is_told_in_money(observed: Observation, sentence: str) -> None:
    assert in_money(observed) == sentence


class SlowShop:
    """A merchant that finds its order paid when its job has run three times, and takes its time for each."""

    def __init__(self) -> None:
        self.jobs = 0

    def order(self, placed: PlacedOrder) -> SeenOrder:
        return SeenOrder("paid" if self.jobs >= 3 else "pending", "?")

    def ask(self, verb: str, values: Mapping[str, object]) -> None:
        self.jobs += 1


class QuietSide:
    """A provider that holds the money of each order; `waiting` webhooks come again later."""

    def __init__(self, waiting: int = 0) -> None:
        self.waiting = waiting
        self.resent = 0

    def ledger(self, order_id: str) -> Ledger:
        return Ledger((PAID,))

    def wait_until_quiet(self, order_id: str, seconds: float) -> int:
        return self.waiting

    def resend_failed(self, order_id: str) -> None:
        self.resent += 1


def watched(side: QuietSide, shop: SlowShop, settles_within: float) -> Watch:
    description = Description("Shop", "http://shop", settles_within=settles_within, declared=RECONCILES)
    return Watch(description, side, shop, JobPace())  # type: ignore[arg-type]


class PassingTime:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let time pass without waiting for it."""
    monkeypatch.setattr(judging, "time", PassingTime())


@pytest.mark.usefixtures("quick")
def test_an_order_is_unsettled_only_when_the_job_has_run_three_times() -> None:
    deal = Deal(PlacedOrder("order", PRICE, {}), "order")

    observed = watched(QuietSide(), SlowShop(), settles_within=2).settle(deal)

    assert observed.seen.state == "paid"


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("waiting", [0, 1])
def test_webhooks_come_again_where_some_wait_for_it(waiting: int) -> None:
    side, deal = QuietSide(waiting), Deal(PlacedOrder("order", PRICE, {}), "order")

    watched(side, SlowShop(), settles_within=2).settle(deal)

    assert (side.resent > 0) == (waiting > 0)


def test_every_pitfall_has_two_scenarios_at_least() -> None:
    counts = {pitfall.id: 0 for pitfall in PITFALLS}
    for scenario in SCENARIOS:
        counts[scenario.pitfall] += 1

    assert len(counts) == 23
    assert {name: count for name, count in counts.items() if count < 2} == {}
    assert len(SCENARIOS) >= 60


def test_ids_are_said_once() -> None:
    assert len(CHECK_BY_ID) == len(CHECKS)
    assert len({scenario.id for scenario in SCENARIOS}) == len(SCENARIOS)


def test_a_profile_scores_checks_that_there_are() -> None:
    assert PROFILES["card-2026"] <= CHECK_BY_ID.keys()
