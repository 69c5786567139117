"""A sandbox is written down for a report of a bug."""

from typing import Any

from tests.control.desk import SandboxDesk


def export(sandbox: SandboxDesk) -> Any:
    return sandbox.done("GET", "export")


def test_the_calls_are_an_http_archive(kiosk: SandboxDesk) -> None:
    kiosk.shop().pay()
    kiosk.shop().get("pay_123")

    log = export(kiosk)["har"]["log"]

    assert (log["version"], log["creator"]["name"]) == ("1.2", "payments-mock")
    create, confirm, look = log["entries"]
    assert (create["request"]["method"], create["response"]["status"]) == ("POST", 200)
    assert confirm["request"]["url"].endswith("/v1/payments/confirm")
    assert '"order_123"' in confirm["request"]["postData"]["text"]
    assert confirm["response"]["content"]["mimeType"].startswith("application/json")
    assert "postData" not in look["request"]
    fields = {"startedDateTime", "time", "request", "response", "cache", "timings", "comment"}
    assert all(entry.keys() == fields for entry in log["entries"])


def test_no_key_is_in_it(kiosk: SandboxDesk) -> None:
    kiosk.shop().pay()

    written = kiosk.call("GET", "export").text
    assert kiosk.made["secretKey"] not in written
    assert "Basic " not in written


def test_the_orders_come_with_scenarios_and_the_faults_that_struck(kiosk: SandboxDesk) -> None:
    kiosk.arm("reset", "after", name="lost", match={"operation": "confirm"})
    kiosk.shop().create()
    kiosk.shop().confirm()

    written = export(kiosk)

    [order] = written["orders"]
    assert order["verdict"]["kind"]
    assert 'sandbox.faults.lose_answer("confirm")' in order["scenario"]["pytest"]
    assert [fault["name"] for fault in written["faults"]] == ["lost"]
    assert written["har"]["log"]["entries"][-1]["comment"].startswith("confirm, struck by lost")


def test_as_many_orders_as_asked_for_are_told(kiosk: SandboxDesk) -> None:
    for number in range(3):
        kiosk.shop().create(orderId=f"order_00{number}", paymentKey=f"pay_00{number}")

    assert len(kiosk.done("GET", "export?orders=2")["orders"]) == 2
