"""The pitfalls, and the checks by which a merchant passes them; ids never change."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Severity(StrEnum):
    """What a check that does not hold means."""

    MUST = "must"
    SHOULD = "should"


class Invariant(StrEnum):
    """What must hold of an order's money and state, whatever happened to it."""

    CHARGED_ONCE = "charged-once"
    """The provider holds no more than the order's amount, and for one payment."""
    MONEY_NOT_KEPT = "money-not-kept"
    """An order that is open, failed or refunded has no money at the provider."""
    PAID_IS_PAID = "paid-is-paid"
    """An order that is paid has its money at the provider."""
    REFUND_IS_TRUE = "refund-is-true"
    """What the order says was refunded is what the provider gave back."""
    REFUNDED_ONCE = "refunded-once"
    """No more went back than the shopper asked for."""
    GOODS_ONCE = "goods-once"
    """The goods of an order are delivered once, and never without money."""
    ORDER_SETTLES = "order-settles"
    """The order has a final state in time."""


MONEY: Final = (
    Invariant.CHARGED_ONCE,
    Invariant.MONEY_NOT_KEPT,
    Invariant.PAID_IS_PAID,
    Invariant.GOODS_ONCE,
    Invariant.ORDER_SETTLES,
)
REFUNDS: Final = (*MONEY, Invariant.REFUND_IS_TRUE, Invariant.REFUNDED_ONCE)


@dataclass(frozen=True)
class Check:
    """Something a merchant must or should do; its id is `pitfall/name`."""

    id: str
    expects: str
    severity: Severity = Severity.MUST

    @property
    def pitfall(self) -> str:
        """The pitfall that it belongs to."""
        return self.id.split("/")[0]


EXPECTED: Final = {
    Invariant.CHARGED_ONCE: "The shopper is charged once, however often the order is pressed.",
    Invariant.MONEY_NOT_KEPT: "An order that is open, failed or refunded holds none of the shopper's money.",
    Invariant.PAID_IS_PAID: "An order counts as paid only while the provider holds its whole amount.",
    Invariant.REFUND_IS_TRUE: "The order says that money went back exactly when it did.",
    Invariant.REFUNDED_ONCE: "No more goes back than was asked for.",
    Invariant.GOODS_ONCE: "The goods are delivered once, and only for money.",
    Invariant.ORDER_SETTLES: "The order has a final state within `settles_within`.",
}


@dataclass(frozen=True)
class Pitfall:
    """Something that breaks merchants; `number` is its place in docs/pitfalls.md."""

    number: int
    id: str
    title: str
    why: str
    cause: str
    mend: str
    invariants: tuple[Invariant, ...] = MONEY
    more: tuple[tuple[str, str, Severity], ...] = ()

    @property
    def checks(self) -> tuple[Check, ...]:
        """Its checks: the invariants that it can break, and those of its own."""
        shared = [Check(f"{self.id}/{one}", EXPECTED[one]) for one in self.invariants]
        return (*shared, *(Check(f"{self.id}/{name}", text, severity) for name, text, severity in self.more))


_SHOULD: Final = Severity.SHOULD
_MUST: Final = Severity.MUST

PITFALLS: Final = (
    Pitfall(
        1,
        "lost-answer",
        "The answer is lost after the approval",
        "The card is charged and the shop never hears of it.",
        "A connection error on confirm is taken for a refusal.",
        "Treat it as unknown: keep the order pending, look the payment up, and only then decide.",
        more=(("key-sent", "A confirm carries an Idempotency-Key, so that it can be repeated.", _SHOULD),),
    ),
    Pitfall(
        2,
        "late-success",
        "A read time-out, and success later",
        "The retry meets 409 IDEMPOTENT_REQUEST_PROCESSING while the first confirm is still at work.",
        "The time-out, or the 409 to the retry, is taken for a failure.",
        "A time-out and IDEMPOTENT_REQUEST_PROCESSING mean: not known yet. Look the payment up later.",
    ),
    Pitfall(
        3,
        "shared-key",
        "One idempotency key for two orders",
        "The body is no part of the key's scope: order B gets order A's answer.",
        "The key is a constant, or made of the shopper or the cart.",
        "Make the key of the order and the attempt, and compare orderId and amount of the answer.",
    ),
    Pitfall(
        4,
        "second-confirm",
        "A second confirm without a key",
        "ALREADY_PROCESSED_PAYMENT says that a confirm was carried out, not how it ended.",
        "The code is read as a failure, or blindly as a success.",
        "On ALREADY_PROCESSED_PAYMENT look the payment up, and believe the look-up.",
    ),
    Pitfall(
        5,
        "racing-webhook",
        "A webhook before the answer; DONE, then ABORTED",
        "Two writers race for the order, and the last one wins.",
        "The handler writes whatever status the webhook names.",
        "Look the payment up on every webhook, and let the order change by compare-and-set only.",
    ),
    Pitfall(
        6,
        "repeated-webhook",
        "Webhooks that come twice",
        "Goods are granted twice; one deposit fires two kinds of events.",
        "Every webhook delivers, whether or not the order is paid already.",
        "Deliver in the same transaction that makes the order paid, and only there.",
    ),
    Pitfall(
        7,
        "forged-webhook",
        "A forged webhook",
        "Anybody can send one: payment events have no signature.",
        "The body is believed.",
        "Take nothing but the order from a webhook, and look the payment up.",
        REFUNDS,
        (("real-events-taken", "Real events, which have no signature, are answered with 200.", _MUST),),
    ),
    Pitfall(
        8,
        "signed-webhook",
        "A signed event that is written anew",
        "Parsing and writing JSON changes its bytes, and the signature never matches.",
        "The signature is computed over the parsed body, or only the first of two is compared.",
        "Keep the raw bytes, and accept the event if any v1 signature matches.",
        (),
        (
            ("right-signature-taken", "An event with a right signature is answered with 2xx.", _MUST),
            ("wrong-signature-refused", "An event with a wrong signature is refused.", _MUST),
        ),
    ),
    Pitfall(
        9,
        "deposit",
        "Deposits: short, late, taken back",
        "An account that was issued is not paid, and a deposit can be taken back.",
        "WAITING_FOR_DEPOSIT counts as paid, or DONE as final.",
        "An order is paid while a look-up says DONE; a reversal makes it pending again.",
    ),
    Pitfall(
        10,
        "expiry",
        "Time runs out",
        "A confirm after ten minutes gets 404; the shopper's window closes after thirty.",
        "The order is paid or stuck because the refusal was not read.",
        "NOT_FOUND_PAYMENT_SESSION means that nothing was charged: open or fail the order.",
    ),
    Pitfall(
        11,
        "lost-refund",
        "The answer to a cancel is lost, and the cancel is sent again",
        "Money goes back twice, or the order never hears of it.",
        "A lost answer is a failure, or the refund is repeated blindly.",
        "Repeat a cancel under the same Idempotency-Key, or look the payment up first.",
        REFUNDS,
    ),
    Pitfall(
        12,
        "racing-refunds",
        "Partial cancels race",
        "Refunds together exceed what was paid, or are recorded and never made.",
        "The balance is checked before the cancel, and written after it.",
        "Reserve the amount in the order by compare-and-set, and record what the provider answered.",
        REFUNDS,
    ),
    Pitfall(
        13,
        "failing-work",
        "Approved, and the shop's own work fails",
        "Paid, no order, no refund.",
        "What follows the approval is not made up for: no retry, no reconciliation.",
        "Write down the payment before the confirm, and reconcile what is unknown.",
        REFUNDS,
    ),
    Pitfall(
        14,
        "settled-refund",
        "A cancel after the payout",
        "What was paid out can't be cancelled the same way.",
        "The refund is recorded before, or whatever, the provider answers.",
        "Record a refund when the provider has said so; tell the shopper when it refuses.",
        REFUNDS,
    ),
    Pitfall(
        15,
        "lagging-lists",
        "Reconciliation lags",
        "A payment that is seconds old is missing from the list of transactions.",
        "A payment that the list misses counts as unpaid.",
        "Look payments up one by one, by key or by order; lists are for yesterday.",
    ),
    Pitfall(
        16,
        "outage",
        "Bursts of 5xx and 429, maintenance",
        "Retry storms; orders that fail although the card was charged.",
        "Every error is retried at once, or counts as a refusal.",
        "Retry a few times with growing pauses under the same key; then leave the order pending.",
        more=(("retries-bounded", "At most 20 calls are made for one order in an outage.", _SHOULD),),
    ),
    Pitfall(
        17,
        "double-press",
        "Two confirms from the page",
        "A refresh, an effect that runs twice, two tabs.",
        "Each press starts a payment or a delivery of its own.",
        "Let one request at a time act on an order; the others join it or are refused.",
    ),
    Pitfall(
        18,
        "tampering",
        "Amount or order tampered with on the way back",
        "The redirect is in the shopper's hands.",
        "The amount or the order of the redirect is believed.",
        "Compare them with your own record before you confirm, and confirm your own amount.",
        more=(("cheap-payment-refused", "An order is not paid by less than its amount.", _MUST),),
    ),
    Pitfall(
        19,
        "last-item",
        "The last item, two shoppers",
        "Both are charged, and one gets nothing.",
        "Stock is looked at before the charge, and taken after it.",
        "Set the piece aside before the charge, or give the money back, and retry until it is.",
        REFUNDS,
        (("sold-once", "A single piece is sold to one shopper.", _MUST),),
    ),
    Pitfall(
        20,
        "cancelled-elsewhere",
        "Cancelled elsewhere, by the console",
        "The shop still delivers, or refunds once more.",
        "Nobody looks at a payment again once it is paid.",
        "Handle CANCELED and PARTIAL_CANCELED events, and reconcile.",
        REFUNDS,
    ),
    Pitfall(
        21,
        "partial-refunds",
        "Refunds in parts",
        "Roundings add up to more or less than was paid.",
        "Parts are computed by percentage, or a part counts as the whole.",
        "Count refunds in won, and take the balance from the provider's answer.",
        REFUNDS,
    ),
    Pitfall(
        22,
        "lying-success",
        "A success that lies",
        "A 200 may carry an unknown status, another order, another amount, or half a body.",
        "Any 200 counts as paid.",
        "Paid is: this payment, this order, this amount, and status DONE.",
        more=(
            ("unknown-fields-taken", "Fields that are new do not keep an order from being paid.", _SHOULD),
        ),
    ),
    Pitfall(
        23,
        "declined-card",
        "One idempotency key for an order",
        "After a declined card, every later card gets the first refusal replayed.",
        "The key is the order's id.",
        "Make a new key for each attempt: a refusal ends the attempt.",
        more=(("can-pay-again", "After a declined card the order, or a new one, can be paid.", _MUST),),
    ),
)

PITFALL_BY_ID: Final = {pitfall.id: pitfall for pitfall in PITFALLS}
CHECKS: Final = tuple(check for pitfall in PITFALLS for check in pitfall.checks)
CHECK_BY_ID: Final = {check.id: check for check in CHECKS}
