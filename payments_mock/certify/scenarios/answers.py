"""Answers that are lost, late, or never come: on confirm."""

from functools import partial
from typing import Any, Final

from payments_mock.certify.results import Grade
from payments_mock.certify.scenarios import Scenario
from payments_mock.certify.scene import Deal, Scene

LOSSES: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "reset": ("the connection is reset", {"kind": "reset"}),
    "empty": ("the connection is closed without a byte", {"kind": "empty"}),
    "truncated": ("half of the answer comes", {"kind": "truncate"}),
    "garbage": ("the answer is no JSON", {"kind": "malformed"}),
    "hang": ("the answer never comes", {"kind": "hang"}),
    "error": ("a gateway answers 502", {"kind": "error", "status": 502, "body": "<h1>Bad gateway</h1>"}),
}


def lose(scene: Scene, effect: dict[str, Any], *, times: int | str = 1, again: bool, webhooks: bool) -> None:
    """Lose the answer to the confirm; the shopper presses again, or walks away."""
    deal = scene.order()
    if not webhooks:
        scene.without_webhooks(deal)
    scene.agrees(deal)
    scene.fault(deal, "confirm", "after", effect, times=times)
    scene.press(deal)
    if again:
        scene.press(deal)
    _note_key(scene, deal)


def _note_key(scene: Scene, deal: Deal) -> None:
    confirms = scene.calls(deal, "confirm")
    names = {name.lower() for entry in confirms for name in entry["request"]["headers"]}
    scene.check(
        "lost-answer/key-sent",
        "idempotency-key" in names,
        f"{len(confirms)} confirms were sent, with an Idempotency-Key or without.",
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
                    partial(lose, effect=effect, again=again, webhooks=False),
                )
            )
    return made


SCENARIOS: Final = (*_losses(),)
