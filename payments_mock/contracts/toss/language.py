"""The language of an answer: Korean, unless the caller prefers English."""

from functools import lru_cache
from typing import Final

from flask import has_request_context, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

KOREAN = "ko"
ENGLISH = "en"
LONGEST_KNOWN: Final = 200
"""How long a header may be for its meaning to be remembered."""


def answer_language() -> str:
    """Return `en` for a caller who sends `Accept-Language: en-US` or the like, else `ko`."""
    if not has_request_context():
        return KOREAN
    accepted: str = request.environ.get("HTTP_ACCEPT_LANGUAGE", "")
    return _language_of(accepted) if len(accepted) <= LONGEST_KNOWN else _preferred(accepted)


def _preferred(accepted: str) -> str:
    languages = parse_accept_header(accepted, LanguageAccept)
    best = languages.best_match((KOREAN, ENGLISH, "ko-KR", "en-US"), default=KOREAN)
    return ENGLISH if best.startswith(ENGLISH) else KOREAN


_language_of = lru_cache(maxsize=256)(_preferred)
