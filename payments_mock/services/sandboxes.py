"""Make, find, reset and delete sandboxes, and open one for each unknown test key."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from payments_mock.domain.errors import PaymentError
from payments_mock.domain.payments.payment import KeyFamily
from payments_mock.domain.sandboxes import (
    MACHINE_TIME,
    ClockChange,
    ContractName,
    Kept,
    KeyKind,
    KeyOwner,
    Merchant,
    Switch,
    Switches,
    keys_that_belong_to,
    open_merchant_code,
)
from payments_mock.domain.values import immutable
from payments_mock.domain.webhooks import USUAL_EVENTS, Endpoint
from payments_mock.ids import Ids
from payments_mock.services.context import Context
from payments_mock.storage import faults
from payments_mock.storage import sandboxes as store
from payments_mock.storage.engine.database import Database
from payments_mock.storage.engine.prepared import OwnerGoneError
from payments_mock.storage.engine.schema import wait_for_turn
from payments_mock.storage.webhooks import endpoints as webhooks


class SandboxNotFoundError(PaymentError):
    """There is no sandbox with this id."""


class SandboxTakenError(PaymentError):
    """There is a sandbox with this id, or one of these keys is another's.

    `key` is the place of that key in `SandboxKeys.with_kinds`, None where it is the id, and `holder` is the
    id of the sandbox that has it, unless that is gone by now.
    """

    def __init__(self, message: str, key: int | None = None, holder: str | None = None) -> None:
        super().__init__(message)
        self.key = key
        self.holder = holder


@immutable
class SandboxKeys:
    """The keys of a sandbox; the widget pair is there on the Toss contract only."""

    secret_key: str
    client_key: str
    widget_secret_key: str | None = None
    widget_client_key: str | None = None

    def with_kinds(self) -> Iterable[tuple[str, KeyKind]]:
        """Return every key with its kind."""
        yield self.secret_key, KeyKind.SECRET
        yield self.client_key, KeyKind.CLIENT
        if self.widget_secret_key is not None and self.widget_client_key is not None:
            yield self.widget_secret_key, KeyKind.SECRET
            yield self.widget_client_key, KeyKind.CLIENT


@immutable
class RegisteredMerchant:
    """A merchant that the server is told of at its start, with all keys and what each may do.

    `webhook_url` is where it listens for the usual events, if anywhere.
    """

    code: str
    contract: ContractName
    version: str
    keys: Iterable[tuple[str, KeyKind]]
    webhook_url: str | None = None
    switches: Switches = frozenset()


def new_keys(ids: Ids, contract: ContractName) -> SandboxKeys:
    """Make keys that are not in use."""
    suffix = ids.hexadecimal(24)
    pair = (f"test_sk_{suffix}", f"test_ck_{suffix}")
    if contract is ContractName.KIOSK:
        return SandboxKeys(*pair)
    return SandboxKeys(*pair, f"test_gsk_{suffix}", f"test_gck_{suffix}")


def new_code(ids: Ids) -> str:
    """Make an id that is not in use."""
    return f"s-{ids.hexadecimal(12)}"


def create_sandbox(
    database: Database, code: str, contract: ContractName, version: str, keys: SandboxKeys, on: Switches
) -> Merchant:
    """Store a new sandbox, in which these switches are `on`.

    Raises:
        SandboxTakenError: the id, or one of the keys, is in use.
    """
    try:
        with database.transaction_on_merchants() as connection:
            store.add_merchant(connection, code, contract, version, keys.with_kinds(), on)
    except store.CodeTakenError:
        raise SandboxTakenError(f"the id {code} is in use already") from None
    except store.KeyTakenError as error:
        holder = _holder_of(database, [key for key, _ in keys.with_kinds()][error.position])
        raise SandboxTakenError("a key is in use already", error.position, holder) from None
    return find_sandbox(database, code)


def adopt_key(database: Database, merchant: Merchant, digest: str, family: KeyFamily) -> None:
    """Give a sandbox a secret key by its digest.

    Raises:
        SandboxTakenError: the key is in use.
    """
    with database.transaction_on_merchants() as connection:
        if not store.add_digest(connection, merchant.id, digest, family):
            raise SandboxTakenError("the key is in use already")


def _holder_of(database: Database, key: str) -> str | None:
    with database.connection() as connection:
        owner = store.find_owner(connection, key)
    return None if owner is None else owner.merchant.code


def find_sandbox(database: Database, code: str) -> Merchant:
    """Return the sandbox with an id.

    Raises:
        SandboxNotFoundError: there is none.
    """
    with database.connection() as connection:
        merchant = store.find_merchant(connection, code)
    if merchant is None:
        raise SandboxNotFoundError(f"there is no sandbox {code}")
    return merchant


def list_sandboxes(database: Database) -> list[Merchant]:
    """Return all sandboxes, those of the settings included."""
    with database.connection() as connection:
        return store.list_merchants(connection)


def count_sandboxes(database: Database) -> Mapping[ContractName, int]:
    """Count the sandboxes on each contract that has any, the merchants of the settings among them."""
    with database.connection() as connection:
        return store.count_merchants(connection)


def reset_sandbox(
    context: Context, webhook_url: str | None = None, kept: Collection[Kept] = frozenset()
) -> None:
    """Forget all that happened in a sandbox, and put its clock and switches back, but for what is `kept`.

    Its keys stay. Where the settings gave it a `webhook_url`, it listens there again.
    """
    merchant = context.merchant

    def forget(connection: Connection) -> None:
        # This also resets the flags that say whether there are faults and webhooks.
        if Kept.FAULTS not in kept:
            faults.disarm(connection, merchant.id)
        if Kept.WEBHOOKS not in kept:
            webhooks.remove_endpoints(connection, merchant.id)
        store.clear(connection, merchant.id, kept)
        if Kept.CLOCK not in kept:
            store.set_clock(connection, merchant.id, MACHINE_TIME)
        if Kept.SWITCHES not in kept:
            store.put_switches_back(connection, merchant.id)
        if webhook_url is not None and Kept.WEBHOOKS not in kept:
            _listen(connection, merchant.id, webhook_url, context.clock())

    context.database.write_giving_way(forget)


def delete_sandbox(database: Database, merchant: Merchant) -> None:
    """Remove a sandbox with all that happened in it; its keys are then nobody's."""
    # Removing the keys first lets no new call in, and waits for those under way.
    with database.transaction_on_merchants() as connection:
        store.remove_keys(connection, merchant.id)

    def remove(connection: Connection) -> None:
        store.clear(connection, merchant.id)
        store.remove_merchant(connection, merchant.id)

    database.write_giving_way(remove)


def change_switches(database: Database, merchant: Merchant, turned: Mapping[Switch, bool]) -> Merchant:
    """Turn switches of a sandbox on or off, and return the sandbox as it is then; the others stay.

    Raises:
        SandboxNotFoundError: the sandbox was deleted meanwhile.
    """
    with database.transaction_on_merchants() as connection:
        store.lock_merchant(connection, merchant.id)
        found = store.find_merchant(connection, merchant.code)
        if found is None:
            raise SandboxNotFoundError(f"there is no sandbox {merchant.code}")
        on = {switch for switch, is_on in turned.items() if is_on}
        switches = (found.switches - turned.keys()) | on
        store.set_switches(connection, found.id, switches)
    return replace(found, switches=switches)


def change_clock(context: Context, connection: Connection, change: ClockChange) -> tuple[Merchant, Merchant]:
    """Change the clock of the context's sandbox, and return the sandbox as it was before and is now.

    The connection is that of a transaction on merchants, which keeps others from moving the clock.

    Raises:
        SandboxNotFoundError: the sandbox was deleted meanwhile.
    """
    machine_time = context.clock()
    store.lock_merchant(connection, context.merchant.id)
    merchant = store.find_merchant(connection, context.merchant.code)
    if merchant is None:
        raise SandboxNotFoundError(f"there is no sandbox {context.merchant.code}")
    clock = merchant.clock.changed(change, machine_time)
    store.set_clock(connection, merchant.id, clock)
    return merchant, replace(merchant, clock=clock)


VERSION = "2022-11-16"
"""The version of the core API that a sandbox begins with; source: the public reference."""


def register_merchants(
    database: Database, registered: Iterable[RegisteredMerchant], machine_time: datetime
) -> None:
    """Store the merchants of the settings, or update those of an earlier start; one server at a time."""
    with database.transaction_on_merchants() as connection:
        wait_for_turn(connection)
        for merchant in registered:
            what = merchant.code, merchant.contract, merchant.version
            merchant_id = store.register(connection, *what, merchant.keys, merchant.switches)
            if merchant.webhook_url is not None:
                _listen(connection, merchant_id, merchant.webhook_url, machine_time)


def _listen(connection: Connection, merchant_id: int, url: str, at: datetime) -> None:
    """Have a merchant listen where the settings say; what it listens for there already stays."""
    if all(endpoint.url != url for endpoint in webhooks.list_endpoints(connection, merchant_id)):
        webhooks.register_endpoint(connection, merchant_id, Endpoint(url, USUAL_EVENTS, at))


def open_sandbox(database: Database, key: str) -> KeyOwner | None:
    """Return the owner that a test key has from now on, None where it is no test key.

    The keys that end alike get one sandbox on the Toss contract together. Where one of them belongs to a
    merchant on that contract, the others become that merchant's.
    """
    if not keys_that_belong_to(key):
        return None
    # If another request opened the same sandbox first, that one is used.
    with suppress(store.CodeTakenError, store.KeyTakenError, OwnerGoneError):
        _take_in(database, key)
    with database.connection() as connection:
        return store.find_owner(connection, key)


def _take_in(database: Database, key: str) -> None:
    with database.transaction_on_merchants() as connection:
        owners = {member: store.find_owner(connection, member[0]) for member in keys_that_belong_to(key)}
        unknown = [member for member, owner in owners.items() if owner is None]
        merchants = [
            owner.merchant
            for owner in owners.values()
            if owner is not None and owner.merchant.contract is ContractName.TOSS
        ]
        if merchants:
            store.add_keys(connection, merchants[0].id, unknown)
        else:
            store.add_merchant(connection, open_merchant_code(key), ContractName.TOSS, VERSION, unknown)
