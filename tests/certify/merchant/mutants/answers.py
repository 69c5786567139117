"""Mutants that misread what came back from the provider, or that nothing came back."""

from typing import Any

from tests.certify.merchant.orders import Order
from tests.certify.merchant.provider import Reply, Trouble
from tests.certify.merchant.reading import Found, Verdict
from tests.certify.merchant.shop import Shop

KNOWN_FIELDS = frozenset(
    {
        "mId",
        "version",
        "paymentKey",
        "status",
        "lastTransactionKey",
        "orderId",
        "orderName",
        "requestedAt",
        "approvedAt",
        "useEscrow",
        "cultureExpense",
        "card",
        "virtualAccount",
        "transfer",
        "mobilePhone",
        "giftCertificate",
        "cashReceipt",
        "cashReceipts",
        "discount",
        "cancels",
        "secret",
        "type",
        "easyPay",
        "easyPayAmount",
        "easyPayDiscountAmount",
        "country",
        "failure",
        "isPartialCancelable",
        "receipt",
        "checkout",
        "currency",
        "totalAmount",
        "balanceAmount",
        "suppliedAmount",
        "vat",
        "taxFreeAmount",
        "taxExemptionAmount",
        "method",
        "metadata",
    }
)
"""What a payment has, by the provider's reference."""


class _TakesTroubleForRefusal(Shop):
    """A lost answer to a confirm counts as a refusal."""

    troubles: frozenset[Trouble]

    def read_confirm(self, order: Order, reply: Reply) -> Found:
        return Found(Verdict.OVER) if reply.trouble in self.troubles else super().read_confirm(order, reply)


class TakesSilenceForRefusal(_TakesTroubleForRefusal):
    """No answer to a confirm, for whatever reason, counts as a refusal."""

    own = frozenset(
        {
            "failing-work/money-not-kept",
            "lagging-lists/money-not-kept",
            "late-success/money-not-kept",
            "lost-answer/money-not-kept",
            "repeated-webhook/money-not-kept",
        }
    )

    troubles = frozenset(Trouble)


class TakesTimeOutForRefusal(_TakesTroubleForRefusal):
    """A read time-out counts as a refusal."""

    own = frozenset({"late-success/money-not-kept", "lost-answer/money-not-kept"})

    troubles = frozenset({Trouble.LATE})


class TakesResetForRefusal(_TakesTroubleForRefusal):
    """A connection that is reset counts as a refusal."""

    own = frozenset(
        {"lagging-lists/money-not-kept", "lost-answer/money-not-kept", "repeated-webhook/money-not-kept"}
    )

    troubles = frozenset({Trouble.RESET})


class TakesEmptyAnswerForRefusal(_TakesTroubleForRefusal):
    """A connection that is closed without an answer counts as a refusal."""

    own = frozenset(
        {"failing-work/money-not-kept", "lost-answer/money-not-kept", "repeated-webhook/money-not-kept"}
    )

    troubles = frozenset({Trouble.EMPTY})


class TakesHalfAnAnswerForRefusal(_TakesTroubleForRefusal):
    """An answer that breaks off counts as a refusal."""

    own = frozenset({"lost-answer/money-not-kept"})

    troubles = frozenset({Trouble.HALF})


class TakesGarbageForRefusal(Shop):
    """A success that can't be read counts as a refusal."""

    own = frozenset({"lost-answer/money-not-kept"})

    def read_confirm(self, order: Order, reply: Reply) -> Found:
        is_garbage = reply.status == 200 and reply.content is None
        return Found(Verdict.OVER) if is_garbage else super().read_confirm(order, reply)


class TakesServerErrorForRefusal(Shop):
    """A 5xx to a confirm counts as a refusal, though the card may be charged."""

    own = frozenset({"lost-answer/money-not-kept"})

    def read_confirm(self, order: Order, reply: Reply) -> Found:
        return Found(Verdict.OVER) if reply.status >= 500 else super().read_confirm(order, reply)


class TakesProcessingForRefusal(Shop):
    """The answer that an earlier confirm is still at work counts as a refusal."""

    own = frozenset({"late-success/money-not-kept"})

    undecided = Shop.undecided - {"IDEMPOTENT_REQUEST_PROCESSING"}


class TakesProcessedForRefusal(Shop):
    """ALREADY_PROCESSED_PAYMENT counts as a refusal."""

    own = frozenset(
        {
            "failing-work/money-not-kept",
            "lagging-lists/money-not-kept",
            "lost-answer/key-sent",
            "lost-answer/money-not-kept",
            "second-confirm/money-not-kept",
        }
    )

    undecided = Shop.undecided - {"ALREADY_PROCESSED_PAYMENT"}

    def confirm_key(self, order: Order) -> str | None:
        return None

    def second_press(self, order_id: str, payment_key: str) -> Order:
        """Look what became of the first: another confirm would be refused now and then, as chance has it."""
        return self.refresh(order_id)


class TakesProcessedForSuccess(Shop):
    """ALREADY_PROCESSED_PAYMENT counts as paid, without a look-up."""

    own = frozenset({"lost-answer/key-sent", "second-confirm/goods-once", "second-confirm/paid-is-paid"})

    def read_confirm(self, order: Order, reply: Reply) -> Found:
        was_processed = reply.code == "ALREADY_PROCESSED_PAYMENT"
        return Found(Verdict.PAID) if was_processed else super().read_confirm(order, reply)

    def confirm_key(self, order: Order) -> str | None:
        return None


class TakesAnySuccessForPaid(Shop):
    """Any 200 to a confirm counts as paid; nobody reads what it says."""

    own = frozenset({"lying-success/goods-once", "lying-success/not-believed", "lying-success/paid-is-paid"})

    def read_confirm(self, order: Order, reply: Reply) -> Found:
        return Found(Verdict.PAID) if reply.status == 200 else super().read_confirm(order, reply)


class TakesUnknownStatusForPaid(Shop):
    """A status that the shop does not know counts as paid."""

    own = frozenset({"lying-success/not-believed"})

    def verdict_of(self, payment: dict[str, Any]) -> Verdict:
        verdict = super().verdict_of(payment)
        return Verdict.PAID if verdict is Verdict.UNKNOWN and "status" in payment else verdict


class TakesMissingStatusForPaid(Shop):
    """A success without a status counts as paid."""

    own = frozenset({"lying-success/not-believed"})

    def verdict_of(self, payment: dict[str, Any]) -> Verdict:
        return super().verdict_of({"status": "DONE"} | payment)


class TakesUnknownStatusForRefusal(Shop):
    """A status that the shop does not know counts as a refusal, though the card may be charged."""

    own = frozenset({"lying-success/money-not-kept"})

    def verdict_of(self, payment: dict[str, Any]) -> Verdict:
        verdict = super().verdict_of(payment)
        return Verdict.OVER if verdict is Verdict.UNKNOWN else verdict


class IgnoresOrderOfAnswer(Shop):
    """An approval of another order counts as this one's."""

    own = frozenset({"lying-success/not-believed"})

    def is_about(self, order: Order, payment: dict[str, Any]) -> bool:
        return super().is_about(order, payment | {"orderId": order.id})


class IgnoresAmountOfAnswer(Shop):
    """An approval of another amount counts as this one's."""

    own = frozenset({"lying-success/not-believed"})

    def is_about(self, order: Order, payment: dict[str, Any]) -> bool:
        return super().is_about(order, payment | {"totalAmount": order.amount})


class RefusesUnknownFields(Shop):
    """A success with a field that the shop does not know counts as a refusal."""

    own = frozenset({"lying-success/money-not-kept", "lying-success/unknown-fields-taken"})

    def read_confirm(self, order: Order, reply: Reply) -> Found:
        found = super().read_confirm(order, reply)
        is_strange = set(reply.payment or {}) - KNOWN_FIELDS
        return Found(Verdict.OVER) if found.verdict is Verdict.PAID and is_strange else found


class TakesFailedLookUpForRefusal(Shop):
    """A look-up that fails counts as proof that nothing was charged."""

    own = frozenset(
        {"failing-work/money-not-kept", "lagging-lists/money-not-kept", "lost-answer/money-not-kept"}
    )

    def read_look_up(self, order: Order, reply: Reply) -> Found:
        failed = reply.trouble is not None or reply.status >= 500
        return Found(Verdict.OVER) if failed else super().read_look_up(order, reply)


class TakesUnderWayForRefusal(Shop):
    """A payment that is not charged yet counts as refused; the confirm comes through later."""

    own = frozenset({"late-success/money-not-kept"})

    def read_look_up(self, order: Order, reply: Reply) -> Found:
        found = super().read_look_up(order, reply)
        return Found(Verdict.OVER) if found.verdict is Verdict.UNDER_WAY else found


class TakesIssuedAccountForPaid(Shop):
    """A virtual account that was issued counts as paid."""

    own = frozenset(
        {
            "deposit/goods-once",
            "deposit/paid-is-paid",
            "forged-webhook/goods-once",
            "forged-webhook/paid-is-paid",
        }
    )

    statuses = Shop.statuses | {"WAITING_FOR_DEPOSIT": Verdict.PAID}


class IgnoresExpiredSession(Shop):
    """The answer that the shopper's time has run out is not read; the order hangs."""

    own = frozenset({"expiry/order-settles"})

    undecided = Shop.undecided | {"NOT_FOUND_PAYMENT_SESSION", "NOT_FOUND_PAYMENT"}

    def look_up(self, order: Order) -> Found:
        found = super().look_up(order)
        return Found(Verdict.UNKNOWN) if found.verdict is Verdict.OVER else found
