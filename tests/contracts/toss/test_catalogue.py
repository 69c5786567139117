"""The catalogue of codes: all that are published, each with its status, in both languages."""

import pytest

from payments_mock.api.catalogue import EXPIRED_PAYMENT, catalogue, failure_message
from payments_mock.contracts.toss.errors import CODES
from tests.contracts.toss.published_codes import published_codes

ADDED = {"ALREADY_REMOVED_BILLING_KEY", "FORBIDDEN_BANK_REFUND_REQUEST", "EXCEED_CANCEL_LIMIT"}
"""Codes that the public reference has beyond its published list."""


def test_every_published_code_is_there_with_its_status() -> None:
    known = {code: entry.status for code, entry in catalogue().items() if code not in ADDED}

    assert known == published_codes()


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_every_code_has_a_message_in_korean_and_one_in_english(code: str) -> None:
    entry = catalogue()[code]

    assert any("가" <= character <= "힣" for character in entry.korean)
    assert entry.english.isascii()
    assert entry.english.endswith(".")


def test_no_two_rows_are_of_one_code_in_the_table_of_errors() -> None:
    assert set(CODES.values()) <= catalogue().keys()


def test_the_code_of_an_expired_payment_has_words_though_it_is_never_an_answer() -> None:
    assert EXPIRED_PAYMENT not in catalogue()
    assert failure_message(EXPIRED_PAYMENT, "en") != failure_message(EXPIRED_PAYMENT, "ko")
