"""What shoppers do: press twice, use two tabs, tamper, try another card, want the same last piece."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from payments_mock.certify.judging import Deal
from payments_mock.certify.merchant import NotUnderstoodError
from payments_mock.certify.scenarios import Scenario, through_a_gate
from payments_mock.certify.scene import NotReachedError, Scene
from payments_mock.story import Lane

CHEAP: Final = 1000
DECLINED: Final = "REJECT_CARD_PAYMENT"


def _two_orders(scene: Scene, *, at_once: bool) -> None:
    """One shopper buys the same twice, in two orders."""
    deals = [scene.order(), scene.order()]
    for deal in deals:
        scene.agrees(deal)
    _press_each(scene, deals, at_once=at_once)
    for deal in deals:
        scene.prove(bool(scene.calls(deal, "confirm")), f"the order {deal.id} was never confirmed")


def _press_each(scene: Scene, deals: Sequence[Deal], *, at_once: bool) -> None:
    acts = [partial(scene.press, deal) for deal in deals]
    if at_once:
        scene.together(*acts)
    else:
        for act in acts:
            act()


def _presses(scene: Scene, count: int, *, slow: bool = False) -> None:
    """Pay is pressed, or the success page loaded, several times at once."""
    deal = scene.order()
    scene.agrees(deal)
    if slow:
        seconds = min(0.4, scene.description.timeout / 5)
        scene.fault(deal, "confirm", "before", {"kind": "delay", "seconds": seconds})
    scene.together(*(partial(scene.press, deal) for _ in range(count)))
    scene.prove(bool(scene.calls(deal, "confirm")), "no press was confirmed")


def _presses_through_a_gate(scene: Scene) -> None:
    """Two presses reach the provider before either is decided."""
    deal = scene.order()
    scene.agrees(deal)
    through_a_gate(scene, "confirm", [deal], [partial(scene.press, deal)] * 2)


def _last_piece_through_a_gate(scene: Scene, which: int) -> None:
    """Both shoppers of one piece are at the provider before either is charged."""
    item = scene.description.goods.single[which]
    deals = _orders_of_one_piece(scene, item)
    for deal in deals:
        scene.agrees(deal)
    through_a_gate(scene, "confirm", deals, [partial(scene.press, deal) for deal in deals])
    _is_sold_once(scene, item, deals)


def _press_again_when_paid(scene: Scene) -> None:
    deal = scene.paid_order()
    scene.press(deal)
    scene.press(deal)


def _two_tabs(scene: Scene) -> None:
    """The shopper agrees in two windows, and both come back at once."""
    deal = scene.order()
    keys = [scene.agrees(deal), scene.agrees(deal)]
    scene.together(*(partial(scene.press, deal, paymentKey=key) for key in keys))
    scene.prove(bool(scene.calls(deal, "confirm")), "no window was confirmed")


def _pays_less(scene: Scene, *, hidden: bool) -> None:
    """The page is changed so that the window asks for less; the redirect says what is wanted."""
    deal = scene.order()
    cheap = min(CHEAP, max(1, deal.amount // 2))
    scene.agrees(deal, amount=cheap)
    scene.press(deal, amount=deal.amount if hidden else cheap)
    _cheap_is_refused(scene, deal)


def _cheap_is_refused(scene: Scene, deal: Deal) -> None:
    observed = scene.settle(deal)
    is_cheated = observed.seen.state == "paid" and observed.ledger.held < deal.amount
    scene.check(
        "tampering/cheap-payment-refused",
        not is_cheated,
        f"{observed.ledger.held:,} won were paid for an order over {deal.amount:,} won; it says "
        f"{observed.seen.word}.",
    )


def _pays_by_anothers(scene: Scene, *, paid_before: bool) -> None:
    """The payment of one order comes back as that of another."""
    first = scene.order()
    key = scene.agrees(first)
    if paid_before:
        scene.press(first)
        scene.wait_until_paid(first, "an ordinary payment did not lead to a paid order")
    second = scene.order()
    scene.press(second, paymentKey=key)
    _cheap_is_refused(scene, second)


def _declined(scene: Scene, times: int, *, again: bool) -> None:
    """The card is declined at the confirm; another card may follow."""
    deal = scene.order()
    for _ in range(times):
        _press_declined(scene, deal)
    if not again:
        return
    scene.agrees(deal)
    answer = scene.press(deal)
    observed = scene.settle(deal)
    if observed.seen.state != "paid" and observed.seen.state in ("failed", "open", None):
        deal = scene.order()
        # A merchant that ends an order with its first refusal is sound, if the next order can be paid.
        is_ended = observed.seen.state == "failed"
        answer = scene.pay(deal)
        observed = scene.settle(deal) if is_ended else observed
    scene.check(
        "declined-card/can-pay-again",
        observed.seen.state == "paid",
        f"A good card was refused after a declined one: {answer.outcome}",
    )


def _press_declined(scene: Scene, deal: Deal) -> None:
    """Press pay with a card that is going to be declined; without a window, as soon as there is a payment."""
    if scene.is_toss:
        scene.agrees(deal, outcome={"decline": DECLINED})
        scene.press(deal)
        return

    def decline() -> None:
        scene.side.sandbox.declines(scene.side.ledger(deal.id).payments[-1].key, DECLINED)
        scene.act(Lane.PROVIDER, "the card company is going to decline the card")

    through_a_gate(scene, "confirm", [deal], [partial(scene.press, deal)], meanwhile=decline)


def _orders_of_one_piece(scene: Scene, item: str) -> list[Deal]:
    """Place two orders for one piece; a merchant may refuse one of them at once."""
    deals = [deal for deal in (_place_or_refused(scene, item), _place_or_refused(scene, item)) if deal]
    if not deals:
        raise NotReachedError(f"no order for the single piece {item} was taken")
    return deals


def _place_or_refused(scene: Scene, item: str) -> Deal | None:
    """Place an order for an item that may be gone; None if the merchant says so at once."""
    try:
        return scene.order(item)
    except NotUnderstoodError:
        scene.act(Lane.MERCHANT, f"refuses an order for {item}")
        return None


def _last_piece(scene: Scene, which: int, *, at_once: bool, cancels_fail: bool = False) -> None:
    """Two shoppers want one piece."""
    item = scene.description.goods.single[which]
    deals = _orders_of_one_piece(scene, item)
    for deal in deals:
        scene.agrees(deal)
        if cancels_fail and scene.is_toss:
            error = {"kind": "error", "status": 500, "code": "FAILED_INTERNAL_SYSTEM_PROCESSING"}
            scene.fault(deal, "cancel", "before", error, times=2, must_strike=False)
    _press_each(scene, deals, at_once=at_once)
    _is_sold_once(scene, item, deals)


def _is_sold_once(scene: Scene, item: str, deals: Sequence[Deal]) -> None:
    paid = [deal for deal in deals if scene.settle(deal).seen.state == "paid"]
    scene.check(
        "last-item/sold-once",
        len(paid) <= 1,
        f"The single piece {item} was sold to {len(paid)} shoppers.",
    )


SCENARIOS: Final = (
    Scenario(
        "two-orders",
        "shared-key",
        "One shopper pays two equal orders, one after the other",
        partial(_two_orders, at_once=False),
    ),
    Scenario(
        "two-orders-at-once",
        "shared-key",
        "One shopper pays two equal orders at once",
        partial(_two_orders, at_once=True),
    ),
    Scenario("press-twice", "double-press", "Pay is pressed twice at once", partial(_presses, count=2)),
    Scenario(
        "press-ten-times", "double-press", "Pay is pressed ten times at once", partial(_presses, count=10)
    ),
    Scenario(
        "press-twice-slow",
        "double-press",
        "Pay is pressed twice at once while the confirm is slow",
        partial(_presses, count=2, slow=True),
    ),
    Scenario(
        "press-twice-gated",
        "double-press",
        "Two presses reach the provider before either is decided",
        _presses_through_a_gate,
    ),
    Scenario(
        "press-when-paid", "double-press", "Pay is pressed again when all is paid", _press_again_when_paid
    ),
    Scenario("two-tabs", "double-press", "Two windows of one order come back at once", _two_tabs, ("toss",)),
    Scenario(
        "cheaper-window",
        "tampering",
        "The window asked for less, and the redirect says so",
        partial(_pays_less, hidden=False),
        ("toss",),
    ),
    Scenario(
        "cheaper-window-hidden",
        "tampering",
        "The window asked for less, and the redirect says the full amount",
        partial(_pays_less, hidden=True),
        ("toss",),
    ),
    Scenario(
        "payment-of-another",
        "tampering",
        "The payment of one order comes back as that of another",
        partial(_pays_by_anothers, paid_before=False),
        ("toss",),
    ),
    Scenario(
        "payment-used-twice",
        "tampering",
        "A payment that paid one order comes back for a second",
        partial(_pays_by_anothers, paid_before=True),
        ("toss",),
    ),
    Scenario(
        "declined-then-good",
        "declined-card",
        "A card is declined, and another one pays",
        partial(_declined, times=1, again=True),
    ),
    Scenario(
        "declined-twice-then-good",
        "declined-card",
        "Two cards are declined, and a third one pays",
        partial(_declined, times=2, again=True),
    ),
    Scenario(
        "declined",
        "declined-card",
        "A card is declined, and the shopper goes",
        partial(_declined, times=1, again=False),
    ),
    Scenario(
        "last-piece",
        "last-item",
        "Two shoppers pay for the last piece, one after the other",
        partial(_last_piece, which=0, at_once=False),
        ("one single",),
    ),
    Scenario(
        "last-piece-gated",
        "last-item",
        "Both shoppers of the last piece are at the provider before either is charged",
        partial(_last_piece_through_a_gate, which=2),
        ("three singles",),
    ),
    Scenario(
        "last-piece-at-once",
        "last-item",
        "Two shoppers pay for the last piece at once, while cancels fail",
        partial(_last_piece, which=1, at_once=True, cancels_fail=True),
        ("two singles",),
    ),
)
