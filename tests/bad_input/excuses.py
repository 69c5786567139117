"""What Schemathesis is told to excuse: rules that a document can't tell, each in its operation alone.

Data that a document allows may be refused as malformed (400) for these rules and for nothing else: what state
things are in, what time it is, how two values compare, what a check digit says, what this server's settings
allow, and what a property is named. For the last JSON Schema has words, but OpenAPI 3.0 has not.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import schemathesis
from schemathesis.openapi.checks import (
    EnsureResourceAvailability,
    RejectedPositiveData,
    UnsupportedMethodResponse,
)

from payments_mock.domain.cards import DECLINES

NO_SUCH_HELD_CALL: Final = "NOT_FOUND_HELD_CALL"
"""The code for a body that names a call which is not held, in a sandbox that may well exist."""

NO_SUCH_METHOD: Final = "NOT_FOUND_HTTP_METHOD"
"""How Toss answers a wrong method: with 404, where HTTP has 405."""

_OTHER_CONTRACT = "operation: The (kiosk|toss) contract has no operation "
_NAME_OF_A_HEADER = r"headers\..*\.key: "
_NAME_OF_A_FIELD = r"set\..*\.key: "
_TOO_DEEP = "set: The value of .* is nested deeper than "
_BEYOND_THE_CALENDAR = "Must be a moment of the years 2000 to 2999|Must not lead beyond the year 2999"
_COMPARED_COUNTS = "atLeast: Must not be more than atMost"
_TARGETS_OF_THIS_SERVER = "the setting webhook_targets"
_UNTAXED_PART = r"\(taxFreeAmount: Must not be (above|more than) amount\.\)$"
_CHECK_DIGIT = "its check digit is wrong"
_ISSUER_REFUSES = f"^({'|'.join(sorted({refusal.code for refusal in DECLINES.values()}))}) "
_COMPARED_DAYS = "startDate must not be after endDate"
_CONFIRMED_BEFORE = "^ALREADY_PROCESSED_PAYMENT "
_BEGUN_WITH_ANOTHER_KEY = "^INVALID_AUTHORIZE_AUTH "
_CANCELED_BEFORE = "^ALREADY_CANCELED_PAYMENT "
_REMOVED_KEY = "^ALREADY_REMOVED_BILLING_KEY "
_OTHER_CUSTOMER = "^NOT_MATCHES_CUSTOMER_KEY "

_RULES_OF_A_FAULT = (
    _OTHER_CONTRACT,
    _NAME_OF_A_HEADER,
    _NAME_OF_A_FIELD,
    _TOO_DEEP,
    _BEYOND_THE_CALENDAR,
    "effect.code: .* is not a code of the (kiosk|toss) contract",
    "effect.between: The first must not be more than the second",
    "until: Must be later than ",
)

RULES: Final[Mapping[str, tuple[str, ...]]] = {
    "create-sandbox": ("secretKey: The keys must differ from each other",),
    "change-clock": (_BEYOND_THE_CALENDAR,),
    "change-reports": (_BEYOND_THE_CALENDAR,),
    "make-webhook-rule": (_BEYOND_THE_CALENDAR,),
    "arm-fault": _RULES_OF_A_FAULT,
    "change-fault": _RULES_OF_A_FAULT,
    "end-held-calls": ("code: .* is not a code of the (kiosk|toss) contract",),
    "read-journal": (_OTHER_CONTRACT,),
    "count-journal": (_OTHER_CONTRACT,),
    "verify-journal": (_OTHER_CONTRACT, _NAME_OF_A_HEADER, _COMPARED_COUNTS),
    "verify-journal-of": (_OTHER_CONTRACT, _NAME_OF_A_HEADER, _COMPARED_COUNTS),
    "register-webhook": (_TARGETS_OF_THIS_SERVER,),
    "forge-webhook": (
        _TARGETS_OF_THIS_SERVER,
        _NAME_OF_A_FIELD,
        _TOO_DEEP,
        "event: The payment has no virtual",
    ),
    "check-out": (r"metadata\..*\.key: ",),
    "confirm": (_CONFIRMED_BEFORE, _BEGUN_WITH_ANOTHER_KEY),
    "old-confirm": (_CONFIRMED_BEFORE, _BEGUN_WITH_ANOTHER_KEY),
    "key-in": (_UNTAXED_PART, _CHECK_DIGIT, _ISSUER_REFUSES),
    "billing-card": (_CHECK_DIGIT, _ISSUER_REFUSES),
    "billing-pay": (_UNTAXED_PART, _OTHER_CUSTOMER, _REMOVED_KEY, _ISSUER_REFUSES),
    "billing-delete": (_REMOVED_KEY,),
    "virtual-account": (_UNTAXED_PART, "^INVALID_DATE .*dueDate is", "^EXCEED_MAX_DUE_DATE "),
    "cash-receipt": (_UNTAXED_PART,),
    "cancel-cash-receipt": (_CANCELED_BEFORE,),
    "cancel": (_CANCELED_BEFORE, "^NOT_MATCHES_REFUNDABLE_AMOUNT "),
    "transactions": ("^INVALID_PAGING_KEY ", _COMPARED_DAYS),
    "settlements": (_COMPARED_DAYS,),
}
"""By operation, patterns of what the server says of a rule: `field: sentence`, or `CODE message`."""


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Tell whether a failure is a real one, and nothing that we excuse."""
    if isinstance(failure, RejectedPositiveData):
        rules = RULES.get(case.operation.definition.raw["operationId"], ())
        said = list(_said_by(response.json()))
        return response.status_code != 400 or not all(_is_told(rules, words) for words in said)
    if isinstance(failure, UnsupportedMethodResponse):
        return response.status_code != 404 or response.json()["code"] != NO_SUCH_METHOD
    if isinstance(failure, EnsureResourceAvailability):
        return bool(response.json()["code"] != NO_SUCH_HELD_CALL)
    return True


def _is_told(rules: tuple[str, ...], words: str) -> bool:
    return any(re.search(rule, words, re.DOTALL) for rule in rules)


def _said_by(answer: Mapping[str, Any]) -> Iterator[str]:
    """Return what an answer says is wrong: of each field, or else in general."""
    if "errors" in answer:
        return _of_fields(answer["errors"], ())
    return iter([f"{answer['code']} {answer['message']}"])


def _of_fields(errors: Any, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(errors, Mapping):
        for name, inner in errors.items():
            yield from _of_fields(inner, (*path, name))
    else:
        yield from (f"{'.'.join(path)}: {sentence}" for sentence in errors)
