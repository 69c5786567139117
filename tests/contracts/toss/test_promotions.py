"""/v1/promotions: what card companies and banks offer."""

import pytest
from marshmallow import RAISE

from payments_mock.contracts.toss.promotions import CardPromotions, Promotion
from payments_mock.domain.institutions import find_bank, find_issuer
from testkit.inside.clock import MovableClock
from testkit.inside.toss_merchant import TossMerchant
from tests.contracts.toss.answers import answered


def test_the_offers_of_cards_name_known_issuers(toss: TossMerchant) -> None:
    offers = answered(toss.call("GET", "/v1/promotions/card"), CardPromotions())

    assert offers["discountCards"]
    assert offers["interestFreeCards"]
    for offer in (*offers["discountCards"], *offers["interestFreeCards"]):
        assert find_issuer(offer["issuerCode"])


def test_interest_free_months_are_months_that_instalments_can_have(toss: TossMerchant) -> None:
    offers = toss.call("GET", "/v1/promotions/card").get_json()["interestFreeCards"]

    for offer in offers:
        assert offer["minimumPaymentAmount"] == 50_000
        assert set(offer["installmentFreeMonths"]) <= set(range(2, 13))


def test_every_offer_has_the_fields_of_its_schema_and_no_other(toss: TossMerchant) -> None:
    Promotion(many=True).load(toss.call("GET", "/v1/promotions").get_json(), unknown=RAISE)


def test_a_banks_discount_is_an_amount_or_a_rate(toss: TossMerchant) -> None:
    offers = toss.call("GET", "/v1/promotions").get_json()
    discounts = [offer["bankDiscount"] for offer in offers if offer["bankDiscount"]]

    assert {discount["type"] for discount in discounts} == {"FIXED_AMOUNT", "FIXED_RATE"}
    for discount in discounts:
        assert find_bank(discount["bankCode"])
        assert (discount["discountRate"] is None) is (discount["type"] == "FIXED_AMOUNT")
        assert (discount["discountAmount"] is None) is (discount["type"] == "FIXED_RATE")


def test_offers_end_with_the_year_of_the_merchants_clock(toss: TossMerchant, clock: MovableClock) -> None:
    def due() -> set[str]:
        return {
            offer["dueDate"] for offer in toss.call("GET", "/v1/promotions/card").get_json()["discountCards"]
        }

    assert due() == {"2024-12-31"}
    clock.advance(days=366)
    assert due() == {"2025-12-31"}


@pytest.mark.parametrize("path", ["/v1/promotions", "/v1/promotions/card"])
def test_a_slash_at_the_end_changes_nothing(toss: TossMerchant, path: str) -> None:
    assert toss.call("GET", f"{path}/").get_json() == toss.call("GET", path).get_json()
