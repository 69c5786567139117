"""The headers that every answer of the contract has."""

from random import Random
from typing import Final

from flask import Response

from payments_mock.http.cross_origin import allow_origin

TRACE_ID = "X-TossPayments-Trace-Id"
_traces: Final = Random()  # noqa: S311
"""A trace id is no secret, and the system's randomness takes ten times as long."""


def finish(response: Response) -> Response:
    """Give an answer its trace id, and let the page that called read it."""
    response.headers.add(TRACE_ID, f"{_traces.getrandbits(128):032x}")
    return allow_origin(response)
