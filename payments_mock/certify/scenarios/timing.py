"""What time brings: deposits that are short, late or taken back, expiry, lists that lag, outages."""

from functools import partial
from typing import Any, Final

from payments_mock.certify.judging import Deal
from payments_mock.certify.results import Grade
from payments_mock.certify.scenarios import Scenario, agreed_unheard, press_unanswered
from payments_mock.certify.scenarios.webhooks import DEPOSIT_CALLBACK, forge_of
from payments_mock.certify.scene import NotReachedError, Scene
from payments_mock.story import Lane
from payments_mock.testing.control_client import ControlError

_DEPOSITS: Final = ("toss", "virtual_account")
MOST_CALLS: Final = 20
_HTML: Final[dict[str, Any]] = {"status": 503, "body": "<h1>Maintenance</h1>"}
_GONE: Final[dict[str, dict[str, Any]]] = {
    "toss": {"code": "NOT_FOUND_PAYMENT_SESSION", "status": 404},
    "kiosk": {"code": "EXPIRED", "status": 422},
}


def _account(scene: Scene) -> Deal:
    """Order, and have a virtual account issued."""
    deal = scene.order()
    deal.may_wait = True
    scene.agrees(deal, method="VIRTUAL_ACCOUNT")
    answer = scene.press(deal, verb="virtual_account")
    states = [one.state for one in scene.side.ledger(deal.id).payments]
    if "AWAITING_DEPOSIT" not in states:
        raise NotReachedError(f"no virtual account was issued: {answer.outcome}")
    scene.side.wait_until_quiet(deal.at_provider, scene.description.settles_within)
    return deal


def _deposit(scene: Scene, deal: Deal, amount: int | None = None) -> None:
    scene.act(Lane.SHOPPER, f"deposits {amount or deal.amount:,} won")
    scene.side.sandbox.shopper.deposits(deal.keys[-1], amount)
    deal.may_wait = False


def _exact(scene: Scene, *, copies: int = 1, order: str = "after") -> None:
    """The account is issued, which pays nothing; then the exact amount is deposited."""
    deal = _account(scene)
    scene.reconcile()
    _is_not_paid(scene, deal)
    scene.webhook_rule(deal, copies=copies, order=order)
    _deposit(scene, deal)


def _is_not_paid(scene: Scene, deal: Deal) -> None:
    observed = scene.settle(deal)
    scene.check(
        "deposit/paid-is-paid",
        observed.seen.state != "paid",
        f"A virtual account was issued and nobody paid into it; the order says {observed.seen.word}.",
    )


def _stale_after_refund(scene: Scene) -> None:
    """The events of the payment come again when the money went back."""
    deal = scene.paid_order()
    scene.side.wait_until_quiet(deal.at_provider, scene.description.settles_within)
    sent = scene.side.deliveries(deal.at_provider)
    scene.refund(deal)
    scene.settle(deal)
    for one in sent:
        scene.side.sandbox.webhooks.resend(one["id"])
    scene.prove(bool(sent), "the merchant was sent no webhook")


def _forged_deposit(scene: Scene) -> None:
    """A deposit callback comes that is not the provider's: nobody deposited, and its secret is wrong."""
    forge_of(scene, _account(scene), DEPOSIT_CALLBACK, secret="ps_invented", status="DONE")  # noqa: S106


def _short(scene: Scene) -> None:
    """A deposit that is short is refused by the bank."""
    deal = _account(scene)
    try:
        scene.side.sandbox.shopper.deposits(deal.keys[-1], max(1, deal.amount // 2))
    except ControlError:
        scene.act(Lane.PROVIDER, "the bank refuses a deposit that is short")
    _is_not_paid(scene, deal)


def _reversed(scene: Scene, *, again: bool) -> None:
    """The bank takes the deposit back."""
    deal = _account(scene)
    _deposit(scene, deal)
    scene.wait_until_paid(deal, "an ordinary deposit did not lead to a paid order")
    scene.act(Lane.PROVIDER, "the bank takes the deposit back")
    scene.side.sandbox.shopper.has_deposit_reversed(deal.keys[-1])
    deal.may_wait = deal.goods_may_be_out = True
    if again:
        scene.settle(deal)
        _deposit(scene, deal)


def _late(scene: Scene) -> None:
    """Nobody deposits before the account closes."""
    deal = _account(scene)
    scene.side.advance(days=8)
    try:
        scene.side.sandbox.shopper.deposits(deal.keys[-1])
    except ControlError:
        scene.act(Lane.PROVIDER, "the account is closed, and takes no deposit")


def _comes_late(scene: Scene, minutes: float, *, again: bool) -> None:
    """The shopper agrees, and comes back when the time is over; then may pay anew."""
    deal = scene.order()
    scene.agrees(deal)
    scene.side.advance(minutes=minutes)
    scene.press(deal)
    if again:
        scene.pay(deal)


def _expires_now(scene: Scene) -> None:
    """The payment's time ends just before the merchant confirms, and no webhook tells of it first."""
    deal = agreed_unheard(scene)
    key = deal.keys[-1]
    scene.side.control.call("POST", f"/sandboxes/{scene.side.sandbox.id}/payments/{key}/expire")
    scene.act(Lane.PROVIDER, "the payment's time is over")
    scene.press(deal)
    scene.prove(bool(scene.calls(deal, "confirm")), "the merchant did not confirm")


def _is_told_of_expiry(scene: Scene) -> None:
    """The confirm is refused, as the session is over."""
    deal = scene.order()
    scene.agrees(deal)
    scene.fault(deal, "confirm", "before", {"kind": "error", **_GONE[scene.description.contract]})
    scene.press(deal)


def _list_lags(scene: Scene, **passes: Any) -> None:
    """All answers are lost until the shopper is gone, and the list does not know the payment yet."""
    scene.side.sandbox.list_late(minutes=10)
    deal = agreed_unheard(scene)
    press_unanswered(scene, deal, {"kind": "reset"})
    scene.reconcile()
    if passes:
        scene.side.advance(**passes)
        scene.reconcile()
    scene.settle(deal)
    scene.side.sandbox.list_late()


def _burst(scene: Scene, effect: dict[str, Any], times: int) -> None:
    """The provider fails a few times, then works again; the shopper presses until it does."""
    deal = scene.order()
    scene.agrees(deal)
    scene.fault(deal, "confirm", "before", {"kind": "error", **effect}, times=times)
    for _ in range(times + 1):
        if scene.press(deal).is_ok and scene.observe(deal).seen.state == "paid":
            break
    _note_calls(scene, deal)


def _outage(scene: Scene) -> None:
    """The provider answers every confirm and look-up of the order with 503, until it does not."""
    deal = scene.order()
    scene.agrees(deal)
    error = {"kind": "error", "status": 503, "code": "MAINTENANCE"}
    armed = [scene.fault(deal, "confirm", "before", error, times="always")]
    for operation in ("get", "get-by-order") if scene.is_toss else ():
        armed.append(scene.fault(deal, operation, "before", error, times="always", must_strike=False))
    scene.press(deal)
    scene.side.wait_until_idle(deal.at_provider)
    _note_calls(scene, deal)
    for name in armed:
        scene.end_fault(name)
    scene.reconcile()
    scene.press(deal)


def _note_calls(scene: Scene, deal: Deal) -> None:
    count = len(scene.calls(deal))
    sentence = f"{count} calls were made for one order in an outage; {MOST_CALLS} are plenty."
    scene.check("outage/retries-bounded", count <= MOST_CALLS, sentence, otherwise=Grade.WARNS)


_told = partial(Scenario, needs=(*_DEPOSITS, "webhooks"))
_late_shopper = partial(Scenario, needs=("toss",), alone=True)

SCENARIOS: Final = (
    Scenario("deposit-exact", "deposit", "An account is issued, then paid into", _exact, _DEPOSITS),
    Scenario("deposit-short", "deposit", "A deposit is short", _short, _DEPOSITS),
    _told(
        "deposit-forged",
        "forged-webhook",
        "A deposit callback with a wrong secret says DONE of an account that nobody paid into",
        _forged_deposit,
    ),
    Scenario(
        "webhook-stale-after-refund",
        "racing-webhook",
        "The events of a payment come again when the money went back",
        _stale_after_refund,
        ("toss", "webhooks", "refund"),
    ),
    _told(
        "deposit-reversed",
        "deposit",
        "The bank takes a deposit back",
        partial(_reversed, again=False),
    ),
    _told(
        "deposit-reversed-again",
        "deposit",
        "The bank takes a deposit back, and the shopper deposits again",
        partial(_reversed, again=True),
    ),
    Scenario(
        "deposit-late", "deposit", "Nobody deposits before the account closes", _late, _DEPOSITS, alone=True
    ),
    _told(
        "deposit-told-thrice",
        "repeated-webhook",
        "A deposit is told by two kinds of events, three times each",
        partial(_exact, copies=3),
    ),
    _late_shopper(
        "late-ten-minutes",
        "expiry",
        "The shopper comes back after ten minutes",
        partial(_comes_late, minutes=11, again=False),
    ),
    _late_shopper(
        "late-ten-minutes-again",
        "expiry",
        "The shopper comes back after ten minutes, and pays anew",
        partial(_comes_late, minutes=11, again=True),
    ),
    _late_shopper(
        "late-thirty-minutes",
        "expiry",
        "The shopper comes back after more than thirty minutes",
        partial(_comes_late, minutes=31, again=False),
    ),
    Scenario(
        "expires-now", "expiry", "The payment's time ends just before the confirm", _expires_now, ("toss",)
    ),
    Scenario("told-of-expiry", "expiry", "The confirm is refused, as the time is over", _is_told_of_expiry),
    Scenario(
        "list-lags",
        "lagging-lists",
        "The list of transactions misses a payment that is seconds old",
        _list_lags,
        ("toss", "reconcile"),
        alone=True,
    ),
    Scenario(
        "list-lags-then-knows",
        "lagging-lists",
        "The list of transactions learns of a payment ten minutes later",
        partial(_list_lags, minutes=11),
        ("toss", "reconcile"),
        alone=True,
    ),
    Scenario(
        "burst-500",
        "outage",
        "Two confirms are answered with 500, the third works",
        partial(_burst, effect={"status": 500, "code": "FAILED_INTERNAL_SYSTEM_PROCESSING"}, times=2),
    ),
    Scenario(
        "burst-429",
        "outage",
        "Two confirms are answered with 429, the third works",
        partial(_burst, effect={"status": 429, "code": "TOO_MANY_REQUESTS"}, times=2),
    ),
    Scenario(
        "maintenance-html",
        "outage",
        "A page of maintenance in HTML answers two confirms, the third works",
        partial(_burst, effect=_HTML, times=2),
    ),
    Scenario("outage-503", "outage", "Everything about the order answers 503 for a while", _outage),
)
