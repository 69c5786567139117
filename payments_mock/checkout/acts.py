"""What a shopper's browser did, for the journal: windows that opened, decisions, and refusals of the SDK."""

import re
import time
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from typing import Any, Final

import orjson
from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException

from payments_mock.api.bodies import parsed_body
from payments_mock.api.values import whole_of
from payments_mock.api.wire import current_call
from payments_mock.domain.errors import Reason
from payments_mock.domain.sandboxes import ContractName, KeyKind, Merchant
from payments_mock.domain.values import LARGEST_AMOUNT, JournalLane
from payments_mock.http.dispatcher import find_key_owner_here, journal_of
from payments_mock.http.journal import shown_of_key
from payments_mock.http.masking import MASK, mask_fields, mask_keys, mask_reason
from payments_mock.http.request_facts import kept_headers
from payments_mock.services.checkout import find_window, find_window_of_payment
from payments_mock.services.sandboxes import SandboxNotFoundError, find_sandbox
from payments_mock.storage.columns import storable
from payments_mock.storage.engine.database import database_of
from payments_mock.storage.engine.prepared import OUTAGES
from payments_mock.storage.journal import JournalEntry
from payments_mock.storage.journal_writing import StrayCall


class BrowserAct(StrEnum):
    """What a browser does, as entries of the journal name it where calls have their operation."""

    OPEN_WINDOW = "open-window"
    OPEN_BILLING_WINDOW = "open-billing-window"
    AGREE = "agree"
    REGISTER = "register"
    FAIL = "fail"
    CLOSE = "close"
    EXPIRE = "expire"
    SDK_REFUSAL = "sdk-refusal"


SDK: Final = "SDK"
"""Stands for the method of what a script refused before any call; the path is then what the page called."""

REFUSED_BY_SDK: Final = 400
"""Stands for the status where there was no call that could have one."""

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


def note_act(response: Response) -> Response:
    """Write down what the browser did that is being answered; whatever else it asks for is no act."""
    act = _act(response.status_code)
    if act is not None:
        # What can't be written down is no reason to answer something else.
        with suppress(*OUTAGES):
            _note(act, response)
    return response


def _act(status: int) -> BrowserAct | None:
    endpoint, sent = request.endpoint or "", _sent()
    if request.method in ("OPTIONS", "HEAD") or status >= 500:
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


def _note(act: BrowserAct, response: Response) -> None:
    sent, journal = _sent(), journal_of(current_app)
    merchant = _merchant(sent)
    if merchant is not None:
        journal.add_entry(merchant.id, _entry(act, merchant, sent, response))
    elif request.endpoint not in (_LINK, _DECISIONS, _BILLING_DECISIONS):
        journal.add_stray(_stray(sent, response))


def _merchant(sent: Mapping[str, Any]) -> Merchant | None:
    """Return the merchant whose page or window it is; a call that was refused early has not said so."""
    database, code = database_of(current_app), current_call().merchant
    if code is not None:
        with suppress(SandboxNotFoundError):
            return find_sandbox(database, code)
        return None
    if request.endpoint == _LINK:
        window = find_window_of_payment(database, _path_key())
        return None if window is None else window.owner.merchant
    if request.endpoint in (_DECISIONS, _BILLING_DECISIONS):
        window = find_window(database, str(sent.get("token")))
        return None if window is None else window.owner.merchant
    key = sent.get("clientKey")
    owner = find_key_owner_here(key) if isinstance(key, str) else None
    if owner is None or owner.kind is not KeyKind.CLIENT:
        return None
    return owner.merchant if owner.merchant.contract is ContractName.TOSS else None


def _entry(act: BrowserAct, merchant: Merchant, sent: Mapping[str, Any], response: Response) -> JournalEntry:
    call, now = current_call(), journal_of(current_app).now()
    is_heard = request.endpoint == _OF_SDK
    status, code = _outcome(sent, response)
    reason = Reason(_masked(str(sent["message"]))) if is_heard else mask_reason(call.reason)
    order_id, amount = sent.get("orderId"), whole_of(sent.get("amount"))
    headers = kept_headers(request.environ)
    return JournalEntry(
        at=merchant.clock.at(now),
        received_at=now,
        milliseconds=round((time.perf_counter() - call.began) * 1000),
        operation=act,
        method=SDK if is_heard else request.method,
        path=mask_keys(str(sent["call"]) if is_heard else request.path),
        payment_key=call.change.payment_key or storable(mask_keys(_path_key()), 200) or None,
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


def _path_key() -> str:
    """Return the key of the payment that the path names, which may name none."""
    key: str = (request.view_args or {}).get("payment_key", "")
    return key


def _outcome(sent: Mapping[str, Any], response: Response) -> tuple[int, str | None]:
    """Return the status of the answer, and the code that the page is told, if any."""
    if request.endpoint == _OF_SDK:
        return (200 if sent["code"] in _CLOSED else REFUSED_BY_SDK), str(sent["code"])
    told = response.get_json(silent=True) or {}
    refused = told.get("refused")
    if refused is not None:
        return refused["status"], refused["code"]
    ended = told.get("outcome") or told
    return response.status_code, ended.get("code")


def _stray(sent: Mapping[str, Any], response: Response) -> StrayCall:
    """Note what a page did with no client key, or with one that nobody has; the key itself is not kept."""
    key = sent.get("clientKey")
    is_heard = request.endpoint == _OF_SDK
    status, code = _outcome(sent, response)
    reason = sent.get("message") if is_heard else getattr(current_call().reason, "message", None)
    return StrayCall(
        at=journal_of(current_app).now(),
        method=SDK if is_heard else request.method,
        path=mask_keys(str(sent["call"]) if is_heard else request.path),
        status=status,
        code=code,
        why=None if reason is None else _masked(str(reason)),
        key=shown_of_key(key) if isinstance(key, str) else None,
        digest=None,
    )


def _sent() -> Mapping[str, Any]:
    """Return the object in the body, an empty one where there is none."""
    try:
        content = parsed_body(request)
    except (HTTPException, orjson.JSONDecodeError):
        return {}
    return content if isinstance(content, dict) else {}


def _masked(text: str) -> str:
    """Mask what nobody should read: keys of the client, too, and the token that opens a window."""
    return _TOKEN.sub(rf"\1{MASK}", _CLIENT_KEY.sub(MASK, mask_fields(text)))
