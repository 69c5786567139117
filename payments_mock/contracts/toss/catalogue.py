"""Every error code of the Toss contract, with its status and its message in Korean and English."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

EXPIRED_PAYMENT = "EXPIRED_PAYMENT"


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One code: the status it comes with, the operations it is documented for, and its messages."""

    status: int
    code: str
    operations: frozenset[str]
    korean: str
    english: str

    def message(self, language: str) -> str:
        """Return the message in `language`, `ko` or `en`."""
        return self.english if language == "en" else self.korean


@cache
def catalogue() -> Mapping[str, CatalogueEntry]:
    """Return the catalogue by code."""
    text = files(__package__).joinpath("catalogue.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {
        row["code"]: CatalogueEntry(
            int(row["status"]),
            row["code"],
            frozenset(row["operations"].split()),
            row["korean"],
            row["english"],
        )
        for row in rows
    }


_FAILURES = {
    EXPIRED_PAYMENT: (
        "결제 유효 시간이 지나 만료되었습니다. 다시 결제해주세요.",
        "The payment has expired. Please pay again.",
    )
}
"""Codes that only a payment's `failure` carries, never an answer."""


def failure_message(code: str, language: str) -> str:
    """Return the message of the code that a payment failed with."""
    if code in _FAILURES:
        return _FAILURES[code][language == "en"]
    entry = catalogue().get(code)
    return code if entry is None else entry.message(language)
