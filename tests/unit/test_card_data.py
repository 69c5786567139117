"""Card details: the form of each, and when a card has run out."""

from datetime import UTC, datetime, timedelta

import pytest

from payments_mock.domain.cards import (
    CardData,
    CardExpirationError,
    CardNumberError,
    CardPasswordError,
    IdentityFormatError,
    IdentityMismatchError,
    check_card_data,
)
from testkit.inside.payments import NOON

VALID = {
    "number": "5365101234121234",
    "expiration_year": "30",
    "expiration_month": "07",
    "identity_number": "881212",
}


def card(**values: str) -> CardData:
    return CardData(**VALID | values)


@pytest.mark.parametrize("number", ["2" * 13, "9" * 20, "4330121234567890", "9410001234567890"])
def test_a_number_needs_no_check_digit(number: str) -> None:
    check_card_data(card(number=number), NOON)


@pytest.mark.parametrize(
    "number", ["4" * 12, "4" * 21, "536510", "9430" + "1" * 12, "0" * 16, "1" * 16, "４" * 16, " " + "4" * 16]
)
def test_other_numbers_are_refused(number: str) -> None:
    with pytest.raises(CardNumberError):
        check_card_data(card(number=number), NOON)


@pytest.mark.parametrize(
    ("year", "month", "expires_at"),
    [
        ("24", "01", datetime(2024, 1, 31, 15, tzinfo=UTC)),
        ("24", "12", datetime(2024, 12, 31, 15, tzinfo=UTC)),
        ("99", "12", datetime(2099, 12, 31, 15, tzinfo=UTC)),
        ("00", "02", datetime(2000, 2, 29, 15, tzinfo=UTC)),
    ],
)
def test_a_card_runs_out_at_the_end_of_its_month_in_korea(
    year: str, month: str, expires_at: datetime
) -> None:
    issued = card(expiration_year=year, expiration_month=month)

    assert issued.expires_at == expires_at
    check_card_data(issued, expires_at - timedelta(microseconds=1))
    with pytest.raises(CardExpirationError):
        check_card_data(issued, expires_at)


@pytest.mark.parametrize(
    ("year", "month"), [("30", "13"), ("30", "00"), ("30", "7"), ("3", "07"), ("xx", "07")]
)
def test_a_month_that_is_none_is_refused(year: str, month: str) -> None:
    with pytest.raises(CardExpirationError):
        check_card_data(card(expiration_year=year, expiration_month=month), NOON)


@pytest.mark.parametrize("number", ["881212", "000229", "240101", "1248100998", "2208162517"])
def test_a_birth_date_of_either_century_or_a_business_number_is_an_identity(number: str) -> None:
    check_card_data(card(identity_number=number), NOON)


@pytest.mark.parametrize(
    "number", ["", "88121", "881301", "880230", "010229", "8812121", "12481009981", "８８１２１２"]
)
def test_anything_else_is_none(number: str) -> None:
    with pytest.raises(IdentityFormatError):
        check_card_data(card(identity_number=number), NOON)


@pytest.mark.parametrize("number", ["1248100997", "0000000001", "991231"])
def test_an_identity_that_belongs_to_nobody_is_a_mismatch(number: str) -> None:
    with pytest.raises(IdentityMismatchError):
        check_card_data(card(identity_number=number), NOON)


@pytest.mark.parametrize("password", ["", "1", "123", "ab", "99"])
def test_a_wrong_password_is_refused(password: str) -> None:
    with pytest.raises(CardPasswordError):
        check_card_data(card(password=password), NOON)


def test_a_password_may_be_left_out() -> None:
    check_card_data(card(password="00"), NOON)
    check_card_data(card(), NOON)
