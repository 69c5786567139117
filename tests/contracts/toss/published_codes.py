"""The error codes of the public reference and their statuses, which the catalogue must agree with."""

import csv
from collections.abc import Mapping
from pathlib import Path

_FILE = Path(__file__).with_name("published_codes.csv")


def published_codes() -> Mapping[str, int]:
    """Return the status by code."""
    with _FILE.open(encoding="utf-8", newline="") as rows:
        return {row["code"]: int(row["status"]) for row in csv.DictReader(rows)}
