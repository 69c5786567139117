"""The story of an order as something that runs again: curl lines, a test of pytest, and Gherkin."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from payments_mock.domain.payments.instruments import CardType
from payments_mock.domain.payments.methods import Method
from payments_mock.domain.payments.payment import Payment, State
from payments_mock.domain.values import immutable
from payments_mock.http.masking import MASK
from payments_mock.inspector.schemas import ScenarioStep, WrittenScenario
from payments_mock.inspector.verdicts import JudgedOrder

SECONDS_TO_EXPIRE: Final = 31 * 60
OPENS: Final = "opens"
PAYS: Final = "pays"
DEPOSITS: Final = "deposits"
REVERSES: Final = "reverses"
EXPIRES: Final = "expires"
SETTLES: Final = "settles"
_ALL_SENT: Final = "answer"
_TEST_CODE: Final = "Tosspayments-Test-Code"
_HELD_SECONDS: Final = 0.2
_UNHEARD_SECONDS: Final = 3
"""How long a call waits for an answer that never comes."""


@immutable
class ShopperAct:
    """What the shopper, the bank or time did to a payment, by the machine's clock."""

    at: datetime
    did: str
    payment: Payment


def scenario_of(
    order_id: str,
    contract: str,
    says: str,
    order: JudgedOrder,
    acts: Iterable[ShopperAct],
    faults: Iterable[Mapping[str, Any]],
) -> WrittenScenario:
    """Make a scenario of what happened around an order; `faults` are those that are still armed, as shown."""
    by_name = {fault["name"]: fault for fault in faults}
    keys = _placeholders(order_id, order.payments) if contract == "toss" else {}
    born = _born_of_calls(order)
    steps = [
        step for act in acts for step in _steps_of_act(order_id, replace(act, at=_moment(act, order)), born)
    ]
    lead: timedelta | None = None
    left_out: datetime | None = None
    for call in order.calls:
        received = datetime.fromisoformat(call["receivedAt"])
        now_ahead = datetime.fromisoformat(call["at"]) - received
        if lead is not None and now_ahead - lead > timedelta(seconds=1):
            steps.append(_passing(received, round((now_ahead - lead).total_seconds())))
        lead = now_ahead
        why = _why_left_out(call, order) if left_out is None else "it rests on what is left out"
        if why is None:
            steps += _steps_of_call(call, received, keys, by_name)
            continue
        steps.append(_note(call, received, why))
        if call["status"] < 400 and left_out is None:
            left_out = received
    is_whole = not any(step.is_note for step in steps)
    steps = [step for step in steps if left_out is None or step.at <= left_out or step.is_note]
    ends = tuple(_ends(order_id, order)) if is_whole else ()
    return WrittenScenario(order_id, contract, says, sorted(steps, key=lambda step: step.at), ends)


def _moment(act: ShopperAct, order: JudgedOrder) -> datetime:
    """Return when an act is to be done again: before the first call that knew of it, whatever the clocks say.

    A clock that stands still, or was moved, tells no order.
    """
    key = act.payment.payment_key
    if act.did in (OPENS, PAYS):
        knew = (call for call in order.calls if key in call["path"] or key in call["request"]["body"])
    elif act.did == EXPIRES and act.payment.expires_at is not None:
        # Times are shown to the millisecond.
        over = act.payment.expires_at - timedelta(milliseconds=1)
        knew = (call for call in order.calls if datetime.fromisoformat(call["at"]) > over)
    else:
        return act.at
    first = next((datetime.fromisoformat(call["receivedAt"]) for call in knew), act.at)
    return min(act.at, first - timedelta(microseconds=1))


def _placeholders(order_id: str, payments: Sequence[Payment]) -> dict[str, str]:
    """Name the keys that another run makes anew."""
    return {paid.payment_key: f"{{payment {place} of {order_id}}}" for place, paid in enumerate(payments, 1)}


def _born_of_calls(order: JudgedOrder) -> set[str]:
    """Return the keys of payments that a call of the shop has made, and no window."""
    makers = [call for call in order.calls if call["operation"] in _MAKERS]
    return {
        paid.payment_key
        for paid in order.payments
        if any(paid.payment_key in call["response"]["body"] for call in makers)
    }


_MAKERS: Final = frozenset({"start", "key-in", "virtual-account", "billing-pay"})


def _steps_of_act(order_id: str, act: ShopperAct, born: set[str]) -> Iterator[ScenarioStep]:
    if act.did in (OPENS, PAYS) and act.payment.payment_key not in born:
        yield _window(act, order_id)
    elif act.did == DEPOSITS:
        python = f"sandbox.shopper.deposits({_newest_key(order_id)})"
        yield ScenarioStep(act.at, python, f"the shopper deposits for the order {order_id}")
    elif act.did == REVERSES:
        python = f"sandbox.shopper.has_deposit_reversed({_newest_key(order_id)})"
        yield ScenarioStep(act.at, python, f"the bank takes the deposit for the order {order_id} back")
    elif act.did == SETTLES:
        python = f"sandbox.settle({_newest_key(order_id)})"
        yield ScenarioStep(act.at, python, f"the provider pays the order {order_id} out to the shop")
    elif act.did == EXPIRES:
        yield _passing(act.at, SECONDS_TO_EXPIRE)


def _newest_key(order_id: str) -> str:
    return f'sandbox.payments({json.dumps(order_id)})[-1]["paymentKey"]'


def _window(act: ShopperAct, order_id: str) -> ScenarioStep:
    paid, at, order, amount = act.payment, act.at, json.dumps(order_id), act.payment.total_amount
    of_order = f"{amount} won for the order {order_id}"
    if act.did == OPENS and paid.state is State.ABORTED:
        python = f"sandbox.shopper.fails({order}, {amount}, {json.dumps(paid.failure_code)})"
        return ScenarioStep(at, python, f"the shopper fails with {paid.failure_code} to pay {of_order}")
    if act.did == OPENS:
        python = f'sandbox.shopper.pays({order}, {amount}, outcome={{"result": "wait"}})'
        return ScenarioStep(at, python, f"the shopper opens the window to pay {of_order}")
    if paid.decline_code is not None or paid.state is State.ABORTED:
        code = paid.decline_code or paid.failure_code
        python = f"sandbox.shopper.is_declined_at_confirm({order}, {amount}, {json.dumps(code)})"
        return ScenarioStep(at, python, f"the shopper picks a card that fails with {code}, {of_order}")
    card = _card(paid)
    if card:
        python = f'sandbox.shopper.pays({order}, {amount}, method="CARD", card={card!r})'
        sentence = f"the shopper chooses CARD and pays {of_order}"
        return ScenarioStep(at, python, sentence, json.dumps({"card": card}, ensure_ascii=False))
    if paid.method in (None, Method.CARD):
        return ScenarioStep(at, f"sandbox.shopper.pays({order}, {amount})", f"the shopper pays {of_order}")
    python = f'sandbox.shopper.pays({order}, {amount}, method="{paid.method}")'
    return ScenarioStep(at, python, f"the shopper chooses {paid.method} and pays {of_order}")


def _card(paid: Payment) -> dict[str, Any]:
    """Return what the shopper chose of a card that may be refused for it."""
    card = None if paid.instruments is None else paid.instruments.card
    if card is None or paid.method is not Method.CARD:
        return {}
    months = {"installmentPlanMonths": card.installment_months} if card.installment_months else {}
    return months | ({} if card.card_type is CardType.CREDIT else {"type": str(card.card_type)})


def _passing(at: datetime, seconds: int) -> ScenarioStep:
    return ScenarioStep(
        at, f"sandbox.clock.advance(seconds={seconds})", f"{seconds} seconds pass at the provider"
    )


def _steps_of_call(
    call: Mapping[str, Any], at: datetime, keys: Mapping[str, str], faults: Mapping[str, Mapping[str, Any]]
) -> Iterator[ScenarioStep]:
    kinds = (call["fault"] or "").split(",")
    for name, kind in zip(call["faults"], kinds, strict=False):
        yield _fault(at, call, kind, faults.get(name))
    path, body = (_with_placeholders(text, keys) for text in (call["path"], call["request"]["body"]))
    is_whole, headers = call["sent"] == _ALL_SENT, _telling_headers(call)
    key = headers.get("Idempotency-Key")
    under = f"under the key {key} " if key else ""
    if headers.keys() - {"Idempotency-Key"}:
        under = f"with the headers {json.dumps(headers)} "
    sentence = f"{under}the shop sends {call['method']} {path}"
    yield ScenarioStep(at, _python_of(call, path, body, headers), sentence, body or None)
    said = f"the shop is answered {call['status']}" if is_whole else "no whole answer arrives"
    python = f"assert answer.status_code == {call['status']}" if is_whole else "assert answer is None"
    yield ScenarioStep(at, python, said, keyword="Then")


def _telling_headers(call: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers that decide how a call is answered; that a body is JSON needs no word."""
    sent = call["request"]["headers"]
    told = {name: sent[name] for name in ("Idempotency-Key", _TEST_CODE) if sent.get(name)}
    kind = sent.get("Content-Type", "")
    is_other = bool(call["request"]["body"]) and kind and "json" not in kind
    return told | ({"Content-Type": kind} if is_other else {})


def _python_of(call: Mapping[str, Any], path: str, body: str, headers: Mapping[str, str]) -> str:
    arguments = [json.dumps(call["method"]), json.dumps(path)]
    arguments += [repr(_read(body))] if body else []
    others = dict(headers)
    key = others.pop("Idempotency-Key", None)
    arguments += [f"key={json.dumps(key)}"] if key else []
    arguments += [f"headers={others!r}"] if others else []
    arguments += [f"seconds={_UNHEARD_SECONDS}"] if "hang" in (call["fault"] or "") else []
    return f"answer = sandbox.shop.sends({', '.join(arguments)})"


def _read(body: str) -> Any:
    """Return a body as the object that it is, or as the text that was sent."""
    try:
        return json.loads(body)
    except ValueError:
        return body


def _with_placeholders(text: str, keys: Mapping[str, str]) -> str:
    for key, placeholder in keys.items():
        text = text.replace(key, placeholder)
    return text


def _why_left_out(call: Mapping[str, Any], order: JudgedOrder) -> str | None:
    """Say why a call can't be made again from the story of its order alone; None where it can."""
    if MASK in call["request"]["body"]:
        return "the journal masks a part of its body"
    if call["operation"] in _BILLING:
        return "it needs a billing key, which the shopper registers"
    known = {paid.payment_key for paid in order.payments}
    if call["code"] in _OF_ANOTHER_ORDER and call["paymentKey"] not in known:
        return "it names a payment of another order"
    return None


_BILLING: Final = frozenset({"billing-pay"})
_OF_ANOTHER_ORDER: Final = frozenset({"AMOUNT_MISMATCH", "FORBIDDEN_REQUEST"})


def _note(call: Mapping[str, Any], at: datetime, why: str) -> ScenarioStep:
    note = f"# {call['method']} {call['path']} is left out: {why}."
    return ScenarioStep(at, note, note)


def _fault(at: datetime, call: Mapping[str, Any], kind: str, armed: Mapping[str, Any] | None) -> ScenarioStep:
    """Arm a fault that struck once more; what is not armed any more is made out by what it did."""
    operation, changed = call["operation"], call["stateAfter"] != call["stateBefore"]
    moment = armed["moment"] if armed else ("after" if changed and kind != "error" else "before")
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


def _fields_of(call: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return the fields of an effect that can be told by what it did."""
    if kind == "error":
        return {"code": call["code"], "status": call["status"]}
    return {"seconds": 1} if kind == "delay" else {}


def _ends(order_id: str, order: JudgedOrder) -> Iterator[tuple[str, str]]:
    counts = Counter(call["operation"] for call in order.charging if call["orderId"] == order_id)
    for operation, count in counts.items():
        yield (
            f'sandbox.journal.assert_called("{operation}", count={count}, order_id={json.dumps(order_id)})',
            f"the provider received {count} {operation} for the order {order_id}",
        )
    if order.payments:
        state = order.payments[-1].state
        yield (
            f'sandbox.assert_state({json.dumps(order_id)}, "{state}")',
            f"the order {order_id} is {state} at the provider",
        )
