"""Webhooks: early, twice, contradictory, stale, forged, signed; and cancels that a webhook alone tells of."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from payments_mock.certify.judging import Deal
from payments_mock.certify.results import Grade
from payments_mock.certify.scenarios import Scenario, agreed_unheard
from payments_mock.certify.scene import Scene
from payments_mock.story import Lane

STATUS_CHANGED: Final = "PAYMENT_STATUS_CHANGED"
DEPOSIT_CALLBACK: Final = "DEPOSIT_CALLBACK"
MOMENT: Final = "2026-01-01T00:00:00.000000"
_WEBHOOKS: Final = ("toss", "webhooks")


def _arrives(scene: Scene, *, lose: bool = False, **rule: Any) -> None:
    """An ordinary payment, whose webhooks arrive as the rule says."""
    deal = scene.order()
    scene.webhook_rule(deal, **rule)
    scene.agrees(deal)
    if lose:
        scene.fault(deal, "confirm", "after", {"kind": "reset"})
    scene.press(deal)
    _prove_sent(scene, deal)


def _prove_sent(scene: Scene, deal: Deal, count: int = 1) -> None:
    scene.side.wait_until_quiet(deal.at_provider, scene.description.settles_within)
    sent = [one for one in scene.side.deliveries(deal.at_provider) if one["attempts"]]
    scene.prove(len(sent) >= count, "the merchant was sent no webhook")


def _resent(scene: Scene, times: int) -> None:
    """Webhooks that were delivered come again, after all is paid."""
    deal = scene.paid_order()
    _prove_sent(scene, deal)
    sent = scene.side.deliveries(deal.at_provider)
    for _ in range(times):
        for one in sent:
            scene.side.sandbox.webhooks.resend(one["id"])


def _resent_at_once(scene: Scene) -> None:
    """A webhook arrives several times at the same moment."""
    deal = agreed_unheard(scene)
    scene.fault(deal, "confirm", "after", {"kind": "empty"})
    scene.press(deal)
    scene.together(*(partial(forge_of, scene, deal) for _ in range(4)))


def forge(scene: Scene, body: Mapping[str, Any], **more: Any) -> None:
    """Send an event that the provider never sent, as anybody can."""
    scene.act(Lane.WEBHOOK, f"forged: {body['eventType']} {body['data'].get('status', '')}".strip())
    scene.side.sandbox.webhooks.forge(body, url=scene.description.webhook_url, **more)


def forge_of(scene: Scene, deal: Deal, event: str = STATUS_CHANGED, **changed: Any) -> None:
    """Send what a real event would tell of an order's payment, with fields changed by their paths."""
    key = deal.keys[-1] if deal.keys else scene.payment_key(deal)
    scene.act(Lane.WEBHOOK, f"forged: {event} {changed.get('status', '')}".strip())
    at_top = event == DEPOSIT_CALLBACK
    paths = {name if at_top else f"data.{name}": value for name, value in changed.items()}
    scene.side.sandbox.webhooks.forge_of(key, paths, url=scene.description.webhook_url, event=event)


def _forged_paid(scene: Scene, *, agreed: bool) -> None:
    """An event says DONE of an order that nobody paid."""
    deal = scene.order()
    if agreed:
        scene.agrees(deal)
        forge_of(scene, deal, status="DONE")
    else:
        data = {"paymentKey": "forged-key", "orderId": deal.at_provider, "status": "DONE", "method": "카드"}
        event = {"eventType": STATUS_CHANGED, "createdAt": MOMENT}
        forge(scene, {**event, "data": {**data, "totalAmount": deal.amount}})


def _forged_later(scene: Scene, status: str, **changed: Any) -> None:
    """An event says something untrue of an order that was paid."""
    deal = scene.paid_order()
    forge_of(scene, deal, status=status, **changed)
    if status == "WAITING_FOR_DEPOSIT":
        forge_of(scene, deal, status="IN_PROGRESS")


def _unknown_order(scene: Scene) -> None:
    """An event is about an order that the merchant does not know; then an ordinary order is paid."""
    data = {"paymentKey": "nobodys-key", "orderId": "order-of-nobody", "status": "DONE"}
    forge(scene, {"eventType": STATUS_CHANGED, "createdAt": MOMENT, "data": data})
    _note_stranger(scene, order_id="order-of-nobody")
    scene.paid_order()


def _note_stranger(scene: Scene, **about: str) -> None:
    """Note how the merchant answered an event."""
    sent = scene.side.sandbox.webhooks.deliveries(**about)
    answers = {str(one["attempts"][-1]["status"]) for one in sent if one["attempts"]}
    scene.prove(bool(answers), "no strange event was sent")
    scene.check(
        "forged-webhook/strange-events-taken",
        answers == {"200"},
        f"The merchant answered {', '.join(sorted(answers))} to an event that it can do nothing with.",
        otherwise=Grade.WARNS,
    )


def _unknown_event(scene: Scene) -> None:
    """An event of a new kind, with new fields, comes before an ordinary payment."""
    deal = scene.order()
    body = {"eventType": "SOMETHING_NEW", "createdAt": MOMENT, "data": {"orderId": "order-of-nowhere"}}
    forge(scene, body, event=STATUS_CHANGED)
    _note_stranger(scene, order_id="order-of-nowhere")
    scene.pay(deal)


def _real_events(scene: Scene) -> None:
    """Real events have no signature, and are to be taken."""
    deal = scene.order()
    scene.pay(deal)
    scene.settle(deal)
    _prove_sent(scene, deal)
    # "Not now" while the press is still at work is an answer, too; then the event comes again.
    for _ in range(3):
        scene.side.resend_failed(deal.at_provider)
    sent = [one for one in scene.side.deliveries(deal.at_provider) if one["attempts"]]
    refused = [one for one in sent if one["state"] != "DELIVERED"]
    answers = {str(one["attempts"][-1]["status"] or one["attempts"][-1]["error"]) for one in refused}
    scene.check(
        "forged-webhook/real-events-taken",
        not refused,
        f"{len(refused)} of {len(sent)} real events were refused: {', '.join(sorted(answers))}.",
    )


def _signed(scene: Scene, *, is_right: bool) -> None:
    """A signed event comes, with a right signature or a wrong one."""
    payout = "payout-right" if is_right else "payout-wrong"
    body = {"eventType": "payout.changed", "createdAt": MOMENT, "data": {"id": payout}}
    key = scene.description.signing_key if is_right else "not-the-key"
    scene.side.sandbox.webhooks.forge(body, url=scene.description.webhook_url, security_key=key)
    sent = scene.side.sandbox.webhooks.deliveries(event="payout.changed")
    # The two scenarios about signatures run side by side: each looks at its own event.
    attempts = [one for event in sent if payout in event["body"] for one in event["attempts"]]
    scene.prove(bool(attempts), "no signed event was sent")
    status = attempts[-1]["status"] if attempts else None
    taken = status is not None and 200 <= status < 300
    name = "right-signature-taken" if is_right else "wrong-signature-refused"
    scene.check(f"signed-webhook/{name}", taken == is_right, f"The merchant answered {status}.")


def _elsewhere(scene: Scene, *, part: bool, webhook: bool) -> None:
    """The console cancels what was paid."""
    deal = scene.paid_order()
    deal.goods_may_be_out = True
    if not webhook:
        scene.without_webhooks(deal)
    scene.cancels_by_console(deal, max(1, deal.amount // 3) if part else None)
    if webhook:
        _prove_sent(scene, deal, 2)
    else:
        scene.reconcile()


SCENARIOS: Final = (
    Scenario(
        "webhook-first",
        "racing-webhook",
        "The webhook arrives before the answer to the confirm",
        partial(_arrives, order="before"),
        _WEBHOOKS,
    ),
    Scenario(
        "webhook-first-answer-lost",
        "racing-webhook",
        "The webhook arrives, and the answer to the confirm never does",
        partial(_arrives, order="before", lose=True),
        _WEBHOOKS,
    ),
    Scenario(
        "webhook-contradicts",
        "racing-webhook",
        "DONE, and right behind it ABORTED",
        partial(_arrives, order="contradictory"),
        _WEBHOOKS,
    ),
    Scenario(
        "webhook-stale",
        "racing-webhook",
        "Events that are older than the order's state arrive last",
        partial(_forged_later, status="WAITING_FOR_DEPOSIT"),
        _WEBHOOKS,
    ),
    Scenario(
        "webhook-thrice",
        "repeated-webhook",
        "Every webhook arrives three times",
        partial(_arrives, copies=3),
        _WEBHOOKS,
    ),
    Scenario(
        "webhook-resent",
        "repeated-webhook",
        "Webhooks are sent again when all is paid",
        partial(_resent, times=2),
        _WEBHOOKS,
    ),
    Scenario(
        "webhook-thrice-answer-lost",
        "repeated-webhook",
        "The answer is lost, and the webhook arrives three times",
        partial(_arrives, copies=3, lose=True),
        _WEBHOOKS,
    ),
    Scenario(
        "webhook-at-once",
        "repeated-webhook",
        "The answer is lost, and four webhooks arrive at the same moment",
        _resent_at_once,
        _WEBHOOKS,
    ),
    Scenario(
        "forged-paid",
        "forged-webhook",
        "An invented event says DONE of an order that nobody paid",
        partial(_forged_paid, agreed=False),
        _WEBHOOKS,
    ),
    Scenario(
        "forged-confirmed",
        "forged-webhook",
        "A real payment that was never confirmed is told as DONE",
        partial(_forged_paid, agreed=True),
        _WEBHOOKS,
    ),
    Scenario(
        "forged-cancelled",
        "forged-webhook",
        "A paid order is told as CANCELED",
        partial(_forged_later, status="CANCELED", balanceAmount=0),
        _WEBHOOKS,
    ),
    Scenario(
        "forged-unknown-order",
        "forged-webhook",
        "An event is about an unknown order",
        _unknown_order,
        _WEBHOOKS,
    ),
    Scenario(
        "unknown-event", "forged-webhook", "An event of an unknown kind comes", _unknown_event, _WEBHOOKS
    ),
    Scenario("real-events", "forged-webhook", "Real events are taken", _real_events, _WEBHOOKS),
    Scenario(
        "signature-right",
        "signed-webhook",
        "A signed event has a right signature",
        partial(_signed, is_right=True),
        (*_WEBHOOKS, "signing_key"),
    ),
    Scenario(
        "signature-wrong",
        "signed-webhook",
        "A signed event has a wrong signature",
        partial(_signed, is_right=False),
        (*_WEBHOOKS, "signing_key"),
    ),
    Scenario(
        "console-cancels",
        "cancelled-elsewhere",
        "The console cancels a paid order, and a webhook tells of it",
        partial(_elsewhere, part=False, webhook=True),
        _WEBHOOKS,
    ),
    Scenario(
        "console-cancels-part",
        "cancelled-elsewhere",
        "The console cancels a third, and a webhook tells of it",
        partial(_elsewhere, part=True, webhook=True),
        (*_WEBHOOKS, "partial_refund"),
    ),
    Scenario(
        "console-cancels-silently",
        "cancelled-elsewhere",
        "The console cancels a paid order, and no webhook comes",
        partial(_elsewhere, part=False, webhook=False),
        ("reconcile",),
    ),
)
