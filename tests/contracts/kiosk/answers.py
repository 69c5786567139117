"""How the kiosk suite judges an answer."""

from typing import Any

from marshmallow import RAISE, Schema
from werkzeug.test import TestResponse

from payments_mock.api.operation import Operation
from payments_mock.contracts.kiosk.contract import KIOSK_CONTRACT
from payments_mock.contracts.kiosk.schemas import KioskErrorSchema

OPERATIONS = {operation.name: operation for operation in KIOSK_CONTRACT.operations}


def assert_answers(response: TestResponse, operation: Operation) -> None:
    """Check that a call succeeded with exactly the fields that its operation promises."""
    assert response.status_code == 200, response.text
    assert operation.answer is not None
    assert_json(response, operation.answer())


def assert_refused(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    """Check that a call was refused so, in the one shape of errors; return what was answered."""
    assert (response.status_code, (response.json or {}).get("code")) == (status, code), response.text
    optional = {"errors", "data"}
    assert_json(response, KioskErrorSchema(partial=optional), optional=optional)
    answered: dict[str, Any] = response.get_json()
    assert ("data" in answered) == (code == "UNAUTHORIZED_KEY")
    assert ("errors" in answered) <= (code == "INVALID_REQUEST")
    return answered


def assert_json(
    response: TestResponse, schema: Schema, optional: frozenset[str] | set[str] = frozenset()
) -> None:
    """Check that an answer is JSON with all of the schema's fields, as they should be, and no other."""
    assert response.content_type == "application/json"
    schema.load(response.get_json(), unknown=RAISE)
    assert response.get_json().keys() | optional == schema.fields.keys() | optional
