"""Answers that lie: what a fault alters in them, seen by a real client, and what stays true."""

from typing import Any

import pytest
import requests

from testkit.sandbox import Sandbox


def test_an_altered_success_says_something_else_than_what_happened(sandbox: Sandbox) -> None:
    begun = sandbox.begin()
    sandbox.arm("alter", "after", set={"status": "SETTLED", "orderId": "order_other"}, remove=["paymentKey"])

    answer = sandbox.confirm(begun)

    said = answer.json()
    assert (answer.status_code, said["status"], said["orderId"]) == (200, "SETTLED", "order_other")
    assert "paymentKey" not in said
    assert sandbox.state(begun) == "APPROVED"


def test_the_length_of_an_altered_answer_is_its_own(sandbox: Sandbox) -> None:
    sandbox.arm("alter", "after", set={"status": "X" * 1000})

    answer = sandbox.confirm(sandbox.begin())

    assert int(answer.headers["Content-Length"]) == len(answer.content)


def test_a_repeat_with_the_same_key_gets_what_is_true(sandbox: Sandbox) -> None:
    begun, keyed = sandbox.begin(), {"headers": {"Idempotency-Key": "press-1"}}
    sandbox.arm("alter", "after", set={"orderId": "order_other"})

    first, second = sandbox.confirm(begun, **keyed), sandbox.confirm(begun, **keyed)

    assert (first.json()["orderId"], second.json()["orderId"]) == ("order_other", begun["orderId"])


def test_a_refusal_is_not_altered(sandbox: Sandbox) -> None:
    sandbox.arm("alter", "after", set={"code": "ANOTHER"}, operation="get")

    answer = sandbox.call("GET", "/v1/payments/nobody")

    assert answer.json()["code"] != "ANOTHER"
    assert sandbox.control("GET", "faults")["faults"][0]["fired"] == 0


@pytest.mark.parametrize(
    ("effect", "path", "expected"),
    [
        ({"set": {"card.number": "x"}}, "card.number", "x"),
        ({"set": {"card.company.name": "x"}}, "card.company.name", "x"),
        ({"set": {"virtualAccount.bank": "x"}}, "virtualAccount", {"bank": "x"}),
        ({"set": {"cancels.0.cancelAmount": 7}}, "cancels.0.cancelAmount", 7),
        ({"set": {"cancels.9": {"cancelAmount": 7}}}, "cancels.1", {"cancelAmount": 7}),
        ({"set": {"status.of": 1}}, "status", {"of": 1}),
        ({"set": {"metadata": {"a": [None, 1.5]}}}, "metadata", {"a": [None, 1.5]}),
        ({"remove": ["cancels.0"]}, "cancels", []),
        ({"remove": ["cancels.5", "nothing.at.all", "status.of"]}, "status", "CANCELED"),
    ],
)
def test_a_field_is_named_by_its_path(
    toss: Sandbox, effect: dict[str, Any], path: str, expected: Any
) -> None:
    begun = toss.begin()
    toss.confirm(begun)
    toss.call("POST", f"/v1/payments/{begun['paymentKey']}/cancel", {"cancelReason": "changed my mind"})
    toss.arm("alter", "after", operation="get", **effect)

    shown = toss.call("GET", f"/v1/payments/{begun['paymentKey']}").json()

    for name in path.split("."):
        shown = shown[int(name)] if isinstance(shown, list) else shown[name]
    assert shown == expected


def test_the_members_of_a_list_are_altered_too(toss: Sandbox) -> None:
    toss.confirm(toss.begin())
    toss.arm("alter", "after", operation="transactions", set={"0.amount": 1})

    [listed] = toss.call("GET", "/v1/transactions?startDate=2000-01-01&endDate=2999-01-01").json()

    assert listed["amount"] == 1


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"moment": "before", "effect": {"kind": "alter", "set": {"status": "DONE"}}}, "moment"),
        ({"moment": "after", "effect": {"kind": "alter"}}, "set"),
        ({"moment": "after", "effect": {"kind": "alter", "set": {"a..b": 1}}}, "a..b"),
        ({"moment": "after", "effect": {"kind": "alter", "set": {}}}, "set"),
        ({"moment": "after", "effect": {"kind": "alter", "remove": ["a."]}}, "remove"),
        ({"moment": "after", "effect": {"kind": "alter", "set": {"a": 1}, "seconds": 1}}, "seconds"),
        ({"moment": "after", "effect": {"kind": "alter", "set": {"a" * 201: 1}}}, "a" * 201),
    ],
)
def test_what_can_not_be_altered_is_refused_by_its_name(
    sandbox: Sandbox, rule: dict[str, Any], field: str
) -> None:
    answer = sandbox.ask("POST", "faults", rule)

    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_REQUEST")
    assert f'"{field}"' in answer.text


def test_a_value_that_is_nested_too_deeply_is_refused(sandbox: Sandbox) -> None:
    deep: Any = 1
    for _ in range(51):
        deep = [deep]

    answer = sandbox.ask(
        "POST", "faults", {"moment": "after", "effect": {"kind": "alter", "set": {"status": deep}}}
    )

    assert (answer.status_code, answer.json()["errors"]["effect"]["set"]) == (
        400,
        ["The value of status is nested deeper than 50 levels."],
    )


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_malformed_answer_is_a_success_at_either_moment(sandbox: Sandbox, moment: str) -> None:
    begun = sandbox.begin()
    sandbox.arm("malformed", moment)

    answer = sandbox.confirm(begun)

    assert answer.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert sandbox.state(begun) == {"before": "AUTHENTICATED", "after": "APPROVED"}[moment]
