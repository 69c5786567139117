"""How an amount in won divides into supply, value added tax and what is free of tax."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments_mock.domain.values import LARGEST_AMOUNT, split
from testkit.inside.payments import make_payment


@st.composite
def amounts_and_untaxed_parts(draw: st.DrawFn) -> tuple[int, int]:
    amount = draw(st.integers(0, LARGEST_AMOUNT))
    return amount, draw(st.integers(0, amount))


@pytest.mark.parametrize(
    ("amount", "supplied", "vat"),
    [
        (0, 0, 0),
        (1, 1, 0),
        (5, 5, 0),
        (6, 5, 1),
        (11, 10, 1),
        (16, 15, 1),
        (17, 15, 2),
        (1000, 909, 91),
        (10000, 9091, 909),
        (15000, 13636, 1364),
    ],
)
def test_the_tax_is_an_eleventh_of_the_amount_rounded_half_up(amount: int, supplied: int, vat: int) -> None:
    parts = split(amount)

    assert (parts.supplied, parts.vat, parts.tax_free) == (supplied, vat, 0)


def test_what_is_free_of_tax_bears_none() -> None:
    parts = split(10000, tax_free=8900)

    assert (parts.supplied, parts.vat, parts.tax_free) == (1000, 100, 8900)


@given(amounts_and_untaxed_parts())
def test_the_parts_add_up_to_the_amount(drawn: tuple[int, int]) -> None:
    amount, tax_free = drawn

    parts = split(amount, tax_free)

    assert parts.supplied + parts.vat + parts.tax_free == amount


@given(amounts_and_untaxed_parts())
def test_no_part_is_negative(drawn: tuple[int, int]) -> None:
    parts = split(*drawn)

    assert min(parts.supplied, parts.vat, parts.tax_free) >= 0


@given(amounts_and_untaxed_parts())
def test_the_tax_is_never_further_than_half_a_won_from_exact(drawn: tuple[int, int]) -> None:
    amount, tax_free = drawn

    assert abs(split(amount, tax_free).vat - Fraction(amount - tax_free, 11)) <= Fraction(1, 2)


def test_a_payment_divides_what_is_left_of_it() -> None:
    assert make_payment(total_amount=10_000, balance_amount=1000).split == split(1000)
