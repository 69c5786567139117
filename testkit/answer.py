"""What a server answered, read once and kept."""

from dataclasses import dataclass
from typing import Any

import requests


@dataclass(frozen=True)
class Answer:
    """One HTTP answer: status, headers (names in any case) and text."""

    status: int
    headers: requests.structures.CaseInsensitiveDict[str]
    text: str
    body: Any
    """The JSON of the answer; None where it is no JSON."""

    @classmethod
    def of(cls, response: requests.Response) -> "Answer":
        """Read `response` as UTF-8, whatever it says of itself."""
        response.encoding = "utf-8"
        return cls(response.status_code, response.headers, response.text, _json_or_none(response))

    @property
    def media_type(self) -> str:
        """Return the content type without its parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    def __str__(self) -> str:
        return f"{self.status} {self.media_type}: {self.text[:2000]}"


def _json_or_none(response: requests.Response) -> Any:
    try:
        return response.json()
    except requests.JSONDecodeError:
        return None
