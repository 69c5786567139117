"""What comes back to a confirm: nothing, too late, an error, a refusal that is none, or a lie."""

from functools import partial
from typing import Any, Final

from payments_mock.certify.judging import Deal
from payments_mock.certify.results import Grade
from payments_mock.certify.scenarios import Scenario, agreed_unheard
from payments_mock.certify.scene import Scene

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


def _nothing_is_charged(scene: Scene, effect: Effect) -> None:
    """The confirm is not carried out, whatever is answered; the shopper presses again."""
    deal = agreed_unheard(scene)
    scene.fault(deal, "confirm", "before", effect)
    scene.press(deal)
    scene.press(deal)


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
    deal = agreed_unheard(scene)
    scene.fault(deal, "confirm", "after", {"kind": "reset"})
    if scene.is_toss:
        error = {"kind": "error", "status": 503, "code": "FAILED_INTERNAL_SYSTEM_PROCESSING"}
        scene.fault(deal, "get", "before", error, times=2, must_strike=False)
        scene.fault(deal, "get-by-order", "before", error, times=2, must_strike=False)
    scene.press(deal)


def _late(scene: Scene, moment: str, *, again: bool, in_time: bool = False) -> None:
    """The confirm takes longer than the merchant waits, or nearly so, before or after it is carried out."""
    deal = agreed_unheard(scene)
    seconds = scene.description.timeout / 2 if in_time else scene.description.timeout + 0.7
    slow = scene.fault(deal, "confirm", moment, {"kind": "delay", "seconds": seconds})
    if again:
        scene.together(lambda: scene.press(deal), lambda: scene.press(deal))
    else:
        scene.press(deal)
    scene.side.wait_for_strike(slow, 2 * seconds)


def _done_before(scene: Scene, moment: str) -> None:
    """The confirm is refused as done before: falsely, or truly."""
    deal = agreed_unheard(scene)
    code, status = DONE_BEFORE[scene.description.contract]
    scene.fault(deal, "confirm", moment, {"kind": "error", "code": code, "status": status})
    scene.press(deal)
    scene.press(deal)


def _told_it_is_at_work(scene: Scene, moment: str) -> None:
    """The confirm is answered as if its twin were still at work."""
    deal = agreed_unheard(scene)
    code = {"kind": "error", "code": "IDEMPOTENT_REQUEST_PROCESSING", "status": 409}
    scene.fault(deal, "confirm", moment, code)
    scene.press(deal)
    # Where the card was charged, the shopper does not help: another press would hear of it.
    if moment == "before":
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


def _lie(scene: Scene, effect: Effect) -> None:
    """The card is charged, and the answer says something else; a look-up would tell the truth."""
    deal = agreed_unheard(scene)
    scene.fault(deal, "confirm", "after", {"kind": "alter", **effect})
    scene.press(deal)
    observed = scene.settle(deal)
    asked = [entry["operation"] for entry in scene.calls(deal)]
    looked = "get" in asked or "get-by-order" in asked or asked.count("confirm") > 1
    scene.check(
        "lying-success/not-believed",
        observed.seen.state != "paid" or looked,
        "The answer told of something else, nobody looked the payment up, and the order is paid.",
    )


def _unknown_fields(scene: Scene) -> None:
    """The answer has fields that are new."""
    deal = scene.order()
    scene.agrees(deal)
    names = [f"new{scene.chance.randrange(1000)}", f"newer{scene.chance.randrange(1000)}"]
    new = {names[0]: "new", names[1]: {"a": [1, None]}}
    scene.fault(deal, "confirm", "after", {"kind": "alter", "set": new})
    scene.press(deal)
    observed = scene.settle(deal)
    scene.check(
        "lying-success/unknown-fields-taken",
        observed.seen.state == "paid",
        f"The answer had two new fields; the order says {observed.seen.word}.",
        otherwise=Grade.WARNS,
    )


def _loss(name: str, *, again: bool) -> Scenario:
    what, effect = LOSSES[name]
    return Scenario(
        f"confirm-{name}{'-again' if again else ''}",
        "lost-answer",
        f"The card is charged, {what}, and the shopper {'presses again' if again else 'walks away'}",
        partial(_lose, effect=effect, again=again),
    )


_RESET: Final[Effect] = {"kind": "reset"}

SCENARIOS: Final = (
    *(_loss(name, again=again) for name in LOSSES for again in (False, True)),
    Scenario(
        "confirm-never-arrives",
        "lost-answer",
        "The confirm is lost on its way, nothing is charged, and the shopper presses again",
        partial(_nothing_is_charged, effect=_RESET),
    ),
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
        "confirm-slow-in-time",
        "late-success",
        "The confirm is carried out, and answered just within the merchant's time-out",
        partial(_late, moment="after", again=False, in_time=True),
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
        "at-work-and-done",
        "late-success",
        "The confirm is answered as at work, and the card was charged",
        partial(_told_it_is_at_work, moment="after"),
    ),
    Scenario(
        "at-work-and-not-done",
        "late-success",
        "The confirm is answered as at work, and nothing was charged yet",
        partial(_told_it_is_at_work, moment="before"),
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
        partial(_nothing_is_charged, effect={"kind": "malformed"}),
    ),
    Scenario("unknown-fields", "lying-success", "The answer has fields that are new", _unknown_fields),
)
