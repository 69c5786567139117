"""Billing keys: what is charged with them, and how they end."""

from collections import Counter

import pytest

from payments_mock.api.payment_schema import PaymentSchema
from payments_mock.contracts.toss.billing import Billing
from testkit.inside.cards import CARD, NEVER_ACCEPTED, numbered
from testkit.inside.clock import MovableClock
from testkit.inside.toss_merchant import TossMerchant
from testkit.races import at_once
from tests.contracts.toss.answers import answered, assert_refused
from tests.contracts.toss.subscriptions import auth_key, billing_key, charge, delete, issue, register


def test_a_billing_key_charges_again_and_again(toss: TossMerchant) -> None:
    key = billing_key(toss)
    first = answered(charge(toss, key), PaymentSchema())
    second = answered(charge(toss, key, orderId="order_124"), PaymentSchema())

    assert (first["type"], first["status"], first["method"]) == ("BILLING", "DONE", "카드")
    assert (first["totalAmount"], first["card"]["amount"]) == (4_900, 4_900)
    assert first["card"]["number"] == "53651012****123*"
    assert first["paymentKey"] != second["paymentKey"]
    assert toss.get(first["paymentKey"]).get_json() == first


def test_a_charge_is_canceled_like_any_payment(toss: TossMerchant) -> None:
    payment = answered(charge(toss, billing_key(toss)), PaymentSchema())

    assert toss.cancel(payment["paymentKey"]).get_json()["status"] == "CANCELED"


def test_a_charge_may_be_paid_in_instalments(toss: TossMerchant) -> None:
    payment = answered(
        charge(toss, billing_key(toss), amount=50_000, cardInstallmentPlan=12), PaymentSchema()
    )

    assert payment["card"]["installmentPlanMonths"] == 12


def test_an_account_is_charged_by_its_billing_key(toss: TossMerchant) -> None:
    issued = issue(toss, auth_key(toss, method="TRANSFER", transfer={"bank": "국민"}))
    billing = answered(issued, Billing())
    payment = answered(charge(toss, billing["billingKey"]), PaymentSchema())

    assert (billing["method"], billing["card"], billing["cardCompany"]) == ("계좌이체", None, None)
    assert (payment["method"], payment["transfer"]["bankCode"]) == ("계좌이체", "06")
    assert_refused(
        charge(toss, billing["billingKey"], amount=199, orderId="order_124"), "BELOW_MINIMUM_AMOUNT"
    )


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        ("0104", "REJECT_CARD_COMPANY"),
        ("0105", "REJECT_CARD_PAYMENT"),
        ("0106", "CARD_PROCESSING_ERROR"),
        ("0108", "EXCEED_MAX_DAILY_PAYMENT_COUNT"),
    ],
)
def test_a_charge_that_the_issuer_refuses_leaves_the_payment_aborted(
    toss: TossMerchant, ending: str, code: str
) -> None:
    key = billing_key(toss, cardNumber=numbered(ending))

    assert_refused(charge(toss, key), code)
    payment = answered(toss.get_by_order("order_123"), PaymentSchema())
    assert (payment["status"], payment["type"]) == ("ABORTED", "BILLING")
    assert payment["failure"]["code"] == code


def test_a_card_of_a_kind_that_nobody_knows_is_registered_but_not_charged(toss: TossMerchant) -> None:
    billing = answered(register(toss, cardNumber="5520221234567890"), Billing())

    assert (billing["card"]["cardType"], billing["card"]["ownerType"]) == ("미확인", "미확인")
    assert_refused(charge(toss, billing["billingKey"]), "NOT_SUPPORTED_CARD_TYPE")


def test_a_card_with_a_limit_is_charged_up_to_it(toss: TossMerchant) -> None:
    key = billing_key(toss, cardNumber=numbered("0109"))

    assert_refused(charge(toss, key, amount=100_001), "EXCEED_MAX_PAYMENT_AMOUNT")
    assert charge(toss, key, amount=100_000).status_code == 200


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"customerKey": "customer_124"}, "NOT_MATCHES_CUSTOMER_KEY"),
        ({"amount": 0}, "BELOW_ZERO_AMOUNT"),
        ({"amount": 99}, "BELOW_MINIMUM_AMOUNT"),
        ({"amount": "much"}, "INVALID_REQUEST"),
        ({"orderId": "short"}, "INVALID_ORDER_ID"),
        ({"orderName": ""}, "INVALID_REQUIRED_PARAM"),
        ({"orderName": "이" * 101}, "INVALID_ORDER_NAME"),
        ({"customerEmail": "nobody"}, "INVALID_EMAIL"),
        ({"cardInstallmentPlan": 3}, "NOT_ALLOWED_INSTALLMENT_BELOW_AMOUNT"),
        ({"cardInstallmentPlan": 13}, "EXCEED_MAX_CARD_INSTALLMENT_PLAN"),
        ({"taxFreeAmount": 4_901}, "INVALID_REQUEST"),
    ],
)
def test_a_charge_that_can_t_be_made_is_refused(
    toss: TossMerchant, change: dict[str, object], code: str
) -> None:
    assert_refused(charge(toss, billing_key(toss), **change), code)
    assert_refused(toss.get_by_order("order_123"), "NOT_FOUND_PAYMENT")


def test_an_order_is_charged_once(toss: TossMerchant) -> None:
    key = billing_key(toss)
    charge(toss, key)

    assert_refused(charge(toss, key), "DUPLICATED_ORDER_ID")


def test_of_many_charges_of_one_order_one_goes_through(toss: TossMerchant) -> None:
    key = billing_key(toss)

    answers = at_once([lambda: charge(toss, key)] * 12)

    codes = Counter(answer.get_json().get("code", "charged") for answer in answers)
    assert codes == {"charged": 1, "DUPLICATED_ORDER_ID": 11}


def test_a_billing_key_ends_with_its_card(toss: TossMerchant, clock: MovableClock) -> None:
    key = billing_key(toss, cardExpirationYear="24", cardExpirationMonth="02")
    clock.advance(days=59)

    assert charge(toss, key).status_code == 200
    clock.advance(days=1)
    assert_refused(charge(toss, key, orderId="order_124"), "INVALID_BILL_KEY_REQUEST")


@pytest.mark.parametrize("key", ["unknown", "x" * 300, "빌링키", "a b", "authorizations"])
def test_a_billing_key_that_was_never_issued_is_not_found(toss: TossMerchant, key: str) -> None:
    assert_refused(charge(toss, key), "NOT_FOUND_BILLING")
    assert_refused(delete(toss, key), "NOT_FOUND_BILLING")


def test_a_billing_key_is_its_merchant_s_own(toss: TossMerchant, other_toss: TossMerchant) -> None:
    key = billing_key(toss)

    assert_refused(charge(other_toss, key), "NOT_FOUND_BILLING")
    assert_refused(delete(other_toss, key), "NOT_FOUND_BILLING")
    assert charge(toss, key).status_code == 200


def test_a_deletion_is_answered_with_nothing(toss: TossMerchant) -> None:
    response = delete(toss, billing_key(toss))

    assert (response.status_code, response.data) == (200, b"")


def test_a_deleted_billing_key_is_remembered_as_such(toss: TossMerchant) -> None:
    key = billing_key(toss)
    delete(toss, key)

    assert_refused(charge(toss, key), "ALREADY_REMOVED_BILLING_KEY")
    assert_refused(delete(toss, key), "ALREADY_REMOVED_BILLING_KEY")


def test_a_deletion_leaves_the_charges_before_it_alone(toss: TossMerchant) -> None:
    key = billing_key(toss)
    payment = answered(charge(toss, key), PaymentSchema())
    delete(toss, key)

    assert toss.get(payment["paymentKey"]).get_json()["status"] == "DONE"


def test_of_many_deletions_one_goes_through(toss: TossMerchant) -> None:
    key = billing_key(toss)

    answers = at_once([lambda: delete(toss, key)] * 12)

    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 11


def test_a_widget_s_key_is_refused_everywhere(toss: TossMerchant, widget_toss: TossMerchant) -> None:
    key = billing_key(toss)

    for response in (
        issue(widget_toss, auth_key(toss)),
        register(widget_toss),
        charge(widget_toss, key),
        delete(widget_toss, key),
    ):
        assert_refused(response, "INVALID_API_KEY")


def test_junk_never_ends_in_a_fault(toss: TossMerchant) -> None:
    key = billing_key(toss)
    for value in NEVER_ACCEPTED:
        answers = [
            issue(toss, value),  # type: ignore[arg-type]
            *(register(toss, **{field: value}) for field in CARD),
            *(charge(toss, key, **{field: value}) for field in ("amount", "orderId", "orderName")),
        ]

        assert {answer.status_code for answer in answers} <= {400, 404, 200}, value
