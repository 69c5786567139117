"""What an answer must be, said once."""

import re
from datetime import UTC, datetime, timedelta

from testkit.answer import Answer

MARGIN = timedelta(minutes=1)


def granted(answer: Answer) -> Answer:
    """Return ``answer``, having seen that it is a 200."""
    assert answer.status == 200, answer
    return answer


def assert_refused(answer: Answer, status: int, code: str) -> None:
    """Check that ``answer`` is an error as every error is: JSON with its code and a message."""
    assert answer.status == status, answer
    assert answer.media_type == "application/json", answer
    assert isinstance(answer.body, dict), answer
    assert answer.body["code"] == code, answer
    assert isinstance(answer.body["message"], str), answer
    assert answer.body["message"].strip(), answer
    assert answer.body.keys() <= {"code", "message", "errors"}, answer


def assert_just_now(moment: str) -> None:
    """Check that ``moment`` is a time of about now, spelled in UTC and whole seconds."""
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment)
    assert abs(datetime.now(UTC) - datetime.fromisoformat(moment)) < MARGIN
