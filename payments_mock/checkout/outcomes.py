"""How a checkout ends: the codes it can fail with, its outcome, and the redirect to the merchant."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from payments_mock.api.catalogue import EXPIRED_PAYMENT, CatalogueEntry, catalogue, failure_message
from payments_mock.domain.payments.payment import Payment, State
from payments_mock.domain.values import LONGEST_URL

FIRST_FAILURES = (
    "PAY_PROCESS_ABORTED",
    "REJECT_CARD_COMPANY",
    "REJECT_CARD_PAYMENT",
    "INVALID_CARD_LOST_OR_STOLEN",
)
"""The codes that a tester wants most; each leads its group."""


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


SHOPPER = _codes(
    """
    BELOW_MINIMUM_AMOUNT EXCEEDS_TRANSFER_AMOUNT_MAXIMUM EXCEED_MAX_AMOUNT EXCEED_MAX_AUTH_COUNT
    EXCEED_MAX_CARD_INSTALLMENT_PLAN EXCEED_MAX_DAILY_PAYMENT_COUNT EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT
    EXCEED_MAX_ONE_DAY_AMOUNT EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT
    EXCEED_MAX_PAYMENT_AMOUNT EXCEED_MIN_CARD_INSTALLMENT_PLAN INVALID_ACCOUNT_INFO_RE_REGISTER
    INVALID_ACCOUNT_NOT_CORRECT_BANK INVALID_ACCOUNT_NUMBER INVALID_BIRTH_DAY_FORMAT INVALID_CARD
    INVALID_CARD_EXPIRATION INVALID_CARD_IDENTITY INVALID_CARD_INSTALLMENT_PLAN INVALID_CARD_LOST_OR_STOLEN
    INVALID_CARD_NUMBER INVALID_CARD_PASSWORD INVALID_PASSWORD INVALID_REFUND_ACCOUNT_INFO
    INVALID_REFUND_ACCOUNT_NUMBER INVALID_REJECT_CARD INVALID_STOPPED_CARD NOT_SUPPORTED_CARD_TYPE
    NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN
    NOT_ALLOWED_POINT_USE ACCOUNT_OWNER_CHECK_FAILED ALREADY_CLOSE_ACCOUNT PAY_PROCESS_CANCELED
    REJECT_ACCOUNT_PAYMENT REJECT_CARD_PAYMENT REJECT_TOSSPAY_INVALID_ACCOUNT RESTRICTED_TRANSFER_ACCOUNT
    NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER
    """
)
ISSUER = _codes(
    """
    CARD_PROCESSING_ERROR FDS_ERROR FORBIDDEN_BANK_REFUND_REQUEST MAINTAINED_METHOD NOT_AVAILABLE_BANK
    PROVIDER_ERROR REFUND_REJECTED REJECT_CARD_COMPANY INVALID_AUTHORIZE_AUTH
    """
)
PROVIDER = frozenset({"PAY_PROCESS_ABORTED", "IDEMPOTENT_REQUEST_PROCESSING", "TOO_MANY_REQUESTS"})
GROUPS = ("shopper", "issuer", "provider", "merchant")


def group_of(entry: CatalogueEntry) -> str:
    """Return the group that a code belongs to, by whose fault it is; the merchant's by default."""
    if entry.code in SHOPPER:
        return "shopper"
    if entry.code in ISSUER:
        return "issuer"
    return "provider" if entry.status >= 500 or entry.code in PROVIDER else "merchant"


def grouped_codes(words: Mapping[str, str], language: str) -> list[dict[str, Any]]:
    """Return the codes of the catalogue with their messages, by group; `words` name the groups.

    The message of the other language goes along, so that a search finds a code by either.
    """
    groups: dict[str, list[dict[str, str]]] = {group: [] for group in GROUPS}
    for entry in sorted(catalogue().values(), key=_place):
        shown = {"code": entry.code, "message": entry.message(language)}
        groups[group_of(entry)].append({**shown, "search": f"{entry.korean} {entry.english}"})
    return [{"label": words[f"fault_{group}"], "codes": codes} for group, codes in groups.items()]


def _place(entry: CatalogueEntry) -> tuple[int, str]:
    leads = entry.code in FIRST_FAILURES
    return (FIRST_FAILURES.index(entry.code) if leads else len(FIRST_FAILURES), entry.code)


CLOSED_BY_SHOPPER = "PAY_PROCESS_CANCELED"
FAILED = "PAY_PROCESS_ABORTED"


def is_return_url(text: str) -> bool:
    """Tell whether a browser may be sent to this URL: it is absolute, with http or https."""
    if len(text) > LONGEST_URL or any(ord(character) <= 32 for character in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def with_query(url: str, added: Mapping[str, object]) -> str:
    """Return `url` with `added` behind the query that it has, which stays as the merchant wrote it."""
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query.rstrip("&"), urlencode(added))))
    return urlunsplit(parts._replace(query=query))


def success_url(payment: Payment, base: str) -> str:
    """Return `base` with what the merchant needs to confirm."""
    added = {
        "paymentType": payment.kind.value,
        "orderId": payment.order_id,
        "paymentKey": payment.payment_key,
        "amount": payment.total_amount,
    }
    return with_query(base, added)


def fail_url(payment: Payment, base: str, code: str, message: str) -> str:
    """Return `base` with why nothing is paid; where the shopper closed the window, without the order."""
    added = {"code": code, "message": message}
    if code != CLOSED_BY_SHOPPER:
        added["orderId"] = payment.order_id
    return with_query(base, added)


def outcome_of(payment: Payment, language: str) -> dict[str, Any] | None:
    """Return the outcome that the state of `payment` stands for; None while it waits for its shopper."""
    if payment.state is State.INITIATED:
        return None
    if payment.state is State.EXPIRED:
        return _failed("EXPIRED", payment, FAILED, failure_message(EXPIRED_PAYMENT, language))
    if payment.state is State.ABORTED:
        code = payment.failure_code or FAILED
        return _failed("FAILED", payment, code, failure_message(code, language))
    return {
        "kind": "AUTHENTICATED",
        "payment": {
            "paymentType": payment.kind.value,
            "paymentKey": payment.payment_key,
            "orderId": payment.order_id,
            "amount": payment.total_amount,
        },
        "redirectUrl": payment.success_url and success_url(payment, payment.success_url),
    }


def closed(payment: Payment, language: str) -> dict[str, Any]:
    """Return the outcome of a window that the shopper closed; the payment stays as it is."""
    message = failure_message(CLOSED_BY_SHOPPER, language)
    return _failed("CLOSED", payment, CLOSED_BY_SHOPPER, message)


def _failed(kind: str, payment: Payment, code: str, message: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "code": code,
        "message": message,
        "orderId": payment.order_id,
        "redirectUrl": payment.fail_url and fail_url(payment, payment.fail_url, code, message),
    }
