"""The story of an order as something that runs again: what is done, in which order, and what comes of it.

Calls are made one after the other. Only where an answer says that another call was under way does the copy
hold that one meanwhile, however long it took in the story: the copy depends on no time.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, Final

from payments_mock.domain.values import immutable
from payments_mock.http.masking import MASK
from payments_mock.http.pipeline import REPLAYED
from payments_mock.inspector import steps as write
from payments_mock.inspector.steps import ScenarioStep, ShopperAct, WrittenScenario
from payments_mock.inspector.verdicts import CHARGING, JudgedOrder
from payments_mock.storage.journal import JournalEntry

_IN_PROGRESS: Final = "IDEMPOTENT_REQUEST_PROCESSING"
_UNDER_WAY: Final = "[S008]"
"""How the message begins with which the Toss contract refuses a second confirm without a key."""

_AN_INSTANT: Final = timedelta(microseconds=1)


@immutable
class ToldOrder:
    """An order with what others than the shop did to it, told to be copied.

    `unexplained` are the ids of its calls that repeat an answer which no call that is known was given.
    """

    order_id: str
    order: JudgedOrder
    acts: Sequence[ShopperAct]
    unexplained: Collection[int] = ()

    def until(self, call_id: int) -> "ToldOrder":
        """Return what was done to the order up to a call, and changed something."""
        calls = [call for call in self.order.calls if call["id"] <= call_id and call["method"] != "GET"]
        ends = [_received(call) for call in calls]
        acts = [act for act in self.acts if ends and _moment(act, self.order) <= max(ends)]
        return replace(self, order=replace(self.order, calls=calls), acts=acts)


def scenario_of(
    told: ToldOrder,
    contract: str,
    says: str,
    faults: Iterable[Mapping[str, Any]],
    earlier: Sequence[ToldOrder] = (),
) -> WrittenScenario:
    """Make a scenario of what happened around an order.

    `faults` are those that are still armed, as shown. Calls of this order repeat what `earlier` ones got.
    """
    copier = _Copier([*earlier, told], contract, {fault["name"]: fault for fault in faults})
    steps, is_whole = copier.steps(), not copier.leaves_out
    ends = tuple(_ends(told.order_id, told.order)) if is_whole else ()
    return WrittenScenario(told.order_id, contract, says, list(_with_keys(steps)), ends)


class _Copier:
    """Copies what was done to orders, whose calls go on in their order."""

    def __init__(
        self, orders: Sequence[ToldOrder], contract: str, faults: Mapping[str, Mapping[str, Any]]
    ) -> None:
        self._orders = orders
        self._faults = faults
        self._calls = sorted(chain.from_iterable(one.order.calls for one in orders), key=_place)
        self._payments = [paid for one in orders for paid in one.order.payments]
        is_toss = contract == "toss"
        self._names = dict(chain.from_iterable(map(_names_of, orders))) if is_toss else {}
        self._twins = _twins_by_first(self._calls)
        self._met = {twin["id"] for twins in self._twins.values() for twin in twins}
        self.leaves_out = False

    def steps(self) -> list[ScenarioStep]:
        """Return the steps, the first first, up to a call that is left out and that others rest on."""
        steps = [step for one in self._orders for step in self._acts_of(one)]
        lead: timedelta | None = None
        end: datetime | None = None
        for call in self._calls:
            received = _received(call)
            now_ahead = datetime.fromisoformat(call["at"]) - received
            if lead is not None and now_ahead - lead > timedelta(seconds=1):
                steps.append(write.pass_time(received, round((now_ahead - lead).total_seconds())))
            lead = now_ahead
            why = self._why_left_out(call) if end is None else "it rests on what is left out"
            if why is not None:
                self.leaves_out = True
                steps.append(write.leave_out(call, received, why))
                end = received if call["status"] < 400 and end is None else end
            elif call["id"] not in self._met:
                steps += self._steps_of(call, received)
        steps = [step for step in steps if end is None or step.at <= end or step.is_note]
        return sorted(steps, key=lambda step: step.at)

    def _acts_of(self, told: ToldOrder) -> Iterator[ScenarioStep]:
        begun = _born_of(told.order, {"start"})
        made = _born_of(told.order, _MAKERS)
        for act in told.acts:
            act, key = replace(act, at=_moment(act, told.order)), act.payment.payment_key
            if act.did not in (write.OPENS, write.PAYS):
                yield from write.after_the_window(act)
            elif key in begun:
                yield from write.in_begun_window(replace(act, at=max(act.at, begun[key] + _AN_INSTANT)))
            elif key not in made:
                yield write.in_own_window(act)

    def _steps_of(self, call: Mapping[str, Any], at: datetime) -> Iterator[ScenarioStep]:
        twins = self._twins.get(call["id"], ())
        if not twins:
            yield from self._faults_of(call, at)
            yield from write.make_call(call, at, self._names)
            return
        at = min(at, *map(_received, twins))
        yield from self._faults_of(call, at, without=("delay", "hold", "hang"))
        yield from write.begin_call(call, at, self._names)
        for twin in twins:
            yield from self._faults_of(twin, at)
            yield from write.make_call(twin, at, self._names)
        yield from write.end_call(call, at)

    def _faults_of(
        self, call: Mapping[str, Any], at: datetime, without: Collection[str] = ()
    ) -> Iterator[ScenarioStep]:
        """Yield the faults that struck a call, without those of some kinds that held its answer back."""
        for name, kind in zip(call["faults"], (call["fault"] or "").split(","), strict=False):
            armed = self._faults.get(name)
            if kind not in without or write.moment_of(call, kind, armed) == "before":
                yield write.arm_fault(at, call, kind, armed)

    def _why_left_out(self, call: Mapping[str, Any]) -> str | None:
        """Say why a call can't be made again from the stories that are told; None where it can."""
        if MASK in call["request"]["body"]:
            return "the journal masks a part of its body"
        if call["operation"] == "billing-pay":
            return "it needs a billing key, which the shopper registers"
        known = {paid.payment_key for paid in self._payments}
        if call["code"] in _OF_ANOTHER_ORDER and call["paymentKey"] not in known:
            return "it names a payment of another order"
        if any(call["id"] in told.unexplained for told in self._orders):
            return "it got the answer of another call, which the journal does not have"
        if _met_another(call) and call["id"] not in self._met:
            return "it met a call under way that the story does not tell of"
        return None


_OF_ANOTHER_ORDER: Final = frozenset({"AMOUNT_MISMATCH", "FORBIDDEN_REQUEST"})
_MAKERS: Final = frozenset({"start", "key-in", "virtual-account", "billing-pay"})
"""The operations of the shop that make a payment; that of "start" waits for the shopper in its window."""


def _with_keys(steps: Iterable[ScenarioStep]) -> Iterator[ScenarioStep]:
    """Yield steps with those that change the keys which the shop uses."""
    used = write.API_KEYS
    for step in steps:
        if step.keys not in (None, used):
            used = step.keys or used
            yield write.use_keys(step.at, used)
        yield step


def _place(call: Mapping[str, Any]) -> tuple[datetime, int]:
    """Return where a call stands among those of all orders."""
    return _received(call), call["id"]


def _received(call: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(call["receivedAt"])


def _moment(act: ShopperAct, order: JudgedOrder) -> datetime:
    """Return when an act is to be done again: before the first call that knew of it, whatever the clocks say.

    A clock that stands still, or was moved, tells no order.
    """
    key = act.payment.payment_key
    if act.did in (write.OPENS, write.PAYS):
        knew = (call for call in order.calls if key in call["path"] or key in call["request"]["body"])
    elif act.did == write.EXPIRES and act.payment.expires_at is not None:
        # Times are shown to the millisecond.
        over = act.payment.expires_at - timedelta(milliseconds=1)
        knew = (call for call in order.calls if datetime.fromisoformat(call["at"]) > over)
    else:
        return act.at
    first = next((_received(call) for call in knew), act.at)
    return min(act.at, first - _AN_INSTANT)


def _names_of(told: ToldOrder) -> Iterator[tuple[str, str]]:
    """Name the keys of payments that another run makes anew."""
    for place, paid in enumerate(told.order.payments, 1):
        yield paid.payment_key, f"{{payment {place} of {told.order_id}}}"


def _born_of(order: JudgedOrder, makers: Collection[str]) -> dict[str, datetime]:
    """Return the keys of payments that calls of the shop have made, and when."""
    made = [call for call in order.calls if call["operation"] in makers]
    return {
        paid.payment_key: _received(call)
        for call in reversed(made)
        for paid in order.payments
        if paid.payment_key in call["response"]["body"]
    }


def _met_another(call: Mapping[str, Any]) -> bool:
    """Tell whether a call was refused since another one was under way, and not by a fault."""
    asked = write.TEST_CODE in call["request"]["headers"] or "error" in (call["fault"] or "")
    is_refused = call["code"] == _IN_PROGRESS or f'"{_UNDER_WAY}' in call["response"]["body"]
    return is_refused and not asked


def _twins_by_first(calls: Sequence[Mapping[str, Any]]) -> Mapping[int, list[Mapping[str, Any]]]:
    """Return the calls that met another one under way, by the id of that one."""
    twins: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for place, call in enumerate(calls):
        if _met_another(call):
            # The journal has a call once it is done, which may be after its twin was refused.
            others = chain(reversed(calls[:place]), calls[place + 1 :])
            first = next((other for other in others if _is_first_of(call, other)), None)
            if first is not None:
                twins[first["id"]].append(call)
    return twins


def _is_first_of(twin: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether a call may be the one that its twin has met."""
    if other["status"] >= 400 or other["stateAfter"] is None:
        return False
    if twin["code"] == _IN_PROGRESS:
        return _scope(twin) == _scope(other)
    return other["operation"] in CHARGING and twin["paymentKey"] == other["paymentKey"]


def _scope(call: Mapping[str, Any]) -> tuple[object, ...]:
    """Return what an idempotency key is good for."""
    key = call["request"]["headers"].get("Idempotency-Key")
    return call["keyPair"], call["method"], call["path"], key


def firsts_of(
    calls: Sequence[JournalEntry], find: Callable[[JournalEntry], Sequence[JournalEntry]]
) -> dict[int, JournalEntry | None]:
    """Return who got an answer first, by the id of each call that repeats it, if that is none of these.

    It is None where `find`, which looks for the calls before one with its idempotency key, finds none.
    """
    repeats = [call for call in calls if _repeats(call) and _first_of(call, calls) is None]
    return {call.id: _first_of(call, find(call)) for call in repeats}


_CHANGING: Final = CHARGING | {"cancel"}


def _first_of(repeat: JournalEntry, calls: Iterable[JournalEntry]) -> JournalEntry | None:
    scope = repeat.details["scope"]
    same = (
        call for call in calls if call.order_id and call.id < repeat.id and call.details.get("scope") == scope
    )
    # A stored answer comes back without the code by which it was refused.
    firsts = [call for call in same if call.status == repeat.status and not _repeats(call)]
    return firsts[-1] if firsts else None


def _repeats(call: JournalEntry) -> bool:
    """Tell whether a call was answered as an earlier one with its idempotency key was."""
    if call.details.get("scope") is None:
        return False
    if call.status < 400:
        # These change a payment, unless somebody has done that before.
        return call.operation in _CHANGING and call.state_after is None
    return bool((call.details.get("reason") or {}).get("message") == REPLAYED.message)


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
