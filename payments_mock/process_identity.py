"""Names of processes by which another process can tell whether they are gone."""

import os
import secrets
import socket
from pathlib import Path

_TOKEN = secrets.token_hex(4)


def current_process() -> str:
    """Return the name of this process among all that share a database."""
    return f"{socket.gethostname()}/{os.getpid()}/{_TOKEN}"


def is_gone(identity: str) -> bool:
    """Tell whether a process is known to be gone; one of another machine never is."""
    host, pid, token = identity.rsplit("/", 2)
    if host != socket.gethostname():
        return False
    if int(pid) == os.getpid():
        # A container's first process has the same number at every start.
        return token != _TOKEN
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _has_ended(int(pid))


def _has_ended(pid: int) -> bool:
    """Tell whether a process is a zombie: it has ended, and nobody has collected its exit code."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return False
    # Its name, which comes before the state, may hold anything.
    return stat.rpartition(")")[2].split()[0] in {"X", "Z"}
