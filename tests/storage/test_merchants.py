"""Merchants and their keys, brought up to date at every start and kept as digests."""

import pytest
from sqlalchemy import select

from payments_mock.domain.sandboxes import ContractName, KeyKind, KeyOwner
from payments_mock.storage import metadata
from payments_mock.storage.sandboxes import find_owner, register, remove_merchant
from payments_mock.storage.tables import merchants
from testkit.inside.database import look, transaction

pytestmark = [pytest.mark.every_database, pytest.mark.usefixtures("database")]


def start_with(
    code: str,
    *secret_keys: str,
    client_keys: tuple[str, ...] = (),
    contract: ContractName = ContractName.KIOSK,
) -> None:
    """Register a merchant as a start of the server does."""
    keys = [(key, KeyKind.SECRET) for key in secret_keys] + [(key, KeyKind.CLIENT) for key in client_keys]
    with transaction() as connection:
        register(connection, code, contract, "2022-11-16", keys)


def owner_of(key: str) -> KeyOwner | None:
    with look() as connection:
        return find_owner(connection, key)


def code_of_owner(key: str) -> str | None:
    owner = owner_of(key)
    return None if owner is None else owner.merchant.code


def test_a_key_leads_to_its_merchant_and_its_kind() -> None:
    start_with("kiosk", "test_sk_1", client_keys=("test_ck_1",))

    secret, client = owner_of("test_sk_1"), owner_of("test_ck_1")

    assert secret is not None
    assert client is not None
    assert (secret.merchant.code, secret.kind) == ("kiosk", KeyKind.SECRET)
    assert (client.merchant, client.kind) == (secret.merchant, KeyKind.CLIENT)


@pytest.mark.parametrize("key", ["", "test_sk", "test_sk_11", "TEST_SK_1", "test_sk_1 ", "%", "\0", "열쇠"])
def test_a_key_that_nobody_has_leads_to_nobody(key: str) -> None:
    start_with("kiosk", "test_sk_1")

    assert owner_of(key) is None


def test_each_of_several_keys_leads_to_the_merchant() -> None:
    start_with("kiosk", "test_sk_1", "test_sk_2")

    assert code_of_owner("test_sk_1") == code_of_owner("test_sk_2") == "kiosk"


def test_a_second_start_finds_the_merchant_of_the_first() -> None:
    start_with("kiosk", "test_sk_1")
    first = owner_of("test_sk_1")

    start_with("kiosk", "test_sk_1")

    assert owner_of("test_sk_1") == first
    with look() as connection:
        assert list(connection.scalars(select(merchants.c.code))) == ["kiosk"]


def test_a_start_with_another_contract_changes_the_merchant() -> None:
    start_with("shop", "test_sk_1")

    start_with("shop", "test_sk_1", contract=ContractName.TOSS)

    owner = owner_of("test_sk_1")
    assert owner is not None
    assert owner.merchant.contract is ContractName.TOSS


def test_a_key_that_a_start_no_longer_names_is_forgotten() -> None:
    start_with("kiosk", "test_sk_old")

    start_with("kiosk", "test_sk_new")

    assert owner_of("test_sk_old") is None
    assert code_of_owner("test_sk_new") == "kiosk"


def test_a_key_may_move_to_another_merchant_between_starts() -> None:
    start_with("before", "test_sk_1")

    start_with("after", "test_sk_1")

    assert code_of_owner("test_sk_1") == "after"


def test_two_merchants_may_swap_their_keys_between_starts() -> None:
    start_with("one", "test_sk_1")
    start_with("two", "test_sk_2")

    start_with("one", "test_sk_2")
    start_with("two", "test_sk_1")

    assert (code_of_owner("test_sk_2"), code_of_owner("test_sk_1")) == ("one", "two")


def test_no_key_can_be_read_from_the_database() -> None:
    start_with("kiosk", "test_sk_dummy", client_keys=("test_ck_dummy",))

    with look() as connection:
        rows = [row for table in metadata.sorted_tables for row in connection.execute(select(table))]

    assert rows
    assert "dummy" not in repr(rows)


def test_the_number_of_a_merchant_that_was_removed_is_never_used_again() -> None:
    start_with("first", "test_sk_1")
    first = owner_of("test_sk_1")
    assert first is not None
    with transaction() as connection:
        remove_merchant(connection, first.merchant.id)

    start_with("second", "test_sk_2")

    second = owner_of("test_sk_2")
    assert second is not None
    assert second.merchant.id > first.merchant.id
