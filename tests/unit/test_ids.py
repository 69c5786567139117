"""Keys and tokens come from one source of randomness, which can be given."""

import re

import pytest

from payments_mock.ids import Ids

MAKERS = [name for name in vars(Ids) if name.endswith(("_key", "_token"))]


@pytest.mark.parametrize("maker", MAKERS)
def test_the_same_randomness_makes_the_same_identifier(maker: str) -> None:
    first, second = (Ids(random_bytes=lambda count: b"\x0f" * count) for _ in range(2))

    assert getattr(first, maker)() == getattr(second, maker)()


@pytest.mark.parametrize("maker", MAKERS)
def test_no_identifier_comes_twice_by_default(maker: str) -> None:
    made = [getattr(Ids(), maker)() for _ in range(1000)]

    assert len(set(made)) == len(made)


@pytest.mark.parametrize("maker", MAKERS)
def test_an_identifier_is_safe_in_a_path(maker: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]+", getattr(Ids(), maker)())


def test_a_receipt_token_holds_128_random_bits() -> None:
    assert len(bytes.fromhex(Ids().receipt_token())) == 16
