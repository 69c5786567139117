"""What can befall a request between kiosk and provider, by the words of the features."""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType

from testkit.kiosk.line import (
    Fault,
    HeldAnswer,
    Line,
    Reply,
    answer_with,
    lose_answer,
    lose_request,
    swap_answer,
)


def _error(status: int, code: str) -> Reply:
    return Reply(status, json.dumps({"code": code, "message": "Words for people."}).encode())


def _with(name: str, value: object) -> Callable[[Reply], Reply]:
    return lambda reply: Reply(reply.status, json.dumps(json.loads(reply.body) | {name: value}).encode())


def _without(name: str) -> Callable[[Reply], Reply]:
    def change(reply: Reply) -> Reply:
        body = json.loads(reply.body)
        del body[name]
        return Reply(reply.status, json.dumps(body).encode())

    return change


def _half(reply: Reply) -> Reply:
    return Reply(reply.status, reply.body[: len(reply.body) // 2], promised=len(reply.body))


AFTER: Mapping[str, Fault] = MappingProxyType(
    {
        "cuts the connection": lose_answer,
        "answers 500": swap_answer(lambda reply: _error(500, "INTERNAL_ERROR")),
        "answers 429": swap_answer(lambda reply: _error(429, "TOO_MANY_REQUESTS")),
        "answers 409 of a twin request": swap_answer(
            lambda reply: _error(409, "IDEMPOTENT_REQUEST_PROCESSING")
        ),
        "answers 401": swap_answer(lambda reply: _error(401, "UNAUTHORIZED_KEY")),
        "answers something that is no JSON": swap_answer(lambda reply: Reply(200, b"<html>OK</html>")),
        "answers only half": swap_answer(_half),
        "answers with another payment": swap_answer(_with("paymentKey", "pay_of_somebody_else")),
        "answers with another amount": swap_answer(_with("totalAmount", 1)),
        "answers without a status": swap_answer(_without("status")),
        "redirects elsewhere": swap_answer(lambda reply: Reply(302, b"{}")),
    }
)
"""The provider does what it was asked, and then something goes wrong with its answer."""

BEFORE: Mapping[str, Fault] = MappingProxyType(
    {
        "cuts the connection": lose_request,
        "does it and cuts the connection": lose_answer,
        "answers 500": answer_with(500, b'{"code": "INTERNAL_ERROR", "message": "Oh."}'),
        "answers 503 in HTML": answer_with(503, b"<h1>Maintenance</h1>"),
        "answers 401": answer_with(401, b'{"code": "UNAUTHORIZED_KEY", "message": "Who is that?"}'),
        "answers something that is no JSON": answer_with(200, b"OK"),
    }
)
"""The provider never gets so far as to charge anyone."""


def trouble_after(words: str, line: Line) -> Fault:
    """Return what befalls the answer to something that the provider did."""
    return HeldAnswer(line) if words == "takes too long to say so" else AFTER[words]


def trouble_before(words: str, line: Line) -> Fault:
    """Return what happens to a request before the provider has acted on it."""
    return HeldAnswer(line) if words == "says nothing" else BEFORE[words]
