"""The flags of a merchant that tell of faults and webhooks agree with the stored rows."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunningError
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import Connection

from payments_mock.domain.faults import ArmedEffect, Fault, Match, Moment
from payments_mock.domain.sandboxes import Merchant
from payments_mock.domain.webhooks import Endpoint, EventType
from payments_mock.storage.faults import arm, disarm, list_armed
from payments_mock.storage.sandboxes import find_merchant
from payments_mock.storage.webhooks.endpoints import list_endpoints, register_endpoint, remove_endpoints
from testkit.inside.database import look, transaction

pytestmark = pytest.mark.every_database

OVERLAP_SECONDS = 0.5
PATIENCE_SECONDS = 30
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
FAULT = Fault(
    name="any", match=Match(), moment=Moment.BEFORE, effect=ArmedEffect("reset"), times=None, skip=0
)
OTHER_FAULT = replace(FAULT, name="other")
ENDPOINT = Endpoint("https://shop.example/hook", (EventType.PAYMENT_STATUS_CHANGED,), NOON)
OTHER = Endpoint("https://shop.example/other", (EventType.PAYMENT_STATUS_CHANGED,), NOON)

Act = Callable[[Connection, int], object]


def overlapping(database: Flask, merchant: Merchant, first: Act, second: Act) -> Merchant:
    """Begin the second act before the first one is committed; returns the merchant as it is afterwards."""

    def act() -> None:
        with database.app_context(), transaction() as connection:
            second(connection, merchant.id)

    with ThreadPoolExecutor(1) as pool:
        with transaction() as connection:
            first(connection, merchant.id)
            running = pool.submit(act)
            with suppress(StillRunningError):
                running.result(OVERLAP_SECONDS)
        running.result(PATIENCE_SECONDS)
    with look() as connection:
        found = find_merchant(connection, merchant.code)
    assert found is not None
    return found


def test_a_fault_that_is_armed_while_all_are_disarmed_is_told_of(database: Flask, merchant: Merchant) -> None:
    with transaction() as connection:
        arm(connection, merchant.id, FAULT)

    now = overlapping(database, merchant, lambda *at: arm(*at, OTHER_FAULT), lambda *at: disarm(*at, "any"))

    with look() as connection:
        assert now.has_faults is bool(list_armed(connection, merchant.id)) is True


def test_a_url_that_is_registered_while_another_is_removed_is_told_of(
    database: Flask, merchant: Merchant
) -> None:
    with transaction() as connection:
        register_endpoint(connection, merchant.id, ENDPOINT)

    now = overlapping(
        database,
        merchant,
        lambda *at: register_endpoint(*at, OTHER),
        lambda *at: remove_endpoints(*at, url=ENDPOINT.url),
    )

    with look() as connection:
        assert now.has_webhooks is bool(list_endpoints(connection, merchant.id)) is True
