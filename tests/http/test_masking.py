"""The journal never shows what nobody should read, whichever shortcut it takes for texts without it."""

import json

import pytest

from payments_mock.http.journal import _SECRET_NAMES, MASK, mask_fields


@pytest.mark.parametrize("name", [*_SECRET_NAMES, "secret"])
@pytest.mark.parametrize("value", ["0123456789", 123456])
def test_the_value_of_every_secret_field_is_masked(name: str, value: object) -> None:
    assert json.loads(mask_fields(json.dumps({name: value, "amount": 1}))) == {name: MASK, "amount": 1}


@pytest.mark.parametrize("text", ["", '{"amount":1}', '{"secret":null,"card":null}'])
def test_a_text_without_secrets_stays_as_it_is(text: str) -> None:
    assert mask_fields(text) == text
