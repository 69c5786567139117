"""Keys and tokens come from one source of randomness, which can be given."""

import re

import pytest

from payments_mock.ids import Ids

MAKERS = [name for name in vars(Ids) if name.endswith(("_key", "_token"))]
GIVEN = {"receipt_token": (7,)}


def make(maker: str, ids: Ids) -> str:
    return str(getattr(ids, maker)(*GIVEN.get(maker, ())))


@pytest.mark.parametrize("maker", MAKERS)
def test_the_same_randomness_makes_the_same_identifier(maker: str) -> None:
    first, second = (Ids(random_bytes=lambda count: b"\x0f" * count) for _ in range(2))

    assert make(maker, first) == make(maker, second)


@pytest.mark.parametrize("maker", MAKERS)
def test_no_identifier_comes_twice_by_default(maker: str) -> None:
    made = [make(maker, Ids()) for _ in range(1000)]

    assert len(set(made)) == len(made)


@pytest.mark.parametrize("maker", MAKERS)
def test_an_identifier_is_safe_in_a_path(maker: str) -> None:
    end = "=" if maker == "billing_key" else ""

    assert re.fullmatch(rf"[A-Za-z0-9_-]+{end}", make(maker, Ids()))


def test_a_billing_key_is_44_characters_of_base64() -> None:
    assert (len(Ids().billing_key()), Ids().billing_key()[-1]) == (44, "=")


def test_a_receipt_token_holds_128_random_bits() -> None:
    assert len(bytes.fromhex(Ids().receipt_token(7).removeprefix("7-"))) == 16
