"""Give a key that nobody knows a sandbox of its own, on servers that are open."""

from contextlib import suppress

from payments_mock.domain.merchant import ContractName, KeyOwner
from payments_mock.domain.open_keys import keys_that_belong_to, open_merchant_code
from payments_mock.storage import merchants as store
from payments_mock.storage.database import reading, writing
from payments_mock.storage.errors import OwnerGoneError

VERSION = "2022-11-16"
"""The version of the core API that a sandbox begins with; source: the public reference."""


def open_sandbox(key: str) -> KeyOwner | None:
    """Return the owner that a test key has from now on, None where it is no test key.

    The keys that end alike get one sandbox on the Toss contract together. Where one of them belongs to a
    merchant on that contract, the others become that merchant's.
    """
    if not keys_that_belong_to(key):
        return None
    # Where somebody else's first use of the same keys was faster, that is as good.
    with suppress(store.CodeTakenError, store.KeyTakenError, OwnerGoneError):
        _take_in(key)
    with reading() as connection:
        return store.find_owner(connection, key)


def _take_in(key: str) -> None:
    with writing() as connection:
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
