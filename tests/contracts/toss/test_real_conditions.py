"""The codes that come of what callers, shoppers, banks and clocks do, without any test header."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from testkit.inside.clock import MovableClock
from testkit.inside.database import drop_tables
from testkit.inside.toss_merchant import query_of
from testkit.inside.toss_stage import Stage, stage_on, staged_app
from tests.contracts.toss.answers import assert_refused
from tests.contracts.toss.conditions import CHECKOUTS, CONDITIONS
from tests.contracts.toss.conftest import MERCHANTS
from tests.contracts.toss.published_codes import published_codes

FAULT_OF_OURS = "FAILED_INTERNAL_SYSTEM_PROCESSING"

PROMISED = 60
"""How many of the published codes arise from real conditions here; 45 are asked for."""


@pytest.mark.every_case
@pytest.mark.parametrize(
    ("code", "provoke"), [row[1:] for row in CONDITIONS], ids=[f"{row[0]}: {row[1]}" for row in CONDITIONS]
)
def test_the_condition_is_answered_with_its_code(
    stage: Stage, code: str, provoke: Callable[[Stage], TestResponse]
) -> None:
    answer = provoke(stage)

    if "errors" in (content := answer.get_json()) or answer.request.path.startswith("/control"):
        assert (answer.status_code, content["code"]) == (published_codes()[code], code), answer.text
    else:
        assert_refused(answer, code)


@pytest.mark.parametrize(
    ("code", "provoke"), [row[1:] for row in CHECKOUTS], ids=[f"{row[0]}: {row[1]}" for row in CHECKOUTS]
)
def test_a_window_that_can_not_be_opened_is_refused_with_its_code(
    stage: Stage, code: str, provoke: Callable[[Stage], TestResponse]
) -> None:
    answer = provoke(stage)

    assert (answer.status_code, answer.get_json()["code"]) == (published_codes()[code], code), answer.text


OUTCOMES: dict[str, dict[str, Any]] = {
    "PAY_PROCESS_CANCELED": {"result": "close"},
    "PAY_PROCESS_ABORTED": {"result": "fail", "code": "PAY_PROCESS_ABORTED"},
    "REJECT_CARD_COMPANY": {"result": "fail", "code": "REJECT_CARD_COMPANY"},
}


@pytest.mark.parametrize("code", OUTCOMES)
def test_a_shopper_who_does_not_pay_is_sent_to_the_fail_url_with_the_code(stage: Stage, code: str) -> None:
    answer = stage.checkout(outcome=OUTCOMES[code])

    assert query_of(answer.get_json()["redirectUrl"])["code"] == code


def test_a_fault_of_ours_is_an_internal_failure(new_database: Callable[[], str]) -> None:
    clock = MovableClock()
    with staged_app(new_database(), MERCHANTS, clock) as app:
        drop_tables(app, "payments")

        answer = stage_on(app, clock).toss.get("unknown")

    assert_refused(answer, FAULT_OF_OURS)


def test_more_codes_are_provoked_here_than_are_promised() -> None:
    provoked = {code for _, code, _ in (*CONDITIONS, *CHECKOUTS)} | OUTCOMES.keys() | {FAULT_OF_OURS}

    assert len(provoked & published_codes().keys()) >= PROMISED
