"""A merchant's server that answers with whatever bytes a test makes up."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator


class Hostile:
    """A server that sends the pieces that a test makes up."""

    def __init__(self, pieces: Callable[[], Iterator[bytes]]) -> None:
        self._pieces = pieces
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection, contextlib.suppress(OSError):
            connection.recv(65536)
            for piece in self._pieces():
                connection.sendall(piece)
            # Closing over unread bytes would reset the connection, and take the answer with it.
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(1)
            while connection.recv(65536):
                pass

    def stop(self) -> None:
        self._listener.close()
        self._thread.join(5)
