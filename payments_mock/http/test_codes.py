"""The header by which a test asks for an error: nothing is looked at, nothing changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Request, Response

from payments_mock.api.errors import UnknownTestCodeError

if TYPE_CHECKING:
    from payments_mock.api.operation import Contract


_VARIABLE = "HTTP_TOSSPAYMENTS_TEST_CODE"
"""The header TossPayments-Test-Code, as the WSGI environment has it."""


def answer_test_code(asked: Request, contract: Contract) -> Response | None:
    """Return the answer that the header asks for, None where there is no header.

    Raises:
        UnknownTestCodeError: the contract has no such code.
    """
    code = asked.environ.get(_VARIABLE)
    if not code:
        return None
    answer = contract.answer_code(code)
    if answer is None:
        raise UnknownTestCodeError(f"{code} is not a code of the {contract.name} contract")
    return answer
