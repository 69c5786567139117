"""Shoppers whose connections break while pictures are served: every file is closed, also at the end."""

import signal
import socket
import struct
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from testkit.processes import ServerProcess, start_server

PICTURE = b"GET /static/pictures/popcorn.svg HTTP/1.1\r\nHost: kiosk\r\n\r\n"
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER of no seconds: closing sends a reset, whatever was not read yet."""


def ask_and_reset(url: str, read: int) -> None:
    """Ask for a picture, read no more than the first `read` bytes of it, and reset the connection."""
    host, port = url.removeprefix("http://").split(":")
    try:
        with socket.create_connection((host, int(port)), 5) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            connection.sendall(PICTURE * 3)
            if read:
                connection.recv(read)
    except OSError:
        # The kiosk has stopped meanwhile, which is what the test is about.
        return


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[ServerProcess]:
    """Start a kiosk that complains of everything that it forgets to close."""
    command = [sys.executable, "-W", "always::ResourceWarning", "-m", "payments_mock.kiosk", "--port", "0"]
    kiosk = start_server(command, tmp_path)
    yield kiosk
    kiosk.kill()


@pytest.mark.parametrize("read", [0, 1, 300])
def test_a_picture_is_closed_when_the_connection_is_reset(watched: ServerProcess, read: int) -> None:
    url = watched.url
    with ThreadPoolExecutor(8) as shoppers:
        for number in range(240):
            shoppers.submit(ask_and_reset, url, read)
            if number == 200:
                watched.process.send_signal(signal.SIGTERM)
    assert watched.process.wait(10) == 0
    assert "unclosed" not in watched.stderr
    assert "Traceback" not in watched.stderr
