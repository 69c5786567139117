"""What a shopper's browser did is in the journal, beside the merchant's calls and apart from them."""

from typing import Any

import pytest
from flask import Flask

from payments_mock.checkout.routes import OUTCOME_TYPE
from testkit.receiver import Receiver
from tests.checkout.conftest import ORDER, Browser
from tests.checkout.test_billing_window import CARD, Billing
from tests.control.desk import Desk

JOURNAL = "sandboxes/toss/journal"


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def acts(desk: Desk, query: str = "") -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = desk.done("GET", f"{JOURNAL}?lane=shopper{query}")["entries"]
    return listed


def told(act: dict[str, Any]) -> tuple[str, int, str | None]:
    return act["operation"], act["status"], act["code"]


def refuse_in_page(app: Flask, **values: object) -> int:
    """Tell what a script refused before any call, as it does."""
    body = {
        "clientKey": "test_ck_toss",
        "call": "requestPayment",
        "code": "INVALID_ORDER_NAME",
        "message": "x",
    }
    body |= {name: str(value) for name, value in values.items()}
    return app.test_client().post("/checkout/sdk-refusals", json=body).status_code


def test_a_window_that_opens_is_told_with_its_order(browser: Browser, desk: Desk) -> None:
    browser.open()

    [act] = acts(desk)
    assert told(act) == ("open-window", 200, None)
    assert (act["lane"], act["orderId"], act["amount"]) == ("shopper", "order-0001", 68000)
    assert (act["stateBefore"], act["stateAfter"]) == (None, "INITIATED")
    assert act["request"]["headers"]["Origin"] == "http://shop.test"


@pytest.mark.parametrize(
    ("action", "more", "expected"),
    [
        ("authenticate", {}, ("agree", 200, None)),
        ("fail", {"code": "REJECT_CARD_COMPANY"}, ("fail", 200, "REJECT_CARD_COMPANY")),
        ("close", {}, ("close", 200, "PAY_PROCESS_CANCELED")),
        ("expire", {}, ("expire", 200, "PAY_PROCESS_ABORTED")),
        ("authenticate", {"selection": {"issuer": "nobody"}}, ("agree", 400, "INVALID_REQUEST")),
    ],
)
def test_a_decision_in_the_window_is_told(
    browser: Browser, desk: Desk, action: str, more: dict[str, Any], expected: tuple[str, int, str | None]
) -> None:
    browser.decide(browser.open(), action, **more)

    act = acts(desk)[-1]
    assert told(act) == expected
    assert act["paymentKey"] == acts(desk)[0]["paymentKey"]


def test_a_window_that_is_opened_by_its_link_is_told(browser: Browser, desk: Desk) -> None:
    browser.open()
    key = acts(desk)[0]["paymentKey"]

    browser.client.get(f"/v1/payments/{key}/checkout")

    assert told(acts(desk)[-1]) == ("open-window", 302, None)
    assert acts(desk)[-1]["paymentKey"] == key


@pytest.mark.parametrize(
    ("action", "operation"), [("authenticate", "register"), ("close", "close"), ("fail", "fail")]
)
def test_the_window_in_which_a_card_is_registered_is_told(
    app: Flask, desk: Desk, action: str, operation: str
) -> None:
    Billing(app).decide(action, card=CARD)

    assert [act["operation"] for act in acts(desk)] == ["open-billing-window", operation]


def test_a_page_that_is_refused_is_told_why(browser: Browser, desk: Desk) -> None:
    browser.ask(orderName="x" * 101)
    browser.ask(headers={"Accept": OUTCOME_TYPE}, amount=0)

    wrong, free = acts(desk)
    assert told(wrong) == ("open-window", 400, "INVALID_ORDER_NAME")
    assert wrong["reason"]["message"].startswith("orderName: ")
    assert told(free) == ("open-window", 400, "BELOW_ZERO_AMOUNT")


def test_what_the_script_refused_before_any_call_is_told(app: Flask, desk: Desk) -> None:
    assert refuse_in_page(app, orderId="order-0002", message="The name will not do.") == 200

    [act] = acts(desk)
    assert told(act) == ("sdk-refusal", 400, "INVALID_ORDER_NAME")
    assert (act["method"], act["path"], act["orderId"]) == ("SDK", "requestPayment", "order-0002")
    assert act["reason"]["message"] == "The name will not do."


def test_a_window_that_the_script_closed_is_told_as_closed(app: Flask, desk: Desk) -> None:
    refuse_in_page(app, code="USER_CANCEL")

    assert told(acts(desk)[0]) == ("close", 200, "USER_CANCEL")


@pytest.mark.parametrize("missing", ["call", "code", "message"])
def test_what_says_too_little_is_refused_and_not_kept(app: Flask, desk: Desk, missing: str) -> None:
    assert refuse_in_page(app, **{missing: ""}) == 400

    assert acts(desk) == []


def test_a_page_with_a_key_that_nobody_has_is_a_call_of_nobody(
    app: Flask, browser: Browser, desk: Desk
) -> None:
    browser.ask(clientKey="test_ck_nobodyhasthis")
    refuse_in_page(app, clientKey="test_sk_toss", code="INVALID_CLIENT_KEY")

    script, session = desk.done("GET", "stray-calls?limit=2")["strayCalls"]
    assert (session["path"], session["code"]) == ("/checkout/sessions", "INVALID_CLIENT_KEY")
    assert (session["key"], session["adoptable"]) == ("test_ck_no...", False)
    assert (script["method"], script["path"]) == ("SDK", "requestPayment")
    assert acts(desk) == []


def test_no_key_token_or_card_is_shown(app: Flask, browser: Browser, desk: Desk) -> None:
    path = browser.open()
    browser.decide(path)
    Billing(app).decide(card=CARD)
    refuse_in_page(app, message="not test_ck_toss and test_sk_toss")

    shown = str(desk.done("GET", f"{JOURNAL}?lane=all"))
    assert len(acts(desk)) == 5
    for secret in ("test_ck_toss", "test_sk_toss", path.partition("token=")[2], CARD["cardNumber"]):
        assert secret not in shown


def test_the_merchants_calls_are_listed_counted_and_cleared_without_it(browser: Browser, desk: Desk) -> None:
    browser.decide(browser.open())
    browser.payment()

    assert [entry["operation"] for entry in desk.done("GET", JOURNAL)["entries"]] == ["get-by-order"]
    assert desk.done("GET", f"{JOURNAL}/count") == {"count": 1}
    assert desk.done("POST", f"{JOURNAL}/verify", count=1)["found"] == 1
    assert [entry["lane"] for entry in desk.done("GET", f"{JOURNAL}?lane=all&order=newest")["entries"]] == [
        *("merchant", "shopper", "shopper")
    ]
    assert desk.done("GET", f"{JOURNAL}/count?lane=all") == {"count": 3}
    assert desk.done("DELETE", JOURNAL) == {"removed": 1}
    assert acts(desk) == []


def test_acts_are_verified_by_their_lane(browser: Browser, desk: Desk) -> None:
    browser.open()
    match = {"lane": "shopper", "operation": "open-window", "orderId": "order-0001"}

    assert desk.done("POST", f"{JOURNAL}/verify", match=match, count=1)["verified"]
    nameless = desk.refused("POST", f"{JOURNAL}/verify", match={"operation": "open-window"})
    assert "has no operation open-window" in str(nameless)


def test_an_act_is_shown_by_its_number_and_is_no_call_to_be_sent_again(browser: Browser, desk: Desk) -> None:
    browser.open()
    [act] = acts(desk)

    assert desk.done("GET", f"{JOURNAL}/{act['id']}") == act
    refused = desk.call("GET", f"{JOURNAL}/{act['id']}/curl")
    assert (refused.status_code, refused.get_json()["code"]) == (404, "NOT_FOUND_ENTRY")


def test_acts_are_events_of_their_own_kind(browser: Browser, desk: Desk) -> None:
    start = desk.done("GET", "events?sandbox=toss")["seq"]
    browser.decide(browser.open())
    browser.payment()

    news = desk.done("GET", f"events?sandbox=toss&after={start}")["events"]
    assert sorted(one["kind"] for one in news) == ["browser", "browser", "call", "payment"]
    told_of = [one for one in news if one["kind"] == "browser"]
    assert [one["id"] for one in told_of] == [act["id"] for act in acts(desk)]
    behind = desk.done("GET", f"events?sandbox=toss&after={told_of[0]['seq']}")["events"]
    assert [one["id"] for one in behind if one["kind"] == "browser"] == [told_of[1]["id"]]


def test_acts_go_with_a_reset(browser: Browser, desk: Desk) -> None:
    browser.open()

    desk.done("POST", "sandboxes/toss/reset")

    assert acts(desk) == []


def test_the_story_of_an_order_has_its_browser(browser: Browser, desk: Desk) -> None:
    path = browser.open()
    browser.decide(path, "close")
    browser.decide(path)

    story = desk.done("GET", f"sandboxes/toss/orders/{ORDER['orderId']}")
    opened, closed, agreed = story["acts"]
    assert {row["did"]: row["evidence"] for row in story["rows"]} == {
        "opens the window": f"journal {opened['id']}",
        "closes the window": f"journal {closed['id']}",
        "pays by CARD": f"journal {agreed['id']}",
    }


def test_an_order_whose_window_did_not_open_has_a_verdict(app: Flask, browser: Browser, desk: Desk) -> None:
    browser.ask(orderName="x" * 101)
    refuse_in_page(app, orderId="order-0002")

    listed = desk.done("GET", "sandboxes/toss/orders")["orders"]
    assert [(order["orderId"], order["verdict"]["kind"]) for order in listed] == [
        ("order-0002", "NOT_OPENED"),
        ("order-0001", "NOT_OPENED"),
    ]
    assert listed[0]["verdict"]["code"] == "INVALID_ORDER_NAME"
    assert listed[0]["verdict"]["evidence"] == [f"journal {acts(desk)[1]['id']}"]


def test_an_act_of_no_order_stands_beside_the_orders(app: Flask, desk: Desk) -> None:
    refuse_in_page(app, call="widgets", code="NOT_SUPPORTED_API_INDIVIDUAL_KEY")

    told_beside = desk.done("GET", "sandboxes/toss/orders")
    assert (told_beside["orders"], told_beside["calls"]) == ([], [])
    assert [act["path"] for act in told_beside["acts"]] == ["widgets"]


def test_a_webhook_that_the_shopper_caused_names_what_the_browser_did(browser: Browser, desk: Desk) -> None:
    receiver = Receiver()
    desk.done("POST", "sandboxes/toss/webhooks", url=receiver.url)
    browser.decide(browser.open(), "fail", code="REJECT_CARD_COMPANY")
    receiver.wait_for(1)
    receiver.stop()

    act = acts(desk)[-1]
    [delivery] = desk.done("GET", f"sandboxes/toss/webhooks/deliveries?entry={act['id']}")["deliveries"]
    assert (act["operation"], delivery["cause"], delivery["entry"]) == ("fail", "shopper", act["id"])
