"""The verdict on an order: was it charged once, did the merchant hear of it, and which rows prove it.

It judges by what the control API shows: entries of the journal and deliveries of webhooks, as they are in
JSON, and by how the order's payments stand. The schemas of what is told of orders are here, too.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from marshmallow import Schema, fields, validate

from payments_mock.control.journal.schemas import EntrySchema
from payments_mock.control.payments import ShownPayment
from payments_mock.control.webhooks.schemas import WebhookDelivery
from payments_mock.domain.payments.payment import PAID_STATES, Payment, State
from payments_mock.domain.values import immutable
from payments_mock.story import Lane

CHARGING: Final = frozenset({"confirm", "old-confirm", "billing-pay", "key-in", "virtual-account"})
"""The operations that charge an order."""

_ALL_SENT: Final = "answer"


class Tone(StrEnum):
    """How a verdict is to be taken: all is well, something is wrong, or it is not over yet."""

    SOUND = "sound"
    TROUBLE = "trouble"
    OPEN = "open"


@immutable
class OrderJudgement:
    """What became of an order; `evidence` names the rows that prove it, as those of a story do.

    `kind` is for programs, `code` is why the order was refused, None where it was not.
    """

    kind: str
    tone: Tone
    sentence: str
    evidence: tuple[str, ...] = ()
    code: str | None = None


@immutable
class JudgedOrder:
    """What an order is judged by, each the oldest first; `acts` are what shoppers' browsers did."""

    payments: Sequence[Payment]
    calls: Sequence[Mapping[str, Any]]
    deliveries: Sequence[Mapping[str, Any]]
    acts: Sequence[Mapping[str, Any]] = ()

    @property
    def payment(self) -> Payment | None:
        """The payment that stands for the order: the one that holds it, else the newest."""
        held = [payment for payment in self.payments if payment.holds_order]
        known = held or self.payments
        return known[-1] if known else None

    @property
    def charging(self) -> list[Mapping[str, Any]]:
        """The calls that were to charge the order."""
        return [call for call in self.calls if call["operation"] in CHARGING]

    @property
    def cancels(self) -> list[Mapping[str, Any]]:
        """The calls that were to give money back."""
        return [call for call in self.calls if call["operation"] == "cancel"]

    @property
    def lost(self) -> list[Mapping[str, Any]]:
        """The calls that were to charge the order, and whose answers did not arrive whole."""
        return [call for call in self.charging if call["sent"] != _ALL_SENT]

    @property
    def refused_deliveries(self) -> list[Mapping[str, Any]]:
        """The deliveries that were tried, and not taken by the last attempt."""
        tried = [one for one in self.deliveries if one["attempts"] and not one["forged"]]
        return [one for one in tried if one["attempts"][-1]["status"] != 200]


def judge(order: JudgedOrder) -> OrderJudgement:
    """Tell what became of an order."""
    charged = [payment for payment in order.payments if payment.state in PAID_STATES]
    if len(charged) > 1:
        done = [call for call in order.charging if _is_good(call)]
        sentence = f"Charged {len(charged)} times."
        return OrderJudgement("CHARGED_TWICE", Tone.TROUBLE, sentence, _calls(done))
    if charged:
        return _judge_charged(order, charged[0])
    return _judge_uncharged(order)


def _judge_charged(order: JudgedOrder, payment: Payment) -> OrderJudgement:
    cancels = order.cancels
    if cancels and not _is_good(cancels[-1]):
        sentence = "A refund was asked for, and refused: the money is still with the shop."
        code = cancels[-1]["code"]
        return OrderJudgement("NOT_REFUNDED", Tone.TROUBLE, sentence, _calls(cancels[-1:]), code)
    if order.lost and not _has_heard(order):
        sentence = "Charged once, and the shop does not know: no answer arrived."
        return OrderJudgement("CHARGED_UNHEARD", Tone.TROUBLE, sentence, _calls(order.lost))
    if order.refused_deliveries:
        sentence = "Charged once, and a webhook was not taken."
        return OrderJudgement(
            "WEBHOOK_NOT_TAKEN", Tone.TROUBLE, sentence, _deliveries(order.refused_deliveries)
        )
    proof = _calls(order.charging) or _deliveries(order.deliveries)
    if payment.state is State.PARTIALLY_CANCELED:
        sentence = f"Charged once, {payment.total_amount - payment.balance_amount} KRW given back."
        return OrderJudgement("PARTLY_REFUNDED", Tone.SOUND, sentence, proof + _calls(cancels))
    if order.lost:
        sentence = "Charged once, although an answer was lost."
        return OrderJudgement("CHARGED_ONCE_AFTER_LOSS", Tone.SOUND, sentence, proof)
    if len(order.charging) > 1:
        sentence = f"Charged once, though it was asked {len(order.charging)} times."
        return OrderJudgement("CHARGED_ONCE_OF_SEVERAL", Tone.SOUND, sentence, proof)
    return OrderJudgement("CHARGED_ONCE", Tone.SOUND, "Charged once.", proof)


def _judge_uncharged(order: JudgedOrder) -> OrderJudgement:
    payment, last = order.payment, order.charging[-1:]
    state = payment.state if payment else None
    unopened = [act for act in order.acts if not _is_good(act)][-1:]
    if unopened and not order.payments and not order.calls:
        code = unopened[0]["code"]
        sentence = f"The payment window did not open: {code}."
        return OrderJudgement("NOT_OPENED", Tone.TROUBLE, sentence, _calls(unopened), code)
    if state is State.CANCELED:
        return OrderJudgement("REFUNDED", Tone.SOUND, "Canceled: nothing is charged.", _calls(order.cancels))
    if last and last[0]["sent"] != _ALL_SENT:
        sentence = "No answer arrived, and nothing was charged."
        return OrderJudgement("NO_ANSWER", Tone.TROUBLE, sentence, _calls(last))
    if state is State.AWAITING_DEPOSIT:
        return OrderJudgement("AWAITING_DEPOSIT", Tone.OPEN, "Waits for the deposit.", _calls(last))
    refused = [call for call in order.calls if not _is_good(call)][-1:]
    if state is State.EXPIRED:
        return OrderJudgement("EXPIRED", Tone.OPEN, "The time to pay ran out.", _calls(refused))
    if refused and refused[0] is order.calls[-1]:
        code = refused[0]["code"] or str(refused[0]["status"])
        return OrderJudgement("REFUSED", Tone.TROUBLE, f"Refused: {code}.", _calls(refused), code)
    if payment is not None and state is State.ABORTED:
        code = payment.failure_code
        return OrderJudgement("ABORTED", Tone.OPEN, f"The shopper did not pay: {code}.", (), code)
    return OrderJudgement("WAITING", Tone.OPEN, "Waits for the confirm.", _calls(order.calls[-1:]))


def _is_good(call: Mapping[str, Any]) -> bool:
    return 200 <= (call["status"] or 0) < 300


def _has_heard(order: JudgedOrder) -> bool:
    """Tell whether the merchant was told that the order is paid: by an answer, a look-up, or a webhook."""
    arrived = [call for call in order.calls if _is_good(call) and call["sent"] == _ALL_SENT]
    # A stored answer tells as much as the first one did, though it changes nothing.
    answered = any(call["operation"] in CHARGING or _is_paid(call) for call in arrived)
    taken = [one for one in order.deliveries if one["attempts"] and one["attempts"][-1]["status"] == 200]
    return answered or any(not one["forged"] for one in taken)


def _is_paid(call: Mapping[str, Any]) -> bool:
    return call["stateAfter"] in PAID_STATES


def _calls(calls: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(f"journal {call['id']}" for call in calls)


def _deliveries(deliveries: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(f"delivery {one['id']}" for one in deliveries)


class OrdersQuery(Schema):
    """How many orders are listed, and how many calls of no order."""

    limit = fields.Integer(validate=validate.Range(min=1, max=200), load_default=50)


class OrderCounts(Schema):
    """How often things happened to an order: `confirms` are calls that were to charge it.

    `statuses` and `faults` are those of its calls, each once. `attempts` are those at its webhooks, and
    `lastAttempt` is what the shop answered the last of them.
    """

    confirms = fields.Integer(required=True)
    charges = fields.Integer(required=True)
    calls = fields.Integer(required=True)
    statuses = fields.List(fields.Integer(), required=True)
    faults = fields.List(fields.String(), required=True)
    attempts = fields.Integer(required=True)
    lastAttempt = fields.Integer(required=True, allow_none=True)  # noqa: N815


class OrderVerdictSchema(Schema):
    """What became of an order; `evidence` names what proves it: `journal 12`, or `delivery 3`."""

    kind = fields.String(required=True, metadata={"example": "CHARGED_ONCE"})
    tone = fields.String(required=True, validate=validate.OneOf(list(Tone)))
    sentence = fields.String(required=True, metadata={"example": "Charged once."})
    code = fields.String(required=True, allow_none=True)
    evidence = fields.List(fields.String(), required=True)


class OrderSummary(Schema):
    """An order as it stands; what no payment tells is null. `at` is when it changed last, sandbox time."""

    orderId = fields.String(required=True)  # noqa: N815
    orderName = fields.String(required=True, allow_none=True)  # noqa: N815
    amount = fields.Integer(required=True, allow_none=True)
    state = fields.String(required=True, allow_none=True)
    method = fields.String(required=True, allow_none=True)
    paymentKey = fields.String(required=True, allow_none=True)  # noqa: N815
    expiresAt = fields.String(required=True, allow_none=True)  # noqa: N815
    at = fields.String(required=True, allow_none=True)
    counts = fields.Nested(OrderCounts, required=True)
    verdict = fields.Nested(OrderVerdictSchema, required=True)


class OrdersSchema(Schema):
    """The newest orders, and the newest calls and acts of browsers that named no order, the newest first."""

    orders = fields.List(fields.Nested(OrderSummary), required=True)
    calls = fields.List(fields.Nested(EntrySchema), required=True)
    acts = fields.List(fields.Nested(EntrySchema), required=True)


class StoryRowSchema(Schema):
    """Something that happened, `at` by the machine's clock; `times` is how often it did in a row."""

    at = fields.String(required=True)
    lane = fields.String(required=True, validate=validate.OneOf(list(Lane)))
    did = fields.String(required=True)
    outcome = fields.String(required=True)
    evidence = fields.String(required=True, allow_none=True)
    isTrouble = fields.Boolean(required=True)  # noqa: N815
    times = fields.Integer(required=True)


class OrderScenario(Schema):
    """The story as something that runs again: lines for a shell, a test, and a scenario."""

    curl = fields.String(required=True)
    pytest = fields.String(required=True)
    gherkin = fields.String(required=True)


class OrderStorySchema(OrderSummary):
    """An order with its story: its rows, the same as `text`, and what they tell of, the oldest first."""

    payments = fields.List(fields.Nested(ShownPayment), required=True)
    rows = fields.List(fields.Nested(StoryRowSchema), required=True)
    text = fields.String(required=True)
    scenario = fields.Nested(OrderScenario, required=True)
    calls = fields.List(fields.Nested(EntrySchema), required=True)
    acts = fields.List(fields.Nested(EntrySchema), required=True)
    deliveries = fields.List(fields.Nested(WebhookDelivery), required=True)
