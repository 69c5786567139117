"""Lists are read from their newest end, and page by page backwards from there."""

from typing import Any

import pytest

from tests.control.desk import SandboxDesk

LISTS = [("payments", "payments", "number"), ("journal", "entries", "id")]


def numbers(sandbox: SandboxDesk, path: str, list_name: str, number: str, query: str) -> list[int]:
    listed: list[dict[str, Any]] = sandbox.done("GET", f"{path}?{query}")[list_name]
    return [one[number] for one in listed]


@pytest.fixture
def busy(kiosk: SandboxDesk) -> SandboxDesk:
    for place in range(5):
        kiosk.shop().create(orderId=f"order_00{place}", paymentKey=f"pay_00{place}")
    return kiosk


@pytest.mark.parametrize(("path", "name", "number"), LISTS)
def test_the_newest_comes_first_where_it_is_asked_for(
    busy: SandboxDesk, path: str, name: str, number: str
) -> None:
    oldest_first = numbers(busy, path, name, number, "limit=1000")

    assert len(oldest_first) == 5
    assert numbers(busy, path, name, number, "order=newest") == oldest_first[::-1]


@pytest.mark.parametrize(("path", "name", "number"), LISTS)
def test_pages_lead_back_to_the_oldest(busy: SandboxDesk, path: str, name: str, number: str) -> None:
    read: list[int] = []
    while page := numbers(
        busy, path, name, number, f"order=newest&limit=2{f'&before={read[-1]}' if read else ''}"
    ):
        read += page

    assert read == numbers(busy, path, name, number, "limit=1000")[::-1]


def test_a_filter_goes_with_a_page(busy: SandboxDesk) -> None:
    busy.shop().confirm(orderId="order_001", paymentKey="pay_001")
    busy.shop().get("pay_001")
    newest = numbers(busy, "journal", "entries", "id", "order=newest&limit=1")[0]

    page = busy.done("GET", f"journal?order=newest&before={newest}&orderId=order_001")["entries"]
    assert [entry["operation"] for entry in page] == ["confirm", "create"]


def test_a_fault_that_struck_goes_with_a_page(busy: SandboxDesk) -> None:
    busy.arm("error", name="no", code="REJECT_CARD_COMPANY", status=403, times="always")
    for place in range(3):
        busy.shop().confirm(orderId=f"order_00{place}", paymentKey=f"pay_00{place}")

    page = busy.done("GET", "journal?order=newest&fault=no&limit=2")["entries"]
    assert [entry["orderId"] for entry in page] == ["order_002", "order_001"]


def test_deliveries_are_read_backwards(toss: SandboxDesk) -> None:
    for place in range(3):
        event = {"eventType": "PAYMENT_STATUS_CHANGED", "data": {"orderId": f"order_{place}"}}
        toss.done("POST", "webhooks/forge", body=event, url="http://127.0.0.1:9/hooks")
    path, name = "webhooks/deliveries", "deliveries"

    first = toss.done("GET", f"{path}?order=newest&limit=2")[name]
    [last] = toss.done("GET", f"{path}?order=newest&before={first[-1]['id']}")[name]
    assert [one["orderId"] for one in (*first, last)] == ["order_2", "order_1", "order_0"]


@pytest.mark.parametrize("query", ["order=upwards", "before=0", "before=x"])
def test_a_page_that_cannot_be_is_refused(kiosk: SandboxDesk, query: str) -> None:
    answer = kiosk.call("GET", f"journal?{query}")

    assert (answer.status_code, list(answer.get_json()["errors"])) == (400, [query.partition("=")[0]])
