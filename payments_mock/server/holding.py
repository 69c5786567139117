"""Hold an answer until what has to come before it is done."""

import asyncio

from payments_mock.http.outgoing import LONGEST_HOLD_SECONDS, OUTGOING, Outgoing
from payments_mock.server.environ import Environ


def must_wait_before_answer(environ: Environ) -> bool:
    """Tell whether the application's note names something that comes before the answer."""
    outgoing: Outgoing | None = environ[OUTGOING]
    return outgoing is not None and bool(outgoing.before)


async def wait_before_answer(environ: Environ) -> None:
    """Wait for what the application's note says comes before the answer; other requests go on."""
    outgoing: Outgoing | None = environ[OUTGOING]
    parts = [asyncio.wrap_future(part) for part in outgoing.before] if outgoing is not None else []
    if parts:
        await asyncio.wait(parts, timeout=LONGEST_HOLD_SECONDS)
