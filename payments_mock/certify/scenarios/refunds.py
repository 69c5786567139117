"""Refunds: answers lost, refused, racing, in parts; and approvals while the shop's own work fails."""

from contextlib import suppress
from functools import partial
from typing import Any, Final

from payments_mock.certify.judging import Deal
from payments_mock.certify.scenarios import Scenario, agreed_unheard, press_unanswered, through_a_gate
from payments_mock.certify.scenarios.answers import LOSSES
from payments_mock.certify.scene import NotReachedError, Scene, TooLateError

Effect = dict[str, Any]

MOST_RACES: Final = 3
SETTLED: Final = {"toss": ("NOT_CANCELABLE_PAYMENT", 403), "kiosk": ("ALREADY_SETTLED", 422)}
_FAILS: Final[Effect] = {"kind": "error", "status": 500, "code": "FAILED_INTERNAL_SYSTEM_PROCESSING"}


def _prove_cancel(scene: Scene, deal: Deal) -> None:
    scene.prove(bool(scene.calls(deal, "cancel")), "the merchant sent no cancel")


def _lose(scene: Scene, effect: Effect, *, again: bool) -> None:
    """The money goes back, and the answer is lost; the shopper may ask again."""
    deal = scene.paid_order()
    scene.without_webhooks(deal)
    scene.fault(deal, "cancel", "after", effect)
    scene.refund(deal)
    if again:
        scene.refund(deal)


def _never_arrives(scene: Scene) -> None:
    """The cancel is lost on its way, so nothing went back; the refund is asked for again."""
    deal = scene.paid_order()
    scene.fault(deal, "cancel", "before", {"kind": "reset"})
    scene.refund(deal)
    scene.refund(deal)


def _fails(scene: Scene, times: int | str, *, again: bool) -> None:
    """The cancel fails and nothing goes back."""
    deal = scene.paid_order()
    scene.fault(deal, "cancel", "before", _FAILS, times=times)
    # While no cancel goes through, a refund that is still under way is the truth.
    deal.may_wait = times == "always"
    scene.refund(deal)
    if again:
        scene.refund(deal)
        scene.refund(deal)


def _fails_for_long(scene: Scene) -> None:
    """No cancel goes through until the shopper is gone."""
    deal = scene.paid_order()
    failing = scene.fault(deal, "cancel", "before", _FAILS, times="always")
    scene.refund(deal)
    scene.end_fault(failing)
    scene.reconcile()


def _settled(scene: Scene, *, by_fault: bool) -> None:
    """The provider refuses, as the money was paid out."""
    deal = scene.paid_order()
    if by_fault:
        code, status = SETTLED[scene.description.contract]
        scene.fault(
            deal, "cancel", "before", {"kind": "error", "code": code, "status": status}, times="always"
        )
    else:
        scene.side.sandbox.settle(scene.payment_key(deal))
    scene.refund(deal)
    _prove_cancel(scene, deal)


def _refunds_at_once(scene: Scene, count: int) -> None:
    """The whole is refunded several times at once."""
    deal = scene.paid_order()
    scene.together(*(partial(scene.refund, deal) for _ in range(count)))
    _prove_cancel(scene, deal)


def _refunds_through_a_gate(scene: Scene, *, parts: bool) -> None:
    """Two cancels are at the provider before either is carried out."""
    deal = scene.paid_order()
    part = deal.amount * 6 // 10
    act = partial(scene.partial_refund, deal, part) if parts else partial(scene.refund, deal)
    through_a_gate(scene, "cancel", [deal], [act, act])


def _console_is_first(scene: Scene) -> None:
    """The console cancels while the merchant's own cancel is on its way; no webhook comes in between."""
    for _ in range(MOST_RACES):
        deal = scene.paid_order()
        scene.without_webhooks(deal)
        cancel = partial(scene.cancels_by_console, deal)
        # A merchant that had no patience has sent its cancel again, past the gate: then the race is run anew.
        with suppress(TooLateError):
            return through_a_gate(scene, "cancel", [deal], [partial(scene.refund, deal)], meanwhile=cancel)
    raise NotReachedError("the merchant's cancel came before that of the console, each time")


def _parts_at_once(scene: Scene) -> None:
    """Two parts that are together more than the whole are refunded at once."""
    deal = scene.paid_order()
    part = deal.amount * 6 // 10
    scene.together(*(partial(scene.partial_refund, deal, part) for _ in range(2)))
    _prove_cancel(scene, deal)


def _parts(scene: Scene, shares: int) -> None:
    """The whole is refunded in parts that do not divide evenly."""
    deal = scene.paid_order()
    part = deal.amount // shares
    for number in range(shares):
        scene.partial_refund(deal, part if number < shares - 1 else deal.amount - part * (shares - 1))
    _prove_cancel(scene, deal)


def _one_part(scene: Scene) -> None:
    deal = scene.paid_order()
    scene.partial_refund(deal, max(1, deal.amount // 3))
    _prove_cancel(scene, deal)


def _more_than_is_left(scene: Scene) -> None:
    """A part is refunded, and then more than is left is asked for."""
    deal = scene.paid_order()
    part = deal.amount * 6 // 10
    scene.partial_refund(deal, part)
    scene.partial_refund(deal, part)
    _prove_cancel(scene, deal)


def _part_lost(scene: Scene) -> None:
    deal = scene.paid_order()
    scene.without_webhooks(deal)
    scene.fault(deal, "cancel", "after", {"kind": "reset"})
    scene.partial_refund(deal, max(1, deal.amount // 3))


def _work_fails(scene: Scene, *, cancels_fail: bool) -> None:
    """The approval is lost on the way, nobody tells of it, and look-ups fail for a while."""
    deal = agreed_unheard(scene)
    scene.fault(deal, "confirm", "after", {"kind": "empty"})
    if scene.is_toss:
        scene.fault(deal, "get", "before", {"kind": "reset"}, times=2, must_strike=False)
        if cancels_fail:
            scene.fault(deal, "cancel", "before", _FAILS, times=2, must_strike=False)
    scene.press(deal)
    scene.reconcile()


def _work_fails_for_long(scene: Scene) -> None:
    """The approval is lost, nobody tells of it, and nothing can be found out until the shopper is gone."""
    deal = agreed_unheard(scene)
    press_unanswered(scene, deal, {"kind": "empty"})
    scene.reconcile()


def _losses() -> list[Scenario]:
    made = []
    for name, (what, effect) in LOSSES.items():
        again = name in ("reset", "hang", "error")
        acts = ", and the refund is asked for again" if again else ""
        made.append(
            Scenario(
                f"cancel-{name}",
                "lost-refund",
                f"The money goes back, {what}{acts}",
                partial(_lose, effect=effect, again=again),
                ("refund",),
            )
        )
    return made


_refund = partial(Scenario, needs=("refund",))
_part = partial(Scenario, needs=("partial_refund",))

SCENARIOS: Final = (
    *_losses(),
    _refund(
        "cancel-reset-once",
        "lost-refund",
        "The money goes back, the connection is reset, and nobody asks again",
        partial(_lose, effect={"kind": "reset"}, again=False),
    ),
    _refund(
        "cancel-never-arrives",
        "lost-refund",
        "The cancel is lost on its way, nothing goes back, and the refund is asked for again",
        _never_arrives,
    ),
    _refund(
        "refund-twice-at-once",
        "racing-refunds",
        "A refund is asked for twice at once",
        partial(_refunds_at_once, count=2),
    ),
    _refund(
        "refund-five-times-at-once",
        "racing-refunds",
        "A refund is asked for five times at once",
        partial(_refunds_at_once, count=5),
    ),
    _refund(
        "refund-twice-gated",
        "racing-refunds",
        "Two cancels of the whole are at the provider before either is carried out",
        partial(_refunds_through_a_gate, parts=False),
    ),
    _part(
        "parts-gated",
        "racing-refunds",
        "Two cancels that exceed the whole are at the provider before either is carried out",
        partial(_refunds_through_a_gate, parts=True),
    ),
    _refund(
        "console-is-first",
        "cancelled-elsewhere",
        "The console cancels while the merchant's own cancel is on its way, and no webhook comes",
        _console_is_first,
    ),
    _part(
        "parts-at-once",
        "racing-refunds",
        "Two parts that exceed the whole are refunded at once",
        _parts_at_once,
    ),
    Scenario(
        "work-fails",
        "failing-work",
        "The approval is lost, no webhook comes, and look-ups fail for a while",
        partial(_work_fails, cancels_fail=False),
    ),
    Scenario(
        "work-fails-for-long",
        "failing-work",
        "The approval is lost, no webhook comes, and look-ups work again when the shopper is gone",
        _work_fails_for_long,
        ("toss", "reconcile"),
    ),
    Scenario(
        "work-and-cancel-fail",
        "failing-work",
        "The approval is lost, and a cancel that makes up for it fails at first",
        partial(_work_fails, cancels_fail=True),
        ("toss",),
    ),
    _refund(
        "cancel-fails",
        "failing-work",
        "Two cancels fail, and the refund is asked for again",
        partial(_fails, times=2, again=True),
    ),
    _refund(
        "cancel-fails-always",
        "failing-work",
        "Every cancel fails",
        partial(_fails, times="always", again=False),
    ),
    Scenario(
        "cancel-fails-for-long",
        "failing-work",
        "Every cancel fails until the shopper is gone",
        _fails_for_long,
        ("refund", "reconcile"),
    ),
    _refund(
        "refund-when-settled",
        "settled-refund",
        "The money was paid out before the refund",
        partial(_settled, by_fault=False),
    ),
    _refund(
        "refund-refused",
        "settled-refund",
        "The provider refuses the cancel for good",
        partial(_settled, by_fault=True),
    ),
    Scenario("part", "partial-refunds", "A third is refunded", _one_part, ("partial_refund",)),
    _part(
        "three-parts",
        "partial-refunds",
        "The whole is refunded in three uneven parts",
        partial(_parts, shares=3),
    ),
    _part("more-than-is-left", "partial-refunds", "More than is left is asked for", _more_than_is_left),
    _part(
        "part-lost",
        "partial-refunds",
        "A part goes back, and the answer is lost",
        _part_lost,
    ),
)
