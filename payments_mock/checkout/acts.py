"""Journal what a shopper's browser did: windows that it opened, decisions, and refusals of the SDK."""

import re
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import orjson
from flask import Request, Response, request
from werkzeug.exceptions import HTTPException

from payments_mock.api.bodies import parsed_body
from payments_mock.api.values import whole_of
from payments_mock.api.wire import CallRecord, current_call
from payments_mock.domain.errors import Reason
from payments_mock.domain.sandboxes import ContractName, KeyKind, Merchant
from payments_mock.domain.values import LARGEST_AMOUNT, JournalLane, immutable
from payments_mock.http.dispatcher import Dispatcher
from payments_mock.http.journal import shown_of_key
from payments_mock.http.masking import MASK, mask_fields, mask_keys, mask_reason
from payments_mock.http.request_facts import kept_headers
from payments_mock.services.checkout import find_window, find_window_of_payment
from payments_mock.services.sandboxes import SandboxNotFoundError, find_sandbox
from payments_mock.storage.columns import storable
from payments_mock.storage.engine.prepared import OUTAGES
from payments_mock.storage.journal import JournalEntry
from payments_mock.storage.journal_writing import StrayCall


class BrowserAct(StrEnum):
    """What a browser did; entries of the journal name it as their operation."""

    OPEN_WINDOW = "open-window"
    OPEN_BILLING_WINDOW = "open-billing-window"
    AGREE = "agree"
    REGISTER = "register"
    FAIL = "fail"
    CLOSE = "close"
    EXPIRE = "expire"
    SDK_REFUSAL = "sdk-refusal"


SDK: Final = "SDK"
"""Stands for the method of what a script refused before any call; the path is what the page called."""

REFUSED_BY_SDK: Final = 400
"""Stands for the status if there was no call."""

_SESSIONS: Final = {
    "checkout.sessions": BrowserAct.OPEN_WINDOW,
    "checkout.billing_sessions": BrowserAct.OPEN_BILLING_WINDOW,
}
_LINK: Final = "checkout.checkout_of_payment"
_DECISIONS: Final = "checkout.decisions"
_BILLING_DECISIONS: Final = "checkout.billing_decisions"
_OF_SDK: Final = "checkout.sdk_refusals"

_DECIDED: Final = {
    "authenticate": BrowserAct.AGREE,
    "fail": BrowserAct.FAIL,
    "close": BrowserAct.CLOSE,
    "expire": BrowserAct.EXPIRE,
}
_CLOSED: Final = ("USER_CANCEL", "PAYMENT_REQUEST_ABORTED")
"""What the SDK tells the page of a window that was closed without a decision in it."""

_SHOWN_HEADERS: Final = ("Origin", "User-Agent", "Accept-Language", "Content-Type", "Traceparent")
_CLIENT_KEY: Final = re.compile(r"(?:test|live)_g?ck_\w+")
_TOKEN: Final = re.compile(r"(token(?:=|\"\s*:\s*\"))[0-9a-f]{32}")


@immutable
class _Doing:
    """A request of a browser that is being answered: the record of its call, and the object it `sent`."""

    asked: Request
    call: CallRecord
    sent: Mapping[str, Any]
    response: Response

    @property
    def endpoint(self) -> str:
        return self.asked.endpoint or ""

    @property
    def is_heard(self) -> bool:
        """Whether a page tells of what its script refused."""
        return self.endpoint == _OF_SDK

    @property
    def path_key(self) -> str:
        """The key of the payment that the path names, which may name none."""
        key: str = (self.asked.view_args or {}).get("payment_key", "")
        return key


class BrowserActs:
    """Writes down for the journal of a provider what browsers do in the windows."""

    def __init__(self, provider: Dispatcher) -> None:
        self._provider = provider

    def note(self, response: Response) -> Response:
        """Write down what the browser did that is being answered; other requests are no acts."""
        asked: Request = request._get_current_object()  # type: ignore[attr-defined]
        doing = _Doing(asked, current_call(), _sent(asked), response)
        act = _act(doing)
        if act is not None:
            # The answer stays the same if the act can't be written down.
            with suppress(*OUTAGES):
                self._write(act, doing)
        return response

    def _write(self, act: BrowserAct, doing: _Doing) -> None:
        journal = self._provider.journal
        merchant = self._merchant(doing)
        if merchant is not None:
            journal.add_entry(merchant.id, _entry(act, merchant, doing, journal.now()))
        elif doing.endpoint not in (_LINK, _DECISIONS, _BILLING_DECISIONS):
            journal.add_stray(_stray(doing, journal.now()))

    def _merchant(self, doing: _Doing) -> Merchant | None:
        """Return the merchant whose page or window it is; a call that was refused early has not said so."""
        database, code, sent = self._provider.database, doing.call.merchant, doing.sent
        if code is not None:
            with suppress(SandboxNotFoundError):
                return find_sandbox(database, code)
            return None
        if doing.endpoint == _LINK:
            window = find_window_of_payment(database, doing.path_key)
            return None if window is None else window.owner.merchant
        if doing.endpoint in (_DECISIONS, _BILLING_DECISIONS):
            window = find_window(database, str(sent.get("token")))
            return None if window is None else window.owner.merchant
        key = sent.get("clientKey")
        owner = self._provider.find_key_owner(key) if isinstance(key, str) else None
        if owner is None or owner.kind is not KeyKind.CLIENT:
            return None
        return owner.merchant if owner.merchant.contract is ContractName.TOSS else None


def _act(doing: _Doing) -> BrowserAct | None:
    endpoint, sent, status = doing.endpoint, doing.sent, doing.response.status_code
    if doing.asked.method in ("OPTIONS", "HEAD") or status >= 500:
        return None
    if endpoint in _SESSIONS:
        return _SESSIONS[endpoint]
    if endpoint == _LINK:
        return BrowserAct.OPEN_WINDOW
    if endpoint == _OF_SDK:
        heard = BrowserAct.CLOSE if sent.get("code") in _CLOSED else BrowserAct.SDK_REFUSAL
        return heard if status == 200 else None
    if endpoint == _BILLING_DECISIONS and sent.get("action") == "authenticate":
        return BrowserAct.REGISTER
    is_decision = endpoint in (_DECISIONS, _BILLING_DECISIONS)
    return _DECIDED.get(str(sent.get("action"))) if is_decision else None


def _entry(act: BrowserAct, merchant: Merchant, doing: _Doing, now: datetime) -> JournalEntry:
    call, sent, is_heard = doing.call, doing.sent, doing.is_heard
    status, code = _outcome(doing)
    reason = Reason(_masked(str(sent["message"]))) if is_heard else mask_reason(call.reason)
    order_id, amount = sent.get("orderId"), whole_of(sent.get("amount"))
    headers = kept_headers(doing.asked.environ)
    response = doing.response
    return JournalEntry(
        at=merchant.clock.at(now),
        received_at=now,
        milliseconds=round((time.perf_counter() - call.began) * 1000),
        operation=act,
        method=SDK if is_heard else doing.asked.method,
        path=_path(doing),
        payment_key=call.change.payment_key or storable(mask_keys(doing.path_key), 200) or None,
        order_id=call.change.order_id or (storable(order_id, 64) if isinstance(order_id, str) else None),
        amount=amount if amount is None or abs(amount) <= LARGEST_AMOUNT else None,
        status=status,
        code=code,
        state_before=call.change.before,
        state_after=call.change.after,
        details={
            "lane": JournalLane.SHOPPER,
            "requestHeaders": {name: headers[name] for name in _SHOWN_HEADERS if name in headers},
            "requestBody": "" if is_heard or not sent else _masked(orjson.dumps(sent).decode()),
            "responseHeaders": {} if is_heard else {"Content-Type": response.content_type},
            "responseBody": "" if is_heard else _masked(response.get_data(as_text=True)),
            "faults": [],
            "reason": reason if status >= 400 else None,
            **({"mark": call.webhooks.mark} if call.webhooks.mark else {}),
        },
    )


def _path(doing: _Doing) -> str:
    return mask_keys(str(doing.sent["call"]) if doing.is_heard else doing.asked.path)


def _outcome(doing: _Doing) -> tuple[int, str | None]:
    """Return the status of the answer, and the code that the page is told, if any."""
    if doing.is_heard:
        code = doing.sent["code"]
        return (200 if code in _CLOSED else REFUSED_BY_SDK), str(code)
    told = doing.response.get_json(silent=True) or {}
    refused = told.get("refused")
    if refused is not None:
        return refused["status"], refused["code"]
    ended = told.get("outcome") or told
    return doing.response.status_code, ended.get("code")


def _stray(doing: _Doing, now: datetime) -> StrayCall:
    """Note what a page did with no client key, or with an unknown one; the key itself is not stored."""
    key = doing.sent.get("clientKey")
    status, code = _outcome(doing)
    reason = doing.sent.get("message") if doing.is_heard else getattr(doing.call.reason, "message", None)
    return StrayCall(
        at=now,
        method=SDK if doing.is_heard else doing.asked.method,
        path=_path(doing),
        status=status,
        code=code,
        why=None if reason is None else _masked(str(reason)),
        key=shown_of_key(key) if isinstance(key, str) else None,
        digest=None,
    )


def _sent(asked: Request) -> Mapping[str, Any]:
    """Return the object in the body, or an empty one."""
    try:
        content = parsed_body(asked)
    except (HTTPException, orjson.JSONDecodeError):
        return {}
    return content if isinstance(content, dict) else {}


def _masked(text: str) -> str:
    """Mask secrets, client keys, and the token that opens a window."""
    return _TOKEN.sub(rf"\1{MASK}", _CLIENT_KEY.sub(MASK, mask_fields(text)))
