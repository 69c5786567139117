"""What is known of a contract before it is loaded is what it then has."""

import pytest

from payments_mock.contracts.kiosk import KIOSK
from payments_mock.contracts.toss import TOSS
from payments_mock.http.outline import Outline

CONTRACTS = (KIOSK, TOSS)


@pytest.mark.parametrize("outline", CONTRACTS, ids=lambda outline: outline.name)
def test_every_path_has_its_operation(outline: Outline) -> None:
    operations = outline.load().operations

    assert [(each.name, each.method, each.path) for each in operations] == list(outline.routes)


@pytest.mark.parametrize("outline", CONTRACTS, ids=lambda outline: outline.name)
def test_a_contract_goes_by_one_name(outline: Outline) -> None:
    assert outline.load().name == outline.name
