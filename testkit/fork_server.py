"""A process that has imported what servers import, and forks one whenever asked: fork_server.py SOCKET.

Importing is nine tenths of a server's start, and a run of the tests starts two hundred. Each fork runs its
program from the top, in a process, an environment and files of its own, as if Python had just begun.
"""

import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import sys
import tempfile
import time
import warnings
from contextlib import suppress
from importlib.util import find_spec
from typing import Any, NoReturn

IMPORTED = (
    "payments_mock.app",
    "payments_mock.banner",
    "payments_mock.cli",
    "payments_mock.server",
    "payments_mock.webhooks.sender",
    "payments_mock.kiosk.app",
    "payments_mock.kiosk.command",
)
"""What starts read; a module that another one imports need not be named."""

IMPORTED_IF_THERE = ("psycopg",)

OF_COMMANDS = {"certify": "payments_mock.certify.command", "intercept": "payments_mock.intercept.command"}
"""What is imported when somebody asks for a command for the first time."""

LONGEST_REQUEST = 1_000_000

Children = dict[int, int]
"""The pipes that the exit codes of processes go to, by their ids."""


def main() -> None:
    """Fork until the asking process is gone, then run the request: only children reach that."""
    asking = socket.socket(fileno=int(sys.argv[1]))
    for name in IMPORTED:
        importlib.import_module(name)
    for name in filter(find_spec, IMPORTED_IF_THERE):
        importlib.import_module(name)
    # Freeze all objects, as a garbage collection would copy the pages that forks share.
    gc.collect()
    gc.freeze()
    _run(_wait_for_requests(asking))


def _wait_for_requests(asking: socket.socket) -> dict[str, Any]:
    """Return, in each child, what it is to run."""
    children: Children = {}
    ended, wake = os.pipe()
    for end in (ended, wake):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    # Whoever presses Ctrl-C means the tests, which then end this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    with selectors.DefaultSelector() as selector:
        for source in (asking.fileno(), ended):
            selector.register(source, selectors.EVENT_READ)
        while True:
            ready = {key.fd for key, _ in selector.select()}
            if ended in ready:
                os.read(ended, 4096)
                _bury(children)
            if asking.fileno() in ready:
                request, files, _, _ = socket.recv_fds(asking, LONGEST_REQUEST, 4)
                if not request:
                    _end(children)
                asked = json.loads(request)
                _import_for(asked)
                child = _fork(asked, files, children)
                if child is None:
                    for end in (ended, wake, *children.values()):
                        os.close(end)
                    asking.close()
                    return asked  # type: ignore[no-any-return]
                asking.sendall(child.to_bytes(4, "big"))


def _import_for(asked: dict[str, Any]) -> None:
    """Import here, once, what a program of this kind would import in each of its processes."""
    if "COVERAGE_PROCESS_CONFIG" in asked["environment"]:
        importlib.import_module("coverage")
    for word in asked["arguments"][:3]:
        if name := OF_COMMANDS.pop(word, ""):
            # Where something is missing, the command itself says so.
            with suppress(ImportError):
                importlib.import_module(name)
            gc.freeze()


def _fork(request: dict[str, Any], files: list[int], children: Children) -> int | None:
    """Return the child's id, or None in the child, which has its files in the places of the usual ones."""
    *usual, status = files
    child = os.fork()
    if child == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.close(status)
        for number, file in enumerate(usual):
            os.dup2(file, number)
            os.close(file)
        _settle(request)
        return None
    for file in usual:
        os.close(file)
    children[child] = status
    return child


def _settle(request: dict[str, Any]) -> None:
    """Take on the folder and the environment, with what Python keeps of them."""
    if request["session"]:
        os.setsid()
    os.chdir(request["folder"])
    before = os.environ.get("PYTHONPATH", "")
    os.environ.clear()
    os.environ.update(request["environment"])
    tempfile.tempdir = None
    time.tzset()
    if encoding := os.environ.get("PYTHONIOENCODING"):
        sys.stdout.reconfigure(encoding=encoding)  # type: ignore[union-attr]
        sys.stderr.reconfigure(encoding=encoding, errors="backslashreplace")  # type: ignore[union-attr]
    if action := os.environ.get("PYTHONWARNINGS"):
        warnings.simplefilter(action)  # type: ignore[arg-type]
    _heed_path(os.environ.get("PYTHONPATH", "").removesuffix(before))
    if "COVERAGE_PROCESS_CONFIG" in os.environ:
        # Most forked processes are not measured.
        import coverage

        coverage.process_startup()


def _heed_path(folders: str) -> None:
    """Look for modules in these folders first, and run what one of them has for the start of Python."""
    more = [folder for folder in folders.split(os.pathsep) if folder]
    if more:
        # The first is the program's own, as in any run of Python.
        sys.path[1:1] = more
        sys.modules.pop("sitecustomize", None)
        if find_spec("sitecustomize"):
            importlib.import_module("sitecustomize")


def _bury(children: Children) -> None:
    """Tell of each child that has ended how it did."""
    for child in list(children):
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            pipe = children.pop(child)
            code = os.waitstatus_to_exitcode(status)
            # Nobody may want to know any more.
            with suppress(BrokenPipeError):
                os.write(pipe, code.to_bytes(4, "big", signed=True))
            os.close(pipe)


def _end(children: Children) -> NoReturn:
    """End at once, as the tests have ended and nobody would stop the children."""
    for child in children:
        os.kill(child, signal.SIGKILL)
    os._exit(0)


def _run(request: dict[str, Any]) -> None:
    """Run a module or a file as the main program."""
    options = request["arguments"]
    if options[0] == "-m":
        sys.argv = options[1:]
        sys.path[0] = os.getcwd()
        runpy.run_module(options[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = options
        sys.path[0] = os.path.dirname(options[0])
        runpy.run_path(options[0], run_name="__main__")


if __name__ == "__main__":
    main()
