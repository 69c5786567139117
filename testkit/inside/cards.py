"""Cards that are keyed in; the one place in the tests that knows what one needs."""

from typing import Any

CARD = {
    "cardNumber": "5365101234121234",
    "cardExpirationYear": "30",
    "cardExpirationMonth": "07",
    "customerIdentityNumber": "881212",
}
"""The card of the public reference's samples, valid for years by the tests' clock."""

FORM_ERRORS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"cardNumber": "536510"}, "INVALID_CARD_NUMBER"),
    ({"cardNumber": "4" * 12}, "INVALID_CARD_NUMBER"),
    ({"cardNumber": "4" * 21}, "INVALID_CARD_NUMBER"),
    ({"cardNumber": "5365-1012-3412-1234"}, "INVALID_CARD_NUMBER"),
    ({"cardNumber": "1330123412341234"}, "INVALID_CARD_NUMBER"),
    ({"cardNumber": "４330123412341234"}, "INVALID_CARD_NUMBER"),
    ({"cardNumber": ["5365101234121234"]}, "INVALID_CARD_NUMBER"),
    ({"cardNumber": "5365101234121234\n"}, "INVALID_CARD_NUMBER"),
    ({"cardExpirationYear": "23", "cardExpirationMonth": "12"}, "INVALID_CARD_EXPIRATION"),
    ({"cardExpirationMonth": "13"}, "INVALID_CARD_EXPIRATION"),
    ({"cardExpirationMonth": "00"}, "INVALID_CARD_EXPIRATION"),
    ({"cardExpirationMonth": "7"}, "INVALID_CARD_EXPIRATION"),
    ({"cardExpirationYear": "2030"}, "INVALID_CARD_EXPIRATION"),
    ({"customerIdentityNumber": "88121"}, "INVALID_BIRTH_DAY_FORMAT"),
    ({"customerIdentityNumber": "880230"}, "INVALID_BIRTH_DAY_FORMAT"),
    ({"customerIdentityNumber": "eight"}, "INVALID_BIRTH_DAY_FORMAT"),
    ({"customerIdentityNumber": "1248100999"}, "INVALID_CARD_IDENTITY"),
    ({"customerIdentityNumber": "991231"}, "INVALID_CARD_IDENTITY"),
    ({"cardPassword": "1"}, "INVALID_CARD_PASSWORD"),
    ({"cardPassword": "123"}, "INVALID_CARD_PASSWORD"),
    ({"cardPassword": "99"}, "INVALID_CARD_PASSWORD"),
    ({"customerEmail": "nobody"}, "INVALID_EMAIL"),
    ({"customerEmail": f"{'a' * 100}@example.com"}, "INVALID_EMAIL"),
    ({"customerName": "김" * 101}, "INVALID_REQUEST"),
)
"""Changes to a card's fields, each with the code by which they are refused."""

NEVER_ACCEPTED = (
    None,
    "",
    "\x00",
    "x" * 5000,
    -1,
    1e300,
    2**60,
    True,
    [],
    {},
    ["x"],
    {"a": 1},
    "🍔",
    "\udfff",
)
"""Values that no required field of text takes; a lone surrogate is no JSON at all."""


def numbered(ending: str) -> str:
    """Return a card number that ends so."""
    return CARD["cardNumber"][: -len(ending)] + ending
