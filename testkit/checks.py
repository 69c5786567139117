"""What an answer must be, said once."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from testkit.answer import Answer

MARGIN = timedelta(minutes=1)


def granted(answer: Answer) -> Answer:
    """Return `answer`, having seen that it is a 200."""
    assert answer.status == 200, answer
    return answer


def assert_refused(answer: Answer, status: int, code: str) -> None:
    """Check that `answer` is an error as every error is: JSON with its code and a message."""
    assert answer.status == status, answer
    assert answer.media_type == "application/json", answer
    assert isinstance(answer.body, dict), answer
    assert answer.body["code"] == code, answer
    assert isinstance(answer.body["message"], str), answer
    assert answer.body["message"].strip(), answer
    assert answer.body.keys() <= {"code", "message", "errors", "data"}, answer


def assert_all_refused_but(count: int, answers: Sequence[Answer], status: int, code: str) -> None:
    """Check that `count` of the answers are a 200, and each of the others that one error."""
    refused = [answer for answer in answers if answer.status != 200]
    assert len(answers) - len(refused) == count
    for answer in refused:
        assert_refused(answer, status, code)


def assert_just_now(moment: str) -> None:
    """Check that `moment` is a time of about now, spelled in UTC and whole seconds."""
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment)
    assert abs(datetime.now(UTC) - datetime.fromisoformat(moment)) < MARGIN
