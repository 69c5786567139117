"""How the Toss suite judges an answer."""

from typing import Any

from marshmallow import RAISE, Schema
from werkzeug.test import TestResponse

from payments_mock.api.catalogue import catalogue
from payments_mock.contracts.toss.errors import UNKNOWN_KEY


def answered(response: TestResponse, schema: Schema, *absent: str) -> dict[str, Any]:
    """Return what a call answered: all fields of the schema but those `absent`, as they should be."""
    assert response.status_code == 200, response.text
    assert response.content_type == "application/json"
    content: dict[str, Any] = response.get_json()
    schema.load(content, unknown=RAISE)
    assert content.keys() == schema.fields.keys() - set(absent)
    return content


def assert_refused(response: TestResponse, code: str) -> str:
    """Check that a call was refused with the code and its status; return the message."""
    content: dict[str, Any] = response.get_json() or {}
    assert (response.status_code, content.get("code")) == (catalogue()[code].status, code), response.text
    assert content.keys() == {"code", "message"} | ({"data"} if code == UNKNOWN_KEY else set())
    assert content.get("data") is None
    assert "X-TossPayments-Trace-Id" in response.headers
    return str(content["message"])
