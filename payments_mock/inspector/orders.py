"""Operations that tell of orders: the newest with their verdicts, and the story of one."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from flask import Response

from payments_mock.api.operation import Call, Operation
from payments_mock.checkout.acts import BrowserAct
from payments_mock.control.clock import shown
from payments_mock.control.faults import present_fault
from payments_mock.control.journal.searches import await_written, curl_lines, present_entry
from payments_mock.control.payments import present_payment
from payments_mock.control.requests import context_of_sandbox
from payments_mock.control.webhooks.deliveries import present_delivery
from payments_mock.domain.payments.payment import Payment, State, TransactionKind
from payments_mock.domain.sandboxes import ContractName
from payments_mock.inspector.scenarios import ToldOrder, firsts_of, scenario_of
from payments_mock.inspector.steps import DEPOSITS, EXPIRES, OPENS, PAYS, REVERSES, SETTLES, ShopperAct
from payments_mock.inspector.verdicts import (
    JudgedOrder,
    OrderJudgement,
    OrdersQuery,
    OrdersSchema,
    OrderStorySchema,
    judge,
)
from payments_mock.services.context import Context
from payments_mock.services.faults import list_faults
from payments_mock.services.payments.lookup import (
    OrderEvidence,
    find_calls_of_key,
    find_history,
    find_order,
    list_acts_of_no_order,
    list_calls_of_no_order,
    list_newest_orders,
)
from payments_mock.services.sandboxes import SandboxNotFoundError
from payments_mock.storage.journal import JournalEntry
from payments_mock.story import Lane, Story, StoryRow, StoryVerdict, drawn, story_of

_ENDED_ALONE: Final = (State.EXPIRED, State.ABORTED)


def _list(call: Call) -> dict[str, Any] | Response:
    context, most = context_of_sandbox(call), call.query["limit"]
    held = await_written(call)
    if held is not None:
        return held
    calls, acts = list_calls_of_no_order(context, most), list_acts_of_no_order(context, most)
    return {
        "orders": [_listed(order) for order in list_newest_orders(context, most)],
        "calls": [present_entry(entry) for entry in reversed(calls)],
        "acts": [present_entry(entry) for entry in reversed(acts)],
    }


def _show(call: Call) -> dict[str, Any] | Response:
    context, order_id = context_of_sandbox(call), call.path["order"]
    return await_written(call) or tell_order(context, order_id)


def tell_order(context: Context, order_id: str) -> dict[str, Any]:
    """Tell all that is known of an order: its story, its verdict, and how it runs again."""
    evidence = find_order(context, order_id)
    order = _judged(evidence)
    verdict = judge(order)
    story = _story(context, order_id, order, verdict)
    return {
        **_summary(order_id, order, verdict),
        "payments": [present_payment(context, payment) for payment in order.payments],
        "rows": [_present_row(row) for row in story.rows],
        "text": drawn(story),
        "scenario": _scenario(context, evidence, order, verdict),
        "calls": order.calls,
        "acts": order.acts,
        "deliveries": order.deliveries,
    }


def _judged(order: OrderEvidence) -> JudgedOrder:
    return JudgedOrder(
        order.payments,
        [present_entry(entry) for entry in order.calls],
        [present_delivery(found) for found in order.deliveries],
        [present_entry(entry) for entry in order.acts],
    )


def _listed(evidence: OrderEvidence) -> dict[str, Any]:
    order = _judged(evidence)
    return _summary(evidence.order_id, order, judge(order))


def _summary(order_id: str, order: JudgedOrder, verdict: OrderJudgement) -> dict[str, Any]:
    payment = order.payment
    attempts = [attempt for one in order.deliveries for attempt in one["attempts"]]
    return {
        "orderId": order_id,
        "orderName": payment.order_name if payment else None,
        "amount": payment.total_amount if payment else _amount(order),
        "state": payment.state if payment else None,
        "method": payment.method if payment else None,
        "paymentKey": payment.payment_key if payment else None,
        "expiresAt": shown(payment.expires_at) if payment and payment.expires_at else None,
        "at": _latest(order),
        "counts": {
            "confirms": len(order.charging),
            "charges": sum(1 for each in order.payments if each.approved_at is not None),
            "calls": len(order.calls),
            "statuses": sorted({call["status"] for call in order.calls}),
            "faults": sorted({name for call in order.calls for name in call["faults"]}),
            "attempts": len(attempts),
            "lastAttempt": attempts[-1]["status"] if attempts else None,
        },
        "verdict": _present_verdict(verdict),
    }


def _amount(order: JudgedOrder) -> int | None:
    entries = (*reversed(order.calls), *reversed(order.acts))
    return next((entry["amount"] for entry in entries if entry["amount"] is not None), None)


def _latest(order: JudgedOrder) -> str | None:
    called = [entry["at"] for entries in (order.calls, order.acts) for entry in entries[-1:]]
    paid = [shown(each.approved_at or each.requested_at) for each in order.payments]
    return max(called + paid, default=None)


def _present_verdict(verdict: OrderJudgement) -> dict[str, Any]:
    return {
        "kind": verdict.kind,
        "tone": verdict.tone,
        "sentence": verdict.sentence,
        "code": verdict.code,
        "evidence": list(verdict.evidence),
    }


def _scenario(
    context: Context, evidence: OrderEvidence, order: JudgedOrder, verdict: OrderJudgement
) -> dict[str, str]:
    firsts = firsts_of(evidence.calls, partial(find_calls_of_key, context))
    told = _told(context, evidence, order, [call for call, first in firsts.items() if first is None])
    latest = {first.order_id: first for first in firsts.values() if first is not None}
    earlier = [_until(context, first) for first in latest.values()]
    faults = [present_fault(armed) for armed in list_faults(context.database, context.merchant)]
    scenario = scenario_of(told, str(context.merchant.contract), verdict.sentence, faults, earlier)
    calls = [call for one in (*earlier, told) for call in one.order.calls]
    return {
        "curl": curl_lines(calls, context.reader.base_url),
        "pytest": scenario.as_pytest(),
        "gherkin": scenario.as_gherkin(),
    }


def _told(
    context: Context, evidence: OrderEvidence, order: JudgedOrder, unexplained: Collection[int]
) -> ToldOrder:
    acts = [act for payment in order.payments for act in _shoppers_acts(context, payment, order)]
    return ToldOrder(evidence.order_id, order, acts, unexplained)


def _until(context: Context, first: JournalEntry) -> ToldOrder:
    """Tell another order up to the call whose answer was repeated; what it repeats itself is not told."""
    evidence = find_order(context, first.order_id or "")
    repeats = firsts_of(evidence.calls, lambda _: ())
    return _told(context, evidence, _judged(evidence), repeats).until(first.id)


def _shoppers_acts(context: Context, payment: Payment, order: JudgedOrder) -> Iterator[ShopperAct]:
    """Yield what is to be done again beside the shop's calls; a payment of the kiosk has no window."""
    rows = list(_acts(context, payment, order))
    has_paid = any(row.did.startswith("pays ") for row in rows)
    for row in rows:
        did = _DONE_AGAIN.get(row.did)
        if did is not None:
            yield ShopperAct(row.at, PAYS if did is OPENS and has_paid else did, payment)
    if payment.settled_at is not None:
        yield ShopperAct(payment.settled_at - _lead(payment.settled_at, order.calls), SETTLES, payment)


_DONE_AGAIN: Final = {
    "opens the window": OPENS,
    "deposits": DEPOSITS,
    "takes the deposit back": REVERSES,
    "the time to pay runs out": EXPIRES,
}


def _story(context: Context, order_id: str, order: JudgedOrder, verdict: OrderJudgement) -> Story:
    rows, seen = [], set()
    for payment in order.payments:
        for row in _acts(context, payment, order):
            act = _browsers_act(row, payment, order)
            if act is not None:
                seen.add(act["id"])
                row = replace(
                    row, at=datetime.fromisoformat(act["receivedAt"]), evidence=f"journal {act['id']}"
                )
            rows.append(row)
    entries = [*order.calls, *(act for act in order.acts if act["id"] not in seen)]
    told = StoryVerdict(verdict.tone != "trouble", verdict.sentence, verdict.evidence)
    return story_of(f"order {order_id}", entries, order.deliveries, rows, told)


def _browsers_act(row: StoryRow, payment: Payment, order: JudgedOrder) -> Mapping[str, Any] | None:
    """Return what the shopper's browser did where that is what a row tells."""
    wanted = next((act for said, act in _BROWSERS_ACTS.items() if row.did.startswith(said)), None)
    same = [act for act in order.acts if act["operation"] == wanted and act["status"] < 400]
    return next((act for act in same if act["paymentKey"] == payment.payment_key), None)


_BROWSERS_ACTS: Final = {
    "opens the window": BrowserAct.OPEN_WINDOW,
    "pays ": BrowserAct.AGREE,
    "gives up": BrowserAct.FAIL,
    "the time to pay runs out": BrowserAct.EXPIRE,
}
"""How rows begin that tell of what a browser may have done."""


def _acts(context: Context, payment: Payment, order: JudgedOrder) -> Iterator[StoryRow]:
    """Yield what nobody called for: the shopper's steps in the window, the bank's, and time that ran out."""
    history = find_history(context, payment.payment_key)
    if context.merchant.contract is not ContractName.KIOSK:
        yield _act(payment.requested_at, Lane.SHOPPER, "opens the window", State.INITIATED, order)
    if State.AUTHENTICATED in history.turns:
        chosen = f"pays by {payment.method}" if payment.method else "pays in the window"
        yield _act(history.turns[State.AUTHENTICATED], Lane.SHOPPER, chosen, State.AUTHENTICATED, order)
    was_issued = any(step.kind is TransactionKind.ISSUE for step in history.movements)
    for step in history.movements:
        if step.kind is TransactionKind.APPROVAL and was_issued:
            yield _act(step.at, Lane.SHOPPER, "deposits", step.state, order)
        if step.kind is TransactionKind.REVERSAL:
            yield _act(step.at, Lane.PROVIDER, "takes the deposit back", step.state, order)
    ended = history.turns.get(payment.state) if payment.state in _ENDED_ALONE else None
    if ended is not None and payment.state is State.EXPIRED:
        yield _act(ended, Lane.PROVIDER, "the time to pay runs out", payment.state, order)
    elif ended is not None and not order.charging:
        yield _act(ended, Lane.SHOPPER, f"gives up: {payment.failure_code}", payment.state, order)


def _act(at: datetime, lane: Lane, did: str, outcome: str, order: JudgedOrder) -> StoryRow:
    return StoryRow(at - _lead(at, order.calls), lane, did, outcome)


def _lead(at: datetime, calls: Sequence[Mapping[str, Any]]) -> timedelta:
    """Return how far the sandbox's clock was ahead of the machine's, by the call that came nearest.

    Rows of a story are ordered by the machine's time, as the sandbox's may be moved or stand still.
    """
    if not calls:
        return timedelta()
    near = min(calls, key=lambda call: abs(datetime.fromisoformat(call["at"]) - at))
    return datetime.fromisoformat(near["at"]) - datetime.fromisoformat(near["receivedAt"])


def _present_row(row: StoryRow) -> dict[str, Any]:
    return {
        "at": shown(row.at),
        "lane": row.lane,
        "did": row.did,
        "outcome": row.outcome,
        "evidence": row.evidence,
        "isTrouble": row.is_trouble,
        "times": row.times,
    }


_ALL = "/control/sandboxes/<sandbox>/orders"

OPERATIONS = (
    Operation(
        "list-orders",
        "GET",
        _ALL,
        "List the newest orders with what was done to each and its verdict, and calls of no order",
        _list,
        query=OrdersQuery(),
        answer=OrdersSchema,
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "show-order",
        "GET",
        f"{_ALL}/<path:order>",
        "Tell the story of an order: who did what and when, the verdict, and the rows that prove it",
        _show,
        answer=OrderStorySchema,
        errors=(SandboxNotFoundError,),
    ),
)
