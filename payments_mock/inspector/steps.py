"""The steps of a story that is copied: what each says in a line of a test, and in a sentence of Gherkin."""

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import Any, Final

from payments_mock.domain.payments.instruments import CardType
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.payments.payment import KeyFamily, Payment, State
from payments_mock.domain.values import immutable

OPENS: Final = "opens"
PAYS: Final = "pays"
DEPOSITS: Final = "deposits"
REVERSES: Final = "reverses"
EXPIRES: Final = "expires"
SETTLES: Final = "settles"
API_KEYS: Final = str(KeyFamily.API.lower())
SECONDS_TO_EXPIRE: Final = 31 * 60
TEST_CODE: Final = "Tosspayments-Test-Code"
_KEY: Final = "Idempotency-Key"
_ALL_SENT: Final = "answer"
_HELD_SECONDS: Final = 0.2
_UNHEARD_SECONDS: Final = 3
"""How long a call waits for an answer that never comes."""


@immutable
class ScenarioStep:
    """One step of a scenario: lines of a test, and their sentence with a text below it, if any.

    `keys` is the pair of the shop's keys that it is done with, None where it is done with none.
    """

    at: datetime
    python: str
    sentence: str
    below: str | None = None
    keyword: str = "When"
    keys: str | None = None

    @property
    def is_note(self) -> bool:
        """Whether it says something, and does nothing."""
        return self.sentence.startswith("#")


@immutable
class WrittenScenario:
    """What is to be done again, in its order, and what is to come of it."""

    order_id: str
    contract: str
    says: str
    steps: Sequence[ScenarioStep]
    ends: Sequence[tuple[str, str]] = field(default_factory=tuple)

    def as_pytest(self) -> str:
        """Write a test for the kit's pytest plugin."""
        lines = ["import pytest", "", "", f'@pytest.mark.payments_mock(contract="{self.contract}")']
        lines += ["def test_the_story(sandbox):", f"    {json.dumps(self.says, ensure_ascii=False)}"]
        done = [*(step.python for step in self.steps), *(python for python, _ in self.ends)]
        return "\n".join([*lines, *(textwrap.indent(python, "    ") for python in done), ""])

    def as_gherkin(self) -> str:
        """Write a scenario in the steps of the kit."""
        lines = [f"Feature: {self.order_id}", "", f"  @payments_mock_{self.contract}"]
        lines.append(f"  Scenario: {self.says}")
        for step in self.steps:
            lines.append(f"    {step.sentence}" if step.is_note else f"    {step.keyword} {step.sentence}")
            if step.below is not None:
                lines += [f"      {line}" for line in ('"""', step.below, '"""')]
        return "\n".join([*lines, *(f"    Then {sentence}" for _, sentence in self.ends), ""])


@immutable
class ShopperAct:
    """What the shopper, the bank or time did to a payment, by the machine's clock."""

    at: datetime
    did: str
    payment: Payment


def use_keys(at: datetime, keys: str) -> ScenarioStep:
    """Have the shop use a pair of its keys from now on."""
    of = "API" if keys == API_KEYS else keys
    return ScenarioStep(at, f'sandbox.use_keys("{keys}")', f"the shop uses the keys of the {of}")


def pass_time(at: datetime, seconds: int) -> ScenarioStep:
    """Let so much time pass."""
    python = f"sandbox.clock.advance(seconds={seconds})"
    return ScenarioStep(at, python, f"{seconds} seconds pass at the provider")


def after_the_window(act: ShopperAct) -> Iterator[ScenarioStep]:
    """Yield what is done to a payment once the shopper has paid, or has not."""
    order_id = act.payment.order_id
    key = f'sandbox.payments({json.dumps(order_id)})[-1]["paymentKey"]'
    if act.did == DEPOSITS:
        sentence = f"the shopper deposits for the order {order_id}"
        yield ScenarioStep(act.at, f"sandbox.shopper.deposits({key})", sentence)
    elif act.did == REVERSES:
        sentence = f"the bank takes the deposit for the order {order_id} back"
        yield ScenarioStep(act.at, f"sandbox.shopper.has_deposit_reversed({key})", sentence)
    elif act.did == SETTLES:
        sentence = f"the provider pays the order {order_id} out to the shop"
        yield ScenarioStep(act.at, f"sandbox.settle({key})", sentence)
    elif act.did == EXPIRES:
        yield pass_time(act.at, SECONDS_TO_EXPIRE)


def in_own_window(act: ShopperAct) -> ScenarioStep:
    """Let the shopper act in a window that the shop's page has opened."""
    paid, at, amount = act.payment, act.at, act.payment.total_amount
    keys = API_KEYS if paid.key_family is None else paid.key_family.lower()
    order, of_order = json.dumps(paid.order_id), f"{amount} won for the order {paid.order_id}"
    choice, card, below = "", _card(paid), None
    if act.did == OPENS and paid.state is State.ABORTED:
        verb, choice = "fails", f", {json.dumps(paid.failure_code)}"
        sentence = f"the shopper fails with {paid.failure_code} to pay {of_order}"
    elif act.did == OPENS:
        verb, choice = "pays", ', outcome={"result": "wait"}'
        sentence = f"the shopper opens the window to pay {of_order}"
    elif _decline(paid):
        verb, choice = "is_declined_at_confirm", f", {json.dumps(_decline(paid))}"
        sentence = f"the shopper picks a card that fails with {_decline(paid)}, {of_order}"
    elif card:
        verb, choice = "pays", f', method="CARD", card={card!r}'
        sentence = f"the shopper chooses CARD and pays {of_order}"
        below = json.dumps({"card": card}, ensure_ascii=False)
    elif paid.method in (None, Method.CARD):
        verb, sentence = "pays", f"the shopper pays {of_order}"
    else:
        verb, choice = "pays", f', method="{paid.method}"'
        sentence = f"the shopper chooses {paid.method} and pays {of_order}"
    python = f"sandbox.shopper.{verb}({order}, {amount}{choice})"
    return ScenarioStep(at, python, sentence, below, keys=keys)


def in_begun_window(act: ShopperAct) -> Iterator[ScenarioStep]:
    """Yield what the shopper does in a window that the shop's server has begun, and that stands open."""
    paid, order = act.payment, json.dumps(act.payment.order_id)
    chosen: dict[str, Any] = {}
    if act.did == OPENS and paid.state is State.ABORTED:
        chosen = {"outcome": {"result": "fail", "code": paid.failure_code}}
        verb = f"fails with {paid.failure_code}"
    elif act.did == OPENS:
        return
    else:
        verb = "pays"
        if paid.method not in (None, Method.CARD):
            chosen["method"] = str(paid.method)
        chosen |= {"card": _card(paid)} if _card(paid) else {}
        chosen |= {"outcome": {"decline": _decline(paid)}} if _decline(paid) else {}
    more = "".join(f", {name}={_literal(value)}" for name, value in chosen.items())
    below = json.dumps(chosen, ensure_ascii=False) if chosen and verb == "pays" else None
    sentence = f"the shopper {verb} in the window of the order {paid.order_id}"
    yield ScenarioStep(act.at, f"sandbox.shopper.pays_in_window({order}{more})", sentence, below)


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _decline(paid: Payment) -> str | None:
    return paid.decline_code or (paid.failure_code if paid.state is State.ABORTED else None)


def _card(paid: Payment) -> dict[str, Any]:
    """Return what the shopper chose of a card that may be refused for it."""
    card = None if paid.instruments is None else paid.instruments.card
    if card is None or paid.method is not Method.CARD:
        return {}
    months = {"installmentPlanMonths": card.installment_months} if card.installment_months else {}
    return months | ({} if card.card_type is CardType.CREDIT else {"type": str(card.card_type)})


def make_call(call: Mapping[str, Any], at: datetime, names: Mapping[str, str]) -> Iterator[ScenarioStep]:
    """Yield a call of the shop, and what it is answered; `names` stand for the keys of payments."""
    seconds = [f"seconds={_UNHEARD_SECONDS}"] if "hang" in (call["fault"] or "") else []
    yield _call(call, at, names, ("answer", "sends"), "sends", seconds)
    yield _check_answer(call, at)


def begin_call(call: Mapping[str, Any], at: datetime, names: Mapping[str, str]) -> Iterator[ScenarioStep]:
    """Yield a call whose answer is held while others are made."""
    operation = call["operation"]
    sentence = f"the answer to the next {operation} is held"
    yield ScenarioStep(at, f'sandbox.faults.hold("{operation}", "after")', sentence, keyword="Given")
    yield _call(call, at, names, ("first", "begins"), "begins", [])


def end_call(call: Mapping[str, Any], at: datetime) -> Iterator[ScenarioStep]:
    """Yield the end of such a call: its answer leaves, or nobody ever hears it."""
    hung = "hang" in (call["fault"] or "")
    verb, sentence = ("cut_held", "cut") if hung else ("let_go", "let go")
    python = f"sandbox.faults.{verb}()\nanswer = first.answer()"
    yield ScenarioStep(at, python, f"the held answer is {sentence}")
    yield _check_answer(call, at)


def _call(
    call: Mapping[str, Any],
    at: datetime,
    names: Mapping[str, str],
    python: tuple[str, str],
    verb: str,
    more: Sequence[str],
) -> ScenarioStep:
    path, body = (_with_names(text, names) for text in (call["path"], call["request"]["body"]))
    headers = _telling_headers(call)
    key = headers.get(_KEY)
    under = f"under the key {key} " if key else ""
    if headers.keys() - {_KEY}:
        under = f"with the headers {json.dumps(headers)} "
    arguments = [json.dumps(call["method"]), json.dumps(path), *([repr(_read(body))] if body else [])]
    others = {name: value for name, value in headers.items() if name != _KEY}
    arguments += [f"key={json.dumps(key)}"] if key else []
    arguments += [f"headers={others!r}"] if others else []
    line = f"{python[0]} = sandbox.shop.{python[1]}({', '.join([*arguments, *more])})"
    sentence = f"{under}the shop {verb} {call['method']} {path}"
    return ScenarioStep(at, line, sentence, body or None, keys=call["keyPair"])


def _check_answer(call: Mapping[str, Any], at: datetime) -> ScenarioStep:
    status = call["status"]
    if call["sent"] != _ALL_SENT:
        return ScenarioStep(at, "assert answer is None", "no whole answer arrives", keyword="Then")
    python = f"assert answer.status_code == {status}"
    return ScenarioStep(at, python, f"the shop is answered {status}", keyword="Then")


def _telling_headers(call: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers that decide how a call is answered; that a body is JSON needs no word."""
    sent = call["request"]["headers"]
    told = {name: sent[name] for name in (_KEY, TEST_CODE) if sent.get(name)}
    kind = sent.get("Content-Type", "")
    is_other = bool(call["request"]["body"]) and kind and "json" not in kind
    return told | ({"Content-Type": kind} if is_other else {})


def _read(body: str) -> Any:
    """Return a body as the object that it is, or as the text that was sent."""
    try:
        return json.loads(body)
    except ValueError:
        return body


def _with_names(text: str, names: Mapping[str, str]) -> str:
    for key, name in names.items():
        text = text.replace(key, name)
    return text


def leave_out(call: Mapping[str, Any], at: datetime, why: str) -> ScenarioStep:
    """Say why a call is not made again."""
    note = f"# {call['method']} {call['path']} is left out: {why}."
    return ScenarioStep(at, note, note)


def arm_fault(
    at: datetime, call: Mapping[str, Any], kind: str, armed: Mapping[str, Any] | None
) -> ScenarioStep:
    """Arm a fault that struck once more; what is not `armed` any more is made out by what it did."""
    operation, moment = call["operation"], moment_of(call, kind, armed)
    effect = dict(armed["effect"]) if armed else {"kind": kind, **_fields_of(call, kind)}
    if kind == "hold":
        effect["seconds"] = _HELD_SECONDS
    if kind == "reset" and moment == "after":
        python, sentence = "lose_answer", f"the answer to the next {operation} is lost"
        return ScenarioStep(at, f'sandbox.faults.{python}("{operation}")', sentence, keyword="Given")
    if kind == "reset":
        python, sentence = "break_connection", f"the connection of the next {operation} breaks"
        return ScenarioStep(at, f'sandbox.faults.{python}("{operation}")', sentence, keyword="Given")
    python = f'sandbox.faults.arm("{operation}", "{moment}", {effect!r})'
    sentence = f"the next {operation} suffers, {moment} it happens"
    return ScenarioStep(at, python, sentence, json.dumps(effect), keyword="Given")


def moment_of(call: Mapping[str, Any], kind: str, armed: Mapping[str, Any] | None) -> str:
    """Return when a fault struck a call: `before` it changed anything, or `after`."""
    if armed:
        return str(armed["moment"])
    return "after" if call["stateAfter"] != call["stateBefore"] and kind != "error" else "before"


def _fields_of(call: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return the fields of an effect that can be told by what it did."""
    if kind == "error":
        return {"code": call["code"], "status": call["status"]}
    return {"seconds": 1} if kind == "delay" else {}
