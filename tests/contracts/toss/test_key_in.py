"""Key-in: a card that the merchant types in is charged at once."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from payments_mock.api.payment_schema import PaymentSchema
from testkit.inside.cards import CARD, FORM_ERRORS, NEVER_ACCEPTED, numbered
from testkit.inside.clock import MovableClock
from testkit.inside.toss_merchant import TossMerchant
from testkit.races import at_once
from tests.contracts.toss.answers import answered, assert_refused

ORDER = {"amount": 10_000, "orderId": "order_123", "orderName": "토스 티셔츠 외 2건"}
REQUIRED = sorted(CARD.keys() | ORDER.keys())

DECLINES = {
    "0101": "INVALID_STOPPED_CARD",
    "0102": "INVALID_CARD_LOST_OR_STOLEN",
    "0103": "INVALID_REJECT_CARD",
    "0104": "REJECT_CARD_COMPANY",
    "0105": "REJECT_CARD_PAYMENT",
    "0106": "CARD_PROCESSING_ERROR",
    "0107": "INVALID_CARD",
    "0108": "EXCEED_MAX_DAILY_PAYMENT_COUNT",
}


def key_in(shop: TossMerchant, **values: object) -> TestResponse:
    return shop.post("/v1/payments/key-in", CARD | ORDER | values)


def test_the_card_is_charged_at_once(toss: TossMerchant) -> None:
    payment = answered(key_in(toss), PaymentSchema())

    assert payment["status"] == "DONE"
    assert (payment["type"], payment["method"], payment["mId"]) == ("NORMAL", "카드", "toss")
    assert (payment["totalAmount"], payment["balanceAmount"], payment["vat"]) == (10_000, 10_000, 909)
    assert payment["approvedAt"] == "2024-01-01T21:34:56+09:00"
    assert payment["lastTransactionKey"]


def test_the_answer_names_the_card_and_hides_its_number(toss: TossMerchant) -> None:
    card = answered(key_in(toss), PaymentSchema())["card"]

    assert card["number"] == "53651012****123*"
    assert (card["issuerCode"], card["acquirerCode"]) == ("15", "15")
    assert (card["cardType"], card["ownerType"]) == ("신용", "개인")
    assert (card["amount"], card["installmentPlanMonths"], card["isInterestFree"]) == (10_000, 0, False)


def test_values_are_english_for_a_caller_who_prefers_it(toss: TossMerchant) -> None:
    headers = {"Accept-Language": "en-US"}
    payment = toss.post("/v1/payments/key-in", CARD | ORDER, headers=headers).get_json()

    assert (payment["method"], payment["card"]["cardType"]) == ("CARD", "CREDIT")


def test_a_payment_by_key_in_is_found_and_canceled_like_any_other(toss: TossMerchant) -> None:
    key = answered(key_in(toss), PaymentSchema())["paymentKey"]

    assert toss.get(key).get_json()["status"] == "DONE"
    assert toss.get_by_order("order_123").get_json()["paymentKey"] == key
    assert toss.cancel(key, cancelAmount=4_000).get_json()["balanceAmount"] == 6_000


def test_a_business_number_makes_it_a_company_s_card(toss: TossMerchant) -> None:
    payment = answered(key_in(toss, customerIdentityNumber="1248100998"), PaymentSchema())

    assert payment["card"]["ownerType"] == "법인"


def test_numbers_may_come_as_text_and_digits_as_numbers(toss: TossMerchant) -> None:
    values = {"amount": "60000", "cardNumber": 5365101234121234, "cardInstallmentPlan": "3"}
    payment = answered(key_in(toss, **values), PaymentSchema())

    assert (payment["totalAmount"], payment["card"]["installmentPlanMonths"]) == (60_000, 3)


def test_everything_optional_may_be_null(toss: TossMerchant) -> None:
    optional = (
        "cardPassword",
        "cardInstallmentPlan",
        "useFreeInstallmentPlan",
        "useCardPoint",
        "taxFreeAmount",
        "customerEmail",
        "customerName",
        "customerIp",
        "vbv",
    )

    answered(key_in(toss, **dict.fromkeys(optional)), PaymentSchema())


def test_everything_optional_is_taken(toss: TossMerchant) -> None:
    values: dict[str, Any] = {
        "amount": 60_000,
        "cardPassword": "12",
        "cardInstallmentPlan": 6,
        "useFreeInstallmentPlan": True,
        "useCardPoint": True,
        "taxFreeAmount": 5_000,
        "customerEmail": "customer@example.com",
        "customerName": "김토스",
        "customerIp": "127.0.0.1",
        "vbv": {"cavv": "a", "xid": "b", "eci": "05"},
    }
    payment = answered(key_in(toss, **values), PaymentSchema())

    assert payment["taxFreeAmount"] == 5_000
    assert (payment["card"]["isInterestFree"], payment["card"]["interestPayer"]) == (True, "CARD_COMPANY")
    assert payment["card"]["useCardPoint"] is True


@pytest.mark.parametrize(("change", "code"), FORM_ERRORS)
def test_a_card_that_can_t_be_one_is_refused(toss: TossMerchant, change: dict[str, Any], code: str) -> None:
    assert_refused(key_in(toss, **change), code)
    assert_refused(toss.get_by_order("order_123"), "NOT_FOUND_PAYMENT")


def test_a_card_is_good_to_the_end_of_its_month_in_korea(toss: TossMerchant, clock: MovableClock) -> None:
    soon = {"cardExpirationYear": "24", "cardExpirationMonth": "01"}
    clock.advance(days=30, hours=2)

    assert key_in(toss, **soon).status_code == 200
    clock.advance(hours=1)
    assert_refused(key_in(toss, **soon, orderId="order_124"), "INVALID_CARD_EXPIRATION")


@pytest.mark.parametrize(("ending", "code"), DECLINES.items())
def test_a_card_that_the_issuer_refuses_leaves_the_payment_aborted(
    toss: TossMerchant, ending: str, code: str
) -> None:
    assert_refused(key_in(toss, cardNumber=numbered(ending)), code)

    payment = answered(toss.get_by_order("order_123"), PaymentSchema())
    assert (payment["status"], payment["failure"]["code"]) == ("ABORTED", code)
    assert payment["approvedAt"] is None


@pytest.mark.parametrize("number", ["4330121234567890", "4111111111111111", "5520221234567890"])
def test_a_card_of_a_kind_that_nobody_knows_is_not_charged(toss: TossMerchant, number: str) -> None:
    assert_refused(key_in(toss, cardNumber=number), "NOT_SUPPORTED_CARD_TYPE")


def test_a_card_with_a_limit_pays_up_to_it(toss: TossMerchant) -> None:
    limited = numbered("0109")

    assert_refused(key_in(toss, cardNumber=limited, amount=100_001), "EXCEED_MAX_PAYMENT_AMOUNT")
    assert key_in(toss, cardNumber=limited, amount=100_000).status_code == 200


def test_an_order_that_was_paid_stays_used_after_its_cancel(toss: TossMerchant) -> None:
    toss.cancel(answered(key_in(toss), PaymentSchema())["paymentKey"])

    assert_refused(key_in(toss), "DUPLICATED_ORDER_ID")


def test_another_merchant_s_orders_do_not_count(toss: TossMerchant, other_toss: TossMerchant) -> None:
    key_in(toss)

    assert key_in(other_toss).status_code == 200


@pytest.mark.parametrize("round_number", range(3))
def test_of_many_charges_of_one_order_one_goes_through(toss: TossMerchant, round_number: int) -> None:
    answers = at_once([lambda: key_in(toss)] * 12)

    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 11
    assert {answer.get_json().get("code") for answer in answers} == {None, "DUPLICATED_ORDER_ID"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": 0}, "BELOW_ZERO_AMOUNT"),
        ({"amount": -1}, "BELOW_ZERO_AMOUNT"),
        ({"amount": 99}, "BELOW_MINIMUM_AMOUNT"),
        ({"amount": 10.5}, "INVALID_REQUEST"),
        ({"amount": 2**53}, "INVALID_REQUEST"),
        ({"taxFreeAmount": 10_001}, "INVALID_REQUEST"),
        ({"taxFreeAmount": -1}, "INVALID_REQUEST"),
        ({"orderId": "short"}, "INVALID_ORDER_ID"),
        ({"orderId": "주문번호주문번호"}, "INVALID_ORDER_ID"),
        ({"orderId": "o" * 65}, "INVALID_ORDER_ID"),
        ({"orderName": "이" * 101}, "INVALID_ORDER_NAME"),
        ({"cardInstallmentPlan": 2}, "NOT_ALLOWED_INSTALLMENT_BELOW_AMOUNT"),
        ({"cardInstallmentPlan": 13}, "EXCEED_MAX_CARD_INSTALLMENT_PLAN"),
        ({"cardInstallmentPlan": 1}, "EXCEED_MIN_CARD_INSTALLMENT_PLAN"),
        ({"cardInstallmentPlan": -2}, "INVALID_CARD_INSTALLMENT_PLAN"),
        ({"cardInstallmentPlan": 2.5}, "INVALID_CARD_INSTALLMENT_PLAN"),
    ],
)
def test_an_order_that_a_card_does_not_pay_is_refused(
    toss: TossMerchant, change: dict[str, object], code: str
) -> None:
    assert_refused(key_in(toss, **change), code)


def test_a_field_that_is_missing_is_named(toss: TossMerchant) -> None:
    for field in REQUIRED:
        fields = {name: value for name, value in (CARD | ORDER).items() if name != field}
        message = assert_refused(toss.post("/v1/payments/key-in", fields), "INVALID_REQUIRED_PARAM")

        assert field in message


@pytest.mark.parametrize("field", sorted(CARD))
def test_junk_in_a_card_s_field_is_refused(toss: TossMerchant, field: str) -> None:
    answers = {ascii(value): key_in(toss, **{field: value}).status_code for value in NEVER_ACCEPTED}

    assert set(answers.values()) == {400}, answers


def test_a_repeated_call_with_an_idempotency_key_hears_the_first_answer(toss: TossMerchant) -> None:
    def call() -> TestResponse:
        return toss.post("/v1/payments/key-in", CARD | ORDER, headers={"Idempotency-Key": "once"})

    assert call().data == call().data
