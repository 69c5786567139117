"""The headers that every answer of the contract has."""

import secrets

from flask import Response

from payments_mock.http.cross_origin import allow_origin

TRACE_ID = "X-TossPayments-Trace-Id"


def finish(response: Response) -> Response:
    """Give an answer its trace id, and let the page that called read it."""
    response.headers[TRACE_ID] = secrets.token_hex(16)
    return allow_origin(response)
