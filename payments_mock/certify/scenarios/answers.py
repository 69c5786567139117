"""What comes back to a confirm: nothing, too late, an error, a refusal that is none, or a lie."""

from functools import partial
from typing import Any, Final

from payments_mock.certify.results import Grade
from payments_mock.certify.scenarios import Scenario
from payments_mock.certify.scene import Deal, Scene

Effect = dict[str, Any]

LOSSES: Final[dict[str, tuple[str, Effect]]] = {
    "reset": ("the connection is reset", {"kind": "reset"}),
    "empty": ("the connection is closed without a byte", {"kind": "empty"}),
    "truncated": ("half of the answer comes", {"kind": "truncate"}),
    "garbage": ("the answer is no JSON", {"kind": "malformed"}),
    "hang": ("the answer never comes", {"kind": "hang"}),
    "error": ("a gateway answers 502", {"kind": "error", "status": 502, "body": "<h1>Bad gateway</h1>"}),
}
DONE_BEFORE: Final = {"toss": ("ALREADY_PROCESSED_PAYMENT", 400), "kiosk": ("ALREADY_APPROVED", 409)}
MOST_CALLS: Final = 20


def _lose(scene: Scene, effect: Effect, *, times: int | str = 1, again: bool, webhooks: bool = False) -> None:
    deal = scene.order()
    if not webhooks:
        scene.without_webhooks(deal)
    scene.agrees(deal)
    scene.fault(deal, "confirm", "after", effect, times=times)
    scene.press(deal)
    if again:
        scene.press(deal)
    if scene.is_toss:
        _note_key(scene, deal)


def _note_key(scene: Scene, deal: Deal) -> None:
    confirms = scene.calls(deal, "confirm")
    keyless = sum(
        "idempotency-key" not in {name.lower() for name in entry["request"]["headers"]} for entry in confirms
    )
    scene.check(
        "lost-answer/key-sent",
        keyless == 0,
        f"{keyless} of {len(confirms)} confirms carried no Idempotency-Key.",
        otherwise=Grade.WARNS,
    )


def _lose_look_ups_too(scene: Scene) -> None:
    """The answer to the confirm is lost, and the first look-ups fail as well."""
    deal = scene.order()
    scene.without_webhooks(deal)
    scene.agrees(deal)
    scene.fault(deal, "confirm", "after", {"kind": "reset"})
    if scene.is_toss:
        error = {"kind": "error", "status": 503, "code": "FAILED_INTERNAL_SYSTEM_PROCESSING"}
        scene.fault(deal, "get", "before", error, times=2, must_strike=False)
        scene.fault(deal, "get-by-order", "before", error, times=2, must_strike=False)
    scene.press(deal)


def _late(scene: Scene, moment: str, *, again: bool) -> None:
    """The confirm takes longer than the merchant waits, before or after it is carried out."""
    deal = scene.order()
    scene.without_webhooks(deal)
    scene.agrees(deal)
    seconds = scene.description.timeout + 0.7
    scene.fault(deal, "confirm", moment, {"kind": "delay", "seconds": seconds})
    if again:
        scene.together(lambda: scene.press(deal), lambda: scene.press(deal))
    else:
        scene.press(deal)
    scene.sleep(0.8)


def _done_before(scene: Scene, moment: str) -> None:
    """The confirm is refused as done before: falsely, or truly."""
    deal = scene.order()
    scene.without_webhooks(deal)
    scene.agrees(deal)
    code, status = DONE_BEFORE[scene.description.contract]
    scene.fault(deal, "confirm", moment, {"kind": "error", "code": code, "status": status})
    scene.press(deal)


def _somebody_else_confirms(scene: Scene) -> None:
    """Another program of the merchant confirmed the payment a moment earlier."""
    deal = scene.order()
    scene.without_webhooks(deal)
    key = scene.agrees(deal)
    body = {"paymentKey": key, "orderId": deal.at_provider, "amount": deal.amount}
    scene.side.api("POST", "/v1/payments/confirm", body)
    scene.press(deal)
    scene.prove(len(scene.calls(deal, "confirm")) > 1, "the merchant did not confirm")


def _burst(scene: Scene, effect: Effect, times: int) -> None:
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
    if scene.is_toss:
        for operation in ("get", "get-by-order"):
            armed.append(scene.fault(deal, operation, "before", error, times="always", must_strike=False))
    scene.press(deal)
    scene.sleep(1.0)
    _note_calls(scene, deal)
    for name in armed:
        scene.end_fault(name)
    scene.press(deal)


def _lie(scene: Scene, effect: Effect) -> None:
    """The card is charged, and the answer says something else; a look-up would tell the truth."""
    deal = scene.order()
    scene.without_webhooks(deal)
    scene.agrees(deal)
    scene.fault(deal, "confirm", "after", {"kind": "alter", **_in_words_of(scene, effect)})
    scene.press(deal)
    observed = scene.settle(deal)
    asked = [entry["operation"] for entry in scene.calls(deal)]
    looked = "get" in asked or "get-by-order" in asked or asked.count("confirm") > 1
    scene.check(
        "lying-success/not-believed",
        observed.seen.state != "paid" or looked,
        "The answer told of something else, nobody looked the payment up, and the order is paid.",
    )


def _in_words_of(scene: Scene, effect: Effect) -> Effect:
    """Name the amount as the contract does."""
    if "set" not in effect or "totalAmount" not in effect["set"] or scene.is_toss:
        return effect
    return {**effect, "set": {"amount": effect["set"]["totalAmount"]}}


def _garbage_for_nothing(scene: Scene) -> None:
    """A 200 that is no JSON comes back, and nothing was charged."""
    deal = scene.order()
    scene.without_webhooks(deal)
    scene.agrees(deal)
    scene.fault(deal, "confirm", "before", {"kind": "malformed"})
    scene.press(deal)


def _unknown_fields(scene: Scene) -> None:
    """The answer has fields that are new."""
    deal = scene.order()
    scene.agrees(deal)
    new = {"newField": "new", "newObject": {"a": [1, None]}}
    scene.fault(deal, "confirm", "after", {"kind": "alter", "set": new})
    scene.press(deal)
    observed = scene.settle(deal)
    scene.check(
        "lying-success/unknown-fields-taken",
        observed.seen.state == "paid",
        f"The answer had two new fields; the order says {observed.seen.word}.",
        otherwise=Grade.WARNS,
    )


def _note_calls(scene: Scene, deal: Deal) -> None:
    count = len(scene.calls(deal))
    scene.check(
        "outage/retries-bounded",
        count <= MOST_CALLS,
        f"{count} calls were made for one order in an outage; {MOST_CALLS} are plenty.",
        otherwise=Grade.WARNS,
    )


def _losses() -> list[Scenario]:
    made = []
    for name, (what, effect) in LOSSES.items():
        for again in (False, True):
            acts = "presses again" if again else "walks away"
            made.append(
                Scenario(
                    f"confirm-{name}{'-again' if again else ''}",
                    "lost-answer",
                    f"The card is charged, {what}, and the shopper {acts}",
                    partial(_lose, effect=effect, again=again),
                )
            )
    return made


_RESET: Final[Effect] = {"kind": "reset"}
_HTML: Final[Effect] = {"status": 503, "body": "<h1>Maintenance</h1>"}

SCENARIOS: Final = (
    *_losses(),
    Scenario(
        "confirm-reset-webhook",
        "lost-answer",
        "The card is charged, the connection is reset, and a webhook tells of it",
        partial(_lose, effect=_RESET, again=False, webhooks=True),
        needs=("webhooks",),
    ),
    Scenario(
        "confirm-reset-always",
        "lost-answer",
        "The card is charged, and every answer to a confirm is lost",
        partial(_lose, effect=_RESET, times="always", again=True),
    ),
    Scenario(
        "confirm-reset-look-ups-fail",
        "lost-answer",
        "The card is charged, the connection is reset, and the next look-ups fail",
        _lose_look_ups_too,
    ),
    Scenario(
        "confirm-slow",
        "late-success",
        "The confirm is carried out, and answered after the merchant's time-out",
        partial(_late, moment="after", again=False),
    ),
    Scenario(
        "confirm-held",
        "late-success",
        "The confirm is carried out only after the merchant's time-out",
        partial(_late, moment="before", again=False),
    ),
    Scenario(
        "confirm-slow-twin",
        "late-success",
        "Two presses meet while the confirm is slow",
        partial(_late, moment="after", again=True),
    ),
    Scenario(
        "done-before-false",
        "second-confirm",
        "The confirm is refused as done before, and nothing was charged",
        partial(_done_before, moment="before"),
    ),
    Scenario(
        "done-before-true",
        "second-confirm",
        "The confirm is refused as done before, and the card was charged",
        partial(_done_before, moment="after"),
    ),
    Scenario(
        "done-by-another",
        "second-confirm",
        "Another program confirmed the payment a moment earlier",
        _somebody_else_confirms,
        needs=("toss",),
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
    Scenario(
        "lie-status",
        "lying-success",
        "The answer has a status that nobody knows",
        partial(_lie, effect={"set": {"status": "SOMETHING_NEW"}}),
    ),
    Scenario(
        "lie-order",
        "lying-success",
        "The answer tells of another order",
        partial(_lie, effect={"set": {"orderId": "another-order"}}),
    ),
    Scenario(
        "lie-amount",
        "lying-success",
        "The answer tells of another amount",
        partial(_lie, effect={"set": {"totalAmount": 1}}),
    ),
    Scenario(
        "lie-no-status",
        "lying-success",
        "The answer has no status",
        partial(_lie, effect={"remove": ["status"]}),
    ),
    Scenario(
        "garbage-for-nothing",
        "lying-success",
        "A 200 that is no JSON comes back, and nothing was charged",
        _garbage_for_nothing,
    ),
    Scenario("unknown-fields", "lying-success", "The answer has fields that are new", _unknown_fields),
    Scenario("outage-503", "outage", "Everything about the order answers 503 for a while", _outage),
)
