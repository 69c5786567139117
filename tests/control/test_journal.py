"""The journal: every call of a sandbox can be found, counted, awaited and repeated."""

import shlex
from threading import Timer
from typing import Any

import pytest

from testkit.inside.toss_merchant import TossMerchant
from tests.control.desk import Desk, SandboxDesk


@pytest.fixture
def sandbox(desk: Desk) -> SandboxDesk:
    return desk.sandbox()


def entries(sandbox: SandboxDesk, query: str = "") -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = sandbox.done("GET", f"journal{query}")["entries"]
    return listed


def test_a_call_is_there_as_soon_as_it_was_answered(paid: SandboxDesk) -> None:
    assert [entry["operation"] for entry in entries(paid)] == ["create", "confirm"]


def test_an_entry_tells_what_was_asked_and_what_came_of_it(paid: SandboxDesk) -> None:
    [entry] = entries(paid, "?operation=confirm")

    expected = {
        "at": "2024-01-01T12:34:56.789Z",
        "method": "POST",
        "path": "/v1/payments/confirm",
        "paymentKey": "pay_123",
        "orderId": "order_123",
        "amount": 10000,
        "status": 200,
        "code": None,
        "stateBefore": "AUTHENTICATED",
        "stateAfter": "APPROVED",
        "faults": [],
    }
    assert {name: entry[name] for name in expected} == expected
    assert '"orderId"' in entry["request"]["body"]
    assert '"APPROVED"' in entry["response"]["body"]


def test_a_key_in_an_address_or_a_body_is_masked(sandbox: SandboxDesk) -> None:
    key = sandbox.made["secretKey"]

    sandbox.shop().call("GET", f"/v1/payments/{key}?secretKey={key}")
    sandbox.shop().create(paymentKey=key)

    assert key not in str(entries(sandbox))


def test_the_key_is_masked(paid: SandboxDesk) -> None:
    [entry] = entries(paid, "?operation=confirm")

    assert entry["request"]["headers"]["Authorization"] == "***"
    assert paid.made["secretKey"] not in str(entry)


def test_an_entry_names_the_faults_that_struck(sandbox: SandboxDesk) -> None:
    sandbox.arm("error", code="NOT_FOUND", name="lost")
    sandbox.shop().create()

    [entry] = entries(sandbox)

    assert (entry["faults"], entry["status"], entry["code"]) == (["lost"], 404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 2),
        ("?operation=confirm", 1),
        ("?method=POST", 2),
        ("?method=GET", 0),
        ("?orderId=order_123", 2),
        ("?paymentKey=nobody", 0),
        ("?amount=10000&status=200", 2),
        ("?status=404", 0),
        ("?code=NOT_FOUND", 0),
    ],
)
def test_it_is_filtered_and_counted(paid: SandboxDesk, query: str, count: int) -> None:
    assert len(entries(paid, query)) == count
    assert paid.done("GET", f"journal/count{query}") == {"count": count}


@pytest.mark.parametrize(
    ("query", "statuses"),
    [
        ("?fault=lost", [404]),
        ("?fault=another", []),
        ("?header=idempotency-key: press-2", [200]),
        ("?header=X-Terminal:7", [404, 200]),
        ("?header=X-Terminal:7&header=Idempotency-Key:press-1", [404]),
        ("?header=X-Terminal:8", []),
        ("?header=X-Unheard-Of:", []),
    ],
)
def test_it_is_filtered_by_the_fault_that_struck_and_by_headers(
    struck: SandboxDesk, query: str, statuses: list[int]
) -> None:
    assert [entry["status"] for entry in entries(struck, query)] == statuses


def test_it_is_read_page_by_page(paid: SandboxDesk) -> None:
    [first] = entries(paid, "?limit=1")

    assert [entry["operation"] for entry in entries(paid, f"?after={first['id']}")] == ["confirm"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?limit=0", "limit"),
        ("?limit=1001", "limit"),
        ("?after=x", "after"),
        ("?wait=61", "wait"),
        ("?wait=nan", "wait"),
        ("?operation=confrim", "match"),
        ("?order=order_123", "order"),
        ("?header=Idempotency-Key", "header"),
    ],
)
def test_a_query_that_will_not_do_is_refused_by_its_field(
    sandbox: SandboxDesk, query: str, field: str
) -> None:
    answer = sandbox.call("GET", f"journal{query}")

    assert answer.status_code == 400
    assert list(answer.get_json()["errors"]) == [field]


def test_waiting_ends_when_enough_is_there(sandbox: SandboxDesk) -> None:
    later = Timer(0.2, sandbox.shop().pay)
    later.start()

    found = entries(sandbox, "?operation=confirm&wait=20")

    later.join()
    assert len(found) == 1


def test_waiting_ends_when_the_time_is_up(sandbox: SandboxDesk) -> None:
    assert entries(sandbox, "?wait=0.1&count=2") == []


def test_a_cleared_journal_is_empty(paid: SandboxDesk) -> None:
    assert paid.done("DELETE", "journal") == {"removed": 2}
    assert entries(paid) == []


def test_after_clearing_later_entries_are_behind_those_that_were_cleared(paid: SandboxDesk) -> None:
    last = paid.done("GET", "journal")["entries"][-1]["id"]
    paid.done("DELETE", "journal")
    paid.shop().get()

    assert len(paid.call("GET", f"journal?after={last}").get_json()["entries"]) == 1


def test_a_reset_forgets_it_too(paid: SandboxDesk) -> None:
    paid.done("POST", "reset")

    assert entries(paid) == []


def test_it_shows_nothing_of_other_sandboxes(desk: Desk, paid: SandboxDesk) -> None:
    assert entries(desk.sandbox()) == []


def test_one_entry_is_shown_by_its_id(paid: SandboxDesk) -> None:
    first, second = entries(paid)

    assert [paid.done("GET", f"journal/{one['id']}") for one in (first, second)] == [first, second]


@pytest.mark.parametrize("number", ["0", "999999999999999", "9999999999999999", "first"])
def test_an_entry_that_is_not_there_is_not_found(paid: SandboxDesk, number: str) -> None:
    answer = paid.call("GET", f"journal/{number}")

    assert (answer.status_code, answer.get_json()["code"]) == (404, "NOT_FOUND_ENTRY")


def test_a_call_as_a_curl_line_has_the_key_left_to_a_variable(paid: SandboxDesk) -> None:
    [entry] = entries(paid, "?operation=confirm")

    line = paid.done("GET", f"journal/{entry['id']}/curl")["curl"]

    words = shlex.split(line)
    assert words[:4] == ["curl", "-X", "POST", "http://localhost/v1/payments/confirm"]
    assert words[words.index("-u") + 1] == "$SECRET_KEY:"
    assert words[words.index("--data-raw") + 1] == entry["request"]["body"]
    assert "Content-Type: application/json" in words


@pytest.mark.parametrize("number", ["999999", "nothing", "٣", "9" * 30])
def test_there_is_no_curl_line_of_an_entry_that_is_not_there(paid: SandboxDesk, number: str) -> None:
    answer = paid.call("GET", f"journal/{number}/curl")

    assert (answer.status_code, answer.get_json()["code"]) == (404, "NOT_FOUND_ENTRY")


def test_an_entry_tells_which_pairs_key_the_call_carried(desk: Desk) -> None:
    toss = desk.sandbox(contract="toss")
    toss.merchant().get("pay_123")
    TossMerchant(desk.app, toss.made["widgetSecretKey"], toss.made["widgetClientKey"]).get("pay_123")

    assert [entry["keyPair"] for entry in entries(toss)] == ["api", "widget"]
    assert toss.made["widgetSecretKey"] not in toss.call("GET", "journal").text
