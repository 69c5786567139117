"""The control API, as a test suite uses it."""

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from testkit.inside.shop import Shop
from testkit.inside.toss_merchant import TossMerchant


class Desk:
    """Calls the control API of an application."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        return self.app.test_client().open(f"/control/{path}", method=method, **options)

    def done(self, method: str, path: str, **fields: object) -> Any:
        """Make a call that must succeed, and return what it answered."""
        answer = self.call(method, path, **({"json": fields} if fields else {}))
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def refused(self, method: str, path: str, **fields: object) -> Any:
        """Make a call that must be refused for a field, and return why, by field."""
        answer = self.call(method, path, json=fields)
        assert (answer.status_code, answer.get_json()["code"]) == (400, "INVALID_REQUEST"), answer.text
        return answer.get_json()["errors"]

    def sandbox(self, **fields: object) -> "SandboxDesk":
        return SandboxDesk(self, self.done("POST", "sandboxes", **{"contract": "kiosk", **fields}))


RULE_FIELDS = ("name", "match", "times", "skip", "from", "until", "lasts")


class SandboxDesk:
    """Calls the control API for one sandbox."""

    def __init__(self, desk: Desk, made: dict[str, Any]) -> None:
        self.desk = desk
        self.made = made
        self.path = f"sandboxes/{made['id']}"

    def shop(self) -> Shop:
        return Shop(self.desk.app, self.made["secretKey"])

    def merchant(self) -> TossMerchant:
        return TossMerchant(self.desk.app, self.made["secretKey"], self.made["clientKey"])

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        return self.desk.call(method, f"{self.path}/{path}".rstrip("/"), **options)

    def done(self, method: str, path: str, **fields: object) -> Any:
        return self.desk.done(method, f"{self.path}/{path}".rstrip("/"), **fields)

    def refused(self, method: str, path: str, **fields: object) -> Any:
        return self.desk.refused(method, f"{self.path}/{path}", **fields)

    def arm(self, kind: str, moment: str = "before", **fields: Any) -> dict[str, Any]:
        """Arm a fault; the other fields belong to the rule."""
        rule = {name: fields.pop(name) for name in RULE_FIELDS if name in fields}
        armed: dict[str, Any] = self.done(
            "POST", "faults", moment=moment, effect={"kind": kind, **fields}, **rule
        )
        return armed
