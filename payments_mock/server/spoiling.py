"""What faults do to an answer on its way out."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from typing import Final

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from payments_mock.http.wire import LONGEST_HANG_SECONDS, Cut

RESET_AT_CLOSE: Final = struct.pack("ii", 1, 0)
DRIPS: Final = 20


async def wait_for_client(has_left: Callable[[], bool], news: asyncio.Event, seconds: float) -> bool:
    """Wait, unless the client leaves first; returns whether it stayed.

    `news` is set whenever something happens on the connection, so that waiting costs nothing in between.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(min(seconds, LONGEST_HANG_SECONDS)):
            while not has_left():
                news.clear()
                await news.wait()
    # What has come of the body meanwhile is still to be read.
    news.set()
    return not has_left()


def spoil(cycle: RequestResponseCycle, data: bytes, cut: Cut) -> None:
    """Send what is left of `data` after the cut, and end the connection."""
    if cut is Cut.TRUNCATE:
        head, _, body = data.partition(b"\r\n\r\n")
        cycle.transport.write(head + b"\r\n\r\n" + body[: len(body) // 2])
    elif cut is Cut.MALFORMED:
        head, _, body = data.partition(b"\r\n\r\n")
        cycle.transport.write(head + b"\r\n\r\n" + bytes(255 - byte for byte in body))
    if cut is Cut.RESET:
        reset(cycle)
    else:
        cycle.transport.close()


def reset(cycle: RequestResponseCycle) -> None:
    """End the connection so that the client sees it reset, with no answer."""
    connection = cycle.transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
    cycle.transport.abort()


async def drip(cycle: RequestResponseCycle, data: bytes, seconds: float) -> None:
    """Send `data` in small pieces over so many seconds, or until the client leaves."""
    size = max(1, -(-len(data) // DRIPS))
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    for piece in pieces:
        if cycle.disconnected:
            return
        cycle.transport.write(piece)
        await asyncio.sleep(seconds / len(pieces))
