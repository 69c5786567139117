"""Errors are drawn as trees in their modules, and each contract answers every one of them."""

from collections.abc import Iterator
from types import ModuleType

import pytest

from payments_mock.api import errors as http_errors
from payments_mock.api.errors import CallError
from payments_mock.api.operation import Contract, Operation
from payments_mock.contracts.kiosk.contract import KIOSK_CONTRACT
from payments_mock.contracts.kiosk.errors import ANSWERS
from payments_mock.contracts.toss.contract import TOSS_CONTRACT
from payments_mock.domain import errors as domain_errors
from payments_mock.domain.errors import ConfirmUnderwayError, PaymentError


def descendants(root: type[Exception], depth: int = 0) -> Iterator[tuple[type[Exception], int]]:
    """Walk the classes below `root` that the product defines, each with its depth."""
    yield root, depth
    for child in root.__subclasses__():
        if child.__module__.startswith("payments_mock."):
            yield from descendants(child, depth + 1)


OF_CONTROL = (
    *(f"payments_mock.services.{name}" for name in ("faults", "journal", "reports", "sandboxes", "webhooks")),
    "payments_mock.webhooks",
)
"""Modules whose errors only the control API can meet."""

EVERY_ERROR = [
    kind
    for root in (PaymentError, CallError)
    for kind, depth in descendants(root)
    if depth and not kind.__module__.startswith(OF_CONTROL)
]


@pytest.mark.parametrize("contract", [KIOSK_CONTRACT, TOSS_CONTRACT], ids=lambda contract: contract.name)
@pytest.mark.parametrize("kind", EVERY_ERROR, ids=lambda kind: kind.__name__)
def test_each_contract_has_an_answer_for(kind: type[Exception], contract: Contract) -> None:
    status, code = contract.answer_of(kind)

    # The one recorded refusal that looks like an outage, as another confirm decides.
    assert 400 <= status < 500 or (status, kind) == (500, ConfirmUnderwayError)
    assert code == code.upper()


def test_a_rule_that_only_the_toss_contract_meets_needs_no_row_in_the_kiosk_contract() -> None:
    class FoundByTossAloneError(PaymentError):
        pass

    assert KIOSK_CONTRACT.answer_of(FoundByTossAloneError) == (422, "NOT_POSSIBLE")


@pytest.mark.parametrize(
    ("operation", "error"),
    [(operation, error) for operation in KIOSK_CONTRACT.operations for error in operation.errors],
    ids=lambda value: getattr(value, "name", None) or value.__name__,
)
def test_an_error_that_an_operation_names_has_a_code_of_its_own(
    operation: Operation, error: type[Exception]
) -> None:
    assert error in ANSWERS


@pytest.mark.parametrize(
    ("module", "root"), [(domain_errors, PaymentError), (http_errors, CallError)], ids=["domain", "http"]
)
def test_the_tree_that_is_drawn_is_the_one_that_is_there(module: ModuleType, root: type[Exception]) -> None:
    drawn = [line for line in (module.__doc__ or "").splitlines() if line.strip().endswith("Error")]
    here = [
        "    " * depth + kind.__name__
        for kind, depth in descendants(root)
        if kind.__module__ == module.__name__
    ]

    assert drawn == here
