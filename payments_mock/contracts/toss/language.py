"""The language of an answer: Korean, unless the caller prefers English."""

from flask import has_request_context, request

KOREAN = "ko"
ENGLISH = "en"


def answer_language() -> str:
    """Return `en` for a caller who sends `Accept-Language: en-US` or the like, else `ko`."""
    if not has_request_context():
        return KOREAN
    best = request.accept_languages.best_match((KOREAN, ENGLISH, "ko-KR", "en-US"), default=KOREAN)
    return ENGLISH if best.startswith(ENGLISH) else KOREAN
