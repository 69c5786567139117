"""Operations of the journal."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from flask import Response

from payments_mock.api.bodies import json_answer
from payments_mock.api.operation import Call, Operation
from payments_mock.api.wire import CallRecord, Replay
from payments_mock.control.clock import shown
from payments_mock.control.errors import NotReplayableError, present_error
from payments_mock.control.fault_schemas import Removed
from payments_mock.control.journal import schemas
from payments_mock.control.journal.searches import (
    JOURNAL_PATH,
    VERIFY_OPERATIONS,
    Expectation,
    await_entries,
    await_written,
    filter_of,
    present_entry,
)
from payments_mock.control.requests import Patience, provider_of, sandbox_of
from payments_mock.domain.payments.payment import KeyFamily
from payments_mock.domain.sandboxes import Merchant
from payments_mock.domain.values import JournalLane
from payments_mock.http.dispatcher import Dispatcher
from payments_mock.http.idempotency import LONGEST_KEY
from payments_mock.http.request_facts import curl_line
from payments_mock.services import journal as service
from payments_mock.services.context import in_transaction
from payments_mock.services.journal import (
    THE_BEGINNING,
    EntryNotFoundError,
    News,
    NewsKind,
    NewsPosition,
)
from payments_mock.services.sandboxes import SandboxNotFoundError, find_sandbox, list_sandboxes
from payments_mock.storage.columns import EPOCH, MICROSECOND
from payments_mock.storage.engine.database import Database
from payments_mock.storage.journal import JournalEntry
from payments_mock.storage.journal_writing import find_marked


def _list(call: Call) -> dict[str, Any] | Response:
    sandbox, query = sandbox_of(call), call.query
    chosen = filter_of(call, sandbox, query, query["after"])
    held = await_entries(call, sandbox, Expectation(chosen, query["count"], None), query["wait"])
    if held is not None:
        return held
    page = replace(chosen, before_id=query.get("before"))
    is_newest = query["order"] == "newest"
    entries = service.list_entries(call.database, sandbox, page, query["limit"], newest_first=is_newest)
    return {"entries": [present_entry(entry) for entry in entries]}


def _count(call: Call) -> dict[str, Any] | Response:
    sandbox, query = sandbox_of(call), call.query
    chosen = filter_of(call, sandbox, query, query["after"])
    held = await_written(call)
    if held is not None:
        return held
    return {"count": service.count_entries(call.database, sandbox, chosen)}


def _clear(call: Call) -> dict[str, Any] | Response:
    sandbox = sandbox_of(call)
    held = await_written(call)
    if held is not None:
        return held
    removed = service.clear_entries(call.database, sandbox)
    # Who waits because there were too many may have waited for this.
    provider_of(call).journal.watch.finish(sandbox.id)
    return {"removed": removed}


def _show(call: Call) -> dict[str, Any] | Response:
    return await_written(call) or present_entry(_entry(call))


def _show_curl(call: Call) -> dict[str, Any] | Response:
    held = await_written(call)
    if held is not None:
        return held
    entry = _called(call)
    url = call.request.host_url.rstrip("/") + entry.path
    sent = entry.details["requestHeaders"], entry.details["requestBody"]
    return {"curl": curl_line(url, entry.method, *sent)}


def _called(call: Call) -> JournalEntry:
    """Return the call of the merchant that the path names.

    Raises:
        SandboxNotFoundError, EntryNotFoundError: there is none; what a browser did is none.
    """
    entry = _entry(call)
    if entry.lane is not JournalLane.MERCHANT:
        raise EntryNotFoundError(f"the entry {entry.id} is no call of the merchant: a browser did this")
    return entry


def _replay(call: Call) -> dict[str, Any] | Response:
    held = await_written(call)
    if held is not None:
        return held
    sandbox, entry = sandbox_of(call), _called(call)
    replay = _replay_of(sandbox, entry)
    provider = provider_of(call)
    return provider.replay(call, entry, replay, partial(_show_replayed, provider))


def _replay_of(sandbox: Merchant, entry: JournalEntry) -> Replay:
    """Return what is needed to make the call of an entry again.

    Raises:
        NotReplayableError: the journal has not kept all of what was sent.
    """
    details, sent = entry.details, entry.headers(["content-type", "idempotency-key"])
    why, kind = details.get("lacks"), sent["content-type"] or ""
    if kind.lower().startswith("multipart/"):
        why = f"its body is {kind.partition(';')[0]}"
    key, scope = sent["idempotency-key"] or "", details.get("scope")
    if entry.method == "POST" and 0 < len(key) <= LONGEST_KEY and scope is None:
        why = why or "an earlier release stored it, without the scope of its Idempotency-Key"
    if why is not None:
        raise NotReplayableError(f"call {entry.id} can't be made again as it was: {why}")
    return Replay(entry.id, sandbox.code, KeyFamily(details.get("keyFamily", KeyFamily.API)), scope)


def _show_replayed(provider: Dispatcher, outer: CallRecord, replayed: CallRecord) -> Response:
    provider.journal.write()
    find = partial(find_marked, mark=replayed.webhooks.marked(provider.ids))
    entry = in_transaction(provider.database, find)
    if entry is None:
        gone = EntryNotFoundError("the call was made again, and the journal has it no more")
        return present_error(gone, outer)
    return json_answer(present_entry(entry))


def _entry(call: Call) -> JournalEntry:
    """Return the entry that the path names.

    Raises:
        SandboxNotFoundError, EntryNotFoundError: there is none.
    """
    sandbox, number = sandbox_of(call), call.path["entry"]
    if not (number.isascii() and number.isdigit() and len(number) <= 15):
        raise EntryNotFoundError(f"the journal has no entry {number}")
    return service.find_entry(call.database, sandbox, int(number))


def _events(call: Call) -> dict[str, Any] | Response:
    query = call.query
    names = _sandboxes(call.database, query.get("sandbox"))
    provider_of(call).journal.write()
    if "after" in query:
        position = _position(query["after"])
        news = service.read_news(call.database, names, position, query["limit"])
        held = None if news else Patience(call.record).look_again(query["wait"])
        if held is not None:
            return held
        position = news[-1].position if news else position
    else:
        position, news = service.newest_position(call.database, names), []
    return {"seq": _seq(position), "events": [_present_news(names, one) for one in news]}


def _sandboxes(database: Database, wanted: str | None) -> dict[int | None, str | None]:
    """Return the ids of the sandboxes that are meant, by the number that storage knows each by.

    None is among them where all are meant: what is in no sandbox.
    """
    if wanted is None:
        return {None: None, **{merchant.id: merchant.code for merchant in list_sandboxes(database)}}
    found = [find_sandbox(database, code.strip()) for code in wanted.split(",")]
    return {merchant.id: merchant.code for merchant in found}


def _present_news(names: Mapping[int | None, str | None], news: News) -> dict[str, Any]:
    return {
        "seq": _seq(news.position),
        "at": None if news.at is None else shown(news.at),
        "sandbox": names.get(news.merchant_id),
        "kind": news.kind,
        "orderId": news.order_id,
        "paymentKey": news.payment_key,
        "id": news.of_id,
    }


def _seq(position: NewsPosition) -> str:
    """Write a position down: the number of the last call, and the place in each other table."""
    numbers = [position[NewsKind.CALL][0]]
    for kind in _IN_ORDER[1:]:
        number, at = position[kind]
        numbers += (number, (at - EPOCH) // MICROSECOND)
    return "-".join(map(str, numbers))


def _position(seq: str) -> NewsPosition:
    if seq == "0":
        return THE_BEGINNING
    call, *places = map(int, seq.split("-"))
    pairs = zip(places[::2], places[1::2], strict=True)
    read = {
        kind: (number, EPOCH + at * MICROSECOND)
        for kind, (number, at) in zip(_IN_ORDER[1:], pairs, strict=True)
    }
    return {NewsKind.CALL: (call, EPOCH), **read}


_IN_ORDER: Final = tuple(THE_BEGINNING)

_ALL: Final = JOURNAL_PATH

OPERATIONS = (
    Operation(
        "read-journal",
        "GET",
        _ALL,
        "List what was asked and answered in a sandbox, or wait for it",
        _list,
        query=schemas.JournalQuery(),
        answer=schemas.Entries,
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "clear-journal",
        "DELETE",
        _ALL,
        "Clear the journal of a sandbox",
        _clear,
        answer=Removed,
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "count-journal",
        "GET",
        f"{_ALL}/count",
        "Count what was asked in a sandbox",
        _count,
        query=schemas.CountQuery(),
        answer=schemas.EntryCount,
        errors=(SandboxNotFoundError,),
    ),
    Operation(
        "show-entry",
        "GET",
        f"{_ALL}/<entry>",
        "Show one call and its answer",
        _show,
        answer=schemas.EntrySchema,
        errors=(SandboxNotFoundError, EntryNotFoundError),
    ),
    Operation(
        "show-curl",
        "GET",
        f"{_ALL}/<entry>/curl",
        "Show a call as a curl line, the key left to a variable",
        _show_curl,
        answer=schemas.CurlLine,
        errors=(SandboxNotFoundError, EntryNotFoundError),
    ),
    Operation(
        "replay-call",
        "POST",
        f"{_ALL}/<entry>/replay",
        "Make a call again as it was, with the sandbox's own key; see it and its answer as the journal does",
        _replay,
        answer=schemas.EntrySchema,
        errors=(SandboxNotFoundError, EntryNotFoundError, NotReplayableError),
    ),
    *VERIFY_OPERATIONS,
    Operation(
        "read-events",
        "GET",
        "/control/events",
        "Tell what happened in some sandboxes or all, thinly, or wait for it",
        _events,
        query=schemas.EventsQuery(),
        answer=schemas.EventsSchema,
        errors=(SandboxNotFoundError,),
    ),
)
