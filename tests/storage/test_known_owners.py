"""A process that alone has the database remembers whose keys it looked up, and never for too long."""

from datetime import UTC, datetime

import pytest
from flask import Flask, current_app
from sqlalchemy import Connection

from payments_mock.domain.faults import ArmedEffect, Fault, Match, Moment
from payments_mock.domain.sandboxes import KeyOwner, Merchant, SandboxClock
from payments_mock.services import context
from payments_mock.storage import faults
from payments_mock.storage import sandboxes as merchants
from payments_mock.storage.engine.database import database_of
from testkit.inside.database import transaction

KEY = "test_sk_dummy"
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
FAULT = Fault(
    name="any", match=Match(), moment=Moment.BEFORE, effect=ArmedEffect("reset"), times=None, skip=0
)


@pytest.fixture(autouse=True)
def remembering(database: Flask, merchant: Merchant) -> None:
    database_of(database).remember_owners()
    find_owner(KEY)


def find_owner(key: str) -> KeyOwner | None:
    return context.find_key_owner(database_of(current_app), key)


def owner() -> KeyOwner:
    found = find_owner(KEY)
    assert found is not None
    return found


def test_a_key_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    context.recall_key_owner(database_of(current_app), KEY)
    monkeypatch.delattr(merchants, "find_owner_by_digest")
    monkeypatch.delattr(merchants, "find_marked_owner")

    found, _ = context.recall_key_owner(database_of(current_app), KEY)

    assert found is not None
    assert found.merchant.code == "kiosk"


def test_a_key_that_nobody_has_is_looked_up_every_time(merchant: Merchant) -> None:
    assert find_owner("test_sk_new") is None

    with transaction() as connection:
        merchants.add_keys(connection, merchant.id, [("test_sk_new", owner().kind)])

    assert find_owner("test_sk_new") is not None


def test_a_fault_that_is_armed_or_disarmed_shows_at_once(merchant: Merchant) -> None:
    with transaction() as connection:
        faults.arm(connection, merchant.id, FAULT)
    armed = owner().merchant.has_faults
    with transaction() as connection:
        faults.disarm(connection, merchant.id)

    assert (armed, owner().merchant.has_faults) == (True, False)


def test_a_clock_that_is_moved_shows_at_once(merchant: Merchant) -> None:
    with transaction() as connection:
        merchants.set_clock(connection, merchant.id, SandboxClock(frozen_at=NOON))

    assert owner().merchant.clock.frozen_at == NOON


def test_a_merchant_that_is_removed_is_forgotten(merchant: Merchant) -> None:
    with transaction() as connection:
        merchants.remove_merchant(connection, merchant.id)

    assert find_owner(KEY) is None


def test_what_is_looked_up_while_it_changes_is_not_remembered(
    merchant: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up = merchants.find_owner_by_digest

    def overtaken(connection: Connection, digest: str) -> KeyOwner | None:
        found = look_up(connection, digest)
        with transaction() as changing:
            faults.arm(changing, merchant.id, FAULT)
        return found

    with transaction() as connection:
        faults.disarm(connection, merchant.id)
    if database_of(current_app).has_replicas:
        pytest.skip("what is remembered there is checked by the call itself")
    with monkeypatch.context() as patch:
        patch.setattr(merchants, "find_owner_by_digest", overtaken)
        before = owner()

    assert (before.merchant.has_faults, owner().merchant.has_faults) == (False, True)
