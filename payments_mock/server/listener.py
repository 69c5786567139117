"""The socket that the server listens on."""

import errno
import resource
import socket
from typing import Final

from payments_mock.settings import SettingsError

BACKLOG: Final = 2048
_DESCRIPTORS_BESIDE_CONNECTIONS: Final = 256


def bind(host: str, port: int) -> socket.socket:
    """Return a socket bound to that address; port 0 takes a free one.

    Raises:
        SettingsError: the address is taken, or is none of this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise SettingsError(f"host: {host} is not an address of this machine") from error
    listener = socket.socket(family, kind, protocol)
    # Lets a restarted server take its port back at once; unlike SO_REUSEPORT it never lets two share one.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise SettingsError(_why_not(host, port, error)) from error
    return listener


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is taken; stop what listens there, or choose another with --port"
    if error.errno == errno.EACCES:
        return f"port {port} may not be used by this user; choose one above 1023 with --port"
    return f"host: {host} is not an address of this machine"


def base_url(listener: socket.socket) -> str:
    """Return the URL under which this machine reaches the listener, which may listen on all addresses."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def allow_descriptors(max_connections: int) -> None:
    """Raise this process's limit of open files, as far as it may, to hold that many connections."""
    wanted = max_connections + _DESCRIPTORS_BESIDE_CONNECTIONS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
