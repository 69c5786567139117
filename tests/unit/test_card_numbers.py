"""What a card number tells, and how the issuers of test cards refuse."""

import pytest

from payments_mock.domain.cards import (
    CARD_LIMIT,
    DECLINES,
    CardNotRegistrableError,
    card_of_number,
    check_registrable,
    find_decline,
)
from payments_mock.domain.institutions import find_issuer
from payments_mock.domain.payments.instruments import CardType, OwnerType

UNUSABLE = ("0101", "0102", "0103", "0107")


@pytest.mark.parametrize(
    ("number", "issuer", "acquirer"),
    [
        ("5365101234121234", "15", "15"),
        ("4330123412341234", "61", "31"),
        ("9410001234567890", "21", "21"),
        ("4906251234123456", "31", "31"),
    ],
)
def test_the_issuer_of_a_well_known_test_number_is_known(number: str, issuer: str, acquirer: str) -> None:
    card = card_of_number(number)

    assert (card.issuer_code, card.acquirer_code) == (issuer, acquirer)
    assert card.owner_type is (OwnerType.UNKNOWN if number.startswith("4330") else OwnerType.PERSONAL)


@pytest.mark.parametrize("beginning", range(200_000, 200_060))
def test_every_other_number_has_a_domestic_issuer_that_stays(beginning: int) -> None:
    first, second = (card_of_number(f"{beginning}{rest}") for rest in ("0000000001", "9999999999"))
    issuer = find_issuer(first.issuer_code)

    assert issuer is not None
    assert not issuer.is_overseas
    assert first.issuer_code == second.issuer_code


@pytest.mark.parametrize("number", ["4330280000000000", "4111111111111111", "5520221234567890"])
def test_of_some_numbers_the_kind_is_not_known(number: str) -> None:
    card = card_of_number(number, is_corporate=True)
    refusal = find_decline(number)

    assert (card.card_type, card.owner_type) == (CardType.UNKNOWN, OwnerType.UNKNOWN)
    assert refusal is not None
    assert refusal.of_amount(100) == "NOT_SUPPORTED_CARD_TYPE"


@pytest.mark.parametrize("length", range(13, 21))
def test_a_number_is_never_shown_whole(length: int) -> None:
    number = "53651012567890123456"[:length]
    shown = card_of_number(number).number

    assert shown != number
    assert shown.startswith("53651012****")
    assert shown.endswith("*")


def test_an_ordinary_card_is_never_refused() -> None:
    assert find_decline("5365101234121234") is None


@pytest.mark.parametrize("ending", DECLINES)
def test_a_refusal_goes_by_the_last_four_digits(ending: str) -> None:
    refusal = find_decline(f"536510123412{ending}")

    assert refusal is not None
    assert refusal.of_amount(CARD_LIMIT + 1) == refusal.code


def test_a_card_with_a_limit_is_refused_above_it_only() -> None:
    refusal = find_decline("5365101234120109")

    assert refusal is not None
    assert refusal.of_amount(CARD_LIMIT) is None


@pytest.mark.parametrize("ending", UNUSABLE)
def test_a_card_that_nobody_can_use_is_not_registered(ending: str) -> None:
    with pytest.raises(CardNotRegistrableError):
        check_registrable(DECLINES[ending])


@pytest.mark.parametrize("ending", sorted(set(DECLINES) - set(UNUSABLE)))
def test_a_card_that_only_declines_charges_is_registered(ending: str) -> None:
    check_registrable(DECLINES[ending])
