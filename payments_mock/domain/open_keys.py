"""Keys that an open server takes from anybody: which belong together, and what their merchant is called."""

import re
from base64 import b32encode
from collections.abc import Iterable
from hashlib import sha256

from payments_mock.domain.merchant import KeyKind

_TEST_KEY = re.compile(r"test_g?[sc]k_([!-9;-~]{1,180})")
_KINDS = {
    "test_sk_": KeyKind.SECRET,
    "test_gsk_": KeyKind.SECRET,
    "test_ck_": KeyKind.CLIENT,
    "test_gck_": KeyKind.CLIENT,
}


def keys_that_belong_to(key: str) -> Iterable[tuple[str, KeyKind]]:
    """Return the keys of the sandbox of `key`, itself among them; none where it is no test key.

    They are the API pair and the widget pair that end as it does.
    """
    found = _TEST_KEY.fullmatch(key)
    return [] if found is None else [(prefix + found[1], kind) for prefix, kind in _KINDS.items()]


def open_merchant_code(key: str) -> str:
    """Return the public id of the merchant of a test key: always the same, and unlike that of any other."""
    suffix = key.split("_", 2)[2]
    return "open" + b32encode(sha256(suffix.encode()).digest())[:10].decode().lower()
