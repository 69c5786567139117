"""Breaking things on purpose: faults, the clock, and how webhooks arrive."""

from collections import Counter

import pytest
from playwright.sync_api import Request, expect

from tests.browser.accessibility import problems
from tests.browser.conftest import Profiles
from tests.browser.inspector.conftest import Inspector, Merchant

pytestmark = pytest.mark.a_few(3)


def test_a_recipe_arms_a_fault_that_counts_what_it_strikes(inspector: Inspector, merchant: Merchant) -> None:
    merchant.create("order_1")
    page = inspector.open(merchant.sandbox, "break")
    expect(page.locator("#view")).to_contain_text("No fault is armed")

    page.get_by_role("button", name="Arm: Lose the answer").click()

    armed = page.get_by_test_id("armed-fault")
    expect(armed).to_contain_text("met 0 · struck 0 (0/1)")
    expect(page.get_by_test_id("as-code")).to_have_text('sandbox.faults.lose_answer("confirm")')
    assert merchant.confirm("order_1") == 0
    expect(armed).to_contain_text("met 1 · struck 1 (1/1)")


def test_a_fault_is_aimed_at_one_order(inspector: Inspector, merchant: Merchant) -> None:
    page = inspector.open(merchant.sandbox, "break")

    page.get_by_label("of order").fill("order_2")
    page.get_by_label("How often").select_option("always")
    page.get_by_role("button", name="Arm: Refuse").click()
    expect(page.get_by_test_id("armed-fault")).to_have_count(1)

    merchant.pay("order_1")
    merchant.create("order_2")
    assert [merchant.confirm("order_2") for _ in range(2)] == [403, 403]


def test_a_call_is_refused_with_a_code_of_the_contract(inspector: Inspector, merchant: Merchant) -> None:
    merchant.create("order_1")
    page = inspector.open(merchant.sandbox, "break")

    page.get_by_label("with the code").select_option("ALREADY_APPROVED")
    page.get_by_role("button", name="Arm: Refuse").click()

    expect(page.get_by_test_id("as-code")).to_have_text(
        'sandbox.faults.refuse("confirm", "ALREADY_APPROVED")'
    )
    assert merchant.confirm("order_1") == 409


def test_a_fault_is_removed(inspector: Inspector, merchant: Merchant) -> None:
    merchant.sandbox.faults.lose_answer("confirm", name="lost")
    page = inspector.open(merchant.sandbox, "break")

    page.get_by_role("button", name="Remove: lost").click()

    expect(page.get_by_test_id("armed-fault")).to_have_count(0)
    assert merchant.sandbox.faults.armed() == []


@pytest.mark.parametrize("name", ["+10 min", "+1 day"])
def test_the_clock_is_moved_and_put_back(inspector: Inspector, merchant: Merchant, name: str) -> None:
    page = inspector.open(merchant.sandbox, "break")

    page.get_by_role("button", name=name).click()
    expect(page.get_by_test_id("clock")).to_contain_text("moved")

    page.get_by_role("button", name="Back to real time").click()
    expect(page.get_by_test_id("clock")).not_to_contain_text("moved")


def test_the_clock_is_stopped_and_runs_again(inspector: Inspector, merchant: Merchant) -> None:
    page = inspector.open(merchant.sandbox, "break")

    page.get_by_role("button", name="Freeze").click()
    expect(page.get_by_test_id("clock")).to_contain_text("frozen")

    page.get_by_role("button", name="Let it run").click()
    expect(page.get_by_test_id("clock")).not_to_contain_text("frozen")


def test_a_look_asks_for_each_thing_once(inspector: Inspector, merchant: Merchant) -> None:
    page = inspector.open(merchant.sandbox, "break")
    asked: Counter[str] = Counter()

    def listen(request: Request) -> None:
        if request.method == "GET":
            asked[request.url.partition(f"/{merchant.sandbox.id}/")[2]] += 1

    page.on("request", listen)
    page.get_by_role("button", name="Freeze").click()
    expect(page.get_by_test_id("clock")).to_contain_text("frozen")

    assert asked["held-calls"] > 0
    assert asked["clock"] == asked["faults"] == asked["held-calls"]


def test_the_clock_goes_to_what_is_due_next(inspector: Inspector, toss_merchant: Merchant) -> None:
    toss_merchant.sandbox.shopper.pays("order_1", 15000)
    page = inspector.open(toss_merchant.sandbox, "break")
    expect(page.get_by_test_id("due")).to_contain_text("order_1 expires")

    page.get_by_role("button", name="To what is due next").click()

    expect(page.get_by_test_id("due")).to_have_text("Nothing is due.")
    assert toss_merchant.sandbox.payments()[0]["state"] == "EXPIRED"


def test_webhooks_are_made_to_come_twice(inspector: Inspector, toss_merchant: Merchant) -> None:
    page = inspector.open(toss_merchant.sandbox, "break")

    page.get_by_role("button", name="twice", exact=True).click()

    expect(page.locator("#view")).to_contain_text("applied 0")


def test_what_comes_later_is_listed_and_led_to(inspector: Inspector, toss_merchant: Merchant) -> None:
    opened = toss_merchant.sandbox.shopper.pays("order_1", 15000, method="VIRTUAL_ACCOUNT")
    toss_merchant.confirm("order_1", payment_key=opened["paymentKey"])
    toss_merchant.sandbox.shopper.pays("order_2", 15000)
    page = inspector.open(toss_merchant.sandbox, "break")
    expect(page.get_by_test_id("due")).to_contain_text("order_2 expires")
    later = page.get_by_text("virtual account of order_1 closes")
    expect(later).to_be_visible()

    page.get_by_role("button", name="Move the clock there").click()

    expect(page.get_by_test_id("due")).to_have_text("Nothing is due.")


def test_a_fault_leads_to_the_order_that_it_struck(inspector: Inspector, merchant: Merchant) -> None:
    merchant.create("order_1")
    merchant.sandbox.faults.lose_answer("confirm")
    merchant.confirm("order_1")
    page = inspector.open(merchant.sandbox, "break")

    page.get_by_test_id("armed-fault").get_by_role("link", name="order_1").click()

    expect(page.get_by_test_id("judgement")).to_contain_text("the answer never arrived")


def test_a_fault_is_switched_off_and_on(inspector: Inspector, merchant: Merchant) -> None:
    merchant.create("order_1")
    merchant.sandbox.faults.refuse("confirm", "REJECT_CARD_COMPANY", status=403, name="no", times="always")
    page = inspector.open(merchant.sandbox, "break")

    page.get_by_role("button", name="Switch off: no").click()
    expect(page.get_by_role("button", name="Switch on: no")).to_be_visible()
    assert merchant.confirm("order_1") == 200

    page.get_by_role("button", name="Switch on: no").click()
    expect(page.get_by_role("button", name="Switch off: no")).to_be_visible()
    assert merchant.confirm("order_1") == 403


def test_an_armed_fault_is_edited(inspector: Inspector, merchant: Merchant) -> None:
    merchant.create("order_1")
    merchant.create("order_2")
    merchant.sandbox.faults.lose_answer("cancel", name="one", headers={"X-Terminal": "7"})
    page = inspector.open(merchant.sandbox, "break")

    page.get_by_role("button", name="Edit: one").click()
    dialog = page.get_by_test_id("fault-edit")
    expect(dialog.get_by_label("What happens")).to_contain_text("as it is: reset")
    assert problems(page) == []
    dialog.get_by_label("The next").select_option("confirm")
    dialog.get_by_label("of order").fill("order_2")
    dialog.get_by_label("What happens").select_option(label="Refuse")
    expect(dialog.get_by_label("When")).to_have_value("before")
    dialog.get_by_label("How often").fill("")
    dialog.get_by_role("button", name="Save").click()

    expect(dialog).to_have_count(0)
    expect(page.get_by_test_id("armed-fault")).to_contain_text("confirm orderId order_2")
    [fault] = merchant.sandbox.faults.armed()
    assert fault["match"] == {"operation": "confirm", "orderId": "order_2", "headers": {"X-Terminal": "7"}}
    assert (fault["moment"], fault["effect"]["kind"], fault["times"]) == ("before", "error", "always")


def test_an_edit_that_will_not_do_says_why_and_changes_nothing(
    inspector: Inspector, merchant: Merchant, profiles: Profiles
) -> None:
    merchant.sandbox.faults.lose_answer("cancel", name="one")
    page = inspector.open(merchant.sandbox, "break")

    page.get_by_role("button", name="Edit: one").click()
    dialog = page.get_by_test_id("fault-edit")
    dialog.get_by_label("of order").fill("order_2")
    dialog.get_by_label("How often").fill("0")
    dialog.get_by_role("button", name="Save").click()

    expect(dialog.get_by_role("alert")).to_contain_text("times")
    profiles.excuse("/faults/one")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    assert merchant.sandbox.faults.armed()[0]["match"] == {"operation": "cancel"}


MOMENTS = ("as the card says", "before it happens", "after it happened")


@pytest.mark.parametrize(
    "recipe", ["Lose the answer", "5 seconds late", "Refuse", "Cut the connection", "Garbage", "Hold"]
)
def test_the_line_of_code_arms_what_the_press_has_armed(
    inspector: Inspector, merchant: Merchant, recipe: str
) -> None:
    page = inspector.open(merchant.sandbox, "break")
    page.get_by_label("How often").select_option("2")

    for turn, moment in enumerate(MOMENTS):
        page.get_by_label("When").select_option(label=moment)
        page.get_by_role("button", name=f"Arm: {recipe}", exact=True).click()
        expect(page.get_by_test_id("armed-fault")).to_have_count(2 * turn + 1)
        eval(page.get_by_test_id("as-code").inner_text(), {"sandbox": merchant.sandbox})

        pressed, written = merchant.sandbox.faults.armed()[-2:]
        assert written | {"name": ""} == pressed | {"name": ""}
        assert pressed["moment"] in moment or turn == 0
