"""Search the journal: verify how often it has a call, or wait until it has."""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, Final

from flask import Response

from payments_mock.api.bodies import error_answer
from payments_mock.api.operation import Call, Operation
from payments_mock.api.wire import WHOLE
from payments_mock.checkout.acts import BrowserAct
from payments_mock.control.clock import shown
from payments_mock.control.errors import NotVerifiedError, answer_of
from payments_mock.control.journal import schemas
from payments_mock.control.journal.schemas import ALL_LANES
from payments_mock.control.requests import Patience, check_operation, provider_of, sandbox_of
from payments_mock.domain.payments.payment import KeyFamily
from payments_mock.domain.sandboxes import Merchant
from payments_mock.domain.values import JournalLane, immutable
from payments_mock.http.journal import WRITE_BEHIND_SECONDS
from payments_mock.services.journal import Wait, count_entries, list_newest_entries, may_have_others
from payments_mock.services.sandboxes import SandboxNotFoundError, find_sandbox
from payments_mock.storage.journal import JournalEntry, JournalFilter


def filter_of(call: Call, sandbox: Merchant, match: Mapping[str, Any], after: int) -> JournalFilter:
    """Return which entries behind `after` are meant; the merchant's calls, unless another lane is named.

    Raises:
        InvalidFieldsError: the sandbox's contract has no such operation.
    """
    named = match.get("lane", JournalLane.MERCHANT)
    lane = None if named == ALL_LANES else JournalLane(named)
    acts = () if lane is JournalLane.MERCHANT else BrowserAct
    check_operation(provider_of(call).contract_of(sandbox), match, acts)
    return JournalFilter(
        operation=match.get("operation"),
        method=match.get("method"),
        payment_key=match.get("paymentKey"),
        order_id=match.get("orderId"),
        amount=match.get("amount"),
        status=match.get("status"),
        code=match.get("code"),
        fault=match.get("fault"),
        trace_id=match.get("traceId"),
        headers={name.lower(): value for name, value in _headers(match).items()},
        after_id=after,
        lane=lane,
    )


def _headers(match: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the headers that a body names as an object, or a query as lines."""
    return match.get("headers") or dict(match.get("header", ()))


def present_entry(entry: JournalEntry) -> dict[str, Any]:
    """Show an entry."""
    details, is_call = entry.details, entry.lane is JournalLane.MERCHANT
    return {
        "id": entry.id,
        "at": shown(entry.at),
        "receivedAt": shown(entry.received_at),
        "milliseconds": entry.milliseconds,
        "lane": entry.lane,
        "operation": entry.operation,
        "method": entry.method,
        "path": entry.path,
        "paymentKey": entry.payment_key,
        "orderId": entry.order_id,
        "amount": entry.amount,
        "status": entry.status,
        "code": entry.code,
        "stateBefore": entry.state_before,
        "stateAfter": entry.state_after,
        "keyPair": (details.get("keyFamily") or KeyFamily.API).lower() if is_call else None,
        "traceId": entry.trace_id,
        "faults": details["faults"],
        "fault": details.get("fault"),
        "sent": details.get("sent", WHOLE),
        "reason": details.get("reason"),
        "replayOf": details.get("replayOf"),
        "request": {"headers": details["requestHeaders"], "body": details["requestBody"]},
        "response": {"headers": details["responseHeaders"], "body": details["responseBody"]},
    }


JOURNAL_PATH: Final = "/control/sandboxes/<sandbox>/journal"


def curl_lines(calls: Iterable[Mapping[str, Any]], base_url: str) -> str:
    """Write a shop's calls as lines for a shell; SECRET_KEY, or WIDGET_SECRET_KEY, is to be filled in."""
    lines = []
    for call in calls:
        headers = call["request"]["headers"]
        key = "WIDGET_SECRET_KEY:" if call["keyPair"] == KeyFamily.WIDGET.lower() else "SECRET_KEY:"
        parts = ["curl", "-X", call["method"], shlex.quote(base_url + call["path"]), "-u", key]
        for name in ("Idempotency-Key", "Content-Type"):
            parts += ["-H", shlex.quote(f"{name}: {headers[name]}")] if headers.get(name) else []
        body = call["request"]["body"]
        lines.append(" ".join(parts + (["--data-raw", shlex.quote(body)] if body else [])))
    return "\n".join(lines)


SHOWN: Final = 5
LOOKED_THROUGH: Final = 1000
"""How many entries are compared, the newest."""

WIRE_NAMES: Final = {
    "operation": "operation",
    "method": "method",
    "payment_key": "paymentKey",
    "order_id": "orderId",
    "amount": "amount",
    "status": "status",
    "code": "code",
    "fault": "fault",
    "trace_id": "traceId",
    "headers": "headers",
}


@immutable
class Expectation:
    """How many entries a filter is to choose."""

    chosen: JournalFilter
    at_least: int
    at_most: int | None

    def holds(self, found: int) -> bool:
        """Tell whether so many are right."""
        return found >= self.at_least and (self.at_most is None or found <= self.at_most)

    def missing(self, found: int) -> int | None:
        """Return how many more must come, None if no further entry could make it right."""
        return self.at_least - found if found < self.at_least else None

    @property
    def wording(self) -> str:
        """Say how many are expected, of what."""
        values = self.chosen.values()
        values |= {"headers": _header_lines(self.chosen.headers)} if self.chosen.headers else {}
        what = ", ".join(f"{WIRE_NAMES[name]} {value}" for name, value in values.items())
        return f"{self._number} with {what or 'anything'}"

    @property
    def _number(self) -> str:
        if self.at_most is None:
            return f"at least {self.at_least}"
        if self.at_least == self.at_most:
            return f"exactly {self.at_least}"
        return f"{self.at_least} to {self.at_most}"


def _header_lines(headers: Mapping[str, str]) -> str:
    return " and ".join(f"{name}: {value}" for name, value in headers.items())


def expectation_of(body: Mapping[str, Any], chosen: JournalFilter) -> Expectation:
    """Read how many are expected; at least one where nothing is said."""
    if "count" in body:
        return Expectation(chosen, body["count"], body["count"])
    least = body.get("atLeast", 0 if "atMost" in body else 1)
    return Expectation(chosen, least, body.get("atMost"))


def nearest(entries: Sequence[JournalEntry], chosen: JournalFilter) -> list[dict[str, Any]]:
    """Show the entries that differ least from what was expected, each with how it differs."""
    compared = [(entry, _differences(entry, chosen)) for entry in entries]
    near = sorted(compared, key=lambda pair: (len(pair[1]), -pair[0].id))[:SHOWN]
    return [{"entry": present_entry(entry), "differs": differs} for entry, differs in near]


def _differences(entry: JournalEntry, chosen: JournalFilter) -> dict[str, Any]:
    wanted = chosen.values()
    return {
        WIRE_NAMES[name]: {"expected": wanted[name], "was": was}
        for name, was in chosen.differences(entry).items()
    }


OTHERS_WRITE_WITHIN_SECONDS: Final = 10 * WRITE_BEHIND_SECONDS
"""When what another process answered can be read; a process can flush its own entries only."""


def await_written(call: Call) -> Response | None:
    """Wait until all that was answered before the call can be read.

    Returns what has the server ask again, None where there is nothing to wait for any more.
    """
    return _await_written(call, Patience(call.record))


def await_entries(call: Call, sandbox: Merchant, expected: Expectation, seconds: float) -> Response | None:
    """Wait until there are as many entries as expected, at most so long; what is written can be read then.

    Returns what has the server ask again, None when the wait is over.

    Raises:
        SandboxNotFoundError: the sandbox went meanwhile.
    """
    patience, journal = Patience(call.record), provider_of(call).journal
    held = _await_written(call, patience)
    while held is None and (left := seconds - patience.waited) > 0:
        wait = _begin_to_wait(call, sandbox, expected)
        if wait is None:
            return None
        held = patience.wait(left, wait)
        if held is None:
            sandbox = find_sandbox(call.database, sandbox.code)
            journal.write()
    return held


def _await_written(call: Call, patience: Patience) -> Response | None:
    held = None
    while held is None and (left := OTHERS_WRITE_WITHIN_SECONDS - patience.waited) > 0 and _has_others(call):
        held = patience.wait(left)
    provider_of(call).journal.write()
    return held


def _has_others(call: Call) -> bool:
    """Tell whether other processes may have answered."""
    return bool(call.request.environ["wsgi.multiprocess"]) and may_have_others(call.database)


def _begin_to_wait(call: Call, sandbox: Merchant, expected: Expectation) -> Wait | None:
    """Begin to wait, unless there are as many entries as expected; whoever begins must wait or release it."""
    with ExitStack() as given_up:
        # A wait that begins before counting misses nothing in between.
        wait = provider_of(call).journal.watch.begin(sandbox.id, expected.chosen)
        given_up.callback(wait.release)
        found = count_entries(call.database, sandbox, expected.chosen)
        if expected.holds(found):
            return None
        wait.until(expected.missing(found))
        given_up.pop_all()
    return wait


def _verify(call: Call) -> dict[str, Any] | Response:
    return _verify_in(call, sandbox_of(call))


def _verify_flat(call: Call) -> dict[str, Any] | Response:
    sandbox = find_sandbox(call.database, call.body["sandbox"])
    call.record.merchant = sandbox.code
    return _verify_in(call, sandbox)


def _verify_in(call: Call, sandbox: Merchant) -> dict[str, Any] | Response:
    body, database = call.body, call.database
    chosen = filter_of(call, sandbox, body["match"], body["after"])
    expected = expectation_of(body, chosen)
    held = await_entries(call, sandbox, expected, body["wait"])
    if held is not None:
        return held
    found = count_entries(database, sandbox, chosen)
    outcome: dict[str, Any] = {
        "verified": expected.holds(found),
        "expected": expected.wording,
        "found": found,
    }
    if outcome["verified"]:
        return outcome
    entries = list_newest_entries(database, sandbox, chosen.after_id, LOOKED_THROUGH)
    status, code = answer_of(NotVerifiedError)
    message = f"expected {expected.wording}; found {found}"
    return error_answer(call.record, status, code, message, **outcome, nearest=nearest(entries, chosen))


VERIFY_OPERATIONS: Final = (
    Operation(
        "verify-journal",
        "POST",
        f"{JOURNAL_PATH}/verify",
        "Assert how many calls were made; where it fails, see those that came nearest",
        _verify,
        body=schemas.VerifyRequest(),
        answer=schemas.Verified,
        errors=(SandboxNotFoundError, NotVerifiedError),
        error_answers={422: schemas.NotVerified},
    ),
    Operation(
        "verify-journal-of",
        "POST",
        "/control/journal/verify",
        "Assert how many calls were made in the sandbox that the body names",
        _verify_flat,
        body=schemas.FlatVerifyRequest(),
        answer=schemas.Verified,
        errors=(SandboxNotFoundError, NotVerifiedError),
        error_answers={422: schemas.NotVerified},
    ),
)
