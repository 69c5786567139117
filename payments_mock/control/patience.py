"""Calls that wait for something, while the server goes on answering others."""

import time
from collections.abc import Callable
from typing import Final

from flask import Response, g, request

from payments_mock.http.wire import WIRE, Wire

LOOK_SECONDS: Final = 0.05
"""How long it is from one look to the next."""


def wait_until(is_so: Callable[[float], bool], seconds: float) -> Response | None:
    """Wait until `is_so`, which is told the seconds waited so far, or until the time is up.

    Returns None when the wait is over, else what has the server ask again in a moment.
    """
    note: Wire | None = request.environ.get(WIRE)
    waited: float = 0.0 if note is None else note.kept["waited"]
    can_ask_again = WIRE in request.environ
    while waited < seconds and not is_so(waited):
        waited += LOOK_SECONDS
        if can_ask_again:
            g.held = True
            request.environ[WIRE] = Wire(LOOK_SECONDS, asks_again=True, kept={"waited": waited})
            return Response(status=503)
        time.sleep(LOOK_SECONDS)
    if can_ask_again:
        request.environ[WIRE] = None
    return None
